"""The monitors of an SLO: one for each pair of windows, and those on the budget that is spent.

A burn rate has one pair of windows in Datadog, so that each tier of the plan is a monitor. Each is made as the monitor
of an alert is: the same message, people, tags and options (see ``monitors.py``).

Query language and variables: docs.datadoghq.com, "Burn Rate Alerts" (API and Terraform), "SLO Alerts" (Notifications).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from skillforge_mon.backends.datadog import slo_windows
from skillforge_mon.backends.datadog.differences import BACKEND, Differences
from skillforge_mon.backends.datadog.monitors import monitor_payload
from skillforge_mon.backends.datadog.options import Watched
from skillforge_mon.backends.datadog.query.printer import print_query
from skillforge_mon.backends.datadog.query.tree import Limit, Method, SloQuery, Text
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Plain
from skillforge_mon.documents.references import text_reference
from skillforge_mon.lower.burn_rate import BurnTier, budget_time
from skillforge_mon.lower.burn_text import burning_in_words, float_exact, percentage, rounded, spaced
from skillforge_mon.lower.paging import Paging
from skillforge_mon.lower.slo import PRIORITIES, SloPlan
from skillforge_mon.model.message import Message, Placeholder
from skillforge_mon.model.project import Alert, AlertSeverity, Escalation, Project, Slo
from skillforge_mon.spec.quantities import Duration, plain_number

KIND: Final = "slo alert"
LONG_RATE: Final = "long_window_burn_rate"
"""What a message calls the burn rate; ``value`` is empty there."""
_VALUE: Final = Placeholder("value", "", "", 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class SloAlert(Alert):
    """What one monitor of an SLO tells, as an alert; ``key`` is that of its resource."""

    key: str

    @property
    def id(self) -> str:
        return self.key


@dataclass(frozen=True, slots=True, eq=False)
class SloMonitor:
    """One monitor of an SLO. ``suffix`` tells it from the others: ``critical-1h``."""

    suffix: str
    alert: SloAlert
    payload: Plain


def slo_key(slo: str, suffix: str) -> str:
    """``slos.api.critical-1h``: what a monitor of the SLO ``slo`` is known by."""
    return f"slos.{slo}.{suffix}"


def slo_monitors(
    project: Project, plan: SloPlan, over: Duration, paging: Paging, differences: Differences, report: Report
) -> Iterator[SloMonitor]:
    """The monitors of ``plan``, whose SLO in Datadog is promised ``over`` a timeframe.

    Nothing more is yielded when nobody would hear of one, which is reported.
    """
    watched = [*_burning(plan, over, differences), *_spent(plan, over)]
    if not watched:
        return
    _unsaid(plan, [alert.name for alert, _ in watched], differences)
    for alert, query in watched:
        payload = monitor_payload(project, paging, alert, alert.severities, query, "", differences, report)
        if payload is None:
            return
        yield SloMonitor(alert.key.removeprefix(f"{plan.slo.id}."), alert, payload)


def _burning(plan: SloPlan, over: Duration, differences: Differences) -> Iterator[tuple[SloAlert, Watched]]:
    """The tiers, each with its nearest legal pair of windows. Of two that become the same, the more sensitive stays."""
    objective = slo_windows.target(plan.slo.spec.objective) / 100
    reference = text_reference("slo", plan.slo.id)
    taken: dict[tuple[str, Duration, Duration], BurnTier] = {}
    asked: dict[tuple[str, Duration, Duration], BurnTier] = {}
    for burn in plan.alerts:
        for tier in burn.tiers:
            legal = slo_windows.legal_tier(tier, over, objective)
            _changed(plan, tier, legal, differences)
            place = (burn.severity, legal.long, legal.short)
            if place not in taken or legal.factor < taken[place].factor:
                taken[place], asked[place] = legal, tier
    suffixes: set[str] = set()
    for place, tier in taken.items():
        suffix = wanted = f"{tier.severity}-{asked[place].long}"
        number = 2
        while suffix in suffixes:
            suffix, number = f"{wanted}-{number}", number + 1
        suffixes.add(suffix)
        rate = float_exact(tier.factor)
        windows = (
            _call("over", slo_windows.days(over)),
            _call("long_window", slo_windows.hours(tier.long)),
            _call("short_window", slo_windows.minutes(tier.short)),
        )
        query = print_query(SloQuery("burn_rate", reference, windows, Limit(">", rate)))
        lost = spaced(budget_time(objective, over))
        words = burning_in_words(tier, objective, plan.noun)
        promised = f" Promised: {plan.slo.spec.description}" if plan.slo.spec.description else ""
        alert = _alert(
            plan.slo,
            tier.severity,
            suffix,
            f"{plan.slo.name} budget burn ({tier.severity}, {tier.long} and {tier.short})",
            (f"{plan.slo.name} burns its error budget ", _VALUE, f" times as fast as it may over {tier.long}"),
            f"The budget of {lost} per {slo_windows.days(over)} burns {words}.{promised}",
        )
        yield alert, Watched(KIND, query, ">", {"critical": rate}, (), {}, None, LONG_RATE)


def _spent(plan: SloPlan, over: Duration) -> Iterator[tuple[SloAlert, Watched]]:
    """The monitors on the budget that the spec asks for."""
    slo = plan.slo
    for severity in PRIORITIES:
        share = slo.spec.datadog.error_budget.get(severity) if slo.spec.datadog is not None else None  # type: ignore[call-overload]
        if share is None:
            continue
        percent = float_exact(share * 100).normalize()
        timeframe = (_call("over", slo_windows.days(over)),)
        spent = SloQuery("error_budget", text_reference("slo", slo.id), timeframe, Limit(">", percent))
        alert = _alert(
            slo,
            severity,
            f"{severity}-budget",
            f"{slo.name} budget spent ({severity})",
            (_VALUE, f"% of the error budget of {slo.name} is spent"),
            f"More than {percentage(share)} of what may fail within {slo_windows.days(over)} has failed.",
        )
        yield alert, Watched(KIND, print_query(spent), ">", {"critical": percent}, (), {}, None)


def _call(name: str, text: str) -> Method:
    return Method(name, (Text(text),))


def _alert(
    slo: Slo, severity: str, suffix: str, name: str, summary: tuple[str | Placeholder, ...], description: str
) -> SloAlert:
    from skillforge_mon.spec.models.alerts import Alert as AlertSpec

    words = {"notify": slo.spec.datadog.notify} if slo.spec.datadog is not None else None
    spec = AlertSpec.model_validate(
        {"severity": severity, "labels": {**slo.spec.labels, "slo": slo.name}, "datadog": words}
    )
    told = AlertSeverity(
        severity=severity,
        spec=spec.severity[severity],  # type: ignore[index]
        threshold=None,
        hold=Duration(0),
        escalation=_policy(slo, severity),
        priority=int(PRIORITIES[severity].removeprefix("P")),
    )
    return SloAlert(
        name=name,
        spec=spec,
        place=slo.place,
        service=slo.service,
        runbook=slo.runbook,
        query=None,
        lines=None,
        log_query=None,
        severities=(told,),
        summary=Message(summary),
        description=Message((description,)),
        backends=(BACKEND,),
        key=slo_key(slo.name, suffix),
    )


def _policy(slo: Slo, severity: str) -> Escalation | None:
    """The policy of ``severity``, with those of its levels that the SLO climbs."""
    policy = slo.policy(severity)
    return replace(policy, levels=slo.levels(severity)) if policy is not None else None


def _changed(plan: SloPlan, tier: BurnTier, legal: BurnTier, differences: Differences) -> None:
    """Tell what a pair of windows becomes: its budget share, and when it tells of twice what it takes to fire."""
    if (tier.long, tier.short, tier.factor) == (legal.long, legal.short, legal.factor):
        return
    objective = plan.slo.spec.objective
    share = min(Decimal(1), 2 * tier.threshold(objective))
    before, after = (each.detection_time(objective, share) for each in (tier, legal))
    changes = []
    if (tier.long, tier.short) != (legal.long, legal.short):
        changes.append(
            f"the windows {tier.long} and {tier.short} of {tier.severity} become {legal.long} and {legal.short} (long "
            "ones are 1 to 48 whole hours)"
        )
    if tier.factor != legal.factor:
        rates = [plain_number(rounded(each.factor)) for each in (tier, legal)]
        changes.append(f"the burn rate {rates[0]} of {tier.severity} becomes {rates[1]} (that of a total outage)")
    differences(
        f"{' and '.join(changes)}: somebody is told when {percentage(legal.budget)} of the budget is spent instead of "
        f"{percentage(tier.budget)}, and {_time(after)} instead of {_time(before)} after {percentage(share)} of the "
        f"{plan.noun} began to go bad"
    )


def _time(length: Duration | None) -> str:
    return "never" if length is None else spaced(length)


def _unsaid(plan: SloPlan, names: list[str], differences: Differences) -> None:
    """Tell what the alerts of an SLO say and Datadog's monitors cannot."""
    if plan.alerts and plan.minimum.events:
        or_more = ", or more as its traffic allows," if plan.minimum.computed else ""
        differences(
            "its monitors tell of a single bad event where there are few: no minimum can be said, and Prometheus waits "
            f"for {plan.minimum.least(plan.budget)} bad {plan.noun}{or_more} within the long window"
        )
    if plan.by:
        labels = " and ".join(f"`{label}`" for label in plan.by)
        differences(f"its monitors judge all values of {labels} together: each has a budget in Datadog, but no monitor")
    if plan.alerts:
        differences("nobody is told there when the metrics are missing")
    if len(names) > 1:
        differences(f"it has {len(names)} monitors, which notify without regard to each other")
