"""Rotas as times: when turns begin, and at which parts of the week somebody is on call.

Parts of the week are in seconds from Monday 00:00, by the wall clock of the rota's zone.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from skillforge_mon.model.recurrence import DAYS, start_days
from skillforge_mon.spec.models.services import WEEKDAYS

if TYPE_CHECKING:
    from skillforge_mon.spec.models.pagerduty import Rota

DAY = 24 * 3600
WEEK = DAYS * DAY

Part = tuple[int, int]
"""Start and length. A part may go on beyond the end of the week, into the next one."""


def first_turn(rota: Rota) -> datetime.datetime:
    """When the first turn begins, in UTC. The zone must exist."""
    days = (rota.handoff_day - rota.first_day.weekday()) % DAYS if rota.handoff_day is not None else 0
    hours, minutes = divmod(rota.handoff_time.minutes, 60)
    day = rota.first_day + datetime.timedelta(days=days)
    return datetime.datetime.combine(day, datetime.time(hours, minutes, tzinfo=ZoneInfo(rota.timezone))).astimezone(
        datetime.UTC
    )


def turn_seconds(rota: Rota) -> int:
    """How long a turn is."""
    return WEEK if rota.rotation == "weekly" else DAY


def parts_of(rota: Rota) -> tuple[Part, ...]:
    """When somebody of ``rota`` is on call: parts that neither overlap nor touch; one whole week for always."""
    if not rota.hours:
        return ((0, WEEK),)
    return joined(
        (day * DAY + hours.start.minutes * 60, -(-hours.length // 1000))
        for hours in rota.hours
        for day in start_days(hours.every)
    )


def joined(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The same times as parts that neither overlap nor touch, also where the week begins again."""
    ordered = sorted((start % WEEK, min(length, WEEK)) for start, length in parts)
    found: list[Part] = []
    for start, length in ordered:
        if found and start <= sum(found[-1]):
            begin, before = found[-1]
            found[-1] = begin, max(before, start + length - begin)
        else:
            found.append((start, length))
    # What goes on beyond the end of the week takes up what the next week begins with.
    while len(found) > 1 and sum(found[-1]) - WEEK >= found[0][0]:
        (start, length), (begin, own) = found.pop(), found.pop(0)
        found.append((start, max(length, WEEK + begin + own - start)))
    if len(found) == 1 and found[0][1] >= WEEK:
        return ((0, WEEK),)
    return tuple(found)


def first_hole(rotas: Sequence[Rota]) -> int | None:
    """A second of the week at which nobody is on call: where a part ends that no other goes on from. None: no hole."""
    parts = joined(part for rota in rotas if rota.users for part in parts_of(rota))
    if not parts:
        return 0
    return None if parts == ((0, WEEK),) else min(sum(part) % WEEK for part in parts)


def moment_of_week(second: int) -> str:
    """``Saturday 18:00``."""
    day, rest = divmod(second, DAY)
    return f"{WEEKDAYS[day].capitalize()} {rest // 3600:02d}:{rest % 3600 // 60:02d}"
