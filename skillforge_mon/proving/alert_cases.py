"""Cases of alerts: quiet just below the threshold, firing just above it, and over when it is below again.

One run per severity. The series stand just below the threshold for as long as the query looks back, then just above it,
then just below again. From the first evaluation at which the query returns something (the windows fill, so that depends
on their length), each level of the policy must wait exactly its time; from the first at which it no longer does, each
must be over, or go on for exactly ``keep_firing_for``. Where the query looks at an earlier time (``offset``), the
series are as usual first, then just below the threshold, then just above. All to the evaluation, with every text.

At the worst severity there is a second end: just above the threshold, all series stop coming, and nothing says so. The
alert goes on for as long as their last samples are seen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from skillforge_mon.backends.prometheus.alert_rules import NO_DATA_AFTER
from skillforge_mon.backends.prometheus.capabilities import KEEP_FIRING_FOR
from skillforge_mon.backends.prometheus.names import allowed_names
from skillforge_mon.backends.ways.found import carried, subject_of_alert
from skillforge_mon.lower.alerts import AlertCondition, condition_labels
from skillforge_mon.lower.fired_alerts import escalated, fired_alerts, has_a_result_when_well, levels_of
from skillforge_mon.lower.layout import DashboardLayout
from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.model.project import Project
from skillforge_mon.proving.case import AlertCheck, Case, Skipped, duration, selectors_of
from skillforge_mon.proving.drivers import Driver, Settings, drivers_of, made
from skillforge_mon.proving.emitted import EmittedRules
from skillforge_mon.proving.evaluate import LOOKBACK, Clock, Evaluator
from skillforge_mon.proving.history import History, Rule
from skillforge_mon.proving.solving import Reach, Solution, reach_of, solve
from skillforge_mon.proving.texts import AlertTexts
from skillforge_mon.proving.unsupported import UnsupportedError
from skillforge_mon.query.promql import Call, Expr, print_expr

_STEPS: Final = (1_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 240_000)
"""Milliseconds; the longest is below the five minutes after which a sample is forgotten."""

_SAMPLES_PER_RANGE: Final = 4
_MOST_SAMPLES: Final = 10_000_000
_MOST_STEPS: Final = 600
"""Runs that look back further take longer steps."""

Phases = Sequence[tuple[int, Settings]]

_ROUNDING: Final = 1e-9
"""How close two sums of the same samples are, whatever their order."""


@dataclass(frozen=True, slots=True, eq=False)
class Proof:
    """What the cases of a project have in common. The usual intervals are in milliseconds.

    ``plans`` are those of all SLOs, by their names. ``layouts`` are the dashboards that alerts lead to.
    ``version`` is that of the Prometheus that the spec is for, ``promtool`` that of the program that runs the cases.
    """

    project: Project
    rules: EmittedRules
    version: tuple[int, int]
    evaluation: int
    scrape: int
    left_open: bool
    promtool: tuple[int, int]
    plans: Mapping[str, SloPlan]
    layouts: tuple[DashboardLayout, ...]


def alert_cases(proof: Proof, conditions: Sequence[AlertCondition]) -> Iterator[Case | Skipped]:
    """The cases of every alert in ``conditions``, its severities in order."""
    for _, of_one in groupby(conditions, key=lambda condition: condition.alert.name):
        severities = list(of_one)
        for condition in severities:
            making = _Threshold(proof, severities, condition)
            yield from _cases_or_reason(condition, condition.severity.severity, making)
        worst = severities[0]
        if worst.alert.spec.no_data == "notify" and has_a_result_when_well(worst.value):
            yield from _cases_or_reason(worst, "no data", _NoData(proof, worst))


def _cases_or_reason(
    condition: AlertCondition, scenario: str, making: _Threshold | _NoData
) -> Iterator[Case | Skipped]:
    alert = condition.alert
    try:
        yield making.case()
    except UnsupportedError as reason:
        yield Skipped(alert.id, scenario, alert.place.span, str(reason))
    except (ArithmeticError, ValueError) as error:
        yield Skipped(alert.id, scenario, alert.place.span, f"numbers that cannot be computed: {error}")
    else:
        if not making.ends:
            without = "no series found with which it is over again"
            yield Skipped(alert.id, f"{scenario}: the end", alert.place.span, without)


def _bounded(reach: Reach, step: int, steps: int) -> None:
    """Raises UnsupportedError where working out what to expect would take minutes."""
    if reach.ranges // step * steps > _MOST_SAMPLES:
        raise UnsupportedError(f"a range of {duration(reach.ranges)}, which takes too long to work out")


def _step(proof: Proof, condition: AlertCondition, reach: Reach, holds: int) -> int:
    """How far apart samples and evaluations are: several within the shortest range, and not too many in all."""
    interval = condition.alert.spec.interval or proof.evaluation
    most = min(int(interval), reach.shortest // _SAMPLES_PER_RANGE) if reach.shortest else int(interval)
    step = max((each for each in _STEPS if each <= most), default=_STEPS[0])
    total = 3 * reach.ranges + reach.offsets + holds
    for longer in _STEPS:
        fits = not reach.shortest or longer * _SAMPLES_PER_RANGE <= reach.shortest
        if longer > step and total / step > _MOST_STEPS and fits:
            step = longer
    return step


class _Threshold:
    """The case of one alert at one severity."""

    def __init__(self, proof: Proof, severities: Sequence[AlertCondition], condition: AlertCondition) -> None:
        self.proof = proof
        self.severities = severities
        self.condition = condition
        self.ends = True

    def case(self) -> Case:
        """The case; afterwards ``ends`` says whether the end is part of it.

        Raises UnsupportedError when no series can be made for it.
        """
        proof, condition = self.proof, self.condition
        alert, expr = condition.alert, condition.condition
        rules = {
            each: [_rule(proof, fired_condition, labels, hold) for fired_condition, labels, hold in of_severity]
            for each in self.severities
            if (of_severity := list(self._fired(each)))
        }
        longest, keep = max(rule.hold for rule in rules[condition]), max(rule.keep for rule in rules[condition])
        reach = reach_of(expr)
        step = _step(proof, condition, reach, longest + keep)
        _bounded(reach, step, (4 * reach.ranges + longest + keep) // step)
        clock = Clock(step, proof.left_open)
        drivers = drivers_of(expr, proof.project.catalogue, proof.version)
        solution = solve(expr, drivers, clock)
        phases = _phases(solution, reach, longest, step)
        begin = sum(count for count, _ in phases[:-1])
        over = sum(count for count, _ in phases)
        again = self.forgotten(drivers, solution, reach, step)
        # What is compared with an earlier time may be over only when that is past as well.
        for later in dict.fromkeys((0, reach.offsets)):
            quiet_again = (reach.ranges + keep + later) // step + 4
            end_of_run = over + quiet_again
            all_phases = [*phases, (quiet_again, solution.settings(solution.over)), *again]
            steps = sum(count for count, _ in all_phases)
            series = made(drivers, all_phases, step, forgotten=bool(again))
            evaluator = Evaluator(series, clock)
            histories = {each: History(evaluator, each.condition, steps, step) for each in rules}
            ends = [histories[condition].end(rule, over - 1, end_of_run) for rule in rules[condition]]
            if None not in ends:
                break
        self.ends = None not in ends

        def check(index: int, what: str) -> AlertCheck:
            firing = tuple(
                told
                for each, history in histories.items()
                for rule in rules[each]
                for told in history.firing(rule, index)
            )
            return AlertCheck(index * step, alert.name, firing, what)

        checks = {begin - 1: check(begin - 1, "just below the threshold")}
        for rule in rules[condition]:
            first = histories[condition].first(rule, begin)
            if first is None or first >= over:
                raise UnsupportedError("no series found with which the condition stays true for long enough")
            waited = f" after {duration(rule.hold)}" if rule.hold else ""
            if first > begin:
                checks[first - 1] = check(first - 1, f"just above the threshold, not yet{waited}")
            checks[first] = check(first, f"just above the threshold{waited}")
        for end in ends:
            if end is not None:
                kept = f", going on for {duration(keep)}" if keep else ""
                before = "just above the threshold" if end == over else f"just below the threshold again{kept}"
                if self.on_threshold(evaluator, range(over - 1, end_of_run), step):
                    # Which side rounding takes there is nobody's to say: it may be over an evaluation earlier or later.
                    checks[end + 1] = check(end + 1, f"just below the threshold again{kept}: over")
                    continue
                checks[end - 1] = check(end - 1, f"{before}, not yet over")
                checks[end] = check(end, f"just below the threshold again{kept}: over")
        if again:
            stop = steps - again[-1][0]
            for rule in rules[condition]:
                end = histories[condition].end(rule, stop - 1, steps)
                for index in (stop, end - 1, end) if end is not None else (stop, steps - 1):
                    checks[index] = check(index, f"all series stopped {duration((index - stop + 1) * step)} ago")
        return Case(
            alert.id,
            condition.severity.severity,
            alert.place.span,
            print_expr(expr),
            proof.rules.alert(alert.name),
            tuple(series),
            selectors_of(expr),
            tuple(checks[index] for index in sorted(checks)),
            step,
            step,
            steps,
        )

    def on_threshold(self, evaluator: Evaluator, indices: range, step: int) -> bool:
        """Whether the value is the threshold itself, to within rounding, at one of these evaluations.

        Half of a window above it and half as far below it make just that.
        """
        comparison = self.condition.comparison
        if comparison is None:
            return False
        number = float(comparison.number)
        return any(
            math.isclose(value, number, rel_tol=_ROUNDING)
            for index in indices
            for _, value in evaluator.vector(self.condition.value, index * step)
        )

    def forgotten(
        self, drivers: Sequence[Driver], solution: Solution, reach: Reach, step: int
    ) -> list[tuple[int, Settings]]:
        """Just above the threshold once more, and then nothing; not where it is nothing that fires."""
        if self.condition is not self.severities[0] or None in solution.settings(solution.fires):
            return []
        kept = int(self.condition.alert.spec.keep_firing_for or 0)
        waits = (reach.ranges + int(self.condition.severity.hold)) // step + 4
        gone = (reach.ranges + LOOKBACK + kept) // step + 3
        return [(waits, solution.settings(solution.fires)), (gone, tuple(None for _ in drivers))]

    def _fired(self, condition: AlertCondition) -> Iterator[tuple[AlertCondition, dict[str, str], int]]:
        for fired in fired_alerts(self.proof.project, [condition]):
            yield condition, dict(fired.labels), int(fired.hold)


def _rule(proof: Proof, condition: AlertCondition, labels: dict[str, str], hold: int) -> Rule:
    subject = subject_of_alert(proof.project, condition, labels)
    ways = carried(proof.project, proof.layouts, subject, condition.alert.spec.annotations)
    texts = AlertTexts(proof.project, condition, labels, proof.version, ways)
    kept = condition.alert.spec.keep_firing_for if proof.version >= KEEP_FIRING_FOR.since else None
    return Rule(hold, allowed_names(labels, proof.version), texts.annotations, int(kept or 0))


def _phases(solution: Solution, reach: Reach, hold: int, step: int) -> list[tuple[int, Settings]]:
    """Until the windows are full, just below; then just above for as long as it may take."""
    looks_back = reach.ranges // step + 2
    waits = -(-hold // step) + 2
    quiet, fires = solution.settings(solution.quiet), solution.settings(solution.fires)
    if not reach.offsets:
        return [(looks_back + 1, quiet), (looks_back + waits, fires)]
    before = (reach.ranges + reach.offsets) // step + 2
    return [(before, solution.usual), (looks_back + waits, quiet), (looks_back + waits, fires)]


class _NoData:
    """The case of ``<Alert>NoData``: all goes on as usual, every series goes away, and all are there again."""

    def __init__(self, proof: Proof, condition: AlertCondition) -> None:
        self.proof = proof
        self.condition = condition
        self.ends = True

    def case(self) -> Case:
        """The case. Raises UnsupportedError when no series can be made for it."""
        proof, condition = self.proof, self.condition
        alert, value = condition.alert, condition.value
        name = f"{alert.name}NoData"
        quiet = max(NO_DATA_AFTER, condition.severity.hold)
        levels = levels_of(proof.project, condition.severity.escalation)
        holds = [int(quiet) + int(level.after if level is not None else 0) for level in levels]
        reach = reach_of(value)
        step = _step(proof, condition, reach, max(holds))
        _bounded(reach, step, 2 * (reach.ranges + max(holds)) // step)
        clock = Clock(step, proof.left_open)
        drivers = drivers_of(value, proof.project.catalogue, proof.version)
        usual: Settings = tuple(driver.usual for driver in drivers)
        gone: Settings = tuple(None for _ in drivers)
        before = (reach.ranges + reach.offsets) // step + 3
        after = (reach.ranges + reach.offsets + max(holds)) // step + 3
        again = (reach.ranges + reach.offsets) // step + 4
        steps = before + after + again
        series = made(drivers, [(before, usual), (after, gone), (again, usual)], step)
        absent: Expr = Call("absent", (value,))
        history = History(Evaluator(series, clock), absent, steps, step)
        if history.results[before - 1]:
            raise UnsupportedError("no series found with which the query returns something")
        # These texts have no placeholders: they are taken as they were written.
        texts = proof.rules.annotations(name, condition.severity.severity)
        rules = [
            Rule(
                hold,
                allowed_names(
                    escalated(condition_labels(alert, condition.severity), condition.severity.escalation, level),
                    proof.version,
                ),
                lambda _, __: texts,
            )
            for level, hold in zip(levels, holds, strict=True)
        ]

        def check(index: int, what: str) -> AlertCheck:
            firing = tuple(told for rule in rules for told in history.firing(rule, index))
            return AlertCheck(index * step, name, firing, what)

        checks = {before - 1: check(before - 1, "all series are there")}
        for rule in rules:
            first = history.first(rule, before)
            if first is None or first >= before + after:
                raise UnsupportedError("no series found without which the query returns nothing")
            checks[first - 1] = check(first - 1, f"all series are gone, not yet after {duration(rule.hold)}")
            checks[first] = check(first, f"all series are gone for {duration(rule.hold)}")
            end = history.end(rule, before + after - 1, steps)
            if end is None:
                self.ends = False
                continue
            checks[end - 1] = check(end - 1, "all series are gone, or just there again")
            checks[end] = check(end, "all series are there again")
        return Case(
            alert.id,
            "no data",
            alert.place.span,
            print_expr(absent),
            proof.rules.alert(name),
            tuple(series),
            selectors_of(value),
            tuple(checks[index] for index in sorted(checks)),
            step,
            step,
            steps,
        )
