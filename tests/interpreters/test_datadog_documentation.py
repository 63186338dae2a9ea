"""The interpreter of Datadog's queries finds what Datadog's documentation finds in its own examples."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import pytest

from skillforge_mon.backends.datadog.query.tree import (
    AS_RATE,
    Arithmetic,
    Function,
    Limit,
    Method,
    Metric,
    MonitorQuery,
    Node,
    last,
)
from tests.interpreters import datadog
from tests.interpreters.datadog import Datadog, Source
from tests.interpreters.series import RawSeries

MINUTE = 60_000


def source(name: str, kind: Literal["gauge", "count"], points: dict[int, float], **tags: str) -> Source:
    return Source(name, tags, kind, points)


def query(aggregator: Literal["avg", "sum", "min", "max"], minutes: int, node: Node) -> MonitorQuery:
    return MonitorQuery(aggregator, last(minutes), node, Limit(">", Decimal(0)))


@pytest.mark.parametrize(
    ("modifier", "expected"), [("as_rate", 3.0), ("as_count", 0.6)], ids=["classic_eval_path", "as_count_eval_path"]
)
def test_counts_are_added_up_before_they_are_divided(modifier: Literal["as_rate", "as_count"], expected: float) -> None:
    """ "as_count() in Monitor Evaluations", the error rate example."""
    errors = source("errors", "count", {MINUTE * (index + 1): float(index + 1) for index in range(5)})
    total = source("total", "count", {MINUTE * (index + 1): 5.0 for index in range(5)})
    rate = Arithmetic(
        "/", Metric("sum", "errors", methods=(Method(modifier),)), Metric("sum", "total", methods=(Method(modifier),))
    )
    found = Datadog([errors, total], MINUTE).evaluate(query("sum", 5, rate), 5 * MINUTE)
    assert found.values == {(): pytest.approx(expected)}


def test_gauges_of_several_sources_are_interpolated_before_they_are_added() -> None:
    """ "Interpolation and the Fill Modifier", why interpolation: 28.3 and 55 between the ends."""
    first = source("bytes", "gauge", {10_000: 15.0, 40_000: 25.0}, host="A")
    second = source("bytes", "gauge", {20_000: 10.0, 40_000: 30.0, 50_000: 40.0}, host="B")
    points = Datadog([first, second], 10_000).points(Metric("sum", "bytes"), 10_000, 40_000)
    assert points == {(): {20_000: pytest.approx(28.333333), 30_000: pytest.approx(41.666667), 40_000: 55.0}}


def test_one_source_alone_is_not_interpolated() -> None:
    points = Datadog([source("bytes", "gauge", {10_000: 15.0, 30_000: 25.0})], 10_000).points(
        Metric("avg", "bytes"), 0, 30_000
    )
    assert points == {(): {10_000: 15.0, 30_000: 25.0}}


def test_points_that_are_divided_by_nothing_are_left_out() -> None:
    """ "Monitor Arithmetic and Sparse Metrics": 10/0 + 10/1 + 10/NaN is 10."""
    above = source("a", "gauge", {MINUTE: 10.0, 2 * MINUTE: 10.0, 3 * MINUTE: 10.0})
    below = source("b", "gauge", {MINUTE: 0.0, 2 * MINUTE: 1.0})
    node = Arithmetic("/", Metric("avg", "a"), Metric("avg", "b"))
    assert Datadog([above, below], MINUTE).evaluate(query("sum", 3, node), 3 * MINUTE).values == {(): 10.0}


def test_zeros_fill_gaps_but_no_empty_window() -> None:
    """ "Interpolation", default zero: without any point in the window it has no effect."""
    sparse = Datadog([source("x", "count", {MINUTE: 6.0})], MINUTE)
    node = Function("default_zero", Metric("sum", "x", methods=(AS_RATE,)))
    assert sparse.evaluate(query("avg", 3, node), 3 * MINUTE).values == {(): pytest.approx(0.1 / 3)}
    assert sparse.evaluate(query("avg", 1, node), 3 * MINUTE).values == {}


def test_counts_are_what_a_counter_grew_by() -> None:
    """monotonic_count: lower values than the one before are ignored ("Metric Submission: Custom Agent Check")."""
    series = RawSeries({}, (5.0, 7.0, None, 10.0, 2.0, 4.0), 30_000)
    assert datadog.count("x", {}, series).points == {30_000: 2.0, 90_000: 3.0, 150_000: 2.0}
