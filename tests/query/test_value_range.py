"""Between which bounds values lie, and what comes out of comparing them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.query.containment import limit_implies
from skillforge_mon.query.promql import Expr, parse
from skillforge_mon.query.value_range import Range, bounds_text, outcome, value_range
from tests.query.catalogues import catalogue_of
from tests.query.promql.strategies import expressions

CATALOGUE = catalogue_of()
INFINITE = math.inf

RANGES = {
    "5": (5, 5),
    "-5": (-5, -5),
    "vector(2)": (2, 2),
    "memory_bytes": (0, INFINITE),
    "queue_messages": (-INFINITE, INFINITE),
    "-memory_bytes": (-INFINITE, INFINITE),
    "disk_used_ratio": (0, 1),
    "up": (0, 1),
    "avg(up)": (0, 1),
    "sum(up)": (0, INFINITE),
    "count(up)": (1, INFINITE),
    "sum(count by (job) (up))": (1, INFINITE),
    "min(count by (job) (up))": (1, INFINITE),
    "count(up) or vector(0)": (0, INFINITE),
    "group(up)": (1, 1),
    "absent(up)": (1, 1),
    "count_over_time(up[5m])": (1, INFINITE),
    "max_over_time(up[5m])": (0, 1),
    "max_over_time((disk_used_ratio * 2)[5m:])": (0, 2),
    "delta(memory_bytes[5m])": (-INFINITE, INFINITE),
    "day_of_week()": (0, 6),
    "disk_used_ratio * 100": (0, 100),
    "100 * disk_used_ratio": (0, 100),
    "disk_used_ratio * -2": (-2, 0),
    "1 - disk_used_ratio": (0, 1),
    "disk_used_ratio / 4 + 1": (1, 1.25),
    "disk_used_ratio - 0.5": (-0.5, 0.5),
    "disk_used_ratio * 0": (-INFINITE, INFINITE),
    "disk_used_ratio / 0": (-INFINITE, INFINITE),
    "memory_bytes > 5": (5, INFINITE),
    "5 < memory_bytes": (5, INFINITE),
    "memory_bytes < 5": (0, 5),
    "memory_bytes == 5": (5, 5),
    "memory_bytes != 5": (0, INFINITE),
    "memory_bytes > bool 5": (0, 1),
    "(memory_bytes > 5) * 2": (10, INFINITE),
    "disk_used_ratio and up": (0, 1),
    "disk_used_ratio unless queue_messages": (0, 1),
    "disk_used_ratio or queue_messages": (-INFINITE, INFINITE),
    "memory_bytes > queue_messages": (0, INFINITE),
    "unknown": (-INFINITE, INFINITE),
}


@pytest.mark.parametrize("text", RANGES)
def test_the_bounds_of_a_value(text: str) -> None:
    found = value_range(parse(text), CATALOGUE)
    assert (found.least, found.greatest) == RANGES[text]


@given(expressions())
def test_every_expression_has_bounds_in_order(expr: Expr) -> None:
    found = value_range(expr, CATALOGUE)
    assert found.least <= found.greatest


OPERATORS = st.sampled_from((">", ">=", "<", "<=", "==", "!="))
NUMBERS = st.integers(-3, 3).map(float)


def holds(value: float, op: str, number: float) -> bool:
    return {
        ">": value > number,
        ">=": value >= number,
        "<": value < number,
        "<=": value <= number,
        "==": value == number,
        "!=": value != number,
    }[op]


@given(OPERATORS, NUMBERS, st.tuples(NUMBERS, NUMBERS).map(sorted))
def test_an_outcome_is_that_of_every_value_within_the_bounds(op: str, number: float, bounds: list[float]) -> None:
    least, greatest = bounds
    halves = [least + half / 2 for half in range(int(2 * (greatest - least)) + 1)]
    outcomes = {holds(value, op, number) for value in halves}
    expected = outcomes.pop() if len(outcomes) == 1 else None
    assert outcome(op, number, Range(least, greatest)) is expected


@given(OPERATORS, NUMBERS, OPERATORS, NUMBERS)
def test_a_limit_implies_another_when_every_value_says_so(op: str, number: float, other: str, limit: float) -> None:
    values = [value / 2 for value in range(-10, 11)]
    expected = all(holds(value, other, limit) for value in values if holds(value, op, number))
    assert limit_implies(op, number, other, limit) is expected


def test_bounds_in_words() -> None:
    assert [bounds_text(Range(*bounds)) for bounds in ((0.0, 0.0), (0.0,), (-INFINITE, 3.0), (0.5, 1.0))] == [
        "the value is always 0",
        "the value is never below 0",
        "the value is never above 3",
        "the value lies between 0.5 and 1",
    ]
