"""MON3201: a level of a policy that reaches nobody."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.channels import reachable
from skillforge_mon.model.policies import followers, level_path, notifying, reaches
from skillforge_mon.model.project import Escalation, Level, Project
from skillforge_mon.model.working_hours import Shift

_PEOPLE = ("  shop: {webhook:", "  cto: {description: Head of technology}\n  shop: {webhook:")
_LEVELS = ("[{notify: shop}]", "[{notify: shop, timeout: 5m}, {notify: cto}]")
CODE = Code(
    "MON3201",
    "escalation-reaches-nobody",
    Severity.ERROR,
    "No team of a level of an escalation policy has a channel.",
    "The policy looks as if it went on to somebody. Nobody is told, and nobody knows that nobody is.",
    bad=changed(_PEOPLE, _LEVELS),
    good=changed(
        (_PEOPLE[0], _PEOPLE[1].replace("Head of technology", 'Head of technology, webhook: "http://hooks:8080/cto"')),
        _LEVELS,
    ),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Each level, on each backend that something follows the policy on."""
    for policy in project.escalation.values():
        backends = sorted({name for told in followers(project, policy) for name in notifying(project, told)})
        for level in policy.levels:
            spec = policy.spec.levels[level.number - 1]
            if not {*spec.notify, *spec.otherwise} <= {team.name for team in level.teams}:
                continue  # a team that does not exist has been reported
            for shift in level.shifts:
                where = _silent_on(shift, backends)
                if where is not None:
                    yield _reaches_nobody(policy, level, shift, where)


def _silent_on(shift: Shift, backends: list[str]) -> str | None:
    """The backend on which the shift reaches nobody: "" for all of them, None when there is none."""
    if not any(reachable(team) for team in shift.teams):
        return ""
    return next((name for name in backends if not any(reaches(team, name) for team in shift.teams)), None)


def _reaches_nobody(policy: Escalation, level: Level, shift: Shift, backend: str) -> Diagnostic:
    where = f" on {backend}" if backend else ""
    names = ", ".join(f"`{team.name}`" for team in shift.teams)
    hours, key = "", "notify"
    if shift.hours is not None:
        hours, key = f" {shift.hours.when}", "otherwise" if shift.hours.outside else "notify"
    return CODE.at(
        policy.place.at(*level_path(policy, level.number - 1), key),
        f"level {level.number} of `{policy.name}` reaches nobody{where}{hours}",
        label="no channel",
        notes=(f"{'teams' if len(shift.teams) > 1 else 'the team'} {names} cannot be reached{where}",),
        help=f"give `teams.{shift.teams[0].name}` a channel: pagerduty, opsgenie, slack, msteams, webhook, email or jira",
    )
