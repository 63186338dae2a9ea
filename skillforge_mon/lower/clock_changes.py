"""What a change of clocks does to a maintenance window, whose start and length are what people meant."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from skillforge_mon.spec.quantities import Duration

YEAR = 2025
"""The year whose changes of clocks stand for all: no clock is read, and its rules are settled."""
_MINUTE = datetime.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class UneasyNight:
    """A start of a recurring window (the day of a week in YEAR) whose times of day do not last as long as was meant.

    ``lasts`` is how long clocks show these times, ``meant`` the length of the window.
    """

    day: datetime.date
    lasts: Duration
    meant: Duration


def instants(
    day: datetime.date, start: int, length: int, zone: ZoneInfo
) -> tuple[datetime.datetime, datetime.datetime]:
    """Begin and end, in UTC, of what starts ``start`` minutes after midnight of ``day`` and lasts ``length`` minutes.

    A time that clocks show twice is the first of the two; one that they leave out is read as before the change. What is
    beyond the years that dates have ends with them.
    """
    local = _moved(datetime.datetime.combine(day, datetime.time()), start * _MINUTE)
    offset = local.replace(tzinfo=zone).utcoffset() or datetime.timedelta()
    begin = _moved(local, -offset)
    end = _moved(begin, length * _MINUTE)
    return begin.replace(tzinfo=datetime.UTC), end.replace(tzinfo=datetime.UTC)


def _moved(moment: datetime.datetime, by: datetime.timedelta) -> datetime.datetime:
    try:
        return moment + by
    except OverflowError:
        if by < datetime.timedelta():
            return datetime.datetime.combine(datetime.date.min, datetime.time())
        return datetime.datetime.combine(datetime.date.max, datetime.time(23, 59))


def keeps_time(day: datetime.date, start: int, length: int, zone: ZoneInfo) -> bool:
    """Whether clocks show the times of such a window exactly while it lasts.

    So they do when the local times of its begin and its end come once each, as far apart as they look. Raises
    OverflowError for what ends beyond the years that dates have.
    """
    naive = datetime.datetime.combine(day, datetime.time()) + start * _MINUTE
    ends = [time.replace(tzinfo=zone) for time in (naive, naive + length * _MINUTE)]
    if any(time.utcoffset() != time.replace(fold=1).utcoffset() for time in ends):
        return False
    return ends[0].utcoffset() == ends[1].utcoffset()


def uneasy_nights(days: tuple[int, ...], start: int, length: int, zone: ZoneInfo) -> Iterator[UneasyNight]:
    """The starts in YEAR, on each of ``days`` (Monday is 0), that a change of clocks makes shorter or longer."""
    day = datetime.date(YEAR, 1, 1)
    while day.year == YEAR:
        if day.weekday() in days and not keeps_time(day, start, length, zone):
            lasts = sum(1 for _ in _shown(day, start, length, zone))
            if lasts != length:
                yield UneasyNight(day, Duration.of(minutes=lasts), Duration.of(minutes=length))
        day += datetime.timedelta(days=1)


def _shown(day: datetime.date, start: int, length: int, zone: ZoneInfo) -> Iterator[datetime.datetime]:
    """The minutes at which clocks show a time of the window."""
    naive = datetime.datetime.combine(day, datetime.time()) + start * _MINUTE
    first = (naive - datetime.timedelta(days=1)).replace(tzinfo=zone).astimezone(datetime.UTC)
    for minute in range(length + 2 * 24 * 60):
        moment = first + minute * _MINUTE
        if naive <= moment.astimezone(zone).replace(tzinfo=None) < naive + length * _MINUTE:
            yield moment
