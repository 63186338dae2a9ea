"""MON3207: teams and policies that nothing leads to."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD, changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

CODE = Code(
    "MON3207",
    "unused-team-or-policy",
    Severity.NOTE,
    "No service, policy or target names this team; or no service, alert or SLO names this policy.",
    "What nothing leads to is never told of anything, though it looks as if it were.",
    bad=changed(("  shop: {webhook:", '  cto: {webhook: "http://hooks:8080/cto"}\n  shop: {webhook:')),
    good=GOOD,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Teams first, then policies. Only where there is something to be told of: a spec may begin with its people."""
    if not (project.alerts or project.slos):
        return
    teams, policies = _named_teams(project), _named_policies(project)
    if (teams - {None}) - {*project.teams} or (policies - {None}) - {*project.escalation}:
        return  # what is not found may be a slip for the one that seems unused
    for team in project.teams.values():
        if team.name not in teams:
            yield CODE.at(team.place.span, f"nothing leads to the team `{team.name}`")
    for policy in project.escalation.values():
        if policy.name not in policies:
            yield CODE.at(policy.place.span, f"nothing follows the policy `{policy.name}`")


def _named_teams(project: Project) -> set[str | None]:
    names: set[str | None] = {service.spec.team for service in project.services.values()}
    for policy in project.escalation.values():
        names.update(policy.spec.otherwise)
        for level in policy.spec.levels:
            names.update((*level.notify, *level.otherwise))
    names |= {alert.spec.labels.get("team") for alert in project.alerts.values()}
    names |= {slo.spec.labels.get("team") for slo in project.slos.values()}
    if project.targets.alertmanager is not None:
        names.add(project.targets.alertmanager.default_team)
    return names


def _named_policies(project: Project) -> set[str | None]:
    names: set[str | None] = {
        name for service in project.services.values() for name in (service.spec.escalation, service.spec.tickets)
    }
    names |= {alert.spec.escalation for alert in project.alerts.values()}
    names |= {name for slo in project.slos.values() for name in (slo.spec.escalation, slo.spec.tickets)}
    return names | {rule.escalation for alert in project.alerts.values() for rule in alert.spec.severity.values()}
