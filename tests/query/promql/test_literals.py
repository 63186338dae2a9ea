"""Durations, strings and numbers as they stand in expressions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.query.promql import Duration, NumberLiteral, StringLiteral, parse
from skillforge_mon.query.promql.duration import duration_milliseconds, duration_text
from skillforge_mon.query.promql.strings import quote_string


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "0s"),
        (1, "1ms"),
        (90_000, "1m30s"),
        (300_000, "5m"),
        (5_400_000, "1h30m"),
        (86_400_000, "1d"),
        (604_800_000, "1w"),
        (7_776_000_000, "90d"),
        (31_536_000_000, "1y"),
        (31_536_000_001, "365d1ms"),
        (-300_000, "-5m"),
    ],
)
def test_durations_are_printed_as_prometheus_prints_them(milliseconds: int, text: str) -> None:
    assert duration_text(milliseconds) == text
    assert str(Duration(milliseconds)) == text
    assert Duration(milliseconds).seconds == milliseconds / 1000


@given(st.integers(0, 9 * 10**12))
def test_durations_read_back(milliseconds: int) -> None:
    assert duration_milliseconds(duration_text(milliseconds)) == milliseconds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "`` is not a duration: write whole numbers with units, such as `90s` or `1h30m`"),
        ("5", "`5` is not a duration: write whole numbers with units, such as `90s` or `1h30m`"),
        ("1.5h", "`1.5h` is not a duration: write whole numbers with units, such as `90s` or `1h30m`"),
        ("-5m", "`-5m` is not a duration: write whole numbers with units, such as `90s` or `1h30m`"),
        ("5min", "`min` is not a unit of time: the units are y, w, d, h, m, s, ms"),
        ("30m1h", "the units of `30m1h` must go from big to small, each at most once, as in `1h30m`"),
        ("1h1h", "the units of `1h1h` must go from big to small, each at most once, as in `1h30m`"),
        ("300y", "the duration `300y` is too long: Prometheus allows at most 292 years"),
    ],
)
def test_what_is_not_a_duration_is_explained(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"duration|unit") as caught:
        duration_milliseconds(text)
    assert str(caught.value) == message


@given(st.text())
def test_any_text_can_be_a_string(value: str) -> None:
    assert parse(quote_string(value)) == StringLiteral(value)


@given(st.binary())
def test_any_bytes_can_be_a_string(value: bytes) -> None:
    text = value.decode("utf-8", "surrogateescape")
    assert parse(quote_string(text)) == StringLiteral(text)


@given(st.floats())
def test_any_number_reads_back(value: float) -> None:
    assert parse(str(value) if value == value else "NaN") == NumberLiteral(value)
