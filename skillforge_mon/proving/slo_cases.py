"""Cases of SLOs that count events: what the mathematics of burn rates says must happen, and when.

healthy         nothing is bad: nobody is told, and the budget is whole
idle            no traffic: nobody is told, and the budget is whole
single error    one of two events is bad: nobody is told
low traffic     hardly any events, all of them bad: told after as many as it takes, and not before
just below/above each threshold: who is told, after how long at each level, with every label and text
burning         after all windows have filled: told, and over, not before and not after what slo_times says; per pair
vanished        the metrics are gone: one ticket says so, after a while
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final, Protocol

from skillforge_mon.backends.prometheus.names import allowed_names
from skillforge_mon.backends.prometheus.slo_missing import GONE_FOR, SEEN_BEFORE
from skillforge_mon.backends.prometheus.slo_rules import SloSeries
from skillforge_mon.backends.prometheus.slo_sloth import SLOTH_SEVERITIES, SLOTH_SEVERITY, sloth_labels
from skillforge_mon.backends.prometheus.slo_times import ends_after, fires_after
from skillforge_mon.backends.ways.found import carried, subject_of_slo
from skillforge_mon.lower.burn_rate import BurnTier
from skillforge_mon.lower.fired_alerts import escalated
from skillforge_mon.lower.slo import BurnAlert, SloPlan
from skillforge_mon.lower.slo_targets import scraped_targets
from skillforge_mon.model.paging import slo_levels
from skillforge_mon.model.project import Level
from skillforge_mon.proving.alert_cases import Proof
from skillforge_mon.proving.case import AlertCheck, Case, Check, Firing, Skipped, ValueCheck, duration, selectors_of
from skillforge_mon.proving.drivers import drivers_of, made
from skillforge_mon.proving.slo_traffic import MINUTE, Load, steady
from skillforge_mon.proving.texts import addresses, value_text
from skillforge_mon.proving.traffic import AnySeries, InputSeries, series_text
from skillforge_mon.proving.unsupported import UnsupportedError
from skillforge_mon.query.promql import VectorSelector
from skillforge_mon.query.promql.strings import quote_string
from skillforge_mon.query.promql.tree import METRIC_NAME_LABEL
from skillforge_mon.spec.camel_case import camel_case
from skillforge_mon.spec.quantities import Duration, plain_number

_MARGIN: Final = 0.01
"""How far below and above a threshold the share of bad events is."""

_QUIET_MINUTES: Final = 20
_LOW_TRAFFIC: Final = 4
_EVALUATIONS: Final = 60
"""In about as many the history before an outage is told: traffic is steady, so that few samples say what many do."""


class Traffic(Protocol):
    """Series of an SLO: ``reads`` are the selectors of its rules, ``groups`` the labels of its one group."""

    reads: tuple[VectorSelector, ...]
    groups: dict[str, str]

    def series(self, loads: Iterable[Load], *, never_bad: bool = False) -> tuple[AnySeries, ...]:
        """Series over ``loads``, one sample a minute. ``never_bad``: none of bad events was ever exported."""
        ...


class SloCases:
    """The cases of one SLO. ``noun`` is what is counted."""

    def __init__(self, proof: Proof, plan: SloPlan, traffic: Traffic) -> None:
        self.proof = proof
        self.plan = plan
        self.traffic = traffic
        self.objective = plan.slo.spec.objective
        self.series = SloSeries(plan, Duration(MINUTE))
        self.name = f"{camel_case(plan.slo.name)}BudgetBurn"
        self.lingers = 0

    def scenarios(self) -> Iterator[tuple[str, Iterator[Case | Skipped]]]:
        """What may happen to the SLO, by name; each raises UnsupportedError where it cannot be made up."""
        yield "quiet", self.quiet()
        yield "low traffic", self.low_traffic()
        yield "thresholds", self.thresholds()
        yield "burning", self.burning()
        yield "vanished", self.vanished()

    def case(
        self,
        scenario: str,
        loads: list[Load],
        checks: Sequence[Check],
        evaluation: int = MINUTE,
        more: tuple[AnySeries, ...] = (),
        reads: tuple[VectorSelector, ...] = (),
        *,
        never_bad: bool = False,
    ) -> Case:
        slo = self.plan.slo
        return Case(
            slo.id,
            scenario,
            slo.place.span,
            "",
            self.proof.rules.slo(slo.name),
            (*self.traffic.series(loads, never_bad=never_bad), *more),
            (*self.traffic.reads, *reads),
            tuple(checks),
            MINUTE,
            evaluation,
            sum(load.minutes for load in loads),
        )

    def nobody(self, time: int, what: str) -> ValueCheck:
        """No alert of the SLO is pending or fires."""
        return ValueCheck(time, f"ALERTS{{slo={quote_string(self.plan.slo.name)}}}", {}, what)

    def whole_budget(self, time: int) -> Iterator[ValueCheck]:
        """All of the budget is left; what was promised is recorded."""
        yield from self.remaining(time, 1.0)
        for metric, number, what in (
            ("slo:objective:ratio", self.objective, "the objective"),
            ("slo:error_budget:ratio", self.plan.budget, "the budget"),
        ):
            recorded = series_text({METRIC_NAME_LABEL: metric, **self.series.labels})
            words = f"{what} is {plain_number(number)}"
            yield ValueCheck(time, f"{metric}{self.series.selector}", {recorded: float(number)}, words)

    def remaining(self, time: int, share: float) -> Iterator[ValueCheck]:
        """``share`` of the budget is left. What is left of a period of the calendar depends on the day."""
        if self.plan.calendar is None:
            query = f"slo:error_budget_remaining:ratio{self.series.selector}"
            yield self.rounded(time, query, share, f"{value_text(share, 'percent', '')} of the budget is left")

    def rounded(self, time: int, query: str, number: float, what: str) -> ValueCheck:
        """The one series that ``query`` returns is ``number``, to three digits behind the point."""
        labels = series_text(self.series.labels | self.traffic.groups)
        return ValueCheck(time, f"round({query}, 0.001)", {labels: math.floor(number * 1000 + 0.5) / 1000}, what)

    def quiet(self) -> Iterator[Case | Skipped]:
        """Nothing, too little, or nothing bad happens."""
        end = (_QUIET_MINUTES - 1) * MINUTE
        quiet = [self.nobody(end, "nobody is told"), *self.whole_budget(end)]
        never = [self.rounded(end, self.series.ratio(self.plan.base), 0.0, "the error ratio is 0")]
        yield self.case("healthy", [Load(_QUIET_MINUTES, 100.0)], [*quiet, *never], never_bad=True)
        yield self.case("idle", [Load(_QUIET_MINUTES, 0.0)], quiet)
        if self.plan.minimum.events > 1:
            # Two events within one minute, one of them bad: 2 / 60 events a second, half of them bad.
            loads = [Load(10, 0.0), Load(1, 2 / 60, 0.5), Load(20, 0.0)]
            yield self.case(
                "single error",
                loads,
                [self.nobody(minute * MINUTE, "nobody is told") for minute in (11, 13, 20, 30)],
                int(self.proof.evaluation),
            )

    def low_traffic(self) -> Iterator[Case | Skipped]:
        """Hardly any events, after none at all, and every one of them is bad.

        As many as it takes are spread over _LOW_TRAFFIC base windows, or half the longest window. They are counted
        whole when one more base window has gone by, and seen by tiled windows when another has. The early check is two
        minutes before the last moment at which nobody may be told, since a rate may reach a sample further.
        """
        minimum, base = self.plan.minimum, int(self.plan.base)
        longest = max((int(tier.long) for alert in self.plan.alerts for tier in alert.tiers), default=0)
        if not longest or not minimum.events:
            return
        minutes = min(_LOW_TRAFFIC * base, longest // 2) // MINUTE
        if not minutes:
            raise UnsupportedError("windows of less than two minutes")
        number = minimum.least(self.plan.budget)
        begin = _QUIET_MINUTES // 2 * MINUTE
        early = begin + max(0, minutes * minimum.events // number - 2) * MINUTE
        late = begin + minutes * MINUTE + 2 * base + 2 * MINUTE
        told = f'group(ALERTS{{alertname={quote_string(self.name)}, alertstate="firing"}})'
        loads = [Load(begin // MINUTE, 0.0), Load((late - begin) // MINUTE + 2, number / minutes / 60, 1.0)]
        checks: list[Check] = [
            self.nobody(early, f"no more than {minimum.events} {self.plan.noun}, all bad: nobody is told"),
            ValueCheck(late, told, {"{}": 1.0}, f"at least {number} {self.plan.noun}, all bad: told"),
        ]
        yield self.case("low traffic", loads, checks, int(self.proof.evaluation))

    def thresholds(self) -> Iterator[Case | Skipped]:
        """Each threshold from both sides, with the same share of bad events from the first on."""
        thresholds = sorted({tier.threshold(self.objective) for alert in self.plan.alerts for tier in alert.tiers})
        for threshold in thresholds:
            for side, factor in (("below", 1 - _MARGIN), ("above", 1 + _MARGIN)):
                errors = min(1.0, float(threshold) * factor)
                if errors > float(threshold) or side == "below":
                    yield self.threshold(errors, f"just {side} {value_text(float(threshold), 'percent', '')}")

    def threshold(self, errors: float, scenario: str) -> Case:
        rules = [rule for alert in self.plan.alerts for rule in self.rules(alert, errors)]
        times = {time for begin, _ in rules for time in (begin - MINUTE, begin) if begin < math.inf}
        minutes = int(max([*times, 10 * MINUTE]) // MINUTE) + 2
        checks: list[Check] = []
        for time in sorted({*map(int, times), (minutes - 1) * MINUTE}):
            firing = tuple(firing for begin, firing in rules if begin <= time)
            checks.append(AlertCheck(time, self.name, firing, f"{value_text(errors, 'percent', '')} of events are bad"))
        end, speed = (minutes - 1) * MINUTE, errors / float(self.plan.budget)
        burning = f"slo:current_burn_rate:ratio{self.series.selector}"
        checks.append(
            self.rounded(end, burning, speed, f"the budget burns {value_text(speed, 'humanize', '')} times as fast")
        )
        checks.extend(self.remaining(end, 1 - speed))
        return self.case(scenario, [steady(minutes, errors)], checks)

    def rules(self, alert: BurnAlert, errors: float) -> Iterator[tuple[float, Firing]]:
        """When each level of ``alert`` fires if ``errors`` of all events have ever been bad, and as what.

        The first count needs two samples; a window that is tiled sees the first count at the end of a base window.
        """
        found = [tier for tier in alert.tiers if float(tier.threshold(self.objective)) < errors]
        base = int(self.plan.base)
        active = min((base if self.tiled(tier) else MINUTE for tier in found), default=math.inf)
        for level in slo_levels(self.proof.project, self.plan.slo, alert.severity) or (None,):
            yield active + (int(level.after) if level is not None else 0), self.firing(alert, level, errors)

    def tiled(self, tier: BurnTier) -> bool:
        return any(self.series.tiled(window) for window in (tier.short, tier.long))

    def firing(self, alert: BurnAlert, level: Level | None, errors: float) -> Firing:
        project, slo = self.proof.project, self.plan.slo
        labels = escalated(dict(alert.labels), slo.policy(alert.severity), level)
        target = project.targets.prometheus
        if target is not None and target.compat == "sloth":
            labels |= sloth_labels(project, slo) | {SLOTH_SEVERITY: SLOTH_SEVERITIES[alert.severity]}
        recorded = self.series.labels | self.traffic.groups
        templates = self.proof.rules.annotations(self.name, alert.severity)
        value = value_text(errors, "percent", "ratio")
        ways = carried(project, self.proof.layouts, subject_of_slo(self.plan, alert.labels), {})
        return Firing(
            {**recorded, **allowed_names(labels, self.proof.version)},
            {name: _filled(text, value, recorded) for name, text in templates.items()} | addresses(ways, recorded),
        )

    def burning(self) -> Iterator[Case | Skipped]:
        """Each pair of windows: an outage that it is the one to see, after its windows were full of good events."""
        for alert in self.plan.alerts:
            tiers = sorted(alert.tiers, key=lambda tier: tier.threshold(self.objective), reverse=True)
            worse: Decimal | None = None
            for tier in tiers:
                threshold = tier.threshold(self.objective)
                errors = (threshold * worse).sqrt() if worse is not None else threshold * Decimal("1.5")
                worse = threshold
                yield self.burn(alert, tier, min(errors, (1 + threshold) / 2))

    def burn(self, alert: BurnAlert, tier: BurnTier, errors: Decimal) -> Case:
        history = max(int(each.long) for each in alert.tiers)
        base = int(self.plan.base)
        evaluation = MINUTE if history <= _EVALUATIONS * MINUTE else base * max(1, round(history / base / _EVALUATIONS))
        series = SloSeries(self.plan, Duration(evaluation))
        between = fires_after(series, alert, errors, Duration(MINUTE))
        if between is None:
            raise UnsupportedError("an outage that is never told")
        begin = -(-history // evaluation) * evaluation + evaluation
        # Counts are taken at whole evaluations, and a window may hold one more or one fewer.
        before = (begin + int(between.earliest)) // evaluation * evaluation - 2 * evaluation
        after = -(-(begin + int(between.latest)) // evaluation) * evaluation + 2 * evaluation
        bad = float(errors)
        # All windows are full of it when it ends.
        over = -(-(after + history) // evaluation) * evaluation
        ends = ends_after(series, alert, errors, Duration(MINUTE))
        if ends is None:
            raise UnsupportedError("an outage that never ends")
        still = (over + int(ends.earliest)) // evaluation * evaluation - 2 * evaluation
        ended = -(-(over + int(ends.latest)) // evaluation) * evaluation + 2 * evaluation
        events = steady(1, bad).events
        loads = [
            Load(begin // MINUTE, events),
            Load((over - begin) // MINUTE, events, bad),
            Load((ended - over) // MINUTE + 2, events),
        ]
        query = (
            f'group(ALERTS{{alertstate="firing", slo={quote_string(self.plan.slo.name)}, '
            f"severity={quote_string(alert.severity)}}})"
        )
        begun = f"{value_text(bad, 'percent', '')} of events have been bad for"
        was = f"{value_text(bad, 'percent', '')} of events were bad until"
        checks: list[Check] = [
            ValueCheck(before, query, {}, f"{begun} {duration(max(0, before - begin))}: not told yet"),
            ValueCheck(after, query, {"{}": 1.0}, f"{begun} {duration(after - begin)}: told"),
            ValueCheck(still, query, {"{}": 1.0}, f"{was} {duration(max(0, still - over))} ago: not over yet"),
            ValueCheck(ended, query, {}, f"{was} {duration(ended - over)} ago: over"),
        ]
        found = self.case(f"{alert.severity} burn over {tier.short}/{tier.long}", loads, checks, evaluation)
        return replace(found, groups=self.proof.rules.telling(self.plan.slo.name, alert.severity))

    def vanished(self) -> Iterator[Case | Skipped]:
        """The metrics were there for more than a day, and are gone."""
        if not self.plan.alerts:
            return
        base = int(self.plan.base)
        evaluation = base * 2 if base * 2 < GONE_FOR else base
        begin = -(-(int(SEEN_BEFORE) + 60 * MINUTE) // evaluation) * evaluation
        # A value is asked for at whole evaluations: in between it may be too old to be seen.
        waits = -(-int(GONE_FOR) // evaluation)
        lingers = -(-self.lingers // evaluation) * evaluation
        early, late = begin + (waits - 1) * evaluation, begin + (waits + 3) * evaluation + lingers
        minutes = late // MINUTE + 2
        loads = [Load(begin // MINUTE, 100.0), Load(minutes - begin // MINUTE, None)]
        targets = scraped_targets(self.proof.project, self.plan)
        named = camel_case(self.plan.slo.name)
        if targets is None:
            yield self.gone("metrics vanish", loads, f"{named}NoData", (begin, early, late, evaluation), ())
            return
        drivers = drivers_of(targets, self.proof.project.catalogue, self.proof.version)
        for scenario, up, name in (
            ("target goes down", 0.0, "TargetDown"),
            ("metrics vanish", 1.0, "InstrumentationBroken"),
        ):
            phases = [
                (begin // MINUTE, tuple(1.0 for _ in drivers)), (minutes - begin // MINUTE, tuple(up for _ in drivers)),
            ]  # fmt: skip
            series = tuple(made(drivers, phases, MINUTE))
            yield self.gone(
                scenario, loads, f"{named}{name}", (begin, early, late, evaluation), series, selectors_of(targets)
            )

    def gone(
        self,
        scenario: str,
        loads: list[Load],
        alert: str,
        times: tuple[int, int, int, int],
        more: tuple[InputSeries, ...],
        reads: tuple[VectorSelector, ...] = (),
    ) -> Case:
        begin, early, late, evaluation = times
        query = f'group by (alertname) (ALERTS{{alertstate="firing", slo={quote_string(self.plan.slo.name)}}})'
        told = {series_text({"alertname": alert}): 1.0}
        checks: list[Check] = [
            ValueCheck(early, query, {}, f"gone for {duration(early - begin)}: not told yet"),
            ValueCheck(late, query, told, f"gone for {duration(late - begin)}: told"),
        ]
        return replace(
            self.case(scenario, loads, checks, evaluation, more, reads),
            groups=self.proof.rules.telling(self.plan.slo.name),
        )


_VALUE: Final = re.compile(r"\{\{ \$value \| humanizePercentage \}\}")
_LABEL: Final = re.compile(r'\{\{ (?:\$labels\.(\w+)|index \$labels "([^"]*)") \}\}')


def _filled(template: str, value: str, labels: Mapping[str, str]) -> str:
    """A template of an SLO's alert, filled in; what is written to stand for itself is left."""
    text = _VALUE.sub(lambda _: value, template)
    text = _LABEL.sub(lambda match: labels.get(match[1] or match[2], ""), text)
    return text.replace('{{ "{{" }}', "{{")
