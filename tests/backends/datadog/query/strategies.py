"""Hypothesis strategies for trees of queries, of every type, in the one form that the parser makes."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from skillforge_mon.backends.datadog.query.scope_tree import (
    Filter,
    TagFilter,
    all_of,
    any_of,
    negation,
    side_by_side,
)
from skillforge_mon.backends.datadog.query.tree import (
    AnyQuery,
    Argument,
    Arithmetic,
    Change,
    CheckQuery,
    CompositeQuery,
    Condition,
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
)

TYPES = ("query alert", "log alert", "process alert", "service check", "slo alert", "composite", "event-v2 alert")

numbers = st.builds(Number, st.decimals(-(10**9), 10**9, allow_nan=False, places=3) | st.integers(-9, 99).map(Decimal))
texts = st.builds(Text, st.text("ab \"'\\@:*-/.é", max_size=8))
words = st.builds(Word, st.sampled_from(("sum", "avg", "zero", "last", "null", "true")))
keywords = st.builds(
    Keyword, st.sampled_from(("interval", "direction", "alert_window")), st.one_of(numbers, texts, words)
)
arguments: st.SearchStrategy[Argument] = st.one_of(numbers, texts, words, keywords)
methods = st.lists(
    st.builds(
        Method,
        st.sampled_from(("as_count", "rollup", "fill", "by", "last")),
        st.lists(arguments, max_size=2).map(tuple),
    ),
    max_size=2,
).map(tuple)
limits = st.builds(
    Limit, st.sampled_from((">", ">=", "<", "<=", "==", "!=")), st.none() | numbers.map(lambda number: number.value)
)

tags = st.sampled_from(("env", "host", "kube_namespace", "availability-zone", "http.status_code"))
values = st.sampled_from(("prod", "a*", "*", "/dev/loop*", "us-east-1a", "v0::x", "5*", "in", "OR"))
tag_filters = st.one_of(
    st.builds(TagFilter, tags, st.lists(values, min_size=1, max_size=3).map(tuple), st.booleans()),
    st.builds(TagFilter, st.just("canary"), st.just(()), st.booleans()),
)


def _grown_filter(inner: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    several = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(several.map(all_of), several.map(any_of), inner.map(negation))


filters: st.SearchStrategy[Filter] = st.recursive(tag_filters, _grown_filter, max_leaves=5)
scopes = st.lists(filters, max_size=3).map(side_by_side)

counted = st.builds(Limit, st.sampled_from(("<=", "<", ">")), numbers.map(lambda number: number.value))
metrics = st.builds(
    Metric,
    st.sampled_from(("avg", "sum", "p95", "p99.9", "max", "")),
    st.sampled_from(("system.load.1", "a_b", "trace.http.request.hits")),
    scopes,
    st.lists(tags, max_size=2).map(tuple),
    methods,
)
distributions = st.builds(Metric, st.just("count"), st.just("a.b"), scopes, values=counted)


def _grown_node(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        st.builds(Arithmetic, st.sampled_from(("+", "-", "*", "/")), inner, inner),
        st.builds(
            Function,
            st.sampled_from(("abs", "default_zero", "anomalies", "timeshift", "unknown")),
            inner,
            st.lists(arguments, max_size=3).map(tuple),
        ),
    )


expressions: st.SearchStrategy[Node] = st.recursive(
    st.one_of(metrics, distributions, numbers), _grown_node, max_leaves=5
)
names = st.builds(QueryName, st.sampled_from(("query1", "a", "errors")))
formulas: st.SearchStrategy[Node] = st.recursive(st.one_of(names, numbers), _grown_node, max_leaves=4)

windows = st.one_of(
    st.builds(Window, st.just("last"), st.integers(0, 99999), st.sampled_from(("m", "h", "d", "w", "mo"))),
    st.builds(Window, st.sampled_from(("next", "current")), st.integers(1, 9), st.sampled_from(("h", "d", "w", "mo"))),
)
changes = st.builds(
    Change, st.sampled_from(("change", "pct_change")), st.sampled_from(("1h_ago", "last_1d", "30m_ago"))
)
aggregators = st.sampled_from(("avg", "sum", "min", "max", "percentile", "median"))

operands = st.one_of(
    st.builds(MonitorId, st.integers(1, 10**12).map(str)), st.just(MonitorId("%{monitor:alerts.Down}"))
)


def _joined(op: str, found: list[Condition]) -> Condition:
    flat = tuple(
        each for item in found for each in (item.operands if isinstance(item, Joined) and item.op == op else (item,))
    )
    return Joined("&&" if op == "&&" else "||", flat)


conditions: st.SearchStrategy[Condition] = st.recursive(
    operands,
    lambda inner: st.one_of(
        inner.map(Inverted), st.builds(_joined, st.sampled_from(("&&", "||")), st.lists(inner, min_size=2, max_size=3))
    ),
    max_leaves=6,
)

search = texts.map(lambda text: text.value)


def _of_type(type_: str, *queries: st.SearchStrategy[AnyQuery]) -> st.SearchStrategy[tuple[str, AnyQuery]]:
    return st.tuples(st.just(type_), st.one_of(*queries))


queries: st.SearchStrategy[tuple[str, AnyQuery]] = st.one_of(
    _of_type("query alert", st.builds(MonitorQuery, aggregators, windows, expressions, limits, st.none() | changes)),
    _of_type("log alert", st.builds(EventQuery, st.just("logs"), search, methods, limits)),
    _of_type("log alert", st.builds(FormulaQuery, formulas, methods, limits)),
    _of_type("process alert", st.builds(EventQuery, st.just("processes"), search, methods, limits)),
    _of_type("error-tracking alert", st.builds(EventQuery, st.just("error-tracking-rum"), search, methods, limits)),
    _of_type("service check", st.builds(CheckQuery, search, methods)),
    _of_type("slo alert", st.builds(SloQuery, st.sampled_from(("error_budget", "burn_rate")), search, methods, limits)),
    _of_type("composite", st.builds(CompositeQuery, conditions)),
)
"""A type of monitors, and a query of one."""
