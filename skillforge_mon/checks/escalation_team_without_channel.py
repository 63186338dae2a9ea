"""MON3202: a team that cannot be told anything."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD, changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.channels import reachable
from skillforge_mon.model.project import Project

CODE = Code(
    "MON3202",
    "team-without-channel",
    Severity.WARNING,
    "A team has no channel.",
    "Alerts of its services come to nobody, or to the default team, which knows less about them.",
    bad=changed(
        ("  shop: {webhook:", "  web: {description: Who write the web shop}\n  shop: {webhook:"),
        ("team: shop", "team: web"),
    ),
    good=GOOD,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Channels of any backend count."""
    for team in project.teams.values():
        if not reachable(team):
            yield CODE.at(
                team.place.span,
                f"the team `{team.name}` has no channel",
                help="add pagerduty, opsgenie, slack, msteams, webhook, email or jira",
            )
