"""The same verdict and the same tree as the package promql-parser, a Rust port of Prometheus's own parser."""

from __future__ import annotations

import datetime
from typing import Any

import promql_parser
import pytest
from hypothesis import given, settings

from skillforge_mon.query.promql import (
    Aggregate,
    At,
    Binary,
    Call,
    Card,
    Duration,
    Expr,
    MatrixSelector,
    NumberLiteral,
    Paren,
    PromQLSyntaxError,
    StringLiteral,
    Subquery,
    Unary,
    ValueType,
    VectorSelector,
    parse,
    print_expr,
)
from skillforge_mon.query.promql.tree import SET_OPERATORS
from tests.query.promql.corpus import BAD, GOOD
from tests.query.promql.strategies import expressions

Shape = tuple[Any, ...]

_CARDS = {
    Card.ONE_TO_ONE: "OneToOne",
    Card.MANY_TO_ONE: "ManyToOne",
    Card.ONE_TO_MANY: "OneToMany",
    Card.MANY_TO_MANY: "ManyToMany",
}
_MATCH_OPS = {"=": "Equal", "!=": "NotEqual", "=~": "Re", "!~": "NotRe"}

_NO_GROUPED_DIGITS = "it does not know `_` between digits, which Prometheus reads since 2.54"
_INFO_MATCHERS = "it wants a demanding matcher in info's second argument, Prometheus does not"
_NO_INFO_CHECK = "it does not look at info's second argument"
_RANGE_UNCHECKED = "it does not look at the length of a range"
_RUST_REGEX = "it compiles patterns with Rust's regex crate, which knows no such limit"

READ_DIFFERENTLY = {
    "http_requests_total @ -5": "it panics on times before 1970",
    'http_requests_total{path=`/raw\\d"quoted"`}': "it resolves escapes in raw strings",
    "1 + on () up": "it keeps matching beside a scalar, Prometheus drops it",
    "1_000": _NO_GROUPED_DIGITS,
    "1_000_000.5": _NO_GROUPED_DIGITS,
    "up > 1_0e1_0": _NO_GROUPED_DIGITS,
    "sum by (recorded:name) (up)": "it refuses colons in label names, Prometheus 3 reads them",
    "info(up, {})": _INFO_MATCHERS,
    'info(up, {a=~".*"})': _INFO_MATCHERS,
    "holt_winters(temperature[1h], 0.5, 0.3)": "it knows the functions of Prometheus 3 only",
}
"""Expressions of the corpus that Prometheus accepts and promql-parser reads wrongly or not at all, with the reason."""

WRONGLY_ACCEPTED = {
    'sum by ("") (up)': "it does not look at quoted label names",
    'up{job=~"a**"}': _RUST_REGEX,
    'up{job=~"a{1001}"}': _RUST_REGEX,
    "up[0]": _RANGE_UNCHECKED,
    "up[300y]": _RANGE_UNCHECKED,
    "info(up, up)": _NO_INFO_CHECK,
    'info(up, up{a="b"})': _NO_INFO_CHECK,
    "info(up, (up))": _NO_INFO_CHECK,
    "start()": "it knows functions newer than Prometheus 3.5",
    "99e999": "it reads numbers that are too large as infinity",
}
"""Expressions that Prometheus refuses and promql-parser does not, with the reason."""


def _delta(duration: Duration | None) -> datetime.timedelta | None:
    return None if duration is None else datetime.timedelta(milliseconds=duration.milliseconds)


def _at(at: At | None) -> str | float | None:
    return None if at is None else at.time if isinstance(at.time, str) else at.time / 1000


def shape(expr: Expr) -> Shape:
    """Our tree as nested tuples that promql-parser's tree can be compared with."""
    match expr:
        case NumberLiteral():
            return ("number", repr(float(expr.value)))
        case StringLiteral():
            return ("string", expr.value)
        case Paren():
            return ("paren", shape(expr.expr))
        case Unary():
            return shape(expr.expr) if expr.op == "+" else ("minus", shape(expr.expr))
        case VectorSelector():
            matchers = [(each.label, _MATCH_OPS[each.op], each.value) for each in expr.matchers]
            if expr.name is not None:
                matchers.append(("__name__", "Equal", expr.name))
            return ("vector", sorted(matchers), _delta(expr.offset), _at(expr.at))
        case MatrixSelector():
            return ("matrix", shape(expr.vector), _delta(expr.range))
        case Subquery():
            step = _delta(expr.step)
            return ("subquery", shape(expr.expr), _delta(expr.range), step, _delta(expr.offset), _at(expr.at))
        case Call():
            return ("call", expr.function, *[shape(each) for each in expr.args])
        case Aggregate():
            labels = [] if expr.grouping is None else [label.name for label in expr.grouping.labels]
            without = expr.grouping is not None and expr.grouping.without
            param = None if expr.param is None else shape(expr.param)
            return ("aggregate", expr.op, without, labels, param, shape(expr.expr))
        case Binary():
            return ("binary", expr.op, _matching(expr), shape(expr.lhs), shape(expr.rhs))


def _matching(expr: Binary) -> Shape:
    matching = expr.matching
    if matching is None:
        vectors = expr.lhs.type is ValueType.VECTOR and expr.rhs.type is ValueType.VECTOR
        card = "ManyToMany" if vectors and expr.op in SET_OPERATORS else "OneToOne"
        return (card, False, [], [], expr.return_bool)
    labels = [label.name for label in matching.labels]
    include = [label.name for label in matching.include]
    return (_CARDS[matching.card], matching.on, labels, include, expr.return_bool)


def _last(value: object) -> str:
    return str(value).rsplit(".", 1)[-1]


def _their_at(at: Any) -> str | float | None:
    if at is None:
        return None
    kind = _last(at.type)
    return float(at.at.timestamp()) if kind == "At" else kind.lower()


def their_shape(expr: Any) -> Shape:
    """promql-parser's tree in the same form."""
    match type(expr).__name__:
        case "NumberLiteral":
            return ("number", repr(float(expr.val)))
        case "StringLiteral":
            return ("string", expr.val)
        case "ParenExpr":
            return ("paren", their_shape(expr.expr))
        case "UnaryExpr":
            return ("minus", their_shape(expr.expr))
        case "VectorSelector":
            matchers = [(each.name, _last(each.op), each.value) for each in expr.matchers.matchers]
            if expr.name is not None:
                matchers.append(("__name__", "Equal", expr.name))
            return ("vector", sorted(matchers), expr.offset, _their_at(expr.at))
        case "MatrixSelector":
            return ("matrix", their_shape(expr.vector_selector), expr.range)
        case "SubqueryExpr":
            return ("subquery", their_shape(expr.expr), expr.range, expr.step, expr.offset, _their_at(expr.at))
        case "Call":
            return ("call", expr.func.name, *[their_shape(each) for each in expr.args])
        case "AggregateExpr":
            modifier = expr.modifier
            without = modifier is not None and _last(modifier.type) == "Without"
            param = None if expr.param is None else their_shape(expr.param)
            labels = [] if modifier is None else list(modifier.labels)
            return ("aggregate", str(expr.op), without, labels, param, their_shape(expr.expr))
        case "BinaryExpr":
            return (
                "binary",
                str(expr.op),
                _their_matching(expr.modifier),
                their_shape(expr.lhs),
                their_shape(expr.rhs),
            )
        case other:
            raise AssertionError(f"unknown node {other}")


def _their_matching(modifier: Any) -> Shape:
    if modifier is None:
        return ("OneToOne", False, [], [], False)
    matching = modifier.matching
    on = matching is not None and _last(matching.type) == "Include"
    labels = [] if matching is None else list(matching.labels)
    return (_last(modifier.card), on, labels, list(modifier.group_labels or []), modifier.return_bool)


def read_by_promql_parser(text: str) -> Shape | None:
    """The shape of its tree, or None when it refuses the text or breaks down over it."""
    try:
        return their_shape(promql_parser.parse(text))
    except ValueError:
        return None
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":
            raise
        return None


@pytest.mark.parametrize("text", [case.text for case in GOOD if case.text not in READ_DIFFERENTLY])
def test_both_read_the_same_tree(text: str) -> None:
    assert shape(parse(text)) == their_shape(promql_parser.parse(text))


@pytest.mark.parametrize("text", [text for text in BAD if text not in WRONGLY_ACCEPTED])
def test_both_refuse(text: str) -> None:
    with pytest.raises(PromQLSyntaxError):
        parse(text)
    assert read_by_promql_parser(text) is None


@pytest.mark.parametrize("text", READ_DIFFERENTLY)
def test_promql_parser_still_reads_differently_what_is_listed(text: str) -> None:
    assert read_by_promql_parser(text) != shape(parse(text))


@pytest.mark.parametrize("text", WRONGLY_ACCEPTED)
def test_promql_parser_still_accepts_wrongly_what_is_listed(text: str) -> None:
    assert text in BAD
    assert read_by_promql_parser(text) is not None


@settings(max_examples=200, deadline=None)
@given(expressions(quoted=False))
def test_both_read_the_same_tree_from_a_printed_one(tree: Expr) -> None:
    text = print_expr(tree)
    assert shape(parse(text)) == their_shape(promql_parser.parse(text))
