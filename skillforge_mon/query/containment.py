"""Whether the series of one expression are, at every moment, among those of another.

Series are told apart by their labels alone, without values and names, as the set operators do. What cannot be shown
from the text counts as not contained.
"""

from __future__ import annotations

from typing import TypeAlias

from skillforge_mon.query.constants import constant_value
from skillforge_mon.query.promql import (
    Aggregate,
    Binary,
    Call,
    Expr,
    MatrixSelector,
    Paren,
    Subquery,
    Unary,
    ValueType,
    VectorSelector,
    metric_name,
)
from skillforge_mon.query.promql.tree import COMPARISONS, METRIC_NAME_LABEL

_OF_ABSENCE = frozenset(("absent", "absent_over_time", "vector", "scalar", "info"))
"""Functions of whose result less data makes more, or that need no data at all."""
_CHOOSING = frozenset(("topk", "bottomk", "limitk", "limit_ratio", "count_values"))


def is_within(part: Expr, whole: Expr) -> bool:
    """True when every series of ``part`` is also one of ``whole``, whatever the data are."""
    return _within(part, whole, {})


_Known: TypeAlias = dict[tuple[int, int], bool]
"""What has been found out of pairs, by the identities of their trees: each pair is looked at once."""


def _within(part: Expr, whole: Expr, known: _Known) -> bool:
    part, whole = bare(part), bare(whole)
    pair = (id(part), id(whole))
    found = known.get(pair)
    if found is None:
        found = known[pair] = part == whole or _is_less(part, whole, known) or _alike(part, whole, known)
    return found


def _is_less(part: Expr, whole: Expr, known: _Known) -> bool:
    """True when what ``part`` leaves of its operands, or what ``whole`` adds to one of its own, makes it so."""
    if isinstance(part, Binary):
        if part.op == "or":
            return _within(part.lhs, whole, known) and _within(part.rhs, whole, known)
        if part.op in {"and", "unless"} and _within(part.lhs, whole, known):
            return True
        if part.op == "and" and part.matching is None and _within(part.rhs, whole, known):
            return True
        value = filtered(part)
        if value is not None and _within(value, whole, known):
            return True
    if isinstance(whole, Binary) and whole.op == "or":
        # What `or` hides of its right side has, on the left, a series of the same labels; unless only some are matched.
        if _within(part, whole.lhs, known):
            return True
        return whole.matching is None and _within(part, whole.rhs, known)
    return False


def filtered(expr: Expr) -> Expr | None:
    """The value of ``value > 5``, which leaves some of its series; None for any other expression."""
    if not isinstance(expr, Binary) or expr.op not in COMPARISONS or expr.return_bool:
        return None
    if expr.rhs.type is ValueType.SCALAR and expr.lhs.type is not ValueType.SCALAR:
        return expr.lhs
    if expr.lhs.type is ValueType.SCALAR and expr.rhs.type is not ValueType.SCALAR:
        return expr.rhs
    return None


def bare(expr: Expr) -> Expr:
    """``expr`` without the parentheses around it."""
    while isinstance(expr, Paren):
        expr = expr.expr
    return expr


def _alike(part: Expr, whole: Expr, known: _Known) -> bool:
    """The same operations, over less on the left."""
    match part, whole:
        case VectorSelector(), VectorSelector():
            return _selects_within(part, whole)
        case MatrixSelector(), MatrixSelector():
            return part.range == whole.range and _selects_within(part.vector, whole.vector)
        case Subquery(), Subquery():
            same = (part.range, part.step, part.offset, part.at) == (whole.range, whole.step, whole.offset, whole.at)
            return same and _within(part.expr, whole.expr, known)
        case Unary(), Unary():
            return _within(part.expr, whole.expr, known)
        case Aggregate(), Aggregate():
            # Which groups there are does not depend on the operation, only on the series that are grouped.
            plain = part.op not in _CHOOSING and whole.op not in _CHOOSING
            return plain and part.grouping == whole.grouping and _within(part.expr, whole.expr, known)
        case Call(), Call():
            return _calls_within(part, whole, known)
        case Binary(), Binary():
            return _operations_within(part, whole, known)
    return False


def _selects_within(part: VectorSelector, whole: VectorSelector) -> bool:
    if metric_name(part) is None or (part.offset, part.at) != (whole.offset, whole.at):
        return False
    if metric_name(part) != metric_name(whole):
        return False
    ours, theirs = (
        {matcher for matcher in selector.matchers if matcher.label != METRIC_NAME_LABEL} for selector in (part, whole)
    )
    return theirs <= ours


def _calls_within(part: Call, whole: Call, known: _Known) -> bool:
    if part.function != whole.function or part.function in _OF_ABSENCE or len(part.args) != len(whole.args):
        return False
    return all(
        _within(ours, theirs, known) if ours.type in {ValueType.VECTOR, ValueType.MATRIX} else ours == theirs
        for ours, theirs in zip(part.args, whole.args, strict=True)
    )


def _operations_within(part: Binary, whole: Binary, known: _Known) -> bool:
    """The same value compared more strictly, or arithmetic with a number."""
    ours, theirs = filtered(part), filtered(whole)
    if ours is not None and theirs is not None:
        return bare(ours) == bare(theirs) and implies(part, whole)
    if part.op != whole.op or part.return_bool != whole.return_bool or part.op in COMPARISONS:
        return False
    if part.lhs.type is ValueType.SCALAR or part.rhs.type is ValueType.SCALAR:
        return part.lhs.type == whole.lhs.type and _within(_vector(part), _vector(whole), known)
    return False


def _vector(node: Binary) -> Expr:
    return node.rhs if node.lhs.type is ValueType.SCALAR else node.lhs


_MIRRORED = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "==": "==", "!=": "!="}


def implies(stricter: Binary, other: Binary) -> bool:
    """True when a value that stands the first comparison with a number stands the second."""
    first, second = _limit(stricter), _limit(other)
    if first is None or second is None:
        return False
    return limit_implies(*first, *second)


def limit_implies(op: str, number: float, other_op: str, other_number: float) -> bool:
    """True when ``value op number`` makes ``value other_op other_number`` certain."""
    match op, other_op:
        case (">" | ">=", ">" | ">="):
            return number > other_number or (number == other_number and (op == ">" or other_op == ">="))
        case ("<" | "<=", "<" | "<="):
            return number < other_number or (number == other_number and (op == "<" or other_op == "<="))
        case ("==", _):
            return _holds(number, other_op, other_number)
        case ("!=", "!="):
            return number == other_number
        case (">" | ">=", "!="):
            return number > other_number or (number == other_number and op == ">")
        case ("<" | "<=", "!="):
            return number < other_number or (number == other_number and op == "<")
    return False


def _limit(node: Binary) -> tuple[str, float] | None:
    right = constant_value(node.rhs)
    if right is not None:
        return node.op, right
    left = constant_value(node.lhs)
    return None if left is None else (_MIRRORED[node.op], left)


def _holds(value: float, op: str, number: float) -> bool:
    return {
        ">": value > number,
        ">=": value >= number,
        "<": value < number,
        "<=": value <= number,
        "==": value == number,
        "!=": value != number,
    }[op]
