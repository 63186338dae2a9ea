"""When an alert fires and ends, evaluation by evaluation."""

from __future__ import annotations

import pytest

from skillforge_mon.proving.evaluate import Clock, Evaluator
from skillforge_mon.proving.history import History, Rule
from skillforge_mon.proving.traffic import InputSeries, Stretch, gauge_pieces
from skillforge_mon.query.promql import parse

MINUTE = 60_000


def firing(values: str, hold: int, keep: int, *, forgotten: bool = False, left_open: bool = True) -> str:
    """At which minutes an alert on ``depth > 5`` fires, ``!``; each value is one of a minute, ``_`` none."""
    stretches = [Stretch(1, None if value == "_" else float(value)) for value in values]
    series = InputSeries({"__name__": "depth"}, gauge_pieces(stretches), forgotten)
    history = History(Evaluator([series], Clock(MINUTE, left_open)), parse("depth > 5"), len(values), MINUTE)
    rule = Rule(hold * MINUTE, {}, lambda _, value: {"value": f"{value:g}"}, keep * MINUTE)
    return "".join("!" if any(history.firing(rule, index)) else "." for index in range(len(values)))


@pytest.mark.parametrize(
    ("hold", "keep", "expected"),
    [
        (0, 0, "..!!!..!!..."),
        (1, 0, "...!!...!..."),
        (2, 0, "....!......."),
        (0, 1, "..!!!!.!!!.."),
        (0, 2, "..!!!!!!!!!."),
        (1, 1, "...!!!..!!.."),
        (2, 3, "....!!!!!!!!"),
        (3, 3, "............"),
    ],
)
def test_an_alert_waits_and_is_kept(hold: int, keep: int, expected: str) -> None:
    assert firing("119991199111", hold, keep) == expected


def test_what_is_kept_says_what_it_said_last() -> None:
    series = InputSeries({"__name__": "depth"}, gauge_pieces([Stretch(1, 7.0), Stretch(1, 8.0), Stretch(2, 1.0)]))
    history = History(Evaluator([series], Clock(MINUTE, left_open=True)), parse("depth > 5"), 4, MINUTE)
    rule = Rule(0, {}, lambda _, value: {"value": f"{value:g}"}, 5 * MINUTE)
    assert [[told.annotations for told in history.firing(rule, index)] for index in range(4)] == [
        [{"value": "7"}], [{"value": "8"}], [{"value": "8"}], [{"value": "8"}],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("forgotten", "left_open", "expected"),
    [(False, True, "!!........"), (True, True, "!!!!!!...."), (True, False, "!!!!!!!...")],
    ids=["marked as stale", "forgotten", "forgotten, before 3.0"],
)
def test_an_alert_outlives_series_that_are_forgotten(forgotten: bool, left_open: bool, expected: str) -> None:
    stretches = [Stretch(2, 9.0), Stretch(8, None)]
    series = InputSeries({"__name__": "depth"}, gauge_pieces(stretches), forgotten)
    history = History(Evaluator([series], Clock(MINUTE, left_open)), parse("depth > 5"), 10, MINUTE)
    rule = Rule(0, {}, lambda _, __: {})
    assert "".join("!" if any(history.firing(rule, index)) else "." for index in range(10)) == expected


def test_the_end_is_the_first_evaluation_without() -> None:
    series = InputSeries({"__name__": "depth"}, gauge_pieces([Stretch(3, 9.0), Stretch(5, 1.0)]))
    history = History(Evaluator([series], Clock(MINUTE, left_open=True)), parse("depth > 5"), 8, MINUTE)
    at_once, kept, for_ever = (Rule(0, {}, lambda _, __: {}, keep * MINUTE) for keep in (0, 2, 9))
    assert [history.end(rule, 2, 8) for rule in (at_once, kept, for_ever)] == [3, 5, None]
