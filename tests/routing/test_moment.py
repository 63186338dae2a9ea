"""Moments are named in words, and no clock is read."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.routing.moment import MomentError, moment_text, parse_moment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sunday 03:00 Europe/Paris", "Sunday 2025-01-19 03:00 Europe/Paris"),
        ("monday 0:00", "Monday 2025-01-13 00:00 UTC"),
        ("2024-02-29 23:59 Asia/Tokyo", "Thursday 2024-02-29 23:59 Asia/Tokyo"),
    ],
)
def test_a_day_a_time_and_a_zone_name_a_moment(text: str, expected: str) -> None:
    assert moment_text(parse_moment(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-02-30 03:00", "there is no day `2025-02-30`"),
        ("0001-01-01 00:00 Asia/Tokyo", "`0001-01-01` is not within the years from 1970 to 2199"),
        ("Sunday 24:00", "`24:00` is 00:00 of the following day"),
        ("Sunday", "`Sunday` is not a moment"),
        ("Sunday 03:00 ../etc", "there is no time zone `../etc`"),
    ],
)
def test_what_names_none_is_told_in_one_sentence(text: str, expected: str) -> None:
    with pytest.raises(MomentError) as raised:
        parse_moment(text)
    assert str(raised.value).partition(":")[0].startswith(expected.partition(":")[0])


@given(st.text() | st.tuples(st.text(), st.text(), st.text()).map(" ".join))
def test_any_text_is_a_moment_or_an_error(text: str) -> None:
    with contextlib.suppress(MomentError):
        assert parse_moment(text).tzinfo is not None
