"""MON3225 to MON3227, and MON1211 of rotas: schedules on which at some time nobody is on call, or that cannot be."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.pagerduty_examples import ON_ROTA
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model import codes
from skillforge_mon.model.project import Project, Team
from skillforge_mon.model.rotas import first_hole, moment_of_week
from skillforge_mon.spec.models.pagerduty import Rota
from skillforge_mon.spec.suggest import nearest

_SCHEDULE = "schedule: {start: 2026-01-05, users: [ann@example.com, bob@example.com]}"
_DAY = 'hours: {from: "08:00", for: 12h}'
_NIGHT = 'hours: {from: "20:00", for: 12h}'


def _rotas(first: str, second: str) -> str:
    both = (
        f"{{start: 2026-01-05, users: {name}@example.com, {more}}}" for name, more in (("ann", first), ("bob", second))
    )
    return changed((_SCHEDULE, f"schedule: [{', '.join(both)}]"), text=ON_ROTA)


WITHOUT_USERS = Code(
    "MON3225",
    "rota-without-users",
    Severity.ERROR,
    "Nobody is on a rota.",
    "PagerDuty takes no layer without users: there would be nobody to page.",
    bad=changed(("users: [ann@example.com, bob@example.com]", "users: []"), text=ON_ROTA),
    good=ON_ROTA,
)
HOLE = Code(
    "MON3226",
    "rota-leaves-a-hole",
    Severity.ERROR,
    "At some time of the week nobody of a schedule is on call.",
    "An alert that comes then pages nobody at that level, and waits for the next one, if there is one.",
    bad=_rotas(_DAY, 'hours: {from: "20:00", for: 11h}'),
    good=_rotas(_DAY, _NIGHT),
)
ZONES = Code(
    "MON3227",
    "rotas-in-several-zones",
    Severity.ERROR,
    "The rotas of one team count in different time zones.",
    "A schedule of PagerDuty has one time zone: hours and handoffs of the other rotas would come at another time.",
    bad=_rotas(f"{_DAY}, timezone: Europe/Paris", f"{_NIGHT}, timezone: Asia/Tokyo"),
    good=_rotas(f"{_DAY}, timezone: Europe/Paris", f"{_NIGHT}, timezone: Europe/Paris"),
)
CODES = (WITHOUT_USERS, HOLE, ZONES)


def check(project: Project) -> Iterator[Diagnostic]:
    """The schedule of every team; a hole is looked for where the rest is right."""
    for team in project.teams.values():
        if team.spec.pagerduty is None or not team.spec.pagerduty.schedule:
            continue
        rotas = team.spec.pagerduty.schedule
        problems = list(_problems(team, rotas))
        yield from problems
        hole = first_hole(rotas) if not problems else None
        if hole is not None:
            yield HOLE.at(
                team.place.at("pagerduty", "schedule"),
                f"nobody of `{team.name}` is on call on {moment_of_week(hole)} ({rotas[0].timezone})",
                help="let the `hours` of the rotas meet, or put a rota without `hours` before them",
            )


def _problems(team: Team, rotas: list[Rota]) -> Iterator[Diagnostic]:
    for index, rota in enumerate(rotas):
        if not rota.users:
            yield WITHOUT_USERS.at(
                team.place.at(*_path(team, index), "users"),
                f"nobody is on this rota of `{team.name}`",
                help="name a user",
            )
        if not _is_zone(rota.timezone):
            yield codes.BAD_TIME_ZONE.at(
                team.place.at(*_path(team, index), "timezone"),
                f"there is no time zone `{rota.timezone}`",
                help=f"did you mean `{meant}`?" if (meant := _nearest_zone(rota.timezone)) else "",
            )
        elif rota.timezone != rotas[0].timezone:
            yield ZONES.at(
                team.place.at(*_path(team, index), "timezone"),
                f"this rota of `{team.name}` counts in {rota.timezone}, and the first one in {rotas[0].timezone}",
                help="write its hours in the zone of the first, or make another team of its people",
            )


def _path(team: Team, index: int) -> tuple[str | int, ...]:
    """A single rota may be written without a list."""
    many = team.place.find("pagerduty", "schedule", 0) is not None
    return ("pagerduty", "schedule", index) if many else ("pagerduty", "schedule")


def _nearest_zone(name: str) -> str:
    return nearest(name, sorted(zoneinfo.available_timezones()))


def _is_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
