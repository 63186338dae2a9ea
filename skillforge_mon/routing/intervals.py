"""Time intervals of Alertmanager: https://prometheus.io/docs/alerting/latest/configuration/#time_interval.

An interval is a list of entries, any of which may hold; of an entry, every condition that it names must. A condition
that is named with an empty list never holds.
"""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from skillforge_mon.lower.windows import hour_ranges
from skillforge_mon.model.recurrence import DAYS
from skillforge_mon.model.working_hours import Hours

Range = tuple[int, int]
UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class TimeEntry:
    """``times`` are minutes after midnight, the end exclusive; the other ranges include their ends.

    Sunday is 0. Days of a month may count from its end: -1 is the last. None stands for a condition that is not named.
    """

    times: tuple[Range, ...] | None = None
    weekdays: tuple[Range, ...] | None = None
    days_of_month: tuple[Range, ...] | None = None
    months: tuple[Range, ...] | None = None
    years: tuple[Range, ...] | None = None
    location: ZoneInfo = UTC

    def holds(self, moment: datetime.datetime) -> bool:
        """Whether ``moment``, which knows its zone, lies within the entry."""
        local = moment.astimezone(self.location)
        minute = local.hour * 60 + local.minute
        if self.times is not None and not any(first <= minute < end for first, end in self.times):
            return False
        return self.on_day(local.date())

    def on_day(self, day: datetime.date) -> bool:
        """Whether some of ``day``, a date where the entry's clock hangs, may lie within the entry."""
        return (
            _within(day.isoweekday() % 7, self.weekdays)
            and _within(day.month, self.months)
            and _within(day.year, self.years)
            and (self.days_of_month is None or any(_on_days(day, days) for days in self.days_of_month))
        )

    @property
    def dated(self) -> bool:
        """Whether it is not the same in every week."""
        return (self.days_of_month, self.months, self.years) != (None, None, None)


@dataclass(frozen=True, slots=True)
class TimeInterval:
    """A named interval, or (``outside``) all times that are not within it."""

    name: str
    entries: tuple[TimeEntry, ...]
    outside: bool = False

    def holds(self, moment: datetime.datetime) -> bool:
        """Whether ``moment``, which knows its zone, lies within it."""
        return any(entry.holds(moment) for entry in self.entries) is not self.outside


def interval_of(hours: Hours) -> TimeInterval:
    """Working hours as an interval."""
    entries = (
        TimeEntry(
            ((times.start, times.end),),
            tuple(((day + 1) % DAYS, (day + 1) % DAYS) for day in times.days),
            location=ZoneInfo(hours.timezone),
        )
        for times in hour_ranges(hours)
    )
    return TimeInterval(hours.name, tuple(entries))


def _within(value: int, ranges: tuple[Range, ...] | None) -> bool:
    return ranges is None or any(first <= value <= last for first, last in ranges)


def _on_days(day: datetime.date, days: Range) -> bool:
    length = calendar.monthrange(day.year, day.month)[1]
    first, last = (length + each + 1 if each < 0 else each for each in days)
    return first <= length and max(first, -length) <= day.day <= min(last, length)
