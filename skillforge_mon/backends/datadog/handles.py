"""Who a monitor tells: handles in its message, made of the teams and their channels.

Datadog knows people and channels by handle only: ``@pagerduty-SERVICE``, ``@ann@example.com``, or whatever the
integration is called there (docs.datadoghq.com, "Notifications"). A handle that it does not know is no error there, so
none is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, cast

from skillforge_mon.backends.datadog.differences import Differences
from skillforge_mon.lower.paging import PagerDutyService
from skillforge_mon.model.channels import Channel, ChannelKind, channels
from skillforge_mon.model.paging import own_channels
from skillforge_mon.model.project import Alert, Level, Project, Team
from skillforge_mon.model.working_hours import Shift, shifts_of_teams, told_always

if TYPE_CHECKING:
    from skillforge_mon.spec.models.people import PagerDutyChannel

_NAMES = {
    ChannelKind.PAGERDUTY: "PagerDuty",
    ChannelKind.OPSGENIE: "Opsgenie",
    ChannelKind.SLACK: "Slack",
    ChannelKind.MSTEAMS: "Microsoft Teams",
    ChannelKind.WEBHOOK: "webhooks",
    ChannelKind.JIRA: "Jira",
}
_SPACES = re.compile(r"\s+")


def first_told(project: Project, alert: Alert) -> tuple[Team, ...]:
    """The teams that hear of an alert without a policy: who owns the service, or who hears of everything else."""
    if alert.service is not None and alert.service.team is not None:
        return (alert.service.team,)
    target = project.targets.alertmanager
    default = project.teams.get(target.default_team) if target is not None and target.default_team else None
    return (default,) if default is not None else ()


def handles(teams: Iterable[Team], differences: Differences) -> tuple[str, ...]:
    """The handles of ``teams``, each once; channels that have none are told to ``differences``, and hours."""
    teams = tuple(teams)
    _unknown_hours(shifts_of_teams(teams), differences)
    return tuple(dict.fromkeys(name for team in teams for name in _of_channels(team, channels(team), differences)))


def level_handles(
    project: Project, level: Level, page: PagerDutyService | None, differences: Differences
) -> tuple[str, ...]:
    """The handles of a level of a policy; ``page`` is the service in PagerDuty to which the policy is handed over.

    Those whom PagerDuty pages from there on have no handle here.
    """
    found: list[str] = []
    if page is not None and page.level is level:
        found.append(handle(f"pagerduty-{page.name}"))
    for shift in level.shifts:
        own: list[str] = []
        for team in shift.teams:
            told = own_channels(project, team) if page is not None else channels(team)
            own += _of_channels(team, told, differences)
        if own:
            _unknown_hours((shift,), differences)
        found += own
    return tuple(dict.fromkeys(found))


def _unknown_hours(shifts: Iterable[Shift], differences: Differences) -> None:
    for difference in told_always(shifts):
        differences(f"{difference}: a monitor knows no hours, a schedule of PagerDuty does")


def handle(text: str) -> str:
    """``text`` as a handle: with one ``@`` before it, and without spaces, which would end it."""
    return "@" + _SPACES.sub("-", text.strip().removeprefix("@"))


def _handle_of(channel: Channel) -> str | None:
    """The handle of a channel that Datadog calls as the spec does; None for those whose name there is not known."""
    if channel.kind is ChannelKind.EMAIL:
        return handle(cast("str", channel.spec))
    if channel.kind is ChannelKind.PAGERDUTY:
        service = cast("PagerDutyChannel", channel.spec).service
        return handle(f"pagerduty-{service}") if service is not None else None
    return None


def _of_channels(team: Team, told: Iterable[Channel], differences: Differences) -> Iterator[str]:
    if team.spec.datadog:
        yield from map(handle, team.spec.datadog)
        return
    unreached: dict[str, None] = {}
    for channel in told:
        name = _handle_of(channel)
        if name is not None:
            yield name
        else:
            unreached[_NAMES[channel.kind]] = None
    if unreached:
        differences(
            f"`{team.name}` is not told by {' and '.join(unreached)}: Datadog needs the handle, in "
            f"`teams.{team.name}.datadog`"
        )
