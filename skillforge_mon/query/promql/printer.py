"""Trees to text: one canonical line, or several lines for people.

The text parses back to an equal tree. Parentheses of the tree are kept; a tree that was built without parentheses
that its text needs gets them. Numbers and durations are printed in the form that every version reads: ``0x1F`` as
``31``, ``> 5m`` as ``> 300``, ``[300]`` as ``[5m]``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from skillforge_mon.query.promql.strings import quote_string
from skillforge_mon.query.promql.tree import (
    METRIC_NAME_LABEL,
    PRECEDENCE,
    Aggregate,
    At,
    Binary,
    Call,
    Card,
    Duration,
    Expr,
    LabelName,
    Matcher,
    MatrixSelector,
    NumberLiteral,
    Paren,
    StringLiteral,
    Subquery,
    Unary,
    VectorSelector,
)

_METRIC = re.compile(r"[A-Za-z_:][A-Za-z0-9_:]*").fullmatch
_LABEL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*").fullmatch
_NOT_METRICS = frozenset(("on", "ignoring", "bool", "group_left", "group_right", "atan2", "inf", "nan"))
_NOT_LISTED = frozenset(("without", "inf", "nan"))
_MOST_DIGITS = 21
"""Numbers with more digits before or after the point are printed with an exponent."""


def print_expr(expr: Expr) -> str:
    """The canonical text of ``expr`` on one line."""
    return _PRINT[type(expr)](expr)


def number_text(value: float) -> str:
    """The shortest decimal text of a number: ``0.999``, ``300``, ``1e+30``, ``NaN``, ``-Inf``."""
    text = repr(float(value))
    if text.endswith(".0"):
        return text[:-2]
    if "e" in text:
        from decimal import Decimal  # only very large and small numbers need it

        decimal = Decimal(text)
        if abs(decimal.adjusted()) < _MOST_DIGITS:
            return format(decimal, "f")
        return text
    if "n" in text:
        return "NaN" if text == "nan" else text.replace("inf", "Inf")
    return text


def metric_text(name: str) -> str | None:
    """The name of a metric as it stands before braces; None when it must be quoted inside them."""
    return name if _METRIC(name) and name.lower() not in _NOT_METRICS else None


def is_plain_label(name: str) -> bool:
    """True when a label needs no quotes inside braces."""
    return _LABEL(name) is not None


def is_plain_listed_label(name: str) -> bool:
    """True when a label needs no quotes in a list such as ``by (…)``."""
    return _LABEL(name) is not None and name.lower() not in _NOT_LISTED


def matcher_text(matcher: Matcher) -> str:
    """``label="value"``."""
    label = matcher.label if is_plain_label(matcher.label) else quote_string(matcher.label)
    return f"{label}{matcher.op}{quote_string(matcher.value)}"


def label_list_text(labels: tuple[LabelName, ...]) -> str:
    """``(a, b)``, as in ``by (a, b)``."""
    return f"({', '.join([_listed(label.name) for label in labels])})"


def _listed(name: str) -> str:
    return name if is_plain_listed_label(name) else quote_string(name)


def selector_parts(selector: VectorSelector, in_braces: bool = False) -> tuple[str, list[str]]:
    """What stands before the braces, and what stands inside them."""
    matchers = [matcher_text(matcher) for matcher in selector.matchers]
    if selector.name is None:
        return "", matchers
    name = None if in_braces else metric_text(selector.name)
    if name is None or any(matcher.label == METRIC_NAME_LABEL for matcher in selector.matchers):
        return "", [quote_string(selector.name), *matchers]
    return name, matchers


def time_suffix(at: At | None, offset: Duration | None) -> str:
    """`` @ 1609746000 offset 5m``, or less."""
    text = ""
    if at is not None:
        text = f" @ {at.time}()" if isinstance(at.time, str) else f" @ {_seconds(at.time)}"
    if offset is not None:
        text += f" offset {offset}"
    return text


def _seconds(milliseconds: int) -> str:
    whole, rest = divmod(abs(milliseconds), 1000)
    sign = "-" if milliseconds < 0 else ""
    return f"{sign}{whole}.{rest:03d}".rstrip("0") if rest else f"{sign}{whole}"


def range_suffix(subquery: Subquery) -> str:
    """``[1h:5m] @ … offset …`` behind a subquery's expression."""
    step = subquery.step or ""
    return f"[{subquery.range}:{step}]{time_suffix(subquery.at, subquery.offset)}"


def operator_text(binary: Binary) -> str:
    """The operator of ``binary`` with its modifiers: ``/ on (job) group_left (team)``."""
    text = f"{binary.op} bool" if binary.return_bool else str(binary.op)
    matching = binary.matching
    if matching is None:
        return text
    text = f"{text} {'on' if matching.on else 'ignoring'} {label_list_text(matching.labels)}"
    if matching.card is Card.MANY_TO_ONE:
        return f"{text} group_left {label_list_text(matching.include)}"
    if matching.card is Card.ONE_TO_MANY:
        return f"{text} group_right {label_list_text(matching.include)}"
    return text


def aggregate_head(aggregate: Aggregate) -> str:
    """``sum by (job) `` or ``sum``: what stands before the parenthesis."""
    grouping = aggregate.grouping
    if grouping is None:
        return aggregate.op
    return f"{aggregate.op} {'without' if grouping.without else 'by'} {label_list_text(grouping.labels)} "


def wants_parentheses_left(binary: Binary) -> bool:
    """True when the left operand would be read otherwise without parentheses."""
    left, precedence = binary.lhs, PRECEDENCE[binary.op]
    if isinstance(left, Binary):
        inner = PRECEDENCE[left.op]
        return inner < precedence or (inner == precedence and binary.op == "^")
    return binary.op == "^" and is_signed(left)


def wants_parentheses_right(binary: Binary) -> bool:
    """True when the right operand would be read otherwise without parentheses."""
    right, precedence = binary.rhs, PRECEDENCE[binary.op]
    if isinstance(right, Binary):
        inner = PRECEDENCE[right.op]
        return inner < precedence or (inner == precedence and binary.op != "^")
    return False


def wants_parentheses_signed(unary: Unary) -> bool:
    """True when the expression behind a sign would be read otherwise without parentheses."""
    inner = unary.expr
    if isinstance(inner, Binary):
        return inner.op != "^"
    return isinstance(inner, NumberLiteral)


def is_signed(expr: Expr) -> bool:
    """True for text that starts with a sign."""
    return isinstance(expr, Unary) or (isinstance(expr, NumberLiteral) and repr(float(expr.value)).startswith("-"))


def _enclosed(text: str, wanted: bool) -> str:
    return f"({text})" if wanted else text


def _vector(selector: VectorSelector, in_braces: bool = False) -> str:
    name, inside = selector_parts(selector, in_braces)
    suffix = time_suffix(selector.at, selector.offset) if selector.at or selector.offset else ""
    if inside or not name:
        return f"{name}{{{', '.join(inside)}}}{suffix}"
    return name + suffix


def _matrix(matrix: MatrixSelector) -> str:
    selector = matrix.vector
    name, inside = selector_parts(selector)
    braces = f"{{{', '.join(inside)}}}" if inside or not name else ""
    return f"{name}{braces}[{matrix.range}]{time_suffix(selector.at, selector.offset)}"


def _subquery(subquery: Subquery) -> str:
    expr = subquery.expr
    return f"{_enclosed(print_expr(expr), isinstance(expr, (Binary, Unary)))}{range_suffix(subquery)}"


def _binary(binary: Binary) -> str:
    left = _enclosed(print_expr(binary.lhs), wants_parentheses_left(binary))
    right = _enclosed(print_expr(binary.rhs), wants_parentheses_right(binary))
    return f"{left} {operator_text(binary)} {right}"


def _unary(unary: Unary) -> str:
    return f"{unary.op}{_enclosed(print_expr(unary.expr), wants_parentheses_signed(unary))}"


def _aggregate(aggregate: Aggregate) -> str:
    param = "" if aggregate.param is None else f"{print_expr(aggregate.param)}, "
    return f"{aggregate_head(aggregate)}({param}{print_expr(aggregate.expr)})"


def argument_text(call: Call, position: int) -> str:
    """One argument; the second of ``info`` is matchers, whose metric must be named inside the braces."""
    argument = call.args[position]
    if position == 1 and call.function == "info" and isinstance(argument, VectorSelector):
        return _vector(argument, in_braces=True)
    return print_expr(argument)


def _call(call: Call) -> str:
    return f"{call.function}({', '.join([argument_text(call, position) for position in range(len(call.args))])})"


_PRINT: dict[type, Callable[[Any], str]] = {
    NumberLiteral: lambda number: number_text(number.value),
    StringLiteral: lambda string: quote_string(string.value),
    VectorSelector: _vector,
    MatrixSelector: _matrix,
    Subquery: _subquery,
    Paren: lambda paren: f"({print_expr(paren.expr)})",
    Unary: _unary,
    Binary: _binary,
    Aggregate: _aggregate,
    Call: _call,
}
