"""Formulas: calculations over named queries, as trees, and their one printer.

docs.datadoghq.com, "Querying" (Formulas) and "Functions": ``moving_rollup(a, 3600, 'sum') / moving_rollup(b, …)``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from skillforge_mon.backends.datadog.query.tree import ArithmeticOp
from skillforge_mon.spec.quantities import plain_number


@dataclass(frozen=True, slots=True)
class Named:
    """The result of the query that has this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Value:
    """A number."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Calculated:
    """``left op right``."""

    op: ArithmeticOp
    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Applied:
    """``function(argument, parameters)``; a parameter that is a word has its quotes."""

    function: str
    argument: Formula
    parameters: tuple[str, ...] = ()


Formula: TypeAlias = Named | Value | Calculated | Applied

_TIGHTNESS = {"+": 1, "-": 1, "*": 2, "/": 2}


def print_formula(formula: Formula) -> str:
    """The formula on one line, with no more parentheses than it needs."""
    match formula:
        case Named():
            return formula.name
        case Value():
            return plain_number(formula.value)
        case Applied():
            return f"{formula.function}({', '.join((print_formula(formula.argument), *formula.parameters))})"
        case Calculated():
            left = _operand(formula.left, formula, right=False)
            return f"{left} {formula.op} {_operand(formula.right, formula, right=True)}"


def names_in(formula: Formula) -> Iterator[str]:
    """The names of the queries, from left to right."""
    match formula:
        case Named():
            yield formula.name
        case Calculated():
            yield from names_in(formula.left)
            yield from names_in(formula.right)
        case Applied():
            yield from names_in(formula.argument)


def _operand(formula: Formula, parent: Calculated, *, right: bool) -> str:
    text = print_formula(formula)
    if isinstance(formula, Value):
        return f"({text})" if formula.value < 0 and right else text
    if not isinstance(formula, Calculated):
        return text
    inner, outer = _TIGHTNESS[formula.op], _TIGHTNESS[parent.op]
    return f"({text})" if inner < outer or (right and inner == outer) else text
