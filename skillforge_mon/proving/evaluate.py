"""What a query returns over made-up series: a second reading of PromQL, independent of the rules that are proved.

It says what to expect at each moment, to the step: which samples a range holds depends on the version of Prometheus
(from 3.0 on the sample at its very beginning is left out), and so does when a threshold is crossed. Constructs that it
does not know raise UnsupportedError.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from skillforge_mon.proving.rates import Samples
from skillforge_mon.proving.selecting import selects
from skillforge_mon.proving.traffic import InputSeries
from skillforge_mon.proving.unsupported import UnsupportedError
from skillforge_mon.query.promql import (
    Aggregate,
    Binary,
    Call,
    Expr,
    MatrixSelector,
    NumberLiteral,
    Paren,
    Subquery,
    Unary,
    VectorSelector,
)
from skillforge_mon.query.promql.tree import COMPARISONS, METRIC_NAME_LABEL, SET_OPERATORS

Labels: TypeAlias = Mapping[str, str]
Vector: TypeAlias = list[tuple[Labels, float]]
Value: TypeAlias = float | Vector

LEFT_OPEN_SINCE: Final = (3, 0)
"""Prometheus 3.0 migration guide, "Range selectors and lookback exclude samples coinciding with the left boundary"."""

LOOKBACK: Final = 300_000
"""Milliseconds after which a sample is no longer seen ("Querying basics, Staleness"), unless a server is told else."""


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """``step`` milliseconds between two samples and between two evaluations; ``left_open`` from Prometheus 3.0 on."""

    step: int
    left_open: bool

    @property
    def lookback(self) -> int:
        """For how many steps after it a sample is seen where nothing follows."""
        return (LOOKBACK - self.left_open) // self.step


class Evaluator:
    """Evaluates queries over ``series``. Times are milliseconds since the first sample."""

    def __init__(self, series: Sequence[InputSeries], clock: Clock) -> None:
        self.series = series
        self.clock = clock
        self._selected: dict[int, tuple[VectorSelector, list[InputSeries]]] = {}

    def at(self, expr: Expr, time: int) -> Value:
        """The value of ``expr`` at ``time``. Raises UnsupportedError."""
        match expr:
            case NumberLiteral():
                return expr.value
            case Paren():
                return self.at(expr.expr, time)
            case Unary():
                return _mapped(self.at(expr.expr, time), operator.neg if expr.op == "-" else operator.pos)
            case VectorSelector():
                return self.instant(expr, time)
            case Binary():
                return self.binary(expr, time)
            case Aggregate():
                from skillforge_mon.proving.aggregating import aggregated

                return aggregated(self, expr, time)
            case Call():
                from skillforge_mon.proving.calling import called

                return called(self, expr, time)
            case _:
                raise UnsupportedError("a text as a value" if not isinstance(expr, Subquery) else "a subquery")

    def vector(self, expr: Expr, time: int) -> Vector:
        """The value of ``expr``, which is a vector."""
        value = self.at(expr, time)
        return [({}, value)] if isinstance(value, float) else value

    def number(self, expr: Expr, time: int) -> float:
        """The value of ``expr``, which is a scalar."""
        value = self.at(expr, time)
        if not isinstance(value, float):
            raise UnsupportedError("a vector where a number belongs")
        return value

    def of(self, selector: VectorSelector) -> list[InputSeries]:
        """The series that ``selector`` reads."""
        known = self._selected.get(id(selector))
        if known is None:
            found = [series for series in self.series if selects(selector, series.labels)]
            known = self._selected[id(selector)] = (selector, found)
        return known[1]

    def instant(self, selector: VectorSelector, time: int) -> Vector:
        """The samples of a selector. Every series has one at each step, is marked as stale, or is forgotten."""
        return [(labels, value) for labels, _, value in self.samples(selector, time)]

    def samples(self, selector: VectorSelector, time: int) -> Iterator[tuple[Labels, int, float]]:
        """The samples of a selector with their own times, which may be before ``time``."""
        step = self.clock.step
        index = self.moment(selector, time) // step
        if index < 0:
            return
        for series in self.of(selector):
            seen = series.seen(index, self.clock.lookback)
            if seen is not None:
                yield series.labels, seen[0] * step, seen[1]

    def moment(self, node: VectorSelector | Subquery, time: int) -> int:
        """The time at which ``node`` looks, its offset taken off."""
        if node.at is not None:
            raise UnsupportedError("the modifier `@`")
        return time - (node.offset.milliseconds if node.offset is not None else 0)

    def ranges(self, expr: Expr, time: int) -> tuple[int, int, list[tuple[Labels, Samples]]]:
        """Begin and end of a range, and its samples by series; series without any are left out."""
        found: list[tuple[Labels, Samples]]
        match expr:
            case Paren():
                return self.ranges(expr.expr, time)
            case MatrixSelector():
                end = self.moment(expr.vector, time)
                start = end - expr.range.milliseconds
                step = self.clock.step
                first = max(0, start // step + 1 if self.clock.left_open or start % step else start // step)
                indices = range(first, end // step + 1)
                found = [(series.labels, _samples(series, indices, step)) for series in self.of(expr.vector)]
            case Subquery():
                end = self.moment(expr, time)
                start = end - expr.range.milliseconds
                found = self._subquery(expr, start, end)
            case _:
                raise UnsupportedError("a range of something else than a selector")
        return start, end, [(labels, samples) for labels, samples in found if samples]

    def _subquery(self, expr: Subquery, start: int, end: int) -> list[tuple[Labels, Samples]]:
        step = expr.step.milliseconds if expr.step is not None else self.clock.step
        first = start // step + 1 if self.clock.left_open or start % step else start // step
        gathered: dict[tuple[tuple[str, str], ...], tuple[Labels, list[tuple[int, float]]]] = {}
        for moment in range(max(0, first) * step, end + 1, step):
            for labels, value in self.vector(expr.expr, moment):
                gathered.setdefault(key_of(labels), (labels, []))[1].append((moment, value))
        return [(labels, samples) for labels, samples in gathered.values()]

    def binary(self, expr: Binary, time: int) -> Value:
        """An operator between two values."""
        left, right = self.at(expr.lhs, time), self.at(expr.rhs, time)
        compares = expr.op in COMPARISONS
        if isinstance(left, float) and isinstance(right, float):
            return float(_OPERATORS[expr.op](left, right))
        if isinstance(left, float) or isinstance(right, float):
            return _with_number(expr, left, right, compares=compares)
        from skillforge_mon.proving.joining import arithmetic, set_operation

        return set_operation(expr, left, right) if expr.op in SET_OPERATORS else arithmetic(expr, left, right)


def _samples(series: InputSeries, indices: range, step: int) -> list[tuple[int, float]]:
    values = ((index, series.value(index)) for index in indices)
    return [(index * step, value) for index, value in values if value is not None]


def key_of(labels: Labels) -> tuple[tuple[str, str], ...]:
    """Labels as a key."""
    return tuple(sorted(labels.items()))


def without_name(labels: Labels) -> Labels:
    """The labels that are left when a value is computed."""
    if METRIC_NAME_LABEL not in labels:
        return labels
    return {name: value for name, value in labels.items() if name != METRIC_NAME_LABEL}


def _mapped(value: Value, function: Callable[[float], float]) -> Value:
    if isinstance(value, float):
        return function(value)
    return [(without_name(labels), function(each)) for labels, each in value]


def _with_number(expr: Binary, left: Value, right: Value, *, compares: bool) -> Vector:
    function = _OPERATORS[expr.op]
    vector: Iterable[tuple[Labels, float]]
    if isinstance(left, float):
        assert not isinstance(right, float)  # noqa: S101 - the caller has looked
        vector, number = right, left
        results = [(labels, value, function(number, value)) for labels, value in vector]
    else:
        assert isinstance(right, float)  # noqa: S101 - the caller has looked
        vector, number = left, right
        results = [(labels, value, function(value, number)) for labels, value in vector]
    if compares and not expr.return_bool:
        return [(labels, value) for labels, value, result in results if result]
    return [(without_name(labels), float(result)) for labels, _, result in results]


def _divide(left: float, right: float) -> float:
    if right:
        return left / right
    return math.nan if not left or math.isnan(left) else math.copysign(math.inf, left) * math.copysign(1.0, right)


def _power(left: float, right: float) -> float:
    try:
        return float(math.pow(left, right))
    except (OverflowError, ValueError):
        return math.inf if abs(left) > 1 else math.nan


_OPERATORS: Final[Mapping[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divide,
    "%": lambda left, right: math.fmod(left, right) if right else math.nan,
    "^": _power,
    "atan2": math.atan2,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def operate(op: str, left: float, right: float) -> float:
    """``left op right``; a comparison is 0 or 1."""
    return float(_OPERATORS[op](left, right))
