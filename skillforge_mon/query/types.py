"""What a PromQL expression results in: its kind, its unit, its labels, and what can be said of its values.

Nothing here reports problems: an expression that makes no sense has an unknown unit, and the checks say why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from skillforge_mon.query import labels as label_flow
from skillforge_mon.query import units
from skillforge_mon.query.call_types import call_type
from skillforge_mon.query.catalogue import Catalogue
from skillforge_mon.query.constants import constant_value, is_share_of_one
from skillforge_mon.query.promql import (
    Aggregate,
    Binary,
    Call,
    Expr,
    MatrixSelector,
    NumberLiteral,
    Paren,
    StringLiteral,
    Subquery,
    Unary,
    ValueType,
    VectorSelector,
    metric_name,
)
from skillforge_mon.query.promql.tree import COMPARISONS, SET_OPERATORS
from skillforge_mon.query.shares import is_share
from skillforge_mon.query.type_info import TypeInfo, ValueKind
from skillforge_mon.query.units import BOOLEAN, COUNTED, PERCENT, RATIO, Unit

__all__ = ["TypeInfo", "ValueKind", "infer"]


_MOST_REMEMBERED = 50_000
"""Trees are kept alive as long as their types are remembered; a project of any size must fit into memory."""


def infer(expr: Expr, catalogue: Catalogue) -> TypeInfo:
    """The type of ``expr``, whose metrics are those of ``catalogue``. Asking again for the same tree costs nothing."""
    known = catalogue.inferred.get(id(expr))
    if known is not None:
        return known[1]
    info = _RULES[type(expr)](expr, catalogue)
    if len(catalogue.inferred) >= _MOST_REMEMBERED:
        catalogue.inferred.clear()
    catalogue.inferred[id(expr)] = (expr, info)
    return info


def _number(expr: NumberLiteral, catalogue: Catalogue) -> TypeInfo:
    return TypeInfo("scalar", may_be_negative=expr.value < 0, may_be_empty=False)


def _string(expr: StringLiteral, catalogue: Catalogue) -> TypeInfo:
    return TypeInfo("string", may_be_negative=False, may_be_empty=False)


_NEVER_NEGATIVE = frozenset((BOOLEAN, Unit(("bytes",)), COUNTED))


def _selector(expr: VectorSelector, catalogue: Catalogue) -> TypeInfo:
    name = metric_name(expr)
    entry = catalogue.lookup(name) if name is not None else None
    labels = label_flow.of_selector(expr, entry)
    metrics = frozenset() if name is None else frozenset((name,))
    if entry is None:
        return TypeInfo("instant vector", labels=labels, metrics=metrics)
    measure = units.unit_named(entry.unit)
    native = entry.series == "native_histogram"
    return TypeInfo(
        "histogram" if native else "instant vector",
        measure=measure,
        labels=labels,
        metrics=metrics,
        cumulative=entry.is_counter,
        share=entry.share or (entry.origin != "recording" and entry.series == "gauge" and entry.unit == "ratio"),
        buckets="native" if native else "classic" if entry.series == "bucket" else "",
        observed=units.unit_named(entry.observed_unit),
        may_be_negative=not (entry.is_counter or native or measure in _NEVER_NEGATIVE),
    )


def _range(expr: MatrixSelector, catalogue: Catalogue) -> TypeInfo:
    return replace(infer(expr.vector, catalogue), value="range vector")


def _subquery(expr: Subquery, catalogue: Catalogue) -> TypeInfo:
    return replace(infer(expr.expr, catalogue), value="range vector")


def _paren(expr: Paren, catalogue: Catalogue) -> TypeInfo:
    return infer(expr.expr, catalogue)


def _unary(expr: Unary, catalogue: Catalogue) -> TypeInfo:
    inner = infer(expr.expr, catalogue)
    if expr.op == "+":
        return inner
    measure = None if inner.measure == BOOLEAN else inner.measure
    return replace(inner, measure=measure, cumulative=False, share=False, may_be_negative=True)


def _aggregate(expr: Aggregate, catalogue: Catalogue) -> TypeInfo:
    inner = infer(expr.expr, catalogue)
    info = replace(inner, labels=label_flow.aggregated(expr, inner.labels))
    match expr.op:
        case "count" | "count_values" | "group":
            counted = BOOLEAN if expr.op == "group" else COUNTED
            return _plain(info, measure=counted, may_be_negative=False)
        case "sum":
            measure = COUNTED if inner.measure == BOOLEAN else inner.measure
            return replace(info, measure=measure, share=False)
        case "quantile" if not is_share_of_one(expr.param):
            measure = None if inner.measure == BOOLEAN else inner.measure
            return replace(info, measure=measure, share=False, may_be_negative=True)
        case "avg" | "quantile":
            if inner.measure == BOOLEAN:
                return replace(info, measure=RATIO, share=True)
            return info
        case "topk" | "bottomk" | "limitk" | "limit_ratio":
            return replace(info, may_be_empty=True)
        case "stddev":
            return _plain(info, measure=inner.measure, may_be_negative=False)
        case "stdvar":
            return _plain(info, measure=None, may_be_negative=False)
    return info


def _plain(info: TypeInfo, *, measure: Unit | None, may_be_negative: bool) -> TypeInfo:
    """A number of its own: neither a running total, nor a share, nor a histogram."""
    return TypeInfo(
        "instant vector",
        measure=measure,
        labels=info.labels,
        metrics=info.metrics,
        may_be_negative=may_be_negative,
        may_be_empty=info.may_be_empty,
    )


def _binary(expr: Binary, catalogue: Catalogue) -> TypeInfo:
    left, right = infer(expr.lhs, catalogue), infer(expr.rhs, catalogue)
    metrics = left.metrics | right.metrics
    if expr.op in SET_OPERATORS:
        return _set_operation(expr, left, right, metrics)
    scalars = expr.type is ValueType.SCALAR
    if left.value == "scalar" or right.value == "scalar":
        labels = right.labels if left.value == "scalar" else left.labels
    else:
        labels = label_flow.matched(expr, left.labels, right.labels)
    value: ValueKind = "scalar" if scalars else "instant vector"
    if expr.op in COMPARISONS:
        if expr.return_bool or scalars:
            may_be_empty = left.may_be_empty or right.may_be_empty
            return TypeInfo(value, BOOLEAN, labels, metrics, may_be_negative=False, may_be_empty=may_be_empty)
        kept = right if left.value == "scalar" else left
        return replace(kept, labels=labels, metrics=metrics, may_be_empty=True)
    return _arithmetic(expr, left, right, TypeInfo(value, None, labels, metrics), catalogue)


def _set_operation(expr: Binary, left: TypeInfo, right: TypeInfo, metrics: frozenset[str]) -> TypeInfo:
    if expr.op != "or":
        return replace(left, metrics=metrics, may_be_empty=True)
    return replace(
        left,
        measure=_either(left.measure, right.measure),
        labels=label_flow.either(left.labels, right.labels),
        metrics=metrics,
        share=left.share and right.share,
        may_be_negative=left.may_be_negative or right.may_be_negative,
        may_be_empty=left.may_be_empty and right.may_be_empty,
    )


def _either(left: Unit | None, right: Unit | None) -> Unit | None:
    """The unit of values that come from both sides; an unknown one is taken for the other, unless that is 0 or 1."""
    if left == right:
        return left
    return (left or right) if None in (left, right) and BOOLEAN not in (left, right) else None


_SCALING = frozenset(("*", "/", "+"))


def _arithmetic(expr: Binary, left: TypeInfo, right: TypeInfo, result: TypeInfo, catalogue: Catalogue) -> TypeInfo:
    if left.value == "histogram" or right.value == "histogram":
        result = replace(result, value="histogram", buckets="native", observed=left.observed or right.observed)
    elif expr.op in _SCALING:
        scaled = left if left.buckets else right  # buckets times the 1 of an info metric are still buckets
        result = replace(result, buckets=scaled.buckets, observed=scaled.observed if scaled.buckets else None)
    measure: Unit | None = None
    share = False
    negative = left.may_be_negative or right.may_be_negative
    factor, number = constant_value(expr.rhs), constant_value(expr.lhs)
    match expr.op:
        case "*":
            share = left.share and right.share
            measure = _product(left, right, number, factor)
        case "/":
            measure, share = _quotient(expr, left, right, factor, catalogue)
        case "+":
            measure = units.added(left.measure, right.measure)
        case "-":
            share = number == 1 and right.share
            negative = not share and not (number == 100 and right.measure == PERCENT)
            measure = units.added(left.measure, right.measure)
        case "%":
            measure = left.measure
        case "^" | "atan2":
            negative = True
    if measure == BOOLEAN:
        measure = None  # what is calculated is no longer only 0 or 1
    return replace(
        result,
        measure=measure,
        share=share,
        may_be_negative=negative,
        may_be_empty=left.may_be_empty or right.may_be_empty,
    )


def _product(left: TypeInfo, right: TypeInfo, number: float | None, factor: float | None) -> Unit | None:
    if factor is not None:
        return units.scaled(left.measure, factor)
    if number is not None:
        return units.scaled(right.measure, number)
    if left.measure is None or right.measure is None:
        return None
    return left.measure.times(right.measure)


def _quotient(
    expr: Binary, left: TypeInfo, right: TypeInfo, factor: float | None, catalogue: Catalogue
) -> tuple[Unit | None, bool]:
    if factor is not None:
        return (units.scaled(left.measure, 1 / factor) if factor else None), False
    if is_share(expr.lhs, expr.rhs):
        return RATIO, True
    measure, multiplied = _without_factor(expr.lhs, left, catalogue)
    if measure is None or right.measure is None:
        return None, False
    return units.scaled(measure.by(right.measure), multiplied), False


def _without_factor(expr: Expr, info: TypeInfo, catalogue: Catalogue) -> tuple[Unit | None, float]:
    """The unit of ``x`` and 100 for ``x * 100``, so that ``x * 100 / y`` is a percentage as ``x / y * 100`` is."""
    while isinstance(expr, Paren):
        expr = expr.expr
    if isinstance(expr, Binary) and expr.op == "*":
        for value, number in ((expr.lhs, expr.rhs), (expr.rhs, expr.lhs)):
            factor = constant_value(number)
            if factor is not None:
                return infer(value, catalogue).measure, factor
    return info.measure, 1.0


def _call(expr: Call, catalogue: Catalogue) -> TypeInfo:
    return call_type(expr, [infer(argument, catalogue) for argument in expr.args])


_RULES: dict[type, Callable[[Any, Catalogue], TypeInfo]] = {
    NumberLiteral: _number,
    StringLiteral: _string,
    VectorSelector: _selector,
    MatrixSelector: _range,
    Subquery: _subquery,
    Paren: _paren,
    Unary: _unary,
    Aggregate: _aggregate,
    Binary: _binary,
    Call: _call,
}
