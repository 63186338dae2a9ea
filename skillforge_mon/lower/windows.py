"""Maintenance windows and working hours as times of days, split at midnight: no backend lets a range of times cross it.

Times are wall-clock times of the window's zone. Where a change of clocks would make a window that happens once shorter
or longer than it was meant, its times are in UTC instead. A recurring one keeps its wall-clock times on such a night.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from skillforge_mon.lower.clock_changes import UneasyNight, instants, keeps_time, uneasy_nights
from skillforge_mon.lower.notices import alert_names
from skillforge_mon.lower.scope import Scope
from skillforge_mon.model.project import Maintenance
from skillforge_mon.model.recurrence import DAYS, start_days
from skillforge_mon.model.working_hours import Hours
from skillforge_mon.spec.quantities import Duration

DAY_MINUTES = 24 * 60
MINUTE = Duration.of(minutes=1)


@dataclass(frozen=True, slots=True)
class WeeklyRange:
    """``start`` to ``end`` (minutes after midnight, 1440 is the end of the day) on each of ``days`` (Monday is 0)."""

    days: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DatedRange:
    """``start`` to ``end`` (minutes after midnight) on every day from ``first`` to ``last``, all of one month."""

    first: datetime.date
    last: datetime.date
    start: int
    end: int


Ranges = tuple[WeeklyRange, ...] | tuple[DatedRange, ...]


@dataclass(frozen=True, slots=True, eq=False)
class MuteWindow:
    """When nobody is told of the alerts in ``scope``. ``timezone`` is the IANA name of the zone of ``ranges``.

    ``rounded`` is true when the length is no whole number of minutes; the ranges end at the next minute then.
    ``uneasy`` are the starts on which its ranges, told by the clock, last shorter or longer than they should.
    """

    maintenance: Maintenance
    scope: Scope
    ranges: Ranges
    timezone: str
    rounded: bool
    uneasy: tuple[UneasyNight, ...] = ()

    @property
    def name(self) -> str:
        return self.maintenance.name


def hour_ranges(hours: Hours) -> tuple[WeeklyRange, ...]:
    """What ``hours`` mean, split at midnight, days with the same times together."""
    by_day: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for first, last in hours.covered:
        for day, begin, end in _by_day(first, last - first):
            by_day[day].append((begin, end))
    return tuple(_same_times(by_day))


def mute_window(maintenance: Maintenance) -> MuteWindow:
    """The window that ``maintenance`` describes."""
    spec = maintenance.spec
    minutes = -(-spec.length // MINUTE)
    ranges: Ranges
    timezone, uneasy = spec.timezone, tuple[UneasyNight, ...]()
    if spec.on is not None:
        day, start, timezone = _steady(datetime.date.fromisoformat(spec.on), spec.start.minutes, minutes, timezone)
        ranges = tuple(_dated(day, start, minutes))
    else:
        days = start_days(spec.every)
        ranges = tuple(_weekly(days, spec.start.minutes, minutes))
        uneasy = tuple(uneasy_nights(days, spec.start.minutes, min(minutes, DAYS * DAY_MINUTES), ZoneInfo(timezone)))
    scope = Scope(
        frozenset(service.name for service in maintenance.services) if spec.services else None,
        frozenset(name for alert in maintenance.alerts for name in alert_names(alert)) if spec.alerts else None,
        frozenset(spec.severities) if spec.severities else None,
    )
    return MuteWindow(maintenance, scope, ranges, timezone, spec.length % MINUTE != 0, uneasy)


def _steady(day: datetime.date, start: int, length: int, timezone: str) -> tuple[datetime.date, int, str]:
    """Day, minute and zone in which the clock shows the times of a window exactly while it lasts: its own, or UTC."""
    zone = ZoneInfo(timezone)
    try:
        if keeps_time(day, start, length, zone):
            return day, start, timezone
        begin, _ = instants(day, start, length, zone)
    except OverflowError:  # at the ends of the calendar
        return day, start, timezone
    return begin.date(), begin.hour * 60 + begin.minute, "UTC"


def _weekly(days: Iterable[int], start: int, length: int) -> Iterator[WeeklyRange]:
    """The week as ranges that do not overlap, days with the same times together."""
    by_day: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for day in days:
        for offset, begin, end in _by_day(start, min(length, DAYS * DAY_MINUTES)):
            by_day[(day + offset) % DAYS].append((begin, end))
    yield from _same_times(by_day)


def _same_times(by_day: Mapping[int, list[tuple[int, int]]]) -> Iterator[WeeklyRange]:
    by_times: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for day in sorted(by_day):
        for times in _joined(by_day[day]):
            by_times[times].append(day)
    for (begin, end), same in by_times.items():
        yield WeeklyRange(tuple(same), begin, end)


def _dated(day: datetime.date, start: int, length: int) -> Iterator[DatedRange]:
    """The days from ``day`` on as ranges; whole days of one month together."""
    last: DatedRange | None = None
    for offset, begin, end in _by_day(start, length):
        if day.toordinal() + offset > datetime.date.max.toordinal():
            break
        today = day + datetime.timedelta(days=offset)
        if last is not None and (last.start, last.end) == (begin, end) and last.last.month == today.month:
            last = DatedRange(last.first, today, begin, end)
            continue
        if last is not None:
            yield last
        last = DatedRange(today, today, begin, end)
    if last is not None:
        yield last


def _by_day(start: int, length: int) -> Iterator[tuple[int, int, int]]:
    """Days after the first, and the minutes of that day from and to which it lasts."""
    end = start + length
    for offset in range(start // DAY_MINUTES, -(-end // DAY_MINUTES)):
        midnight = offset * DAY_MINUTES
        begin, finish = max(start, midnight), min(end, midnight + DAY_MINUTES)
        if begin < finish:
            yield offset, begin - midnight, finish - midnight


def _joined(ranges: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The same minutes as ranges that neither overlap nor touch, in order."""
    ordered = sorted(ranges)
    begin, end = ordered[0]
    for following, finish in ordered[1:]:
        if following > end:
            yield begin, end
            begin, end = following, finish
        else:
            end = max(end, finish)
    yield begin, end
