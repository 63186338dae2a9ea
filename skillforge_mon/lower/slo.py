"""SLOs without any backend: what is counted, over which windows, and when the burning of the budget is told to whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.lower.bad_event_minimum import COUNTED, TIMED, BadEventMinimum
from skillforge_mon.lower.burn_rate import (
    SHORTEST_SLO_WINDOW,
    BurnTier,
    default_tiers,
    round_length_up,
    tiers_of,
)
from skillforge_mon.lower.burn_text import percentage, rounded
from skillforge_mon.lower.codes_slo import BURN_IMPOSSIBLE, WINDOW_TOO_SHORT
from skillforge_mon.lower.notices import burn_labels
from skillforge_mon.lower.slo_measure import Measuring, events_of
from skillforge_mon.lower.slo_slices import Events, noun_of, slice_of
from skillforge_mon.model.project import Project, Slo
from skillforge_mon.spec.models.targets import PrometheusTarget
from skillforge_mon.spec.quantities import CalendarPeriod, Duration, plain_number

BASE_WINDOW = Duration.of(minutes=5)
"""The shortest window over which events are counted, unless scraping is slow or a pair of windows is quicker."""

SCRAPES_PER_RATE = 4
"""A rate needs two samples; with four scrapes in its window it survives that one or two are missed."""

EVALUATIONS_PER_WINDOW = 2
PRIORITIES = {"critical": "P1", "warning": "P2"}


@dataclass(frozen=True, slots=True, eq=False)
class BurnAlert:
    """What is told at one severity: any of ``tiers`` fires. ``labels`` are those that every backend puts on it."""

    severity: str
    tiers: tuple[BurnTier, ...]
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class SloPlan:
    """One SLO, ready for a backend.

    ``budget`` is the share of events that may be bad (0.001). ``base`` is the window over which events are counted;
    longer windows are made from it. ``alerts`` has at most one per severity, the worst first; it is empty when the SLO
    does not alert. The levels of each alert are those of ``slo.levels(severity)``.
    """

    slo: Slo
    events: Events
    budget: Decimal
    base: Duration
    alerts: tuple[BurnAlert, ...]

    @property
    def window(self) -> Duration:
        """The window over which the objective is promised: one that rolls, or a CalendarPeriod."""
        return self.slo.spec.window

    @property
    def calendar(self) -> CalendarPeriod | None:
        """The period of the calendar over which the objective is promised, None when it is a rolling window."""
        return self.window if isinstance(self.window, CalendarPeriod) else None

    @property
    def nominal(self) -> Duration:
        """The length of the window; of a period of the calendar the usual one."""
        return Duration(self.window)

    @property
    def windows(self) -> tuple[Duration, ...]:
        """Every rolling window in use, the SLO's own included, the shortest first."""
        pairs = {window for alert in self.alerts for tier in alert.tiers for window in (tier.short, tier.long)}
        own = {self.window} if self.calendar is None else set()
        return tuple(sorted({self.base, *own, *pairs}))

    @property
    def by(self) -> tuple[str, ...]:
        """The labels each of whose values has a budget of its own."""
        return self.events.by

    @property
    def slice(self) -> Duration | None:
        """How long an event lasts where time is counted; None where real events are."""
        return slice_of(self.events)

    @property
    def noun(self) -> str:
        """What is counted: ``events``, ``scrapes`` or ``evaluations``."""
        return noun_of(self.events)

    @property
    def minimum(self) -> BadEventMinimum:
        """How many events must have been bad within a long window before anybody is told."""
        own = self.slo.spec.min_bad_events
        if own is not None:
            return BadEventMinimum(own)
        return COUNTED if self.slice is None else TIMED

    def allowed(self, window: Duration, every: Duration) -> Decimal:
        """How many events may be bad within ``window`` by the objective, with one event in each ``every``."""
        return Decimal(int(window)) / int(every) * self.budget


def slo_plans(project: Project, report: Report) -> tuple[SloPlan, ...]:
    """The plan of every SLO that can be measured, in the order of the spec.

    Reported are MON3102, MON3103, MON3106 and MON3109. What the checks and the resolver report (an objective of 100 %,
    windows in the wrong order, no single way to measure) is left out here in silence.
    """
    prometheus = project.targets.prometheus or PrometheusTarget.model_validate({})
    planner = _Planner(project, report, prometheus)
    return tuple(plan for slo in project.slos.values() if (plan := planner.plan(slo)) is not None)


class _Planner:
    def __init__(self, project: Project, report: Report, prometheus: PrometheusTarget) -> None:
        self.project = project
        self.report = report
        self.prometheus = prometheus
        major, minor = prometheus.version.split(".")[:2]
        self.measuring = Measuring(
            project.catalogue,
            (int(major), int(minor)),
            prometheus.evaluation_interval,
            self.scrape,
            lambda name: self.base(project.slos[name]) if name in project.slos else None,
            report,
        )
        self.defaults: dict[tuple[Duration, Duration], tuple[BurnTier, ...]] = {}

    def plan(self, slo: Slo) -> SloPlan | None:
        events = events_of(slo, self.measuring)
        if events is None or slo.spec.objective == 1:
            return None
        budget = 1 - slo.spec.objective
        base = self.base(slo)
        alerts = tuple(self.alerts(slo, base)) if slo.spec.alerting else ()
        return SloPlan(slo, events, budget, base, alerts)

    def base(self, slo: Slo) -> Duration:
        """BASE_WINDOW, or longer where scraping is slow; never longer than the quickest pair of the user's own."""
        usual = max(BASE_WINDOW, round_length_up(self.least(slo)))
        return min((usual, *(pair.short for pair in slo.spec.burn)))

    def scrape(self, slo: Slo) -> Duration:
        """How often the series of ``slo`` are scraped, as far as its service says."""
        usual = self.prometheus.scrape_interval
        scrapes = slo.service.spec.scrape if slo.service is not None else []
        return max((each.interval or usual for each in scrapes), default=usual)

    def least(self, slo: Slo) -> Duration:
        """The shortest window over which the events of ``slo`` can be counted without gaps."""
        evaluations = EVALUATIONS_PER_WINDOW * self.prometheus.evaluation_interval
        return Duration(max(SCRAPES_PER_RATE * self.scrape(slo), evaluations))

    def alerts(self, slo: Slo, base: Duration) -> Iterator[BurnAlert]:
        tiers = self.tiers(slo, base)
        for severity, priority in PRIORITIES.items():
            chosen = tuple(tier for tier in tiers if tier.severity == severity)
            if chosen:
                yield BurnAlert(severity, chosen, burn_labels(slo, severity) | {"priority": priority})

    def tiers(self, slo: Slo, base: Duration) -> tuple[BurnTier, ...]:
        """The tiers that can fire. Those that cannot are reported."""
        window, objective = slo.spec.window, slo.spec.objective
        if slo.spec.burn:
            self.short_windows(slo)
            tiers = tiers_of([pair for pair in slo.spec.burn if pair.short < pair.long], window)
        else:
            if window < SHORTEST_SLO_WINDOW:
                self.report.add(
                    WINDOW_TOO_SHORT.at(
                        slo.place.at("window"),
                        f"the usual pairs of windows do not fit into the {window} of the SLO `{slo.name}`",
                        notes=(f"scaled from 30d, they need a window of at least {SHORTEST_SLO_WINDOW}",),
                        help="write your own pairs under `burn`, or `alerting: false`",
                    )
                )
                return ()
            if (window, base) not in self.defaults:
                self.defaults[window, base] = default_tiers(window, base)
            tiers = self.defaults[window, base]
        for tier in tiers:
            if not tier.can_fire(objective):
                self.impossible(slo, tier)
        return tuple(tier for tier in tiers if tier.can_fire(objective))

    def short_windows(self, slo: Slo) -> None:
        least = self.least(slo)
        for index, pair in enumerate(slo.spec.burn):
            if pair.short < least:
                self.report.add(
                    WINDOW_TOO_SHORT.at(
                        slo.place.at("burn", index, "short"),
                        f"the window of {pair.short} is too short to be measured",
                        notes=(
                            f"{SCRAPES_PER_RATE} scrapes or {EVALUATIONS_PER_WINDOW} evaluations take {least} here",
                        ),
                        help=f"write {round_length_up(least)} or more, or scrape more often",
                    )
                )

    def impossible(self, slo: Slo, tier: BurnTier) -> None:
        objective = slo.spec.objective
        index = next(
            (i for i, pair in enumerate(slo.spec.burn) if (pair.short, pair.long) == (tier.short, tier.long)), None
        )
        threshold = percentage(tier.threshold(objective))
        most = percentage(Decimal(int(tier.long)) / int(slo.spec.window) / (1 - objective))
        self.report.add(
            BURN_IMPOSSIBLE.at(
                slo.place.at("objective") if index is None else slo.place.at("burn", index),
                f"the budget of `{slo.name}` cannot burn {plain_number(rounded(tier.factor))} times too fast, "
                f"as the windows {tier.short} and {tier.long} ask for",
                label="this pair can never fire" if index is not None else "",
                notes=(
                    f"at {percentage(objective)}, that is {threshold} bad events, and no more than 100% can be bad",
                    f"a total outage spends {most} of the budget in {tier.long}",
                ),
                help=f"write your own pairs under `burn`, with less than {most} of the budget in {tier.long}",
            )
        )
