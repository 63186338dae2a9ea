"""The weeks over which it is asked whether somebody is told: one like any other, and those that differ from it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from skillforge_mon.routing.intervals import TimeEntry, TimeInterval
from skillforge_mon.routing.moment import REFERENCE_MONDAY

WEEK = datetime.timedelta(days=7)
MOST_DATED_WEEKS = 12
"""How many weeks are looked at for an entry that is tied to dates."""


def weeks(intervals: Iterable[TimeInterval]) -> list[datetime.datetime]:
    """The Mondays (00:00 UTC) of the reference week, of the weeks of its year in which the clocks change where one of
    ``intervals`` is told the time, and of those in which an interval tied to dates begins."""
    entries = [entry for interval in intervals for entry in interval.entries]
    mondays = {REFERENCE_MONDAY}
    for entry in entries:
        mondays.update(_changes(entry))
        if entry.dated:
            mondays.update(_dated(entry))
    return [datetime.datetime.combine(day, datetime.time(), datetime.UTC) for day in sorted(mondays)]


def _days(year: int) -> Iterator[datetime.date]:
    first = datetime.date(year, 1, 1)
    return (first + datetime.timedelta(days=day) for day in range((datetime.date(year + 1, 1, 1) - first).days))


def _changes(entry: TimeEntry) -> Iterator[datetime.date]:
    before = None
    for day in _days(REFERENCE_MONDAY.year):
        offset = datetime.datetime.combine(day, datetime.time(12), entry.location).utcoffset()
        if before is not None and offset != before:
            yield day - datetime.timedelta(days=day.weekday())
        before = offset


def _dated(entry: TimeEntry) -> list[datetime.date]:
    years = [REFERENCE_MONDAY.year]
    if entry.years is not None:
        years = [year for first, last in entry.years for year in range(max(first, 1), min(last, first + 3, 9998) + 1)]
    found = dict.fromkeys(
        day - datetime.timedelta(days=day.weekday()) for year in years for day in _days(year) if entry.on_day(day)
    )
    return list(found)[:MOST_DATED_WEEKS]
