"""Teams in PagerDuty: what schedules and policies are found by. Who is a member is decided there."""

from __future__ import annotations

from skillforge_mon.documents.document import Plain
from skillforge_mon.documents.references import reference
from skillforge_mon.lower.paging import account_name
from skillforge_mon.model.project import Project, Team


def team_payload(project: Project, team: Team) -> Plain:
    """The team, without members."""
    return {
        "type": "team",
        "name": account_name(project, team.name),
        "description": team.spec.description or f"The team {team.name}.",
    }


def belonging_to(project: Project, team: Team) -> list[Plain]:
    """``teams`` of what belongs to ``team``; none where the target makes no teams."""
    target = project.targets.pagerduty
    if target is None or not target.teams:
        return []
    return [{"type": "team_reference", "id": reference("team", team.id)}]
