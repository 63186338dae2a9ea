"""Whether a quotient is a share: a part by its whole, between 0 and 1 for certain."""

from __future__ import annotations

from skillforge_mon.query.promql import (
    Aggregate,
    Binary,
    Call,
    Expr,
    MatrixSelector,
    Paren,
    VectorSelector,
    metric_name,
)

_COUNTING = frozenset(("sum", "count"))
_OF_A_COUNTER = frozenset(("rate", "increase"))


def is_share(part: Expr, whole: Expr) -> bool:
    """True for the same counters on both sides, those below the line selected by no more matchers than those above.

    ``sum(rate(x{code="500"}[5m])) / sum(rate(x[5m]))`` is one; with other windows, other times or other operators the
    quotient can be greater than 1. So are ``hits / (hits + misses)`` and ``count(up == 0) / count(up)``.
    """
    part, whole = _bare(part), _bare(whole)
    if isinstance(whole, Binary) and whole.op == "+":
        return any(_bare(side) == part for side in (whole.lhs, whole.rhs))
    if isinstance(part, Aggregate) and isinstance(whole, Aggregate):
        return part.op == whole.op and part.op in _COUNTING and _within(_bare(part.expr), _bare(whole.expr))
    return isinstance(part, Call) and _within(part, whole)


def _within(part: Expr, whole: Expr) -> bool:
    if isinstance(part, Binary) and isinstance(whole, VectorSelector):
        return part.op in {"==", "!=", "<", "<=", ">", ">="} and not part.return_bool and _within(part.lhs, whole)
    if isinstance(part, Call) and isinstance(whole, Call):
        if part.function != whole.function or part.function not in _OF_A_COUNTER:
            return False
        above, below = part.args[0], whole.args[0]
        if not isinstance(above, MatrixSelector) or not isinstance(below, MatrixSelector):
            return False
        return above.range == below.range and _selects_within(above.vector, below.vector)
    if isinstance(part, VectorSelector) and isinstance(whole, VectorSelector):
        return _selects_within(part, whole)
    return False


def _selects_within(part: VectorSelector, whole: VectorSelector) -> bool:
    above, below = metric_name(part), metric_name(whole)
    if above is None or below is None or (part.offset, part.at) != (whole.offset, whole.at):
        return False
    if above.endswith("_bucket") and below == above.removesuffix("_bucket") + "_count":
        above = below
    return above == below and set(whole.matchers) <= set(part.matchers)


def _bare(expr: Expr) -> Expr:
    while isinstance(expr, Paren):
        expr = expr.expr
    return expr
