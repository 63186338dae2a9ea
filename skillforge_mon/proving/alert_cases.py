"""Cases of alerts: quiet just below the threshold, and firing just above it, to the evaluation, with every text.

One run per severity. The series stand just below the threshold for as long as the query looks back, then just above it.
From the first evaluation at which the query returns something (the windows fill, so that depends on their length), each
level of the policy must wait exactly its time. Where the query looks at an earlier time (``offset``), the series are
as usual first, then just below the threshold, then just above.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from skillforge_mon.backends.prometheus.alert_rules import NO_DATA_AFTER
from skillforge_mon.backends.prometheus.names import allowed_names
from skillforge_mon.lower.alerts import AlertCondition, condition_labels
from skillforge_mon.lower.fired_alerts import escalated, fired_alerts, has_a_result_when_well, levels_of
from skillforge_mon.model.project import Project
from skillforge_mon.proving.case import AlertCheck, Case, Skipped, duration, selectors_of
from skillforge_mon.proving.drivers import Settings, drivers_of, made
from skillforge_mon.proving.emitted import EmittedRules
from skillforge_mon.proving.evaluate import Clock, Evaluator
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


@dataclass(frozen=True, slots=True, eq=False)
class Proof:
    """What the cases of a project have in common. The usual intervals are in milliseconds."""

    project: Project
    rules: EmittedRules
    version: tuple[int, int]
    evaluation: int
    scrape: int
    left_open: bool


def alert_cases(proof: Proof, conditions: Sequence[AlertCondition]) -> Iterator[Case | Skipped]:
    """The cases of every alert in ``conditions``, its severities in order."""
    for _, of_one in groupby(conditions, key=lambda condition: condition.alert.name):
        severities = list(of_one)
        for condition in severities:
            yield _case_or_reason(
                proof, condition, condition.severity.severity, _Threshold(proof, severities, condition)
            )
        worst = severities[0]
        if worst.alert.spec.no_data == "notify" and has_a_result_when_well(worst.value):
            yield _case_or_reason(proof, worst, "no data", _NoData(proof, worst))


def _case_or_reason(
    proof: Proof, condition: AlertCondition, scenario: str, making: _Threshold | _NoData
) -> Case | Skipped:
    alert = condition.alert
    try:
        return making.case()
    except UnsupportedError as reason:
        return Skipped(alert.id, scenario, alert.place.span, str(reason))
    except (ArithmeticError, ValueError) as error:
        return Skipped(alert.id, scenario, alert.place.span, f"numbers that cannot be computed: {error}")


def _bounded(reach: Reach, step: int, steps: int) -> None:
    """Raises UnsupportedError where working out what to expect would take minutes."""
    if reach.ranges // step * steps > _MOST_SAMPLES:
        raise UnsupportedError(f"a range of {duration(reach.ranges)}, which takes too long to work out")


def _step(proof: Proof, condition: AlertCondition, reach: Reach, holds: int) -> int:
    """How far apart samples and evaluations are: several within the shortest range, and not too many in all."""
    interval = condition.alert.spec.interval or proof.evaluation
    most = min(int(interval), reach.shortest // _SAMPLES_PER_RANGE) if reach.shortest else int(interval)
    step = max((each for each in _STEPS if each <= most), default=_STEPS[0])
    total = 2 * reach.ranges + reach.offsets + holds
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

    def case(self) -> Case:
        """The case. Raises UnsupportedError when no series can be made for it."""
        proof, condition = self.proof, self.condition
        alert, expr = condition.alert, condition.condition
        rules = {
            each: [_rule(proof, fired_condition, labels, hold) for fired_condition, labels, hold in of_severity]
            for each in self.severities
            if (of_severity := list(self._fired(each)))
        }
        longest = max(rule.hold for rule in rules[condition])
        reach = reach_of(expr)
        step = _step(proof, condition, reach, longest)
        _bounded(reach, step, 3 * (reach.ranges + longest) // step)
        clock = Clock(step, proof.left_open)
        drivers = drivers_of(expr, proof.project.catalogue, proof.version)
        solution = solve(expr, drivers, clock)
        phases = _phases(solution, reach, longest, step)
        series = made(drivers, phases, step)
        steps = sum(count for count, _ in phases)
        changes = steps - phases[-1][0]
        evaluator = Evaluator(series, clock)
        histories = {each: History(evaluator, each.condition, steps, step) for each in rules}

        def check(index: int, what: str) -> AlertCheck:
            firing = tuple(
                told
                for each, history in histories.items()
                for rule in rules[each]
                for told in history.firing(rule, index)
            )
            return AlertCheck(index * step, alert.name, firing, what)

        checks = {changes - 1: check(changes - 1, "just below the threshold")}
        for rule in rules[condition]:
            first = histories[condition].first(rule, changes)
            if first is None:
                raise UnsupportedError("no series found with which the condition stays true for long enough")
            waited = f" after {duration(rule.hold)}" if rule.hold else ""
            if first > changes:
                checks[first - 1] = check(first - 1, f"just above the threshold, not yet{waited}")
            checks[first] = check(first, f"just above the threshold{waited}")
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

    def _fired(self, condition: AlertCondition) -> Iterator[tuple[AlertCondition, dict[str, str], int]]:
        for fired in fired_alerts(self.proof.project, [condition]):
            yield condition, dict(fired.labels), int(fired.hold)


def _rule(proof: Proof, condition: AlertCondition, labels: dict[str, str], hold: int) -> Rule:
    texts = AlertTexts(proof.project, condition, labels, proof.version)
    return Rule(hold, allowed_names(labels, proof.version), texts.annotations)


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
    """The case of ``<Alert>NoData``: all goes on as usual, then every series goes away."""

    def __init__(self, proof: Proof, condition: AlertCondition) -> None:
        self.proof = proof
        self.condition = condition

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
        series = made(drivers, [(before, usual), (after, gone)], step)
        absent: Expr = Call("absent", (value,))
        history = History(Evaluator(series, clock), absent, before + after, step)
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
            if first is None:
                raise UnsupportedError("no series found without which the query returns nothing")
            checks[first - 1] = check(first - 1, f"all series are gone, not yet after {duration(rule.hold)}")
            checks[first] = check(first, f"all series are gone for {duration(rule.hold)}")
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
            before + after,
        )
