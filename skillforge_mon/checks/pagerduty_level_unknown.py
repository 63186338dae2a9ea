"""MON3223: a level that pages people whom PagerDuty's policy does not know."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.pagerduty_examples import ON_CALL, PAGED
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.channels import ChannelKind, channels
from skillforge_mon.model.paging import hand_over, on_call
from skillforge_mon.model.policies import level_path
from skillforge_mon.model.project import Project

_LEVELS = ("[{notify: shop}]", "[{notify: shop, timeout: 15m}, {notify: cto}]")
_CRITICAL = ("severity: warning", "severity: critical")
_KEY = f"  shop: {ON_CALL}\n  cto: {{pagerduty: {{routing_key: '${{secret:CTO_KEY}}'}}}}\n"
_USER = f"  shop: {ON_CALL}\n  cto: {{pagerduty: {{users: cto@example.com}}}}\n"
CODE = Code(
    "MON3223",
    "level-unknown-to-pagerduty",
    Severity.ERROR,
    "PagerDuty has a policy, and one of its levels pages a team of whom PagerDuty knows neither users nor a schedule.",
    "That level would be paged from outside, whether somebody has acknowledged or not.",
    bad=changed(_LEVELS, _CRITICAL, (f"  shop: {ON_CALL}\n", _KEY), text=PAGED),
    good=changed(_LEVELS, _CRITICAL, (f"  shop: {ON_CALL}\n", _USER), text=PAGED),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Levels of policies that are handed over. Levels that only write (Slack, e-mail) stay where they are."""
    for policy in project.escalation.values():
        if hand_over(project, policy) is None:
            continue
        for level in policy.levels:
            paging = [
                team for team in level.teams if any(each.kind is ChannelKind.PAGERDUTY for each in channels(team))
            ]
            if paging and not any(on_call(project, team) for team in paging):
                names = " and ".join(f"`{team.name}`" for team in paging)
                yield CODE.at(
                    policy.place.at(*level_path(policy, level.number - 1), "notify"),
                    f"level {level.number} of `{policy.name}` pages {names}, and PagerDuty knows nobody of them",
                    help=f"write `users` or a `schedule` in `teams.{paging[0].name}.pagerduty`",
                )
