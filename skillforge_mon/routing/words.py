"""Receivers in the words of the spec: which teams, through which channels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from skillforge_mon.lower.notifications import NotificationRoute
from skillforge_mon.model.channels import MAYBE_PAGING, Channel, ChannelKind
from skillforge_mon.model.paging import on_call
from skillforge_mon.model.project import Project
from skillforge_mon.model.working_hours import opposite_name, when
from skillforge_mon.spec.quantities import Duration

_NAMES = {
    ChannelKind.PAGERDUTY: "PagerDuty",
    ChannelKind.OPSGENIE: "Opsgenie",
    ChannelKind.SLACK: "Slack",
    ChannelKind.MSTEAMS: "Teams",
    ChannelKind.WEBHOOK: "webhook",
    ChannelKind.EMAIL: "e-mail",
    ChannelKind.JIRA: "Jira",
}


@dataclass(frozen=True, slots=True)
class Told:
    """Who is behind a receiver. ``pages`` is true when one of the channels may wake somebody.

    ``goes_on`` has whom PagerDuty pages next, unless somebody acknowledges: how long after the message, which teams.
    """

    teams: tuple[str, ...]
    channels: tuple[str, ...]
    pages: bool
    goes_on: tuple[tuple[Duration, tuple[str, ...]], ...] = ()


def told_by_receiver(project: Project, routes: Iterable[NotificationRoute]) -> Mapping[str, Told]:
    """Of each receiver of the plan, by its name."""
    return {route.name: _told(project, route) for route in routes}


def _told(project: Project, route: NotificationRoute) -> Told:
    return Told(
        tuple(team.name for team in route.teams),
        tuple(dict.fromkeys(map(channel_text, route.channels))),
        any(channel.kind in MAYBE_PAGING for channel in route.channels),
        tuple(_goes_on(project, route)),
    )


def _goes_on(project: Project, route: NotificationRoute) -> Iterator[tuple[Duration, tuple[str, ...]]]:
    first = route.level.after if route.level is not None else 0
    for level in route.handed_over:
        after = Duration(level.after - first)
        pairs = ((team, shift.hours) for shift in level.shifts for team in shift.teams if on_call(project, team))
        yield after, tuple(team.name + (f" ({hours.when})" if hours is not None else "") for team, hours in pairs)


def when_not(interval: str) -> str:
    """The other times: ``outside deploy``."""
    return when(opposite_name(interval))


def channel_text(channel: Channel) -> str:
    """``Slack #alerts``; addresses that may hold a secret are left out."""
    name = _NAMES[channel.kind]
    match channel.kind:
        case ChannelKind.SLACK:
            return f"{name} {getattr(channel.spec, 'channel', '')}"
        case ChannelKind.EMAIL:
            return f"{name} {channel.spec}"
        case _:
            return name
