"""Labels that every series of a result carries, and what follows for the sides of an operator.

What is said of an expression is held against what it returns over made-up series.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillforge_mon.proving.evaluate import Clock, Evaluator, Labels, key_of, without_name
from skillforge_mon.proving.traffic import InputSeries, Piece
from skillforge_mon.proving.unsupported import UnsupportedError
from skillforge_mon.query.containment import is_within
from skillforge_mon.query.meeting import mismatches
from skillforge_mon.query.promql import Binary, Expr, ValueType, parse
from skillforge_mon.query.types import infer
from tests.query.catalogues import catalogue_of

SPEC = """\
version: 1
project: shop
targets: {prometheus: {}}
metrics:
  a_total: {type: counter, labels: {code: bounded, cache: [hit, miss]}}
  b: {type: gauge, labels: {queue: bounded}}
  c: {type: gauge, exported_by_push: true, labels: {code: bounded}}
  times: {type: histogram, buckets: [1]}
recordings:
  of_a: {record: "code:a", expr: "sum by (code) (a_total)", labels: {level: code}}
  twice: {record: both, expr: "sum by (code) (a_total)"}
  again: {record: both, expr: "sum by (code, job) (a_total)"}
use: [redis]
"""
CATALOGUE = catalogue_of(SPEC)

CERTAIN = {
    "a_total": "cache code instance job",
    "b": "instance job queue",
    "c": "code",
    "up": "instance job",
    "ALERTS": "",
    'ALERTS{alertname="A"}': "alertname",
    "unknown": "",
    'unknown{x="1"}': "x",
    'unknown{x=~"1|2"}': "x",
    'unknown{x=~"1|"}': "",
    'unknown{x!=""}': "",
    'unknown{x!~""}': "",
    'unknown{x!="1"}': "",
    'unknown{x=~"$x"}': "",
    'unknown{x="$x"}': "",
    'c{code=""}': "",
    "times_bucket": "instance job le",
    "redis_up": "instance job",
    "code:a": "code level",
    "both": "code",
    "sum(a_total)": "",
    "sum by (code, job) (a_total)": "code job",
    "sum by (nowhere) (a_total)": "",
    "sum without (code) (a_total)": "cache instance job",
    'count_values("v", c)': "v",
    "topk(3, c)": "code",
    "rate(a_total[5m])": "cache code instance job",
    "a_total > 5": "cache code instance job",
    "c and up": "code",
    "c unless up": "code",
    "a_total or c": "code",
    "c * on () group_left up": "code",
    "unknown * on (job) group_left (instance) up": "instance job",
    "unknown * on (job) up": "job",
    "unknown * ignoring (job) group_left c": "code",
    "sum(a_total) * on () group_right c": "code",
    "histogram_quantile(0.5, times_bucket)": "instance job",
    'label_replace(c, "code", "$1", "job", "(.*)")': "",
    'label_replace(c, "other", "$1", "job", "(.*)")': "code",
    'label_join(c, "other", "-", "code")': "code",
    'absent(a_total{code="5", cache=~"hit|miss"})': "code",
    "vector(1)": "",
    "time()": "",
}


@pytest.mark.parametrize("text", CERTAIN)
def test_the_labels_that_every_series_carries(text: str) -> None:
    labels = infer(parse(text), CATALOGUE).labels
    assert " ".join(sorted(labels.certain)) == CERTAIN[text]
    assert labels.certain <= labels.names


NAMES = ("a_total", "b", "c")
VALUES = {
    "code": ("4", "5"),
    "cache": ("hit", "miss"),
    "queue": ("x", "y"),
    "job": ("web", "api"),
    "instance": ("1", "2"),
}
LABELS = {"a_total": ("code", "cache", "job", "instance"), "b": ("queue", "job", "instance"), "c": ("code",)}


@st.composite
def stores(draw: st.DrawFn) -> list[InputSeries]:
    """Series that carry what the catalogue says of them."""
    found: dict[tuple[tuple[str, str], ...], InputSeries] = {}
    for name in NAMES:
        for _ in range(draw(st.integers(1, 4))):
            labels = {"__name__": name, **{label: draw(st.sampled_from(VALUES[label])) for label in LABELS[name]}}
            value = float(draw(st.integers(0, 3)))
            found[key_of(labels)] = InputSeries(labels, (Piece(1, value),))
    return list(found.values())


MATCHERS = st.sampled_from(
    ("", '{code="5"}', '{code!="5"}', '{job="web"}', '{cache=~"hit|miss"}', '{code=~"4|5"}', '{queue="x"}')
)
LEAVES = st.tuples(st.sampled_from(NAMES), MATCHERS).map("".join)
GROUPINGS = st.sampled_from(("", "by (code)", "by (job)", "by (code, job)", "without (job)", "by (queue, instance)"))
MATCHINGS = st.sampled_from(("", "on (job)", "on (code)", "ignoring (job)", "on ()", "ignoring (code, cache)"))


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    compared = st.tuples(inner, st.sampled_from((">", "<", ">=", "==", "!=")), st.integers(0, 2))
    joined = st.tuples(inner, st.sampled_from(("and", "or", "unless")), MATCHINGS, inner)
    return st.one_of(
        st.tuples(st.sampled_from(("sum", "max", "count")), GROUPINGS, inner).map(
            lambda parts: f"{parts[0]} {parts[1]} ({parts[2]})"
        ),
        compared.map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
        joined.map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]} {parts[3]})"),
    )


QUERIES = st.recursive(LEAVES, _larger, max_leaves=4)


def returned(expr: Expr, store: list[InputSeries]) -> list[Labels]:
    """The labels of what ``expr`` returns, without names."""
    clock = Clock(60_000, left_open=True)
    return [without_name(labels) for labels, _ in Evaluator(store, clock).vector(expr, 0)]


@settings(max_examples=300)
@given(QUERIES, stores())
def test_every_series_carries_what_is_certain_and_nothing_that_cannot_be(text: str, store: list[InputSeries]) -> None:
    expr = parse(text)
    labels = infer(expr, CATALOGUE).labels
    for found in returned(expr, store):
        assert labels.certain <= found.keys()
        assert all(labels.may_have(label) for label in found)
        for label, value in found.items():
            known = labels.values.get(label)
            assert known is None or known.cardinality != "enum" or value in known.values


@settings(max_examples=500)
@given(QUERIES, QUERIES, stores())
def test_what_is_within_another_returns_no_other_series(part: str, whole: str, store: list[InputSeries]) -> None:
    inner, outer = parse(part), parse(whole)
    if is_within(inner, outer):
        keys = set(map(key_of, returned(outer, store)))
        assert {key_of(labels) for labels in returned(inner, store)} <= keys


@settings(max_examples=300)
@given(QUERIES, st.sampled_from((">", "and", "or", "unless")), QUERIES, stores())
def test_an_expression_made_of_another_is_within_it_only_where_it_is(
    left: str, op: str, right: str, store: list[InputSeries]
) -> None:
    """Pairs that have much in common, as those of ``test_what_is_within…`` seldom do."""
    whole = parse(f"({left}) {'>' if op == '>' else op} {'1' if op == '>' else f'({right})'}")
    for part in (parse(left), parse(right), parse(f"({left}) > 2"), parse(f"({right}) and ({left})")):
        for inner, outer in ((part, whole), (whole, part)):
            if is_within(inner, outer):
                keys = set(map(key_of, returned(outer, store)))
                assert {key_of(labels) for labels in returned(inner, store)} <= keys


@settings(max_examples=500)
@given(QUERIES, st.sampled_from(("and", "unless", "/", ">")), MATCHINGS, QUERIES, stores())
def test_sides_that_never_meet_have_no_result(
    left: str, op: str, matching: str, right: str, store: list[InputSeries]
) -> None:
    expr = parse(f"({left}) {op} {matching} ({right})")
    assert isinstance(expr, Binary)
    assert expr.lhs.type is ValueType.VECTOR
    if not mismatches(expr, infer(expr.lhs, CATALOGUE).labels, infer(expr.rhs, CATALOGUE).labels):
        return
    try:
        found = returned(expr, store)
    except UnsupportedError:
        return  # Prometheus refuses to match, whatever there is to meet
    assert found == (returned(expr.lhs, store) if op == "unless" else [])


def test_long_chains_are_compared_in_no_time_to_speak_of() -> None:
    """Each pair of parts is looked at once: without that, it would be more than 10^20 of them."""
    part = parse(" and ".join(f"a_total > {number}" for number in range(40)))
    whole = parse(" or ".join(f"b < {number}" for number in range(40)))
    assert not is_within(part, whole)
