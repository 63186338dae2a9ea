"""Random trees of PromQL that Prometheus would accept, for property tests."""

from __future__ import annotations

import math
from typing import Any, cast

from hypothesis import strategies as st

from skillforge_mon.query.promql import (
    Aggregate,
    At,
    Binary,
    Call,
    Card,
    Duration,
    Expr,
    Grouping,
    LabelName,
    Matcher,
    MatrixSelector,
    NumberLiteral,
    Paren,
    StringLiteral,
    Subquery,
    Unary,
    ValueType,
    VectorMatching,
    VectorSelector,
    transform,
)
from skillforge_mon.query.promql.functions import FUNCTIONS, UNLIMITED, Function
from skillforge_mon.query.promql.tree import AGGREGATIONS, COMPARISONS, PRECEDENCE, SET_OPERATORS

PLAIN_NAMES = st.sampled_from(["up", "a:b", "sum", "by", "and", "offset", "start", "topk", "x_total", ":c", "_", "Avg"])
QUOTED_NAMES = st.sampled_from(["on", "http.requests", "größe", "inf", "Bool", "a b", 'q"q', "7x", "back\\slash"])
PLAIN_LABELS = st.sampled_from(["job", "by", "on", "le", "offset", "_x", "bool", "instance"])
QUOTED_LABELS = st.sampled_from(["k8s.ns", "größe", "without", "nan", "a:b", "0"])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
PATTERNS = st.sampled_from(["5..", "a|b", ".+", "(?i)x\\d{2}", "[a-z]+-\\pL", "web-.*\\.example\\.com", ""])
DURATIONS = st.builds(Duration, st.integers(1, 10**11))
OFFSETS = st.builds(Duration, st.integers(-(10**10), 10**10).filter(bool))
TIMES = st.builds(At, st.one_of(st.integers(0, 10**13), st.sampled_from(["start", "end"])))
NUMBERS = st.builds(
    NumberLiteral,
    st.one_of(st.floats(), st.sampled_from([0.0, -0.0, math.inf, -math.inf, math.nan, 0.999, 1e21, 1e-7, 300.0])),
)


@st.composite
def matchers(draw: st.DrawFn, labels: st.SearchStrategy[str]) -> Matcher:
    """A matcher; regular expressions are always valid."""
    op = draw(st.sampled_from(["=", "!=", "=~", "!~"]))
    value = draw(PATTERNS if "~" in op else TEXTS)
    return Matcher(draw(labels), cast("Any", op), value)


@st.composite
def selectors(draw: st.DrawFn, quoted: bool) -> VectorSelector:
    """A selector with a name, or with a matcher that demands something."""
    labels = st.one_of(PLAIN_LABELS, QUOTED_LABELS) if quoted else PLAIN_LABELS
    found = tuple(draw(st.lists(matchers(labels), max_size=3)))
    name = draw(st.one_of(PLAIN_NAMES, QUOTED_NAMES) if quoted else PLAIN_NAMES)
    if draw(st.integers(0, 4)) == 0:
        return VectorSelector(None, (*found, Matcher("job", "=", "api")), draw(st.none() | OFFSETS))
    return VectorSelector(name, found, draw(st.none() | OFFSETS), draw(st.none() | TIMES))


@st.composite
def label_lists(draw: st.DrawFn, quoted: bool, most: int = 3) -> tuple[LabelName, ...]:
    """Labels as in ``by (…)``."""
    labels = st.one_of(PLAIN_LABELS, QUOTED_LABELS) if quoted else PLAIN_LABELS
    return tuple(LabelName(name) for name in draw(st.lists(labels, max_size=most, unique=True)))


@st.composite
def expressions(draw: st.DrawFn, wanted: ValueType = ValueType.VECTOR, depth: int = 4, quoted: bool = True) -> Expr:
    """A tree of type ``wanted``; without ``quoted`` all names are such as every version accepts."""
    if wanted is ValueType.STRING:
        return StringLiteral(draw(TEXTS))
    if wanted is ValueType.MATRIX:
        return draw(_matrices(depth, quoted))
    if depth == 0:
        return draw(_leaves(wanted, quoted))
    below = depth - 1
    kind = draw(st.sampled_from(["leaf", "paren", "unary", "binary", "call", "aggregate"]))
    if kind == "paren":
        return Paren(draw(expressions(wanted, below, quoted)))
    if kind == "unary":
        return Unary(cast("Any", draw(st.sampled_from("+-"))), draw(expressions(wanted, below, quoted)))
    if kind == "binary":
        return draw(_binaries(wanted, below, quoted))
    if kind == "call" or (kind == "aggregate" and wanted is ValueType.SCALAR):
        function = draw(
            st.sampled_from([each for each in FUNCTIONS.values() if each.returns is wanted and not each.removed])
        )
        return Call(function.name, tuple(draw(_arguments(function, below, quoted))))
    if kind == "aggregate":
        return draw(_aggregates(below, quoted))
    return draw(_leaves(wanted, quoted))


def _leaves(wanted: ValueType, quoted: bool) -> st.SearchStrategy[Expr]:
    return NUMBERS if wanted is ValueType.SCALAR else selectors(quoted)


@st.composite
def _matrices(draw: st.DrawFn, depth: int, quoted: bool) -> Expr:
    if depth == 0 or draw(st.booleans()):
        return MatrixSelector(draw(selectors(quoted)), draw(DURATIONS))
    inner = draw(expressions(ValueType.VECTOR, depth - 1, quoted))
    return Subquery(
        inner, draw(DURATIONS), draw(st.none() | DURATIONS), draw(st.none() | OFFSETS), draw(st.none() | TIMES)
    )


@st.composite
def _arguments(draw: st.DrawFn, function: Function, depth: int, quoted: bool) -> list[Expr]:
    if function.name == "info":
        arguments = [draw(expressions(ValueType.VECTOR, depth, quoted))]
        return [*arguments, VectorSelector(None, (Matcher("a", "=", "b"),))] if draw(st.booleans()) else arguments
    most = function.most if function.variadic != UNLIMITED else function.fewest + 2
    count = draw(st.integers(function.fewest, most or 0))
    last = len(function.arguments) - 1
    return [draw(expressions(function.arguments[min(each, last)], depth, quoted)) for each in range(count)]


@st.composite
def _aggregates(draw: st.DrawFn, depth: int, quoted: bool) -> Aggregate:
    op = draw(st.sampled_from(sorted(AGGREGATIONS)))
    param_type = AGGREGATIONS[op]
    grouping = draw(st.none() | st.builds(Grouping, st.booleans(), label_lists(quoted)))
    return Aggregate(
        cast("Any", op),
        draw(expressions(ValueType.VECTOR, depth, quoted)),
        None if param_type is None else draw(expressions(param_type, depth, quoted)),
        grouping,
    )


@st.composite
def _binaries(draw: st.DrawFn, wanted: ValueType, depth: int, quoted: bool) -> Binary:
    if wanted is ValueType.SCALAR:
        op = draw(st.sampled_from([each for each in PRECEDENCE if each not in SET_OPERATORS]))
        left, right = (draw(expressions(ValueType.SCALAR, depth, quoted)) for _ in range(2))
        return Binary(cast("Any", op), left, right, None, op in COMPARISONS)
    op = draw(st.sampled_from(sorted(PRECEDENCE)))
    kinds = [ValueType.VECTOR] if op in SET_OPERATORS else [ValueType.VECTOR, ValueType.SCALAR]
    other = draw(st.sampled_from(kinds))
    sides = draw(st.permutations([ValueType.VECTOR, other]))
    matching = None
    if other is ValueType.VECTOR and draw(st.booleans()):
        matching = draw(_matchings(op, quoted))
    return Binary(
        cast("Any", op),
        draw(expressions(sides[0], depth, quoted)),
        draw(expressions(sides[1], depth, quoted)),
        matching,
        op in COMPARISONS and draw(st.booleans()),
    )


@st.composite
def _matchings(draw: st.DrawFn, op: str, quoted: bool) -> VectorMatching:
    on, labels = draw(st.booleans()), draw(label_lists(quoted))
    if op in SET_OPERATORS:
        return VectorMatching(Card.MANY_TO_MANY, on, labels)
    card = draw(st.sampled_from([Card.ONE_TO_ONE, Card.MANY_TO_ONE, Card.ONE_TO_MANY]))
    include = () if card is Card.ONE_TO_ONE else draw(label_lists(quoted, 2))
    if on:
        include = tuple(label for label in include if label not in labels)
    return VectorMatching(card, on, labels, include)


def without_parentheses(expr: Expr) -> Expr:
    """The tree with every Paren replaced by what it holds, and signs before numbers made part of them."""
    return transform(expr, _bare)


def _bare(expr: Expr) -> Expr:
    if isinstance(expr, Paren):
        return expr.expr
    if isinstance(expr, Unary) and isinstance(expr.expr, NumberLiteral):
        value = expr.expr.value
        return NumberLiteral(-value if expr.op == "-" else value)
    return expr
