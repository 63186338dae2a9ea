"""MON3222: an alert that should page a team, and follows no policy that could."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.pagerduty_examples import ON_CALL, PAGED
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.channels import channels
from skillforge_mon.model.paging import on_call, without_key
from skillforge_mon.model.policies import everything_told, notifying
from skillforge_mon.model.project import Project, Team

_CHAT = (
    "  prometheus: {}\n  alertmanager: {}\n",
    '  prometheus: {}\n  alertmanager: {slack_api_url: "${secret:SLACK}"}\n',
)
_SLACK = (ON_CALL, '{slack: "#shop", pagerduty: {users: ann@example.com}}')
CODE = Code(
    "MON3222",
    "page-without-policy",
    Severity.WARNING,
    "An alert without a policy goes to a team that PagerDuty pages through policies alone. An error for a critical one.",
    "The team's other channels hear of it; nobody is paged.",
    bad=changed(
        _CHAT, _SLACK, ("    escalation: page\n", ""), ("escalation:\n  page: [{notify: shop}]\n", ""), text=PAGED
    ),
    good=changed(_CHAT, _SLACK, text=PAGED),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Alerts and SLOs of services whose team is on call in PagerDuty without a key; and such a default team."""
    yield from _default_team(project)
    reported: set[str] = set()
    for told in everything_told(project):
        service = told.object.service
        team = service.team if service is not None else None
        if told.policy is not None or team is None or told.object.id in reported or not notifying(project, told):
            continue
        if _only_through_policies(project, team):
            reported.add(told.object.id)
            yield CODE.at(
                told.object.place.span,
                f"`{told.object.name}` follows no policy, so PagerDuty does not page `{team.name}` for it",
                help=f"let it follow one, such as `[{{notify: {team.name}}}]`",
                severity=Severity.ERROR if told.severity == "critical" else Severity.WARNING,
            )


def _default_team(project: Project) -> Iterator[Diagnostic]:
    target, place = project.targets.alertmanager, project.target_place("alertmanager")
    team = project.teams.get(target.default_team or "") if target is not None else None
    if team is None or place is None or not _only_through_policies(project, team):
        return
    if all(without_key(channel) for channel in channels(team)):
        yield CODE.at(
            place.at("default_team"),
            f"what no route takes goes to `{team.name}`, whom PagerDuty pages through policies alone",
            help="name a team that has a channel, or give this one a `routing_key`",
        )


def _only_through_policies(project: Project, team: Team) -> bool:
    return on_call(project, team) and any(without_key(channel) for channel in channels(team))
