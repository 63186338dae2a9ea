"""What it takes for a query to be a condition: a comparison, in the query itself or as a threshold beside it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from skillforge_mon.query.constants import constant_value
from skillforge_mon.query.promql import Binary, Expr, Paren
from skillforge_mon.spec.quantities import Threshold

COMPARISONS = frozenset({"==", "!=", ">", "<", ">=", "<="})
_MIRRORED = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "==": "==", "!=": "!="}


@dataclass(frozen=True, slots=True)
class Comparison:
    """``op number``, the number in the unit of the value that is compared."""

    op: str
    number: Decimal


def compares(expr: Expr) -> bool:
    """True when the query keeps only values that stand a comparison, so that it can be an alert's condition."""
    while isinstance(expr, Paren):
        expr = expr.expr
    if not isinstance(expr, Binary):
        return False
    if expr.op in COMPARISONS:
        return not expr.return_bool
    if expr.op in {"and", "or"}:
        return compares(expr.lhs) or compares(expr.rhs)
    return expr.op == "unless" and compares(expr.lhs)


def split_comparison(expr: Expr) -> tuple[Expr, Comparison | None]:
    """The value and what it is compared with, of ``value > 5`` or ``5 < value``; (expr, None) for anything else."""
    while isinstance(expr, Paren):
        expr = expr.expr
    if not isinstance(expr, Binary) or expr.op not in COMPARISONS or expr.return_bool:
        return expr, None
    right = constant_value(expr.rhs)
    if right is not None:
        return expr.lhs, Comparison(expr.op, Decimal(repr(right)))
    left = constant_value(expr.lhs)
    if left is not None:
        return expr.rhs, Comparison(_MIRRORED[expr.op], Decimal(repr(left)))
    return expr, None


def threshold_number(threshold: Threshold, unit: str) -> Decimal:
    """The number to compare with, in ``unit``: ``> 5%`` is 0.05 against a ratio, 5 against percent (0 to 100)."""
    quantity = threshold.quantity
    if quantity.unit == "%" and unit == "percent":
        return quantity.value
    if unit == "milliseconds" and quantity.base_unit == "seconds":
        return quantity.base * 1000
    return quantity.base
