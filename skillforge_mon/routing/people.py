"""The people behind a receiver, each with the channels that are theirs: a team is told of as one person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from skillforge_mon.lower.notifications import NotificationRoute
from skillforge_mon.model.channels import MAYBE_PAGING, Channel, ChannelKind, channels
from skillforge_mon.model.paging import on_call
from skillforge_mon.model.project import Project, Team
from skillforge_mon.model.working_hours import Hours
from skillforge_mon.routing.words import channel_text
from skillforge_mon.spec.quantities import Duration

PAGERDUTY = "PagerDuty"
AT_ONCE = Duration(0)


@dataclass(frozen=True, slots=True)
class Reached:
    """A team that hears of what comes to a receiver, ``after`` that: PagerDuty pages some of them later by itself.

    ``level`` is that of the policy, None without one. ``pages`` is true when a channel may wake somebody. ``hours`` are
    those in which PagerDuty pages them later; None is always.
    """

    team: str
    channels: tuple[str, ...]
    pages: bool
    level: int | None
    after: Duration
    hours: Hours | None = None


def people_by_receiver(project: Project, routes: Iterable[NotificationRoute]) -> Mapping[str, tuple[Reached, ...]]:
    """Everybody behind each receiver of the plan, by its name. Who has no channel there is not among them."""
    return {route.name: tuple(_people(project, route)) for route in routes}


def _people(project: Project, route: NotificationRoute) -> Iterator[Reached]:
    number = route.level.number if route.level is not None else None
    for team in route.teams:
        own = _own(project, route, team)
        if own:
            texts = tuple(dict.fromkeys(map(channel_text, own)))
            yield Reached(team.name, texts, any(each.kind in MAYBE_PAGING for each in own), number, AT_ONCE)
    for level in route.handed_over:
        after = Duration(level.after - route.level.after) if route.level is not None else AT_ONCE
        for shift in level.shifts:
            for team in shift.teams:
                if on_call(project, team):
                    yield Reached(team.name, (PAGERDUTY,), True, level.number, after, shift.hours)


def _own(project: Project, route: NotificationRoute, team: Team) -> list[Channel]:
    """The channels of the route that are the team's; a page of PagerDuty is everybody's whom PagerDuty calls first."""
    theirs = [(channel.kind, channel.spec) for channel in channels(team)]
    paged = route.level is not None and on_call(project, team)
    return [
        channel
        for channel in route.channels
        if (channel.kind, channel.spec) in theirs or (paged and channel.kind is ChannelKind.PAGERDUTY)
    ]
