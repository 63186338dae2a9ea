"""MON3204: an alert that nobody hears of."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.policies import Told, everything_told, notifying, reaches
from skillforge_mon.model.project import Alert, Project, Team

_TARGETS = ("  prometheus: {}\n", "  prometheus: {}\n  alertmanager: {}\n")
CODE = Code(
    "MON3204",
    "alert-reaches-nobody",
    Severity.WARNING,
    "An alert follows no policy, its team has no channel, and there is no default team. An error for a critical one.",
    "It fires, and nobody hears of it.",
    bad=changed(_TARGETS, ("    escalation: page\n", ""), ("    service: web\n", "")),
    good=changed(_TARGETS),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Alerts and SLOs without a policy; levels of policies that reach nobody are reported where they stand."""
    reported: set[str] = set()
    for told in everything_told(project):
        if told.policy is not None or told.object.id in reported or _policy_is_wrong(told):
            continue
        silent = [name for name in notifying(project, told) if not _hears(project, told, name)]
        if silent:
            reported.add(told.object.id)
            what = "the alert" if isinstance(told.object, Alert) else "the SLO"
            yield CODE.at(
                told.object.place.span,
                f"{what} `{told.object.name}` reaches nobody on {' and '.join(silent)}",
                help="add `escalation:`, or a service whose team has a channel, or a "
                "`default_team` to `targets.alertmanager`",
                severity=Severity.ERROR if told.severity == "critical" else Severity.WARNING,
            )


def _policy_is_wrong(told: Told) -> bool:
    """True when a policy is named that could not be found, which has been reported."""
    own = told.object.spec.escalation
    service = told.object.service
    return own is not None or (service is not None and service.spec.escalation is not None)


def _hears(project: Project, told: Told, backend: str) -> bool:
    if isinstance(told.object, Alert) and backend == "datadog":
        own = told.object.spec.datadog
        if own is not None and own.notify:
            return True
    team = _team(project, told)
    return team is not None and reaches(team, backend)


def _team(project: Project, told: Told) -> Team | None:
    """Who is told: the team of the service, else the one that a label names, else the default team."""
    service, target = told.object.service, project.targets.alertmanager
    if service is not None and service.team is not None:
        return service.team
    labels = {**(service.spec.labels if service is not None else {}), **told.object.spec.labels}
    default = target.default_team if target is not None else None
    return project.teams.get(labels.get("team", "")) or project.teams.get(default or "")
