"""Schedules of cron, against a reading of their fields minute by minute."""

from __future__ import annotations

import datetime
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillforge_mon.model.cron import CronError, parse_schedule

DAY = 24 * 60
HOUR = 60


@pytest.mark.parametrize(
    ("text", "gaps"),
    [
        ("* * * * *", {1}),
        ("*/5 * * * *", {5}),
        ("*/7 * * * *", {7, 4}),
        ("@hourly", {HOUR}),
        ("@daily", {DAY}),
        ("0 3 * * *", {DAY}),
        ("0 3 * * mon-fri", {DAY, 3 * DAY}),
        ("0 3 * * 1-5", {DAY, 3 * DAY}),
        ("0 0 * * 0,7", {7 * DAY}),
        ("@weekly", {7 * DAY}),
        ("0 9,17 * * *", {8 * HOUR, 16 * HOUR}),
        ("30 4 1 * *", {28 * DAY, 29 * DAY, 30 * DAY, 31 * DAY}),
        ("@monthly", {28 * DAY, 29 * DAY, 30 * DAY, 31 * DAY}),
        ("@yearly", {365 * DAY, 366 * DAY}),
        ("0 0 29 2 *", {1461 * DAY}),
    ],
)
def test_the_times_between_two_starts(text: str, gaps: set[int]) -> None:
    assert parse_schedule(text).gaps() == gaps


def test_of_two_limits_on_the_day_one_suffices() -> None:
    """crontab(5): both fields limited means either of them."""
    assert parse_schedule("0 0 1 * mon").gaps() <= {day * DAY for day in range(1, 8)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0 3 * *", "`0 3 * *` has 4 fields, and a schedule has 5"),
        ("0 25 * * *", "`25` is no hour: it is a number from 0 to 23"),
        ("60 3 * * *", "`60` is no minute: it is a number from 0 to 59"),
        ("0 3 0 * *", "`0` is no day of the month: it is a number from 1 to 31"),
        ("0 3 * foo *", "`foo` is no month: it is a number from 1 to 12"),
        ("0 3 * * sat-mon", "`sat-mon` is no day of the week: it ends before it begins"),
        ("*/0 3 * * *", "`*/0` is no minute: a step is a whole number above 0"),
        ("0 0 30 2 *", "`0 0 30 2 *` never comes again"),
        ("@reboot", "`@reboot` has 1 fields, and a schedule has 5"),
    ],
)
def test_what_is_no_schedule(text: str, message: str) -> None:
    with pytest.raises(CronError) as problem:
        parse_schedule(text)
    assert str(problem.value) == message


def fields(low: int, high: int) -> st.SearchStrategy[tuple[str, frozenset[int]]]:
    """A field with what it means."""
    some = st.lists(st.integers(low, high), min_size=1, max_size=3, unique=True)
    return st.one_of(
        st.just(("*", frozenset(range(low, high + 1)))),
        some.map(lambda values: (",".join(map(str, values)), frozenset(values))),
        st.integers(1, 9).map(lambda step: (f"*/{step}", frozenset(range(low, high + 1, step)))),
    )


@settings(max_examples=40, deadline=None)
@given(fields(0, 59), fields(0, 23), fields(0, 6))
def test_gaps_are_those_of_a_calendar(
    minute: tuple[str, frozenset[int]], hour: tuple[str, frozenset[int]], weekday: tuple[str, frozenset[int]]
) -> None:
    """Three weeks, minute by minute, from a Monday."""
    begin = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
    starts = [
        number
        for number in range(21 * DAY)
        for moment in [begin + datetime.timedelta(minutes=number)]
        if moment.minute in minute[1] and moment.hour in hour[1] and moment.isoweekday() % 7 in weekday[1]
    ]
    seen = {after - before for before, after in itertools.pairwise(starts)}
    assert parse_schedule(f"{minute[0]} {hour[0]} * * {weekday[0]}").gaps() == seen
