"""Durations, ratios, sizes, thresholds and times of day are read exactly, or refused with a sentence."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.spec.quantities import (
    CalendarPeriod,
    Duration,
    Quantity,
    QuantityError,
    Threshold,
    TimeOfDay,
    parse_ratio,
    parse_size,
    parse_window,
    plain_number,
)


@pytest.mark.parametrize(
    ("text", "milliseconds", "written"),
    [
        ("5m", 300_000, "5m"),
        ("1h30m", 5_400_000, "1h30m"),
        ("90s", 90_000, "1m30s"),
        ("30d", 2_592_000_000, "30d"),
        ("2w", 1_209_600_000, "14d"),
        ("1y", 31_536_000_000, "1y"),
        ("500ms", 500, "500ms"),
        ("0s", 0, "0s"),
    ],
)
def test_a_duration_is_read_and_written_as_prometheus_does(text: str, milliseconds: int, written: str) -> None:
    assert (Duration.parse(text), str(Duration.parse(text))) == (milliseconds, written)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("90m", "90m"),
        ("36h", "36h"),
        ("90s", "90s"),
        ("2w", "14d"),
        ("1y", "365d"),
        ("1s500ms", "1500ms"),
        ("0s", "0s"),
    ],
)
def test_a_duration_in_one_unit(text: str, written: str) -> None:
    assert Duration.parse(text).in_one_unit == written


@given(st.integers(min_value=0, max_value=10**12))
def test_a_written_duration_reads_back(milliseconds: int) -> None:
    assert Duration.parse(str(Duration(milliseconds))) == milliseconds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("15", "the duration `15` has no unit"),
        ("1.5h", "`1.5h` has a fraction: write it in a smaller unit"),
        ("5 m", "`5 m` is not a duration"),
        ("", "`` is not a duration"),
        ("5m1h", "`5m1h` is not a duration"),
        ("-5m", "`-5m` is not a duration"),
        ("900y", "`900y` is longer than 100 years"),
        ("٥m", "`٥m` is not a duration"),
    ],
)
def test_what_is_not_a_duration_is_refused(text: str, message: str) -> None:
    with pytest.raises(QuantityError) as error:
        Duration.parse(text)
    assert (str(error.value), error.value.expected) == (message, "a duration such as 30s, 5m, 1h30m or 30d")


@pytest.mark.parametrize(
    ("value", "ratio"),
    [("99.9%", "0.999"), (0.999, "0.999"), ("0.95", "0.95"), ("100%", "1"), (1, "1"), (0, "0"), ("99.95 %", "0.9995")],
)
def test_a_ratio_is_exact(value: object, ratio: str) -> None:
    assert str(parse_ratio(value)) == ratio


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (99.9, "`99.9` is not between 0 and 1 (did you mean 99.9%?)"),
        ("101%", "`101%` is not between 0 and 1"),
        ("-1%", "`-1%` is not between 0 and 1"),
        ("many", "`many` is not a ratio"),
        (True, "this is not a ratio"),
        (float("nan"), "`nan` is not a ratio"),
    ],
)
def test_what_is_not_a_ratio_is_refused(value: object, message: str) -> None:
    with pytest.raises(QuantityError) as error:
        parse_ratio(value)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("text", "op", "base", "unit"),
    [
        ("> 5%", ">", "0.05", "ratio"),
        ("<=500ms", "<=", "0.5", "seconds"),
        ("== 0", "==", "0", ""),
        (">2GiB", ">", "2147483648", "bytes"),
        ("!= -1.5", "!=", "-1.5", ""),
    ],
)
def test_a_threshold_has_a_base_value_and_unit(text: str, op: str, base: str, unit: str) -> None:
    threshold = Threshold.parse(text)
    quantity = threshold.quantity
    assert (threshold.op, plain_number(quantity.base), quantity.base_unit) == (op, base, unit)


@pytest.mark.parametrize("text", ["5%", "> five", "=> 5", "> 5 parsecs", "> 1e999", "> nan", ""])
def test_what_is_not_a_threshold_is_refused(text: str) -> None:
    with pytest.raises(QuantityError):
        Threshold.parse(text)


def test_a_quantity_is_written_as_it_was_meant() -> None:
    assert [str(Quantity.parse(text)) for text in ("500ms", "5.50 %", "12", "1e3")] == ["500ms", "5.5%", "12", "1000"]


@pytest.mark.parametrize(("value", "size"), [("2GiB", 2**31), ("500MB", 500_000_000), (4096, 4096), ("1.5kB", 1500)])
def test_a_size_is_a_number_of_bytes(value: object, size: int) -> None:
    assert parse_size(value) == size


@pytest.mark.parametrize("value", ["2Gb", "-1B", "0.5B", True, [1]])
def test_what_is_not_a_size_is_refused(value: object) -> None:
    with pytest.raises(QuantityError):
        parse_size(value)


def test_a_time_of_day_is_minutes_after_midnight() -> None:
    times = [TimeOfDay.parse(text) for text in ("02:00", "9:30", "24:00")]
    assert [(time.minutes, str(time)) for time in times] == [(120, "02:00"), (570, "09:30"), (1440, "24:00")]


@pytest.mark.parametrize("text", ["24:01", "12:60", "noon", "1:2", "22:22:22"])
def test_what_is_not_a_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(QuantityError):
        TimeOfDay.parse(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=9))
def test_a_plain_number_is_exact_and_has_no_exponent(number: Decimal) -> None:
    text = plain_number(number)
    assert Decimal(text) == number
    assert "E" not in text


@pytest.mark.parametrize(("name", "usual", "longest"), [("week", 7, 7), ("month", 30, 31), ("quarter", 90, 92)])
def test_a_period_of_the_calendar_is_no_window_of_its_usual_length(name: str, usual: int, longest: int) -> None:
    period, rolling = parse_window(name), Duration.of(days=usual)
    assert isinstance(period, CalendarPeriod)
    assert (period.name, str(period), period.longest) == (name, f"calendar {name}", Duration.of(days=longest))
    assert int(period) == int(rolling)
    assert period != rolling
    assert rolling != period
    assert len({period, rolling, parse_window(str(period))}) == 2


@given(st.integers(1, 10**12))
def test_every_window_that_is_written_is_read_again(milliseconds: int) -> None:
    assert parse_window(str(Duration(milliseconds))) == Duration(milliseconds)


def test_a_window_that_cannot_be_read_is_told_of_the_calendar_too() -> None:
    with pytest.raises(QuantityError) as raised:
        parse_window("year")
    assert (str(raised.value), raised.value.expected) == (
        "`year` is not a duration",
        "a duration such as 30s, 5m, 1h30m or 30d, or a week, month or quarter of the calendar",
    )
