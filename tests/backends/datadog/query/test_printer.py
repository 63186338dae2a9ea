"""How trees of Datadog queries are printed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from skillforge_mon.backends.datadog.query.printer import print_node, print_query
from skillforge_mon.backends.datadog.query.scope_tree import Filter, NotThat, TagFilter, all_of, any_of, negation
from skillforge_mon.backends.datadog.query.tree import (
    AS_COUNT,
    AnyQuery,
    Arithmetic,
    Change,
    CheckQuery,
    CompositeQuery,
    EventQuery,
    FormulaQuery,
    Function,
    Inverted,
    Joined,
    Keyword,
    Limit,
    Method,
    Metric,
    MonitorId,
    MonitorQuery,
    Node,
    Number,
    QueryName,
    SloQuery,
    Text,
    Window,
    Word,
    last,
)

A, B, C = Metric("avg", "a"), Metric("sum", "b"), Number(Decimal("0.50"))


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (A, "avg:a{*}"),
        (Metric("sum", "b", by=("x", "y"), methods=(AS_COUNT,)), "sum:b{*} by {x,y}.as_count()"),
        (Metric("count", "d", values=Limit("<=", Decimal("0.3"))), "count(v: v<=0.3):d{*}"),
        (Metric("avg", "a", (TagFilter("k", ("v",)), TagFilter("l", ("w",), negated=True))), "avg:a{k:v,!l:w}"),
        (Metric("avg", "a", (TagFilter("k", ("v", "w")), TagFilter("l", ("x",)))), "avg:a{k IN (v,w) AND l:x}"),
        (Arithmetic("-", A, Arithmetic("-", B, C)), "avg:a{*} - (sum:b{*} - 0.5)"),
        (Arithmetic("-", Arithmetic("-", A, B), C), "avg:a{*} - sum:b{*} - 0.5"),
        (Arithmetic("*", Arithmetic("+", A, B), C), "(avg:a{*} + sum:b{*}) * 0.5"),
        (Arithmetic("/", A, Arithmetic("*", B, C)), "avg:a{*} / (sum:b{*} * 0.5)"),
        (Arithmetic("+", A, Number(Decimal(-1))), "avg:a{*} + (-1)"),
        (Function("clamp_min", A, (Number(Decimal(2)),)), "clamp_min(avg:a{*}, 2)"),
        (
            Function("anomalies", A, (Text("agile"), Keyword("interval", Number(Decimal(60))))),
            "anomalies(avg:a{*}, 'agile', interval=60)",
        ),
        (Function("top", A, (Text("it's"),)), r"top(avg:a{*}, 'it\'s')"),
        (
            Metric(
                "avg",
                "a",
                methods=(Method("rollup", (Word("sum"), Number(Decimal(60)))), Method("fill", (Word("zero"),))),
            ),
            "avg:a{*}.rollup(sum, 60).fill(zero)",
        ),
    ],
)
def test_trees_have_one_text(node: Node, text: str) -> None:
    assert print_node(node) == text


PROD, STAGING = TagFilter("env", ("prod",)), TagFilter("env", ("staging",))
WEB = TagFilter("host", ("web*",))


@pytest.mark.parametrize(
    ("filters", "text"),
    [
        ((), "*"),
        ((TagFilter("canary", ()),), "canary"),
        ((any_of((PROD, STAGING)),), "env IN (prod,staging)"),
        ((any_of((PROD, WEB)),), "(env:prod OR host:web*)"),
        ((any_of((all_of((PROD, WEB)), STAGING)),), "((env:prod AND host:web*) OR env:staging)"),
        ((negation(any_of((PROD, WEB))), STAGING), "NOT (env:prod OR host:web*) AND env:staging"),
        ((negation(any_of((PROD, STAGING))),), "env NOT IN (prod,staging)"),
        ((all_of((negation(PROD), negation(STAGING))), WEB), "env NOT IN (prod,staging) AND host:web*"),
        ((TagFilter("host", ("a*", "b")),), "(host:a* OR host:b)"),
        ((TagFilter("host", ("a*", "b"), negated=True),), "(NOT host:a* AND NOT host:b)"),
    ],
)
def test_filters_are_written_in_one_of_two_styles(filters: tuple[Filter, ...], text: str) -> None:
    assert print_node(Metric("avg", "a", filters)) == f"avg:a{{{text}}}"


def test_what_is_negated_twice_is_as_it_was() -> None:
    either = any_of((PROD, WEB))
    assert isinstance(negation(either), NotThat)
    assert negation(negation(either)) == either


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(1, "last_1m"), (59, "last_59m"), (60, "last_1h"), (90, "last_90m"), (1440, "last_1d"), (2880, "last_48h"),
     (10080, "last_1w"), (10020, "last_167h")],
)  # fmt: skip
def test_windows_are_written_as_datadog_lists_them(minutes: int, text: str) -> None:
    window = last(minutes)
    assert (str(window), window.minutes) == (text, minutes)


ABOVE = Limit(">", Decimal(5))
LAST = Method("last", (Text("5m"),))
ONE, TWO, THREE = MonitorId("1"), MonitorId("2"), MonitorId("3")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (MonitorQuery("avg", last(5), A, Limit(">=", Decimal("1E+3"))), "avg(last_5m):avg:a{*} >= 1000"),
        (MonitorQuery("avg", last(5), A, Limit(">", None)), "avg(last_5m):avg:a{*} > threshold"),
        (MonitorQuery("sum", Window("current", 1, "mo"), A, ABOVE), "sum(current_1mo):avg:a{*} > 5"),
        (
            MonitorQuery("avg", last(5), A, ABOVE, Change("pct_change", "1h_ago")),
            "pct_change(avg(last_5m),1h_ago):avg:a{*} > 5",
        ),
        (
            EventQuery("logs", 'a:"b c"', (Method("rollup", (Text("cardinality"), Text("@d"))), LAST), ABOVE),
            r'logs("a:\"b c\"").rollup("cardinality", "@d").last("5m") > 5',
        ),
        (
            FormulaQuery(Arithmetic("/", QueryName("a"), QueryName("b")), (LAST,), ABOVE),
            'formula("a / b").last("5m") > 5',
        ),
        (CheckQuery("a.up", (Method("last", (Number(Decimal(4)),)),)), '"a.up".last(4)'),
        (SloQuery("error_budget", "id", (Method("over", (Text("7d"),)),), ABOVE), 'error_budget("id").over("7d") > 5'),
        (CompositeQuery(Joined("&&", (ONE, Joined("||", (TWO, THREE))))), "1 && (2 || 3)"),
        (CompositeQuery(Joined("||", (ONE, Joined("&&", (TWO, Inverted(THREE)))))), "1 || 2 && !3"),
        (CompositeQuery(Inverted(Joined("&&", (ONE, TWO)))), "!(1 && 2)"),
    ],
)
def test_every_type_of_query_has_one_text(query: AnyQuery, text: str) -> None:
    assert print_query(query) == text
