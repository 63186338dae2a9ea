"""Which labels the series of a query can have.

Sources: Loki, "Metric queries", and pkg/logql/engine.go (``resultMetric``), which is as in PromQL.
"""

from __future__ import annotations

from typing import Final

from skillforge_mon.query.logql.tree import (
    Binary,
    Grouping,
    LabelReplace,
    LogLines,
    MetricExpr,
    Number,
    RangeAggregate,
    Vector,
    VectorAggregate,
)

_CHOOSING: Final = frozenset(("topk", "bottomk", "approx_topk", "sort", "sort_desc"))
"""Aggregations that leave out series, or order them, and change none: their grouping says among which they choose."""
_SETS: Final = frozenset(("and", "unless"))


def result_labels(expr: MetricExpr) -> frozenset[str] | None:
    """The names of the labels; None where all labels that the lines have are left."""
    match expr:
        case Number() | Vector():
            return frozenset()
        case RangeAggregate(op="absent_over_time"):
            return _named(expr.lines)
        case RangeAggregate():
            return _grouped(expr.grouping, None) if expr.grouping is not None else None
        case VectorAggregate():
            inner = result_labels(expr.expr)
            return inner if expr.op in _CHOOSING else _grouped(expr.grouping, inner)
        case LabelReplace():
            inner = result_labels(expr.expr)
            return None if inner is None else inner | {expr.texts[0]}
        case Binary():
            return _joined(expr)


def _named(lines: LogLines) -> frozenset[str]:
    """What is absent has the labels that it would have had for sure."""
    return frozenset(matcher.label for matcher in lines.matchers if matcher.op == "=")


def _grouped(grouping: Grouping | None, inner: frozenset[str] | None) -> frozenset[str] | None:
    if grouping is None:
        return frozenset()
    if not grouping.without:
        return frozenset(grouping.labels)
    return None if inner is None else inner - {*grouping.labels}


def _joined(expr: Binary) -> frozenset[str] | None:
    if isinstance(expr.left, Number):
        return result_labels(expr.right)
    left = result_labels(expr.left)
    if isinstance(expr.right, Number) or expr.op in _SETS:
        return left
    if expr.op == "or":
        right = result_labels(expr.right)
        return None if left is None or right is None else left | right
    matching = expr.matching
    if matching is None:
        return left
    if matching.group:
        many = left if matching.group == "left" else result_labels(expr.right)
        return None if many is None else many | {*matching.include}
    if matching.on:
        return frozenset(matching.labels)
    return None if left is None else left - {*matching.labels}
