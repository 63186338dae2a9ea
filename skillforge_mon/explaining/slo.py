"""One SLO in numbers: its budget, when it alerts, what its rules cost, and how well each backend says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, cast

from skillforge_mon.backends.prometheus.alert_rules import RuleSettings
from skillforge_mon.backends.prometheus.capabilities import version_of
from skillforge_mon.backends.prometheus.slo_groups import slo_groups
from skillforge_mon.backends.prometheus.slo_rules import SloSeries
from skillforge_mon.backends.prometheus.slo_times import Between, ends_after, fires_after
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Verdict
from skillforge_mon.lower.burn_rate import BurnTier, budget_time
from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import Expr, MatrixSelector, Subquery, VectorSelector, parse, walk
from skillforge_mon.spec.models.targets import PrometheusTarget
from skillforge_mon.spec.quantities import Duration

RECORDED: Final = "slo:"
"""How the names of the series begin that an SLO's own rules record."""

MILLION: Final = 1_000_000
SECOND: Final = Duration.of(seconds=1)


@dataclass(frozen=True, slots=True)
class TierTimes:
    """One pair of windows. ``least_rate`` is the traffic, in events per second, from which on it fires as soon as the
    burn rate says so. With less it waits until the SLO's minimum of events has gone bad within its long window: between
    ``least`` and ``most`` of them. Where time is counted, ``least_rate`` is None."""

    tier: BurnTier
    threshold: Decimal
    least_rate: Decimal | None
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Outage:
    """What happens when ``errors`` of all events go bad: per severity, when it is told and, after its end, over.

    None stands for never.
    """

    errors: Decimal
    burn_rate: Decimal
    fires: Mapping[str, Between | None]
    ends: Mapping[str, Between | None]


@dataclass(frozen=True, slots=True)
class Cost:
    """What the rules cost Prometheus: how many there are, how many series they write, and what each evaluation reads.

    ``samples`` are those of recorded series that are read in a second, on average; ``raw_windows`` is over how many
    samples of each raw series the counts are taken, each time.
    """

    rules: int
    series: int
    samples: Decimal
    raw_windows: int


@dataclass(frozen=True, slots=True)
class SloExplanation:
    """``budget_time`` is how much of the window may be a total outage; ``per_million`` how many of a million events may
    be bad. ``outages`` are ordered from the worst on."""

    plan: SloPlan
    budget_time: Duration
    per_million: Decimal
    tiers: tuple[TierTimes, ...]
    outages: tuple[Outage, ...]
    cost: Cost
    verdicts: tuple[Verdict, ...]


def explain_slo(project: Project, plan: SloPlan, verdicts: Iterable[Verdict]) -> SloExplanation:
    """The numbers of ``plan``, by the rules that Prometheus gets. ``verdicts`` are those of the whole project.

    Where Prometheus gets none, there are no ``outages``, and the cost is nothing.
    """
    target = project.targets.prometheus or PrometheusTarget.model_validate({})
    series = SloSeries(plan, target.evaluation_interval)
    scrape = _scrape_interval(plan, target)
    objective, window = plan.slo.spec.objective, plan.slo.spec.window
    tiers = tuple(
        TierTimes(
            tier,
            tier.threshold(objective),
            _least_rate(plan, tier),
            plan.minimum.least(plan.budget),
            plan.minimum.most(tier.factor),
        )
        for alert in plan.alerts
        for tier in alert.tiers
    )
    shares = dict.fromkeys(share for share in (Decimal(1), Decimal("0.1"), 2 * plan.budget) if share <= 1)
    measured = is_measured(plan)
    outages = tuple(_outage(series, share, scrape) for share in sorted(shares, reverse=True)) if measured else ()
    return SloExplanation(
        plan,
        budget_time(objective, window),
        plan.budget * MILLION,
        tiers,
        outages,
        _cost(project, series, target) if measured else Cost(0, 0, Decimal(0), 0),
        tuple(verdict for verdict in verdicts if verdict.object_id == plan.slo.id),
    )


def is_measured(plan: SloPlan) -> bool:
    """Whether Prometheus gets the rules of ``plan``: an SLO may be another system's alone."""
    return "prometheus" in plan.slo.backends


TimeToTell = tuple[tuple[Decimal, Duration | None], ...]
"""Burn rate, and when somebody is told at the latest, None for never."""


def time_to_tell(project: Project, plan: SloPlan, burn_rates: Iterable[Decimal]) -> TimeToTell:
    """When an outage that burns the budget this fast is told, at any severity; what no outage reaches is left out.

    Nothing for an SLO that Prometheus does not measure.
    """
    if not is_measured(plan):
        return ()
    target = project.targets.prometheus or PrometheusTarget.model_validate({})
    series = SloSeries(plan, target.evaluation_interval)
    scrape = _scrape_interval(plan, target)
    found: list[tuple[Decimal, Duration | None]] = []
    for rate in burn_rates:
        errors = rate * plan.budget
        if errors <= 1:
            moments = [fires_after(series, alert, errors, scrape) for alert in plan.alerts]
            told = [moment.latest for moment in moments if moment is not None]
            found.append((rate, min(told) if told else None))
    return tuple(found)


def _outage(series: SloSeries, errors: Decimal, scrape: Duration) -> Outage:
    alerts = series.plan.alerts
    return Outage(
        errors,
        errors / series.plan.budget,
        {alert.severity: fires_after(series, alert, errors, scrape) for alert in alerts},
        {alert.severity: ends_after(series, alert, errors, scrape) for alert in alerts},
    )


def _least_rate(plan: SloPlan, tier: BurnTier) -> Decimal | None:
    if plan.slice is not None:
        return None
    return plan.minimum.crossover(tier.factor) / plan.allowed(tier.long, SECOND)


def _scrape_interval(plan: SloPlan, target: PrometheusTarget) -> Duration:
    scrapes = plan.slo.service.spec.scrape if plan.slo.service is not None else []
    return max((each.interval or target.scrape_interval for each in scrapes), default=target.scrape_interval)


def _cost(project: Project, series: SloSeries, target: PrometheusTarget) -> Cost:
    settings = RuleSettings(project, version_of(target.version), Report())
    rules = written = 0
    samples = Decimal(0)
    for group in slo_groups(settings, series.plan, target.evaluation_interval):
        fields = cast("dict[str, list[dict[str, str]]]", group)
        every = Decimal(int(Duration.parse(cast("str", group["interval"])))) / 1000  # type: ignore[call-overload,index]
        for rule in fields["rules"]:
            rules += 1
            written += "record" in rule
            samples += _samples(parse(rule["expr"]), target.evaluation_interval) / every
    raw = int(series.plan.base) // max(1, int(_scrape_interval(series.plan, target)))
    return Cost(rules, written, samples, raw)


def _samples(expr: Expr, recorded_every: Duration) -> Decimal:
    """The samples of recorded series that one evaluation reads: one for a selector, all of the range for a range."""
    total = Decimal(0)
    inside: set[int] = set()
    for node in walk(expr):
        if isinstance(node, MatrixSelector) and _is_recorded(node.vector):
            total += Decimal(node.range.milliseconds) / int(recorded_every)
            inside.add(id(node.vector))
        elif isinstance(node, Subquery):
            step = node.step.milliseconds if node.step is not None else int(recorded_every)
            for inner in walk(node.expr):
                if isinstance(inner, VectorSelector) and _is_recorded(inner):
                    total += Decimal(node.range.milliseconds) / step
                    inside.add(id(inner))
        elif isinstance(node, VectorSelector) and id(node) not in inside and _is_recorded(node):
            total += 1
    return total


def _is_recorded(selector: VectorSelector) -> bool:
    return (selector.name or "").startswith(RECORDED)
