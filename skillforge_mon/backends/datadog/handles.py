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
from skillforge_mon.model.channels import Channel, ChannelKind, channels
from skillforge_mon.model.project import Alert, AlertSeverity, Project, Team

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


def first_told(project: Project, alert: Alert, severity: AlertSeverity) -> tuple[Team, ...]:
    """The teams that hear of it at once: the first level, or who owns the service, or who hears of everything else."""
    if severity.escalation is not None:
        return severity.escalation.levels[0].teams
    if alert.service is not None and alert.service.team is not None:
        return (alert.service.team,)
    target = project.targets.alertmanager
    default = project.teams.get(target.default_team) if target is not None and target.default_team else None
    return (default,) if default is not None else ()


def handles(teams: Iterable[Team], differences: Differences) -> tuple[str, ...]:
    """The handles of ``teams``, each once; channels that have none are told to ``differences``."""
    return tuple(dict.fromkeys(handle for team in teams for handle in _of_team(team, differences)))


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


def _of_team(team: Team, differences: Differences) -> Iterator[str]:
    if team.spec.datadog:
        yield from map(handle, team.spec.datadog)
        return
    unreached: dict[str, None] = {}
    for channel in channels(team):
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
