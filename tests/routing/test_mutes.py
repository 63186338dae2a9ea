"""The minutes that windows mute are those at which their intervals hold, in every week that is looked at."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from skillforge_mon.model.week import hours_text
from skillforge_mon.routing.intervals import TimeEntry, TimeInterval
from skillforge_mon.routing.moment import REFERENCE_MONDAY
from skillforge_mon.routing.mutes import ALWAYS_TOLD, MINUTES, Muted, Weeks

ZONES = tuple(map(ZoneInfo, ("UTC", "Europe/Paris", "Asia/Kathmandu")))
RANGES = st.lists(
    st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda pair: pair[0] < pair[1]), max_size=2
)
DAYS = st.lists(st.tuples(st.integers(0, 3), st.integers(3, 6)), max_size=2)


@settings(max_examples=10, deadline=None)
@given(st.sampled_from(ZONES), st.none() | RANGES, st.none() | DAYS)
def test_every_minute_is_as_the_interval_says(
    zone: ZoneInfo, times: list[tuple[int, int]] | None, days: list[tuple[int, int]] | None
) -> None:
    entry = TimeEntry(
        tuple(times) if times is not None else None, tuple(days) if days is not None else None, location=zone
    )
    window = TimeInterval("window", (entry,))
    monday = datetime.datetime.combine(REFERENCE_MONDAY, datetime.time(), datetime.UTC)
    moments = (monday + datetime.timedelta(minutes=minute) for minute in range(MINUTES))
    held = {moment.astimezone(zone) for moment in moments if window.holds(moment)}
    words = hours_text({local.weekday() * 1440 + local.hour * 60 + local.minute for local in held})
    if words not in ("", "always"):
        words += f" {zone.key}"
    weeks = Weeks((window,))
    assert weeks.newly_muted(ALWAYS_TOLD, ((window,),)) == Muted(words, "")
    assert weeks.newly_muted(((window,),), ALWAYS_TOLD) == Muted("", "")
    assert weeks.newly_muted(((window,),), ((window,),)) == Muted("", "")


def test_dates_are_named_and_many_of_them_counted() -> None:
    days = tuple((day, day) for day in range(1, 29, 4))
    entry = TimeEntry(((60, 120),), days_of_month=days, months=((12, 12),), years=((2026, 2026),))
    window = TimeInterval("window", (entry,))
    assert Weeks((window,)).newly_muted(ALWAYS_TOLD, ((window,),)).words == (
        "2026-12-01 01:00 - 02:00, 2026-12-05 01:00 - 02:00, 2026-12-09 01:00 - 02:00, 2026-12-13 01:00 - 02:00, "
        "3 more dates UTC"
    )


def test_a_window_of_a_week_is_always() -> None:
    window = TimeInterval("window", (TimeEntry(),))
    assert Weeks((window,)).newly_muted(ALWAYS_TOLD, ((window,),)).words == "always"
