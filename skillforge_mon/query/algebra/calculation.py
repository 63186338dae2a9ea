"""What is calculated from series: arithmetic, functions of a value and a comparison, over leaves of any kind.

The leaves of the algebra are series (``tree``). A backend puts its own in their place once it has looked up what it
calls them, and keeps the rest of the tree. ``source`` is the PromQL that a node was read from, for messages; it does
not take part in comparing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, Literal, TypeAlias, TypeVar

from skillforge_mon.query.promql import Expr

Leaf = TypeVar("Leaf")

ArithmeticOp: TypeAlias = Literal["+", "-", "*", "/"]
PointFunction: TypeAlias = Literal[
    "abs", "ceil", "clamp", "clamp_max", "clamp_min", "exp", "floor", "ln", "log10", "log2", "round", "sgn", "sqrt"
]
"""Functions of one value. The limits of a clamp, and what is rounded to, are parameters."""
Side: TypeAlias = Literal["", "left", "right"]


@dataclass(frozen=True, slots=True)
class Constant:
    """A number."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Join:
    """Which series of two sides belong together, where a query says so.

    ``labels`` must be equal, or with ``on`` False all others. ``many`` is the side that may have several series for one
    of the other, which lends them the labels ``include``; "" where one belongs to one.
    """

    on: bool
    labels: tuple[str, ...]
    many: Side = ""
    include: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arithmetic(Generic[Leaf]):
    """``left op right``. Without a ``join``, series belong together whose labels are all equal."""

    op: ArithmeticOp
    left: Calculation[Leaf]
    right: Calculation[Leaf]
    source: Expr = field(compare=False, repr=False)
    join: Join | None = None


@dataclass(frozen=True, slots=True)
class Applied(Generic[Leaf]):
    """A function of each value."""

    function: PointFunction
    argument: Calculation[Leaf]
    source: Expr = field(compare=False, repr=False)
    parameters: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Filled(Generic[Leaf]):
    """``argument``, and besides it one series without labels that is ``value``.

    That is left out where ``argument`` has a series without labels itself; with ``alone`` where it has any series.
    """

    argument: Calculation[Leaf]
    value: Decimal
    source: Expr = field(compare=False, repr=False)
    alone: bool = False


Calculation: TypeAlias = Leaf | Constant | Arithmetic[Leaf] | Applied[Leaf] | Filled[Leaf]


@dataclass(frozen=True, slots=True)
class Condition(Generic[Leaf]):
    """``value op number``, true for ``hold`` milliseconds at every evaluation; 0 for one evaluation.

    ``op`` is one of ``> >= < <= == !=``.
    """

    value: Calculation[Leaf]
    op: str
    number: Decimal
    hold: int


def parts(calculation: Calculation[Leaf]) -> Iterator[Calculation[Leaf]]:
    """``calculation`` and all that it is made of, each before its own parts, in the order of the query."""
    yield calculation
    match calculation:
        case Arithmetic():
            yield from parts(calculation.left)
            yield from parts(calculation.right)
        case Applied() | Filled():
            yield from parts(calculation.argument)


def leaves(calculation: Calculation[Leaf]) -> Iterator[Leaf]:
    """Every leaf, in the order of the query."""
    for part in parts(calculation):
        if not isinstance(part, (Constant, Arithmetic, Applied, Filled)):
            yield part


def is_linear(calculation: Calculation[Leaf]) -> bool:
    """True when averaging over time before or after the calculation gives the same."""
    match calculation:
        case Arithmetic(op="+" | "-"):
            return is_linear(calculation.left) and is_linear(calculation.right)
        case Arithmetic(op="*"):
            sides = (calculation.left, calculation.right)
            return any(isinstance(side, Constant) for side in sides) and all(is_linear(side) for side in sides)
        case Arithmetic():
            return isinstance(calculation.right, Constant) and is_linear(calculation.left)
        case Filled():
            return is_linear(calculation.argument)
        case Applied():
            return False
    return True


def keeps_limits(calculation: Calculation[Leaf]) -> bool:
    """True when what is over a limit in each of several ranges is over it in all of them together, and so for under it.

    That is so of sums, of the quotient of two sums (the mediant lies between), and of what is scaled or shifted of
    these; of a product it is not, nor of the sum of two quotients. Divisors are taken to be positive.
    """
    match calculation:
        case Arithmetic(op="/") if not isinstance(calculation.right, Constant):
            return is_linear(calculation.left) and is_linear(calculation.right)
        case Arithmetic(left=Constant(), right=inner) | Arithmetic(left=inner, right=Constant()):
            return keeps_limits(inner)
    return is_linear(calculation)


def degree(calculation: Calculation[Leaf]) -> int | None:
    """By which power the result grows when all leaves grow: 0 for a ratio, 1 for a sum, None when it is neither."""
    match calculation:
        case Constant():
            return 0
        case Filled():
            return degree(calculation.argument)
        case Applied():
            return None
        case Arithmetic():
            left, right = degree(calculation.left), degree(calculation.right)
            if left is None or right is None:
                return None
            if calculation.op in {"+", "-"}:
                return left if left == right else None
            return left + right if calculation.op == "*" else left - right
    return 1


def rises(calculation: Calculation[Leaf]) -> bool | None:
    """Whether the result of one leaf rises with it, or falls; None when that cannot be said of the shape."""
    match calculation:
        case Arithmetic(left=Constant() as number, right=inner):
            below = rises(inner)
            if below is None or calculation.op == "/":
                return None
            if calculation.op == "-":
                return not below
            return below if calculation.op == "+" or number.value > 0 else not below
        case Arithmetic(left=inner, right=Constant() as number):
            below = rises(inner)
            if below is None:
                return None
            return below if calculation.op in {"+", "-"} or number.value > 0 else not below
        case Constant() | Arithmetic() | Applied() | Filled():
            return None
    return True
