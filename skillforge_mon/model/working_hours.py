"""Working hours as minutes of the week, and who is told at a level inside and outside them.

Minutes count from Monday 00:00, by the clock of the hours' zone. So the hours and what is outside them share every
instant between them, also in the weeks in which clocks are changed: a clock always shows exactly one time.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from skillforge_mon.model.recurrence import start_days
from skillforge_mon.model.week import DAY, WEEK, hours_text

if TYPE_CHECKING:
    from skillforge_mon.model.project import Team
    from skillforge_mon.spec.models.people import WorkingHours

OUTSIDE = "outside "


@dataclass(frozen=True, slots=True)
class Hours:
    """Some minutes of each week, or (``outside``) all others. ``timezone`` is the IANA name of a zone.

    ``parts`` are first minutes and ends, within the week; they neither overlap nor touch, and are in order.
    """

    parts: tuple[tuple[int, int], ...]
    timezone: str
    outside: bool = False

    @property
    def name(self) -> str:
        """``Monday to Friday 09:00 - 18:00 Europe/Paris``, after ``outside`` where it is meant so."""
        inside = {minute for start, end in self.parts for minute in range(start, end)}
        return f"{OUTSIDE if self.outside else ''}{hours_text(inside)} {self.timezone}"

    @property
    def when(self) -> str:
        """The name in a sentence: ``during Monday to Friday …`` or ``outside …``."""
        return when(self.name)

    @property
    def opposite(self) -> Hours:
        """All minutes that are not among them."""
        return replace(self, outside=not self.outside)

    @property
    def covered(self) -> tuple[tuple[int, int], ...]:
        """First minutes and ends of what is meant."""
        if not self.outside:
            return self.parts
        ends = [0, *(edge for part in self.parts for edge in part), WEEK]
        return tuple((start, end) for start, end in zip(ends[::2], ends[1::2], strict=True) if start < end)


@dataclass(frozen=True, slots=True, eq=False)
class Shift:
    """Those who are told together at a level, during ``hours``: None is always."""

    teams: tuple[Team, ...]
    hours: Hours | None


def when(name: str) -> str:
    """``during deploy``, of the name of an interval; names of hours that mean all other times say so themselves."""
    return name if name.startswith(OUTSIDE) else f"during {name}"


def opposite_name(name: str) -> str:
    """The name of the hours that are opposite to those called ``name``."""
    return name.removeprefix(OUTSIDE) if name.startswith(OUTSIDE) else f"{OUTSIDE}{name}"


def hours_of(specs: Sequence[WorkingHours]) -> Hours | None:
    """The hours that ``specs`` describe together; None for always, and for what a check refuses."""
    parts = _joined(
        (day * DAY + spec.start.minutes, day * DAY + spec.end.minutes)
        for spec in specs
        if spec.start.minutes < spec.end.minutes
        for day in start_days(spec.days)
    )
    if not parts or parts == ((0, WEEK),) or not is_zone(specs[0].timezone):
        return None
    return Hours(parts, specs[0].timezone)


def shifts(teams: tuple[Team, ...], hours: Hours | None, otherwise: tuple[Team, ...]) -> tuple[Shift, ...]:
    """``teams`` in ``hours``, and ``otherwise``, if there is anybody, outside them."""
    inside = (Shift(teams, hours),)
    return (*inside, Shift(otherwise, hours.opposite)) if hours is not None and otherwise else inside


def shifts_of_teams(teams: tuple[Team, ...]) -> tuple[Shift, ...]:
    """Each of ``teams`` in its own hours; those with the same hours together, in order."""
    together: dict[Hours | None, list[Team]] = {}
    for team in teams:
        together.setdefault(hours_of(team.spec.hours), []).append(team)
    return tuple(Shift(tuple(own), when) for when, own in together.items())


def shared_hours(teams: Iterable[Team]) -> Hours | None:
    """The hours that all of ``teams`` have; None where they differ, or have none."""
    found = {hours_of(team.spec.hours) for team in teams}
    return found.pop() if len(found) == 1 else None


def told_always(shifts: Iterable[Shift]) -> list[str]:
    """How a backend differs that knows no hours, and tells everybody at once: one text per shift."""
    return [
        f"{who_is(shift.teams)} told at all hours, not only {shift.hours.when}"
        for shift in shifts
        if shift.hours is not None and shift.teams
    ]


def who_is(teams: Sequence[Team]) -> str:
    """``dev is`` or ``dev and ops are``: the beginning of a sentence."""
    return f"{' and '.join(team.name for team in teams)} {'are' if len(teams) > 1 else 'is'}"


def is_zone(name: str) -> bool:
    """Whether the database of time zones has ``name``."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _joined(parts: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(parts):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return tuple(found)
