"""Working hours and what is outside them: every minute of a week is in exactly one of the two."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from skillforge_mon.model.week import WEEK
from skillforge_mon.model.working_hours import Hours, hours_of, opposite_name
from skillforge_mon.routing.intervals import TimeInterval, interval_of
from skillforge_mon.spec.models.people import WorkingHours
from skillforge_mon.spec.models.services import WEEKDAYS

ZONES = ("UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
MONDAYS = (datetime.date(2025, 1, 13), datetime.date(2025, 3, 24), datetime.date(2025, 10, 20))
"""A week like any other, and those at whose ends clocks of Paris are put forward and back."""
MORE = (datetime.date(2025, 3, 3), datetime.date(2025, 10, 27), datetime.date(2025, 3, 31), datetime.date(2025, 9, 29))
"""The same for New York and for Lord Howe, where clocks move by half an hour."""


def stated(**fields: object) -> WorkingHours:
    """Working hours as a spec has them."""
    return WorkingHours.model_validate(fields)


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    """Any hours that a spec can say, other than always."""
    zone = draw(st.sampled_from(ZONES))
    found = []
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, 24 * 60 - 1))
        end = draw(st.integers(start + 1, 24 * 60))
        days = draw(st.lists(st.sampled_from((*WEEKDAYS, "weekday", "weekend", "day")), min_size=1, max_size=3))
        clock = {"from": f"{start // 60:02d}:{start % 60:02d}", "to": f"{end // 60:02d}:{end % 60:02d}"}
        found.append(stated(days=days, timezone=zone, **clock))
    made = hours_of(found)
    assume(made is not None)
    assert made is not None
    return made


def minutes_held(interval: TimeInterval, monday: datetime.date) -> set[datetime.datetime]:
    """The instants of the week, minute by minute, at which Alertmanager takes the interval to hold."""
    first = datetime.datetime.combine(monday, datetime.time(), datetime.UTC)
    instants = (first + datetime.timedelta(minutes=minute) for minute in range(WEEK))
    return {instant for instant in instants if interval.holds(instant)}


@settings(max_examples=12, deadline=None)
@given(found=hours(), monday=st.sampled_from((*MONDAYS, *MORE)))
def test_hours_and_otherwise_cover_every_minute_of_the_week_exactly_once(found: Hours, monday: datetime.date) -> None:
    inside = minutes_held(interval_of(found), monday)
    outside = minutes_held(interval_of(found.opposite), monday)
    assert (len(inside) + len(outside), inside & outside) == (WEEK, set())


@given(hours())
def test_the_opposite_of_the_opposite_is_the_same(found: Hours) -> None:
    assert found.opposite.opposite == found
    assert opposite_name(found.name) == found.opposite.name
    assert opposite_name(found.opposite.name) == found.name
    within = {minute for start, end in found.covered for minute in range(start, end)}
    without = {minute for start, end in found.opposite.covered for minute in range(start, end)}
    assert (within | without, within & without) == (set(range(WEEK)), set())


@pytest.mark.parametrize(
    ("specs", "name"),
    [
        ([stated(**{"from": "09:00", "to": "18:00"})], "Monday to Friday 09:00 - 18:00 UTC"),
        ([stated(days="weekend", timezone="Europe/Paris")], "Saturday and Sunday Europe/Paris"),
        (
            [stated(**{"from": "09:00", "to": "12:00"}), stated(**{"from": "12:00", "to": "17:00"})],
            "Monday to Friday 09:00 - 17:00 UTC",
        ),
        (
            [stated(days="friday", to="12:00"), stated(days=["monday", "tuesday"])],
            "Monday and Tuesday, Friday 00:00 - 12:00 UTC",
        ),
    ],
)
def test_hours_are_called_by_what_they_are(specs: list[WorkingHours], name: str) -> None:
    found = hours_of(specs)
    assert found is not None
    assert (found.name, found.when, found.opposite.when) == (name, f"during {name}", f"outside {name}")


@pytest.mark.parametrize(
    "specs",
    [
        [],
        [stated(days="day")],
        [stated(), stated(days="weekend")],
        [stated(**{"from": "18:00", "to": "09:00"})],
        [stated(timezone="Europe/Pariss")],
    ],
)
def test_always_and_what_a_check_refuses_are_no_hours(specs: list[WorkingHours]) -> None:
    assert hours_of(specs) is None


def test_hours_are_those_of_the_clock_when_it_is_changed() -> None:
    found = hours_of([stated(days="sunday", timezone="Europe/Paris", **{"from": "01:00", "to": "04:00"})])
    assert found is not None
    lengths = [len(minutes_held(interval_of(found), monday)) for monday in MONDAYS]
    assert lengths == [180, 120, 240]
    zone = ZoneInfo("Europe/Paris")
    assert {instant.astimezone(zone).hour for instant in minutes_held(interval_of(found), MONDAYS[1])} == {1, 3}
