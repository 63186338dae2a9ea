"""Schedules of cron: five fields, or one of the names that stand for them (crontab(5))."""

from __future__ import annotations

import datetime
import itertools
from dataclasses import dataclass
from typing import Final

NAMES: Final = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS: Final = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 7, _DAYS),
)
_DAY: Final = 24 * 60
_FIRST: Final = datetime.date(2001, 1, 1)
_YEARS: Final = 8
"""Long enough for every 29 February to come again, also where a century leaves one out."""


class CronError(ValueError):
    """A text that is no schedule; the text says why."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When something starts. ``minutes`` are those of a day; with ``any_day`` one of the two day fields suffices."""

    minutes: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day: bool

    def is_on(self, day: datetime.date) -> bool:
        """Whether it starts on that day. Where both day fields are limited, one of them suffices (crontab(5))."""
        if day.month not in self.months:
            return False
        by_date, by_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return by_date or by_weekday if self.any_day else by_date and by_weekday

    def gaps(self) -> frozenset[int]:
        """The times between one start and the next, in minutes; empty where it does not come twice in eight years."""
        days = [number for number in range(_YEARS * 366) if self.is_on(_FIRST + datetime.timedelta(days=number))]
        if len(days) < 2:
            return frozenset()
        within = {after - before for before, after in itertools.pairwise(self.minutes)}
        over_night = self.minutes[0] - self.minutes[-1]
        return frozenset(within | {(after - before) * _DAY + over_night for before, after in itertools.pairwise(days)})


def parse_schedule(text: str) -> Schedule:
    """Read ``0 3 * * mon-fri``. Raises CronError."""
    fields = NAMES.get(text.strip().lower(), text).split()
    if len(fields) != len(_FIELDS):
        raise CronError(f"`{text}` has {len(fields)} fields, and a schedule has {len(_FIELDS)}")
    minutes, hours, days, months, weekdays = (
        _field(field, *limits) for field, limits in zip(fields, _FIELDS, strict=True)
    )
    limited = not fields[2].startswith("*") and not fields[4].startswith("*")
    weekdays = frozenset(day % 7 for day in weekdays)
    starts = tuple(sorted(hour * 60 + minute for hour in hours for minute in minutes))
    schedule = Schedule(starts, days, months, weekdays, limited)
    if not schedule.gaps():
        raise CronError(f"`{text}` never comes again")
    return schedule


def _field(text: str, name: str, least: int, most: int, words: tuple[str, ...]) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        whole, slash, step = part.partition("/")
        if slash and (not step.isascii() or not step.isdigit() or int(step) == 0):
            raise CronError(f"`{part}` is no {name}: a step is a whole number above 0")
        if whole == "*":
            first, last = least, most
        else:
            low, dash, high = whole.partition("-")
            first = _number(low, name, least, most, words)
            last = _number(high, name, least, most, words) if dash else (most if slash else first)
        if first > last:
            raise CronError(f"`{part}` is no {name}: it ends before it begins")
        found.update(range(first, last + 1, int(step) if slash else 1))
    return frozenset(found)


def _number(text: str, name: str, least: int, most: int, words: tuple[str, ...]) -> int:
    if text.lower() in words:
        return words.index(text.lower()) + (1 if words is _MONTHS else 0)
    if not (text.isascii() and text.isdigit()) or not least <= int(text) <= most:
        raise CronError(f"`{text}` is no {name}: it is a number from {least} to {most}")
    return int(text)
