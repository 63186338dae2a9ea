"""MON3210: a critical alert whose policy wakes nobody."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.channels import MAYBE_PAGING, channels, reachable
from skillforge_mon.model.policies import followers
from skillforge_mon.model.project import Escalation, Project

_CRITICAL = ("severity: warning", "severity: critical")
CODE = Code(
    "MON3210",
    "critical-without-page",
    Severity.WARNING,
    "A critical alert follows a policy of which no level pages: all of its channels wait until somebody looks.",
    "Critical means that somebody must act now. At night nobody reads a chat or a mailbox.",
    bad=changed(_CRITICAL, ('{webhook: "http://hooks:8080/"}', '{slack: "#shop"}')),
    good=changed(
        _CRITICAL, ('{webhook: "http://hooks:8080/"}', '{pagerduty: {routing_key: "${secret:PAGERDUTY_KEY}"}}')
    ),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """A webhook may lead to anything, and a Datadog handle too; policies that reach nobody are reported elsewhere."""
    for policy in project.escalation.values():
        critical = [told.object.name for told in followers(project, policy) if told.severity == "critical"]
        teams = [team for level in policy.levels for team in level.teams]
        if critical and any(map(reachable, teams)) and not _may_page(policy):
            yield CODE.at(
                policy.place.span,
                f"no level of `{policy.name}` pages, and `{critical[0]}` is critical",
                notes=(f"critical here: {', '.join(critical)}",) if len(critical) > 1 else (),
                help="add pagerduty or opsgenie to a team of its first level, or make the alerts warnings",
            )


def _may_page(policy: Escalation) -> bool:
    return any(
        team.spec.datadog or any(channel.kind in MAYBE_PAGING for channel in channels(team))
        for level in policy.levels
        for team in level.teams
    )
