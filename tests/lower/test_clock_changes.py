"""A maintenance window lasts as long as it says, whatever clocks do; where it cannot, the difference is told in numbers."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Grade, Verdict
from skillforge_mon.routing.config import read_configuration
from tests.backends.alertmanager.emitting import configuration, text, verdicts

MINUTE = datetime.timedelta(minutes=1)
SPEC = """\
version: 1
project: shop
targets:
  alertmanager: {}
maintenance:
  window: """
ZONES = ("Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
"""Two that change by an hour, one that changes by half an hour, two that never change."""


@given(
    st.dates(datetime.date(2025, 1, 1), datetime.date(2026, 12, 31)),
    st.integers(0, 24 * 60 - 1),
    st.integers(1, 3 * 24 * 60),
    st.sampled_from(ZONES),
)
@example(datetime.date(2025, 3, 30), 60, 120, "Europe/Paris")
@example(datetime.date(2025, 3, 30), 150, 30, "Europe/Paris")
@example(datetime.date(2025, 10, 26), 150, 15, "Europe/Paris")
@example(datetime.date(2025, 10, 25), 23 * 60, 4 * 60, "Europe/Paris")
def test_a_window_that_happens_once_mutes_from_its_start_for_its_length(
    day: datetime.date, start: int, length: int, zone: str
) -> None:
    clock = f"{start // 60:02d}:{start % 60:02d}"
    written = text(f'{SPEC}{{on: "{day}", from: "{clock}", for: {length}m, timezone: {zone}}}\n')
    read = read_configuration(written, "alertmanager.yml", Report())
    assert read is not None
    interval = read.intervals["window"]
    local = datetime.datetime.combine(day, datetime.time(*divmod(start, 60)), ZoneInfo(zone))
    begin = local.astimezone(datetime.UTC)
    for minute in {-1, 0, length // 2, length - 1, length, *range(-180, 0, 7), *range(length, length + 180, 7)}:
        assert interval.holds(begin + minute * MINUTE) == (0 <= minute < length), minute


def test_a_window_across_a_change_of_clocks_is_told_in_utc() -> None:
    found = configuration(f'{SPEC}{{on: "2025-03-30", from: "01:00", for: 2h, timezone: Europe/Paris}}\n')
    assert found["time_intervals"] == [
        {
            "name": "window",
            "time_intervals": [
                {
                    "times": [{"start_time": "00:00", "end_time": "02:00"}],
                    "days_of_month": ["30"],
                    "months": ["3"],
                    "years": ["2025"],
                }
            ],
        }
    ]


@pytest.mark.parametrize(
    ("window", "difference"),
    [
        ('every: day, from: "01:30", for: 1h, timezone: Europe/Paris', "30m instead of 1h from 2025-03-30 on, 1h30m instead of 1h from 2025-10-26 on"),
        ('every: sunday, from: "02:00", for: 1h, timezone: Europe/Paris', "0s instead of 1h from 2025-03-30 on, 2h instead of 1h from 2025-10-26 on"),
        ('every: saturday, from: "20:00", for: 12h, timezone: America/New_York', "11h instead of 12h from 2025-03-08 on, 13h instead of 12h from 2025-11-01 on"),
        ('every: saturday, from: "02:00", for: 4h, timezone: Europe/Paris', ""),
        ('every: sunday, from: "03:00", for: 4h, timezone: Europe/Paris', ""),
        ('every: sunday, from: "01:00", for: 4h', ""),
        ('on: "2025-03-30", from: "02:00", for: 1h, timezone: Europe/Paris', ""),
    ],
)  # fmt: skip
def test_a_recurring_window_goes_by_the_clock_and_says_so(window: str, difference: str) -> None:
    (found,) = verdicts(f"{SPEC}{{{window}}}\n")
    if not difference:
        assert found == Verdict("alertmanager", "maintenance.window", Grade.EXACT)
        return
    assert found == Verdict(
        "alertmanager",
        "maintenance.window",
        Grade.APPROXIMATE,
        f"Alertmanager goes by the clock, also when it is changed: the window lasts {difference}",
        "start and end outside the hour of the change",
        "for",
    )
