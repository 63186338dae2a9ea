"""Escalation policies seen from outside: who follows them, on which backends, and where their levels stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from skillforge_mon.model.channels import channels
from skillforge_mon.model.project import Alert, Escalation, Level, Project, Slo, Team
from skillforge_mon.model.working_hours import Hours
from skillforge_mon.spec.yaml.nodes import MappingNode

BURN_SEVERITIES = ("critical", "warning")
"""The severities that burn-rate alerts can have."""


def burn_severities(slo: Slo) -> tuple[str, ...]:
    """The severities of the burn-rate alerts of ``slo``: those of its own windows, or both."""
    own = {window.severity for window in slo.spec.burn}
    return tuple(name for name in BURN_SEVERITIES if name in own) if own else BURN_SEVERITIES


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """An alert or an SLO at one severity, and the policy that it follows there."""

    object: Alert | Slo
    severity: str
    policy: Escalation | None


def everything_told(project: Project) -> Iterator[Told]:
    """Every enabled alert at each of its severities, and every SLO that alerts, in the order of the spec."""
    for alert in project.alerts.values():
        if alert.spec.enabled:
            for severity in alert.severities:
                yield Told(alert, severity.severity, severity.escalation)
    for slo in project.slos.values():
        if slo.spec.alerting:
            for name in burn_severities(slo):
                yield Told(slo, name, slo.policy(name))


def followers(project: Project, policy: Escalation) -> tuple[Told, ...]:
    """What follows ``policy``."""
    return tuple(told for told in everything_told(project) if told.policy is policy)


def notifying(project: Project, told: Told) -> tuple[str, ...]:
    """The backends that are to tell somebody of it, of ``alertmanager`` and ``datadog``.

    Without an Alertmanager of ours, what happens to an alert of Prometheus or Loki is decided elsewhere; Sentry tells
    the owners of an issue by itself.
    """
    found = []
    if {"prometheus", "loki"}.intersection(told.object.backends) and project.targets.alertmanager is not None:
        found.append("alertmanager")
    if "datadog" in told.object.backends:
        found.append("datadog")
    return tuple(found)


def reaches(team: Team, backend: str) -> bool:
    """True when ``team`` has a channel that ``backend``, one of those of :func:`notifying`, can use."""
    return bool(channels(team)) or (backend == "datadog" and bool(team.spec.datadog))


def told_when(level: Level) -> frozenset[tuple[Team, Hours | None]]:
    """Everybody who is told at ``level``, each with the hours: None is always."""
    return frozenset((team, shift.hours) for shift in level.shifts for team in shift.teams)


def level_path(policy: Escalation, index: int) -> tuple[str | int, ...]:
    """Where the level with this index stands below its policy: `levels` is left out when a policy is a bare list."""
    return ("levels", index) if isinstance(policy.place.node, MappingNode) else (index,)
