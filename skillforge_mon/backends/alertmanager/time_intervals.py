"""Maintenance windows and working hours as ``time_intervals``: https://prometheus.io/docs/alerting/latest/configuration/#time_interval."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from skillforge_mon.documents.document import Plain
from skillforge_mon.lower.windows import DAY_MINUTES, DatedRange, MuteWindow, Ranges, WeeklyRange, hour_ranges
from skillforge_mon.model.recurrence import DAYS
from skillforge_mon.model.working_hours import Hours
from skillforge_mon.spec.models.services import WEEKDAYS
from skillforge_mon.spec.quantities import TimeOfDay

_SUNDAY_FIRST = (WEEKDAYS[-1], *WEEKDAYS[:-1])
"""The order of Alertmanager: a range of days must not go beyond saturday."""


def time_interval(window: MuteWindow) -> dict[str, Plain]:
    """The named interval of ``window``."""
    return {"name": window.name, "time_intervals": _entries(window.ranges, window.timezone)}


def hours_interval(hours: Hours) -> dict[str, Plain]:
    """The named interval of ``hours``."""
    return {"name": hours.name, "time_intervals": _entries(hour_ranges(hours), hours.timezone)}


def _entries(ranges: Ranges, timezone: str) -> list[Plain]:
    entries: list[Plain] = []
    for times in ranges:
        entry = _times(times.start, times.end)
        entry |= _weekdays(times) if isinstance(times, WeeklyRange) else _dates(times)
        if timezone != "UTC":
            entry["location"] = timezone
        entries.append(entry)
    return entries


def _times(start: int, end: int) -> dict[str, Plain]:
    """A whole day needs no times."""
    if (start, end) == (0, DAY_MINUTES):
        return {}
    return {"times": [{"start_time": _clock(start), "end_time": _clock(end)}]}


def _clock(minutes: int) -> str:
    return str(TimeOfDay(minutes))


def _weekdays(times: WeeklyRange) -> dict[str, Plain]:
    if len(times.days) == DAYS:
        # An entry without any condition holds always, and says so less clearly than all days do.
        return {} if (times.start, times.end) != (0, DAY_MINUTES) else {"weekdays": [_days(0, DAYS - 1)]}
    sunday_first = sorted((day + 1) % DAYS for day in times.days)
    return {"weekdays": [_days(first, last) for first, last in _runs(sunday_first)]}


def _days(first: int, last: int) -> str:
    return _SUNDAY_FIRST[first] if first == last else f"{_SUNDAY_FIRST[first]}:{_SUNDAY_FIRST[last]}"


def _runs(days: Iterable[int]) -> list[tuple[int, int]]:
    """Days in order as ranges: [0, 2, 3, 4] is [(0, 0), (2, 4)]."""
    ordered = list(days)
    breaks = [index for index, (day, following) in enumerate(pairwise(ordered), 1) if following != day + 1]
    return [(ordered[first], ordered[last - 1]) for first, last in pairwise((0, *breaks, len(ordered)))]


def _dates(times: DatedRange) -> dict[str, Plain]:
    first, last = times.first.day, times.last.day
    return {
        "days_of_month": [str(first) if first == last else f"{first}:{last}"],
        "months": [str(times.first.month)],
        "years": [str(times.first.year)],
    }
