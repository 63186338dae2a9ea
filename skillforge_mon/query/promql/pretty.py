"""Trees to text over several lines, for people."""

from __future__ import annotations

from skillforge_mon.query.promql.printer import (
    aggregate_head,
    argument_text,
    operator_text,
    print_expr,
    range_suffix,
    selector_parts,
    time_suffix,
    wants_parentheses_left,
    wants_parentheses_right,
    wants_parentheses_signed,
)
from skillforge_mon.query.promql.tree import (
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
    VectorSelector,
)

INDENT = 2
"""Spaces by which what stands between brackets is moved to the right."""


def pretty(expr: Expr, width: int = 100) -> str:
    """The canonical text of ``expr``, broken into lines where it is longer than ``width`` characters.

    Operators start lines; what stands in brackets is indented. Names and strings are never broken, so that a line may
    still be longer. Parsing the text gives an equal tree.
    """
    return "\n".join(_lines(expr, width))


def _lines(expr: Expr, width: int) -> list[str]:
    flat = print_expr(expr)
    if len(flat) <= width:
        return [flat]
    match expr:
        case NumberLiteral() | StringLiteral():
            return [flat]
        case VectorSelector():
            return _selector(expr, time_suffix(expr.at, expr.offset), width, flat)
        case MatrixSelector():
            suffix = f"[{expr.range}]{time_suffix(expr.vector.at, expr.vector.offset)}"
            return _selector(expr.vector, suffix, width, flat)
        case Paren():
            return _bracketed("(", [_lines(expr.expr, width - INDENT)], ")")
        case Unary():
            return _prefixed(expr.op, _operand(expr.expr, wants_parentheses_signed(expr), width - 1))
        case Subquery():
            inner = _operand(expr.expr, isinstance(expr.expr, (Binary, Unary)), width)
            return [*inner[:-1], inner[-1] + range_suffix(expr)]
        case Binary():
            operator = f"{operator_text(expr)} "
            left = _operand(expr.lhs, wants_parentheses_left(expr), width)
            right = _operand(expr.rhs, wants_parentheses_right(expr), width - len(operator))
            return [*left, *_prefixed(operator, right)]
        case Aggregate():
            arguments = [expr.expr] if expr.param is None else [expr.param, expr.expr]
            return _bracketed(f"{aggregate_head(expr)}(", [_lines(each, width - INDENT) for each in arguments], ")")
        case Call():
            texts = [
                [argument_text(expr, position)]
                if expr.function == "info" and position
                else _lines(each, width - INDENT)
                for position, each in enumerate(expr.args)
            ]
            return _bracketed(f"{expr.function}(", texts, ")")


def _operand(expr: Expr, parenthesised: bool, width: int) -> list[str]:
    if not parenthesised:
        return _lines(expr, width)
    return _lines(Paren(expr), width)


def _prefixed(prefix: str, lines: list[str]) -> list[str]:
    return [prefix + lines[0], *lines[1:]]


def _bracketed(opening: str, items: list[list[str]], closing: str) -> list[str]:
    """Each item on lines of its own between the brackets, indented, with commas between them."""
    if not items:
        return [opening + closing]
    body: list[str] = []
    for position, item in enumerate(items):
        comma = "," if position < len(items) - 1 else ""
        body.extend(" " * INDENT + line for line in [*item[:-1], item[-1] + comma])
    return [opening, *body, closing]


def _selector(selector: VectorSelector, suffix: str, width: int, flat: str) -> list[str]:
    name, inside = selector_parts(selector)
    if len(inside) <= 1 or width <= INDENT:
        return [flat]
    return _bracketed(f"{name}{{", [[text] for text in inside], f"}}{suffix}")
