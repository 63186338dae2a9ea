"""Receivers in the words of the spec: which teams, through which channels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from skillforge_mon.lower.notifications import NotificationRoute
from skillforge_mon.model.channels import MAYBE_PAGING, Channel, ChannelKind

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
    """Who is behind a receiver. ``pages`` is true when one of the channels may wake somebody."""

    teams: tuple[str, ...]
    channels: tuple[str, ...]
    pages: bool


def told_by_receiver(routes: Iterable[NotificationRoute]) -> Mapping[str, Told]:
    """Of each receiver of the plan, by its name."""
    return {route.name: _told(route) for route in routes}


def _told(route: NotificationRoute) -> Told:
    teams = route.level.teams if route.level is not None else (route.team,) if route.team is not None else ()
    return Told(
        tuple(team.name for team in teams),
        tuple(dict.fromkeys(map(channel_text, route.channels))),
        any(channel.kind in MAYBE_PAGING for channel in route.channels),
    )


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
