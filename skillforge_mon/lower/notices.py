"""What there is to tell: alerts at each of their severities, and the burn-rate alerts of SLOs, with their labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from skillforge_mon.lower.alerts import rule_labels
from skillforge_mon.lower.scope import OTHER, Scope
from skillforge_mon.model.policies import burn_severities
from skillforge_mon.model.project import Alert, Escalation, Project, Slo

TEAM = "team"
SLO = "slo"
IN_ALERTMANAGER = frozenset(("prometheus", "loki"))
"""Backends whose rules Alertmanager is told of."""


@dataclass(frozen=True, slots=True, eq=False)
class Notice:
    """An alert at a severity, or a burn-rate alert of an SLO, as the rules of Prometheus or Loki send it.

    Either ``alert`` or ``slo`` is set. ``labels`` are those that are known beforehand, ``policy`` what it follows.
    ``scope`` holds this alert alone: its services are None when only the series can tell, and its name is OTHER when no
    maintenance window can name it.
    """

    alert: Alert | None
    slo: Slo | None
    labels: Mapping[str, str]
    policy: Escalation | None
    scope: Scope


def notices(project: Project) -> tuple[Notice, ...]:
    """Everything that the rules of Prometheus and Loki can tell somebody of, in the order of the spec."""
    found: list[Notice] = []
    for alert in project.alerts.values():
        if alert.spec.enabled and IN_ALERTMANAGER.intersection(alert.backends):
            for severity in alert.severities:
                labels = rule_labels(project, alert, severity)
                scope = _scope(labels, frozenset(alert_names(alert)))
                found.append(Notice(alert, None, labels, severity.escalation, scope))
    for slo in project.slos.values():
        if slo.spec.alerting and "prometheus" in slo.backends:
            for name in burn_severities(slo):
                labels = burn_labels(slo, name)
                found.append(Notice(None, slo, labels, slo.policy(name), _scope(labels, OTHER)))
    return tuple(found)


def alert_names(alert: Alert) -> tuple[str, ...]:
    """The names under which ``alert`` can fire: its own, and one that says that it has no data."""
    return (alert.name, f"{alert.name}NoData") if alert.spec.no_data == "notify" else (alert.name,)


def burn_labels(slo: Slo, severity: str) -> dict[str, str]:
    """The labels of a burn-rate alert of ``slo``: as those of an alert, and the name of the SLO."""
    labels = {**(slo.service.spec.labels if slo.service is not None else {}), **slo.spec.labels}
    labels |= {SLO: slo.name, "severity": severity}
    if slo.service is not None:
        labels["service"] = slo.service.name
        if slo.service.team is not None:
            labels[TEAM] = slo.service.team.name
    return labels


def _scope(labels: Mapping[str, str], alerts: frozenset[str]) -> Scope:
    service = labels.get("service")
    return Scope(frozenset((service,)) if service is not None else None, alerts, frozenset((labels["severity"],)))
