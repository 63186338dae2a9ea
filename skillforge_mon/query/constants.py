"""Numbers in expressions: what a constant part evaluates to."""

from __future__ import annotations

import math

from skillforge_mon.query.promql import Binary, Expr, NumberLiteral, Paren, Unary


def constant_value(expr: Expr) -> float | None:
    """The value of a number, of one with a sign, in brackets, or of arithmetic between such; None otherwise.

    What is not a finite number counts as not constant.
    """
    value = _value(expr)
    return value if value is not None and math.isfinite(value) else None


def is_share_of_one(expr: Expr | None) -> bool:
    """True for a constant between 0 and 1, as the φ of a quantile should be; outside, quantiles are ±Inf."""
    value = constant_value(expr) if expr is not None else None
    return value is not None and 0 <= value <= 1


def _value(expr: Expr) -> float | None:
    if isinstance(expr, NumberLiteral):
        return expr.value
    if isinstance(expr, Paren):
        return _value(expr.expr)
    if isinstance(expr, Unary):
        inner = _value(expr.expr)
        return None if inner is None else -inner if expr.op == "-" else inner
    if isinstance(expr, Binary):
        left, right = _value(expr.lhs), _value(expr.rhs)
        if left is not None and right is not None:
            return _result(expr.op, left, right)
    return None


def _result(op: str, left: float, right: float) -> float | None:
    try:
        match op:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case "/":
                return left / right
            case "^":
                power = left**right
                return power if isinstance(power, float) else None
    except (ZeroDivisionError, OverflowError):
        return None
    return None
