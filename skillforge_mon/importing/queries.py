"""What a query of another tool counts: the selectors inside it, where it is a rate of counters, or a share of scrapes.

Other tools take whole expressions with the window written in (``{{.window}}`` of Sloth); our language takes selectors
and puts rates and windows around them. So the selectors are found in the tree, and where an expression is anything
else, it is kept as it is: a ratio, of which each moment counts the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from skillforge_mon.query.promql import (
    Aggregate,
    Binary,
    Call,
    Expr,
    Matcher,
    MatrixSelector,
    NumberLiteral,
    Paren,
    PromQLSyntaxError,
    ValueType,
    VectorSelector,
    parse,
    print_expr,
)
from skillforge_mon.spec.quantities import json_number, plain_number

_WINDOW = re.compile(r"\{\{-?\s*\.window\s*-?\}\}")
_OTHER_TEMPLATE = re.compile(r"\{\{")
RATIO_WINDOW = "5m"
"""The window of a ratio: the shortest one that the burn-rate alerts of the SRE workbook look at."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A rate of a counter, the number of samples of a gauge, or their sum; for each value of the labels ``by``."""

    kind: Literal["rate", "samples", "sum"]
    selector: VectorSelector
    by: frozenset[str] = frozenset()


class QueryError(Exception):
    """A text that is no query that can be taken over; ``args[0]`` says why."""


def query_of(text: str) -> Expr:
    """The tree of a query with RATIO_WINDOW in place of ``{{.window}}``. Raises QueryError."""
    filled = _WINDOW.sub(RATIO_WINDOW, text)
    if _OTHER_TEMPLATE.search(filled):
        raise QueryError("its query holds a template other than `{{.window}}`")
    try:
        return parse(filled)
    except PromQLSyntaxError as error:
        raise QueryError(f"its query is not PromQL: {error.message}") from None
    except RecursionError:
        raise QueryError("its query is nested too deeply") from None


def measured_by_events(part: Expr, total: Expr, *, good: bool, bare: bool = False) -> dict[str, Any] | None:
    """The fields of an SLO that counts ``part`` (the good events, or the bad ones) among ``total``; None for others.

    ``bare``: a selector alone stands for its counter, as in OpenSLO.
    """
    part, total = _without_fill(part), _without_floor(total)
    if isinstance(part, Binary) and part.op == "-" and part.matching is None and _inside(part.lhs) == total:
        return measured_by_events(part.rhs, total, good=not good, bare=bare)
    counted, everything = _counted(part, bare=bare), _counted(total, bare=bare)
    if counted is None or everything is None or counted.by != everything.by:
        return None
    if counted.kind == everything.kind == "rate":
        latency = latency_of(counted.selector, everything.selector) if good else None
        if latency is not None:
            return {"latency": latency} | grouped_by(total)
        measured = {
            "good" if good else "bad": print_expr(counted.selector),
            "total": print_expr(everything.selector),
        }
        return measured | grouped_by(total)
    of_scrapes = counted.kind == "sum" and everything.kind == "samples"
    if good and of_scrapes and counted.selector == everything.selector:
        return {"available": print_expr(counted.selector)} | grouped_by(total)
    return None


def grouped_by(expr: Expr) -> dict[str, list[str]]:
    """``group_by`` with the labels that aggregations leave on the series of ``expr``; empty where that is not clear."""
    labels = _groups(expr)
    return {"group_by": labels} if labels else {}


def _groups(expr: Expr) -> list[str]:
    match _inside(expr):
        case Aggregate(grouping=grouping):
            return [label.name for label in grouping.labels] if grouping is not None and not grouping.without else []
        case Binary(lhs=left, rhs=right, matching=None):
            sides = [_groups(side) for side in (left, right) if side.type is ValueType.VECTOR]
            return sides[0] if sides and all(set(side) == set(sides[0]) for side in sides) else []
        case Call(function=function, args=args) if function in _KEEPING_LABELS:
            return _groups(args[0])
    return []


def measured_by_ratio(ratio: Expr, *, good: bool) -> dict[str, Any] | None:
    """The fields of an SLO whose share of ``good`` (or else bad) events is ``ratio``, where its events can be told."""
    ratio = _inside(ratio)
    if isinstance(ratio, Binary) and ratio.matching is None:
        if ratio.op == "-" and isinstance(one := _inside(ratio.lhs), NumberLiteral) and one.value == 1:
            return measured_by_ratio(ratio.rhs, good=not good)
        if ratio.op == "/":
            return measured_by_events(ratio.lhs, ratio.rhs, good=good)
    if good and isinstance(ratio, Call) and ratio.function == "avg_over_time":
        samples = ratio.args[0]
        if isinstance(samples, MatrixSelector):
            return {"available": print_expr(samples.vector)}
    return None


def latency_of(bucket: VectorSelector, count: VectorSelector) -> dict[str, Any] | None:
    """``latency`` where ``bucket`` is one bucket of the classic histogram whose count is ``count``; else None.

    The bucket without a bound (``le="+Inf"``) counts all observations as well.
    """
    name = (bucket.name or "").removesuffix("_bucket")
    if count.name == f"{name}_bucket" and _EVERYTHING in count.matchers:
        below = tuple(matcher for matcher in count.matchers if matcher != _EVERYTHING)
        count = replace(count, name=f"{name}_count", matchers=below)
    bounds = [matcher for matcher in bucket.matchers if matcher.label == "le"]
    others = tuple(matcher for matcher in bucket.matchers if matcher.label != "le")
    same = frozenset(others) == frozenset(count.matchers) and bucket.offset == count.offset
    if bucket.name != f"{name}_bucket" or count.name != f"{name}_count" or not same:
        return None
    if len(bounds) != 1 or bounds[0].op != "=":
        return None
    try:
        bound = Decimal(bounds[0].value)
    except InvalidOperation:
        return None
    if not bound.is_finite() or bound <= 0 or abs(bound.adjusted()) > _MOST_DIGITS:
        return None
    selector = replace(count, name=name)
    return {"metric": print_expr(selector), "below": _bound_text(name, bound)}


def share_of_bad(part: Expr, total: Expr, *, good: bool) -> str:
    """The ratio of bad events from the rates of its parts."""
    ratio = Binary("/", part, total)
    return print_expr(opposite(ratio) if good else ratio)


def opposite(ratio: Expr) -> Expr:
    """The share of all others."""
    return Binary("-", NumberLiteral(1.0, "1"), ratio)


def _bound_text(name: str, bound: Decimal) -> str | int | float:
    if name.endswith("_seconds"):
        return f"{plain_number(bound)}s" if bound >= 1 else f"{plain_number(bound * 1000)}ms"
    return json_number(bound)


def _counted(expr: Expr, *, bare: bool) -> Counted | None:
    expr = _inside(expr)
    by: frozenset[str] = frozenset()
    if isinstance(expr, Aggregate) and expr.op == "sum" and not (expr.grouping is not None and expr.grouping.without):
        by = frozenset(_groups(expr))
        expr = _inside(expr.expr)
    if bare and isinstance(expr, VectorSelector):
        return Counted("rate", expr, by)
    if not isinstance(expr, Call) or len(expr.args) != 1 or not isinstance(expr.args[0], MatrixSelector):
        return None
    selector = expr.args[0].vector
    if selector.at is not None:
        return None
    match expr.function:
        case "rate" | "increase":
            return Counted("rate", selector, by)
        case "count_over_time":
            return Counted("samples", selector, by)
        case "sum_over_time":
            return Counted("sum", selector, by)
    return None


def _without_fill(expr: Expr) -> Expr:
    """``expr`` without the zero that it has where there are no events: monmc fills up by itself."""
    expr = _inside(expr)
    if isinstance(expr, Binary) and expr.op == "or":
        filler = _inside(expr.rhs)
        if isinstance(filler, Call) and filler.function == "vector":
            zero = _inside(filler.args[0])
            if isinstance(zero, NumberLiteral) and zero.value == 0:
                return _inside(expr.lhs)
    return expr


def _without_floor(expr: Expr) -> Expr:
    """All events without ``> 0``: monmc takes a ratio only where there are events."""
    expr = _inside(expr)
    if isinstance(expr, Binary) and expr.op == ">" and not expr.return_bool:
        floor = _inside(expr.rhs)
        if isinstance(floor, NumberLiteral) and floor.value == 0:
            return _inside(expr.lhs)
    return expr


def _inside(expr: Expr) -> Expr:
    while isinstance(expr, Paren):
        expr = expr.expr
    return expr


_MOST_DIGITS = 20
_KEEPING_LABELS = ("abs", "clamp", "clamp_max", "clamp_min")
_EVERYTHING = Matcher("le", "=", "+Inf")
