"""Levels that page some in their hours only: schedules that know nobody at other times.

A rule of a policy has no hours, a schedule has. A team with rotas gets another schedule, with the hours of its rotas
that lie within those of the level; users who are paged together get one each, since a schedule has one person on call.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from skillforge_mon.backends.pagerduty.schedules import layer, restricted_schedule
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.paging import on_call, paged_levels
from skillforge_mon.model.project import Escalation, Level, Project, Team
from skillforge_mon.model.rotas import WEEK, Part, joined, parts_of
from skillforge_mon.model.working_hours import Hours, Shift
from skillforge_mon.spec.models.pagerduty import Rota

_SINCE = "2026-01-05"
"""A Monday: when the one turn of a single person begins makes no difference."""


@dataclass(frozen=True, slots=True, eq=False)
class ShiftSchedule:
    """A schedule of ``team`` for one level, known by ``key``; ``path`` is unique among the schedules of the project."""

    key: str
    path: str
    team: Team
    payload: Plain


def shift_schedules(project: Project, policy: Escalation) -> Iterator[ShiftSchedule]:
    """Those of all levels of ``policy`` that PagerDuty pages."""
    for level in paged_levels(project, policy):
        for shift in level.shifts:
            for team in shift.teams:
                yield from schedules_of(project, policy, level, shift, team)


def schedules_of(
    project: Project, policy: Escalation, level: Level, shift: Shift, team: Team
) -> Iterator[ShiftSchedule]:
    """Those of one team; none where it is told always, or where PagerDuty does not know it."""
    people = team.spec.pagerduty
    if shift.hours is None or people is None or not on_call(project, team):
        return
    outside = ("outside",) if shift.hours.outside else ()
    parts = (policy.name, f"level-{level.number}", *outside)
    if people.schedule:
        zone = people.schedule[0].timezone
        yield _schedule(project, team, parts, zone, people.schedule, shift.hours)
    for number, address in enumerate(people.users, 1):
        alone = Rota.model_validate({"users": [address], "start": _SINCE, "timezone": shift.hours.timezone})
        yield _schedule(project, team, (*parts, str(number)), shift.hours.timezone, [alone], shift.hours)


def other_zones(project: Project, policy: Escalation) -> Iterator[tuple[Level, Team, Hours]]:
    """Teams whose rotas count in another zone than the hours of a level: no one schedule can say both."""
    for level in paged_levels(project, policy):
        for shift in level.shifts:
            for team in shift.teams:
                rotas = team.spec.pagerduty.schedule if team.spec.pagerduty is not None else []
                if shift.hours is not None and rotas and rotas[0].timezone != shift.hours.timezone:
                    yield level, team, shift.hours


def within(parts: tuple[Part, ...], hours: Hours) -> tuple[Part, ...]:
    """The parts of the week that are in ``parts`` and in ``hours``, in seconds."""
    found: list[Part] = []
    for start, length in parts:
        for begin, end in hours.covered:
            for later in (0, WEEK):
                first, last = max(start, begin * 60 + later), min(start + length, end * 60 + later)
                if first < last:
                    found.append((first, last - first))
    return joined(found)


def _schedule(
    project: Project, team: Team, parts: tuple[str, ...], zone: str, rotas: list[Rota], hours: Hours
) -> ShiftSchedule:
    restricted = ((rota, within(parts_of(rota), hours)) for rota in rotas)
    layers = [layer(rota, number, own) for number, (rota, own) in enumerate(restricted, 1) if own]
    said = f"Who of {team.name} is on call {hours.when}."
    payload = restricted_schedule(project, team, (team.name, *parts), zone, said, layers)
    return ShiftSchedule(".".join((team.id, *parts)), "/".join((team.name, "-".join(parts))), team, payload)
