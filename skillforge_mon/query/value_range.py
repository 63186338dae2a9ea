"""Between which bounds the values of an expression lie, and what that makes of a comparison with a number."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from skillforge_mon.query.catalogue import Catalogue
from skillforge_mon.query.constants import constant_value
from skillforge_mon.query.promql import (
    Aggregate,
    Binary,
    Call,
    Expr,
    MatrixSelector,
    Paren,
    Subquery,
    ValueType,
)
from skillforge_mon.query.promql.tree import COMPARISONS
from skillforge_mon.query.types import infer
from skillforge_mon.query.units import BOOLEAN


@dataclass(frozen=True, slots=True)
class Range:
    """Every value is at least ``least`` and at most ``greatest``; both may be infinite. Values that are no number
    (NaN) may be there in any case: they stand no comparison but ``!=``.

    ``comes_and_goes`` where the result is empty instead of having other values: the 1 of ``absent``, what a filter
    leaves.
    """

    least: float = -math.inf
    greatest: float = math.inf
    comes_and_goes: bool = False

    @property
    def is_one_value(self) -> bool:
        """True when all values are the same."""
        return self.least == self.greatest


ANYTHING = Range()
_NEVER_NEGATIVE = Range(0.0)
_SHARE = Range(0.0, 1.0)
_AT_LEAST_ONE = Range(1.0, comes_and_goes=True)
_ONE = Range(1.0, 1.0, comes_and_goes=True)

_OF_FUNCTIONS = {
    "absent": _ONE,
    "absent_over_time": _ONE,
    "present_over_time": _ONE,
    "count_over_time": _AT_LEAST_ONE,
    "day_of_month": Range(1.0, 31.0),
    "day_of_week": Range(0.0, 6.0),
    "day_of_year": Range(1.0, 366.0),
    "days_in_month": Range(28.0, 31.0),
    "hour": Range(0.0, 23.0),
    "minute": Range(0.0, 59.0),
    "month": Range(1.0, 12.0),
    "sgn": Range(-1.0, 1.0),
}
"""Prometheus, "Functions". What counts samples or series has no result where there are none, and so is never 0."""
_WITHIN_THE_ARGUMENT = frozenset(
    ("avg_over_time", "max_over_time", "min_over_time", "last_over_time", "first_over_time", "sort", "sort_desc",
     "sort_by_label", "sort_by_label_desc", "label_replace", "label_join", "vector")
)  # fmt: skip
_WITHIN_THE_GROUP = frozenset(("avg", "max", "min", "topk", "bottomk", "limitk", "limit_ratio"))


def value_range(expr: Expr, catalogue: Catalogue) -> Range:
    """The bounds of what ``expr`` returns, as narrow as its text and the catalogue allow."""
    number = constant_value(expr)
    if number is not None:
        return Range(number, number)
    match expr:
        case Paren():
            return value_range(expr.expr, catalogue)
        case MatrixSelector():
            return value_range(expr.vector, catalogue)
        case Subquery():
            return value_range(expr.expr, catalogue)
        case Aggregate() if expr.op == "count":
            return _AT_LEAST_ONE
        case Aggregate() if expr.op == "group":
            return _ONE
        case Aggregate() if expr.op == "sum":
            inner = value_range(expr.expr, catalogue)
            return (
                Range(inner.least, comes_and_goes=inner.comes_and_goes)
                if inner.least > 0
                else _of_type(expr, catalogue)
            )
        case Aggregate() if expr.op in _WITHIN_THE_GROUP:
            return value_range(expr.expr, catalogue)
        case Call() if expr.function in _OF_FUNCTIONS:
            return _OF_FUNCTIONS[expr.function]
        case Call() if expr.function in _WITHIN_THE_ARGUMENT:
            return value_range(expr.args[0], catalogue)
        case Binary():
            found = _of_operator(expr, catalogue)
            if found is not None:
                return found
    return _of_type(expr, catalogue)


def _of_type(expr: Expr, catalogue: Catalogue) -> Range:
    info = infer(expr, catalogue)
    if info.share or info.measure == BOOLEAN:
        return _SHARE
    return ANYTHING if info.may_be_negative else _NEVER_NEGATIVE


def _of_operator(node: Binary, catalogue: Catalogue) -> Range | None:
    """The range of set operators, of filters, and of arithmetic with a number; None for others."""
    match node.op:
        case "and" | "unless":
            return replace(value_range(node.lhs, catalogue), comes_and_goes=True)
        case "or":
            left, right = value_range(node.lhs, catalogue), value_range(node.rhs, catalogue)
            comes_and_goes = left.comes_and_goes or right.comes_and_goes
            return Range(min(left.least, right.least), max(left.greatest, right.greatest), comes_and_goes)
    if node.op in COMPARISONS:
        if node.return_bool or node.type is ValueType.SCALAR:
            return _SHARE
        kept = node.rhs if node.lhs.type is ValueType.SCALAR else node.lhs
        return _filtered(node, value_range(kept, catalogue))
    left_number, right_number = constant_value(node.lhs), constant_value(node.rhs)
    if right_number is not None:
        return _with_number_right(node.op, value_range(node.lhs, catalogue), right_number)
    if left_number is not None:
        return _with_number_left(node.op, left_number, value_range(node.rhs, catalogue))
    return None


_MIRRORED = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "==": "==", "!=": "!="}


def _filtered(node: Binary, values: Range) -> Range:
    """What a comparison with a number leaves of ``values``."""
    op: str = node.op
    number = constant_value(node.rhs)
    if number is None:
        number, op = constant_value(node.lhs), _MIRRORED[node.op]
    if number is None:
        return replace(values, comes_and_goes=True)
    match op:
        case ">" | ">=":
            return Range(max(values.least, number), max(values.greatest, number), comes_and_goes=True)
        case "<" | "<=":
            return Range(min(values.least, number), min(values.greatest, number), comes_and_goes=True)
        case "==":
            return Range(number, number, comes_and_goes=True)
    return replace(values, comes_and_goes=True)


def _with_number_right(op: str, values: Range, number: float) -> Range | None:
    match op:
        case "+":
            return _between(values.least + number, values.greatest + number, values)
        case "-":
            return _between(values.least - number, values.greatest - number, values)
        case "*" if number:
            return _between(values.least * number, values.greatest * number, values)
        case "/" if number:
            return _between(values.least / number, values.greatest / number, values)
    return None


def _with_number_left(op: str, number: float, values: Range) -> Range | None:
    match op:
        case "+" | "*":
            return _with_number_right(op, values, number)
        case "-":
            return _between(number - values.greatest, number - values.least, values)
    return None


def _between(first: float, second: float, values: Range) -> Range:
    return Range(min(first, second), max(first, second), values.comes_and_goes)


def outcome(op: str, number: float, values: Range) -> bool | None:
    """What ``value op number`` comes out as for every number in ``values``; None when that depends on the value."""
    match op:
        case ">" | ">=":
            strict = op == ">"
            if values.least > number if strict else values.least >= number:
                return True
            if values.greatest <= number if strict else values.greatest < number:
                return False
        case "<" | "<=":
            strict = op == "<"
            if values.greatest < number if strict else values.greatest <= number:
                return True
            if values.least >= number if strict else values.least > number:
                return False
        case "==" | "!=":
            if values.is_one_value and values.least == number:
                return op == "=="
            if number < values.least or number > values.greatest:
                return op == "!="
    return None


def bounds_text(values: Range) -> str:
    """The bounds in words; at least one of them is finite."""
    if values.is_one_value:
        return f"the value is always {values.least:g}"
    if math.isinf(values.greatest):
        return f"the value is never below {values.least:g}"
    if math.isinf(values.least):
        return f"the value is never above {values.greatest:g}"
    return f"the value lies between {values.least:g} and {values.greatest:g}"
