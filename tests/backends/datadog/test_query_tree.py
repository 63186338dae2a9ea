"""How trees of Datadog queries are printed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from skillforge_mon.backends.datadog.query_tree import (
    Arithmetic,
    Function,
    Metric,
    MonitorQuery,
    Node,
    Number,
    TagFilter,
    print_monitor_query,
    print_node,
    window_text,
)

A, B, C = Metric("avg", "a"), Metric("sum", "b"), Number(Decimal("0.50"))


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (A, "avg:a{*}"),
        (Metric("sum", "b", by=("x", "y"), modifier="as_count"), "sum:b{*} by {x,y}.as_count()"),
        (Metric("count", "d", values=Decimal("0.3")), "count(v: v<=0.3):d{*}"),
        (Metric("avg", "a", (TagFilter("k", ("v",)), TagFilter("l", ("w",), negated=True))), "avg:a{k:v,!l:w}"),
        (Metric("avg", "a", (TagFilter("k", ("v", "w")), TagFilter("l", ("x",)))), "avg:a{k IN (v,w) AND l:x}"),
        (Arithmetic("-", A, Arithmetic("-", B, C)), "avg:a{*} - (sum:b{*} - 0.5)"),
        (Arithmetic("-", Arithmetic("-", A, B), C), "avg:a{*} - sum:b{*} - 0.5"),
        (Arithmetic("*", Arithmetic("+", A, B), C), "(avg:a{*} + sum:b{*}) * 0.5"),
        (Arithmetic("/", A, Arithmetic("*", B, C)), "avg:a{*} / (sum:b{*} * 0.5)"),
        (Arithmetic("+", A, Number(Decimal(-1))), "avg:a{*} + (-1)"),
        (Function("clamp_min", A, (Decimal(2),)), "clamp_min(avg:a{*}, 2)"),
    ],
)
def test_trees_have_one_text(node: Node, text: str) -> None:
    assert print_node(node) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(1, "last_1m"), (59, "last_59m"), (60, "last_1h"), (90, "last_90m"), (1440, "last_1d"), (2880, "last_48h"),
     (10080, "last_1w"), (10020, "last_167h")],
)  # fmt: skip
def test_windows_are_written_as_datadog_lists_them(minutes: int, text: str) -> None:
    assert window_text(minutes) == text


def test_a_monitor_query_compares_at_its_end() -> None:
    assert print_monitor_query(MonitorQuery("avg", 5, A, ">=", Decimal("1E+3"))) == "avg(last_5m):avg:a{*} >= 1000"
