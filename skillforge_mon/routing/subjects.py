"""What can be asked about: the alerts and burn-rate alerts of a compiled project, each at one severity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.slo import BurnAlert
from skillforge_mon.routing.rules import AlertRule, RuleSet
from skillforge_mon.routing.timeline import Between
from skillforge_mon.spec.quantities import Duration

_ALL = Decimal(1)
_SECOND = Duration.of(seconds=1)


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """An alert or (``is_slo``) an SLO at one severity; ``rules`` are one per level, the first level first."""

    name: str
    is_slo: bool
    severity: str
    rules: tuple[AlertRule, ...]
    fill: Between | None
    drain: Duration | None
    timeout: Duration | None


def subjects(lowering: Lowering, rules: RuleSet) -> Iterator[Subject]:
    """Every one whose rules are there, in the order of the spec.

    How soon an SLO is seen to burn depends on how bad it is: its ``fill`` is for events that all fail.
    """
    burns = {
        (plan.slo.name, alert.severity): (plan.slo.spec.objective, alert)
        for plan in lowering.slos
        for alert in plan.alerts
    }
    for notice in lowering.notifications.notices:
        severity = notice.labels["severity"]
        if notice.alert is not None:
            name = notice.alert.name
            own = [rule for rule in rules.rules if rule.name == name]
        elif notice.slo is not None:
            name = notice.slo.name
            own = [rule for rule in rules.rules if rule.labels.get("slo") == name and rule.name.endswith("BudgetBurn")]
        own = sorted((rule for rule in own if rule.labels.get("severity") == severity), key=lambda rule: rule.hold)
        if own:
            timeout = notice.policy.levels[0].timeout if notice.policy is not None and notice.policy.levels else None
            if notice.slo is None:
                yield Subject(
                    name, is_slo=False, severity=severity, rules=tuple(own), fill=None, drain=None, timeout=timeout
                )
            else:
                fill, drain = _windows(*burns[name, severity])
                yield Subject(
                    name, is_slo=True, severity=severity, rules=tuple(own), fill=fill, drain=drain, timeout=timeout
                )


def _windows(objective: Decimal, alert: BurnAlert) -> tuple[Between, Duration]:
    """Until a total outage is seen, in whole seconds; and until a pair no longer fires: its short window is clean."""
    found = (tier.detection_time(objective, _ALL) for tier in alert.tiers)
    quickest = min((time for time in found if time is not None), default=Duration(0))
    fill = Duration(-(-quickest // _SECOND) * _SECOND)
    return Between(fill, fill), max(tier.short for tier in alert.tiers)
