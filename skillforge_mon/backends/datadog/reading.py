"""PromQL taken apart for Datadog: which metrics are read, in which way, and what is calculated from them.

Prometheus reduces each series over its range first, then aggregates over series, then calculates. Datadog aggregates
over series first, reduces over one window for the whole query, and calculates before or after that. So a query is read
into ``Reading`` leaves, each with its own range, and calculations over them; ``evaluation`` decides on the one window.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from skillforge_mon.backends.datadog.query.tree import ArithmeticOp, Metric

How: TypeAlias = Literal["points", "latest_rate", "avg", "min", "max", "rate", "increase", "percentile"]
"""``points`` is the value at each moment, ``latest_rate`` that of ``irate``; the others are taken over a range."""

AT_MOMENTS: frozenset[How] = frozenset(("points", "latest_rate"))
COUNTED: frozenset[How] = frozenset(("rate", "increase"))


@dataclass(frozen=True, slots=True)
class Reading:
    """A metric that is read. ``range`` is in milliseconds, 0 for what is read at moments.

    ``by_known`` is False when the query keeps all labels of series whose labels nobody knows. ``aggregated`` says that
    the query aggregates over series; ``fixed_space`` that only one aggregation makes sense (parts of a distribution).
    ``shift`` is Datadog's function for an offset. ``scraped`` are the labels that Prometheus adds while scraping, so
    that Datadog has them only where the Agent is told to. ``written`` is what stands in the query.
    """

    metric: Metric
    how: How
    range: int
    written: str
    shift: str = ""
    aggregated: bool = False
    by_known: bool = True
    fixed_space: bool = False
    scraped: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Constant:
    """A number."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Operation:
    """``left op right``."""

    op: ArithmeticOp
    left: Plan
    right: Plan


@dataclass(frozen=True, slots=True)
class Applied:
    """One of Datadog's functions, applied to a value."""

    function: str
    argument: Plan
    parameters: tuple[Decimal, ...] = ()


Plan: TypeAlias = Reading | Constant | Operation | Applied

DEFAULT_ZERO = "default_zero"


def readings(plan: Plan) -> Iterator[Reading]:
    """Every metric that is read, in the order of the query."""
    match plan:
        case Reading():
            yield plan
        case Operation():
            yield from readings(plan.left)
            yield from readings(plan.right)
        case Applied():
            yield from readings(plan.argument)


def grouping(plan: Plan) -> frozenset[str] | None:
    """The tags that the result is grouped by, None for a number."""
    first = next(readings(plan), None)
    return None if first is None else frozenset(first.metric.by)


def is_linear(plan: Plan) -> bool:
    """True when averaging over time before or after the calculation gives the same."""
    match plan:
        case Operation(op="+" | "-"):
            return is_linear(plan.left) and is_linear(plan.right)
        case Operation(op="*"):
            sides = (plan.left, plan.right)
            return any(isinstance(side, Constant) for side in sides) and all(map(is_linear, sides))
        case Operation():
            return isinstance(plan.right, Constant) and is_linear(plan.left)
        case Applied():
            return plan.function == DEFAULT_ZERO and is_linear(plan.argument)
    return True


def degree(plan: Plan) -> int | None:
    """By which power the result grows when all readings grow: 0 for a ratio, 1 for a sum, None when it is neither."""
    match plan:
        case Constant():
            return 0
        case Reading():
            return 1
        case Applied():
            return degree(plan.argument) if plan.function == DEFAULT_ZERO else None
        case Operation():
            left, right = degree(plan.left), degree(plan.right)
            if left is None or right is None:
                return None
            if plan.op in {"+", "-"}:
                return left if left == right else None
            return left + right if plan.op == "*" else left - right


def rises(plan: Plan) -> bool | None:
    """Whether the result of one reading rises with it, or falls; None when that cannot be said of the shape."""
    match plan:
        case Reading():
            return True
        case Operation(left=Constant() as number, right=inner):
            below = rises(inner)
            if below is None or plan.op == "/":
                return None
            if plan.op == "-":
                return not below
            return below if plan.op == "+" or number.value > 0 else not below
        case Operation(left=inner, right=Constant() as number):
            below = rises(inner)
            if below is None:
                return None
            return below if plan.op in {"+", "-"} or number.value > 0 else not below
    return None
