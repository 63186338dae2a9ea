"""A time interval covers exactly the minutes of its maintenance window, whatever midnights lie in it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given

from skillforge_mon.spec.models.services import WEEKDAYS
from skillforge_mon.spec.quantities import Duration, TimeOfDay
from tests.backends.alertmanager.emitting import configuration
from tests.backends.alertmanager.specs import windows

DAY = 24 * 60
WEEK = 7 * DAY
SUNDAY_FIRST = ("sunday", *WEEKDAYS[:-1])
EPOCH = datetime.date(1, 1, 1)
HEAD = """\
version: 1
project: shop
targets:
  alertmanager: {}
maintenance:
  window: """


def entries(window: str) -> list[dict[str, Any]]:
    """What stands in the time interval of one maintenance window."""
    content = configuration(f"{HEAD}{window}\n")
    (interval,) = content["time_intervals"]
    assert interval["name"] == "window"
    found: list[dict[str, Any]] = interval["time_intervals"]
    return found


def _minutes_of_day(entry: dict[str, Any]) -> Iterator[range]:
    for times in entry.get("times", [{"start_time": "00:00", "end_time": "24:00"}]):
        start, end = TimeOfDay.parse(times["start_time"]).minutes, TimeOfDay.parse(times["end_time"]).minutes
        assert start < end, "a range of times must not cross midnight"
        yield range(start, end)


def _range(text: str, names: tuple[str, ...] = ()) -> range:
    first, last = ([names.index(part) if names else int(part) for part in text.split(":")] * 2)[:2]
    assert first <= last, f"{text} goes backwards"
    return range(first, last + 1)


def _weekly_minutes(found: list[dict[str, Any]]) -> set[int]:
    """Minutes after Monday 00:00."""
    minutes: set[int] = set()
    for entry in found:
        assert set(entry) <= {"times", "weekdays", "location"}
        days = [day for text in entry.get("weekdays", ["sunday:saturday"]) for day in _range(text, SUNDAY_FIRST)]
        for day in days:
            for times in _minutes_of_day(entry):
                minutes.update((day + 6) % 7 * DAY + minute for minute in times)
    return minutes


def _dated_minutes(found: list[dict[str, Any]]) -> set[int]:
    """Minutes after the beginning of the calendar."""
    minutes: set[int] = set()
    for entry in found:
        (year,), (month,), (days,) = entry["years"], entry["months"], entry["days_of_month"]
        for day in _range(days):
            midnight = (datetime.date(int(year), int(month), day) - EPOCH).days * DAY
            for times in _minutes_of_day(entry):
                minutes.update(midnight + minute for minute in times)
    return minutes


def _yaml(window: dict[str, Any]) -> str:
    return str({key: value for key, value in window.items() if value != []})


@given(windows(alerts=()))
def test_exactly_the_minutes_of_the_window_are_covered(window: dict[str, Any]) -> None:
    window = {**window, "services": [], "severities": []}
    found = entries(_yaml(window))
    start = TimeOfDay.parse(window["from"]).minutes
    length = Duration.parse(window["for"]) // 60_000
    (zone,) = {entry.get("location", "UTC") for entry in found}
    if "on" in window:
        # Where a change of clocks comes in between, the times are those of UTC (see tests/lower/test_clock_changes.py).
        assume(zone == window["timezone"])
        first = (datetime.date.fromisoformat(window["on"]) - EPOCH).days * DAY + start
        end_of_time = ((datetime.date.max - EPOCH).days + 1) * DAY
        assert _dated_minutes(found) == set(range(first, min(first + length, end_of_time)))
    else:
        assert zone == window["timezone"]
        groups = {"day": WEEKDAYS, "weekday": WEEKDAYS[:5], "weekend": WEEKDAYS[5:]}
        days = {day for word in window["every"] for day in groups.get(word, (word,))}
        begins = [WEEKDAYS.index(day) * DAY + start for day in days]
        assert _weekly_minutes(found) == {(begin + minute) % WEEK for begin in begins for minute in range(length)}


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (
            '{every: saturday, from: "02:00", for: 2h, timezone: Europe/Paris}',
            [
                {
                    "times": [{"start_time": "02:00", "end_time": "04:00"}],
                    "weekdays": ["saturday"],
                    "location": "Europe/Paris",
                }
            ],
        ),
        (
            '{every: weekday, from: "22:00", for: 4h}',
            [
                {"times": [{"start_time": "22:00", "end_time": "24:00"}], "weekdays": ["monday:friday"]},
                {"times": [{"start_time": "00:00", "end_time": "02:00"}], "weekdays": ["tuesday:saturday"]},
            ],
        ),
        (
            '{every: weekend, from: "00:00", for: 24h}',
            [{"weekdays": ["sunday", "saturday"]}],
        ),
        (
            '{every: [friday, saturday, sunday], from: "20:00", for: 4h}',
            [{"times": [{"start_time": "20:00", "end_time": "24:00"}], "weekdays": ["sunday", "friday:saturday"]}],
        ),
        ('{every: day, from: "00:00", for: 24h}', [{"weekdays": ["sunday:saturday"]}]),
        ('{every: day, from: "02:00", for: 30m}', [{"times": [{"start_time": "02:00", "end_time": "02:30"}]}]),
        (
            '{on: "2026-12-30", from: "18:00", for: 4d}',
            [
                {
                    "times": [{"start_time": "18:00", "end_time": "24:00"}],
                    "days_of_month": ["30"],
                    "months": ["12"],
                    "years": ["2026"],
                },
                {"days_of_month": ["31"], "months": ["12"], "years": ["2026"]},
                {"days_of_month": ["1:2"], "months": ["1"], "years": ["2027"]},
                {
                    "times": [{"start_time": "00:00", "end_time": "18:00"}],
                    "days_of_month": ["3"],
                    "months": ["1"],
                    "years": ["2027"],
                },
            ],
        ),
        (
            '{on: "2026-12-24", from: "24:00", for: 1h}',
            [
                {
                    "times": [{"start_time": "00:00", "end_time": "01:00"}],
                    "days_of_month": ["25"],
                    "months": ["12"],
                    "years": ["2026"],
                }
            ],
        ),
    ],
)
def test_windows_read_as_people_would_write_them(window: str, expected: list[dict[str, Any]]) -> None:
    assert entries(window) == expected
