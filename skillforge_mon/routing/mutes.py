"""The minutes that windows mute, week by week, by the clock of the windows: what a change of windows adds and takes."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from skillforge_mon.model.week import ALWAYS, hours_text
from skillforge_mon.routing.intervals import UTC, TimeEntry, TimeInterval
from skillforge_mon.routing.moment import REFERENCE_MONDAY
from skillforge_mon.routing.weeks import weeks

Windows = tuple[TimeInterval, ...]
"""What mutes one way."""
Ways = tuple[Windows, ...]
"""Ways to somebody: who is told in one way at least is not muted."""
ALWAYS_TOLD: Ways = ((),)
MINUTES = 7 * 24 * 60
MOST_DATES = 4
"""Dated times that are named; the others are counted."""
_MINUTE = datetime.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Muted:
    """Times in words, empty for none: those of every week, and those of single dates."""

    weekly: str
    dated: str

    @property
    def words(self) -> str:
        """Both."""
        return ", ".join(filter(None, (self.weekly, self.dated)))


class Weeks:
    """The weeks that stand for all weeks of some windows. Remembers what is muted in each."""

    def __init__(self, intervals: Iterable[TimeInterval]) -> None:
        self.mondays = weeks(intervals)
        self._muted: dict[tuple[TimeInterval, datetime.datetime], frozenset[int]] = {}
        self._clocks: dict[tuple[ZoneInfo, datetime.datetime], list[tuple[datetime.date, int]]] = {}
        self._found: dict[tuple[Ways, Ways], Muted] = {}

    def newly_muted(self, before: Ways, after: Ways) -> Muted:
        """The times that ``after`` mutes and ``before`` does not, in the zone of the windows that differ."""
        key = (before, after)
        if key not in self._found:
            self._found[key] = self._newly_muted(before, after) if before != after else Muted("", "")
        return self._found[key]

    def _newly_muted(self, before: Ways, after: Ways) -> Muted:
        zone = _zone({each for way in before for each in way} ^ {each for way in after for each in way})
        usual = frozenset[int]()
        dated: list[str] = []
        for monday in sorted(self.mondays, key=lambda each: each.date() != REFERENCE_MONDAY):
            new = sorted(self._minutes(after, monday) - self._minutes(before, monday))
            moments = [(monday + minute * _MINUTE).astimezone(zone) for minute in new]
            by_clock = {moment.weekday() * 24 * 60 + moment.hour * 60 + moment.minute: moment for moment in moments}
            if monday.date() == REFERENCE_MONDAY:
                usual = frozenset(by_clock)
            else:
                dated += _dates([moment for minute, moment in by_clock.items() if minute not in usual])
        named = f" {zone.key}"
        weekly = hours_text(usual)
        if weekly and weekly != ALWAYS:
            weekly += named
        if len(dated) > MOST_DATES:
            dated = [*dated[:MOST_DATES], f"{len(dated) - MOST_DATES} more dates"]
        return Muted(weekly, ", ".join(dated) + (named if dated else ""))

    def _minutes(self, ways: Ways, monday: datetime.datetime) -> frozenset[int]:
        muted = (frozenset[int]().union(*(self._of(window, monday) for window in windows)) for windows in ways)
        return frozenset[int].intersection(*muted)

    def _of(self, window: TimeInterval, monday: datetime.datetime) -> frozenset[int]:
        key = (window, monday)
        if key not in self._muted:
            held = frozenset[int]().union(*(self._held(entry, monday) for entry in window.entries))
            self._muted[key] = held if not window.outside else frozenset(range(MINUTES)) - held
        return self._muted[key]

    def _held(self, entry: TimeEntry, monday: datetime.datetime) -> Iterator[int]:
        """The minutes of the week after ``monday`` at which ``entry`` holds; what holds of a day is asked once."""
        days: dict[datetime.date, bool] = {}
        for minute, (day, clock) in enumerate(self._clock(entry.location, monday)):
            if day not in days:
                days[day] = entry.on_day(day)
            if days[day] and (entry.times is None or any(first <= clock < end for first, end in entry.times)):
                yield minute

    def _clock(self, zone: ZoneInfo, monday: datetime.datetime) -> list[tuple[datetime.date, int]]:
        """The date and the minute of the day that clocks of ``zone`` show, for every minute of the week."""
        key = (zone, monday)
        if key not in self._clocks:
            shown = ((monday + minute * _MINUTE).astimezone(zone) for minute in range(MINUTES))
            self._clocks[key] = [(local.date(), local.hour * 60 + local.minute) for local in shown]
        return self._clocks[key]


def _zone(windows: Iterable[TimeInterval]) -> ZoneInfo:
    """The one zone in which all of ``windows`` are told, else UTC."""
    zones = {entry.location for window in windows for entry in window.entries}
    return zones.pop() if len(zones) == 1 else UTC


def _dates(moments: list[datetime.datetime]) -> list[str]:
    """``2026-12-24 18:00 - 20:00``: minutes that follow each other as one time."""
    found: list[str] = []
    ordered = sorted(moments, key=lambda each: each.astimezone(datetime.UTC))
    first = previous = None
    for moment in (*ordered, None):
        if first is not None and previous is not None:
            follows = (
                moment is not None and moment.astimezone(datetime.UTC) - previous.astimezone(datetime.UTC) == _MINUTE
            )
            if follows:
                previous = moment
                continue
            end = (previous.astimezone(datetime.UTC) + _MINUTE).astimezone(first.tzinfo)
            day = "" if end.date() == first.date() else f"{end:%Y-%m-%d} "
            found.append(f"{first:%Y-%m-%d %H:%M} - {day}{end:%H:%M}")
        first = previous = moment
    return found
