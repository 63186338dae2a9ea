"""Between which values Datadog's may be, where a translation says that it is approximate and why.

An interval for every value of the algebra: a point where nothing was said, wider where a reason allows it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TypeAlias

from skillforge_mon.query.algebra import (
    Aggregated,
    Applied,
    Arithmetic,
    Constant,
    Filled,
    Node,
    Selection,
    Series,
    Shift,
    Single,
    Window,
)
from tests.interpreters.algebra import Interpreter
from tests.interpreters.reasons import Time, Value
from tests.interpreters.series import Key

Interval: TypeAlias = tuple[float, float]
Intervals: TypeAlias = dict[Key, Interval]
ANYTHING: Interval = (-math.inf, math.inf)


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """The interval of each value.

    ``range_`` is the range of the query in milliseconds, 0 without one; ``further`` is how much longer the window of
    the monitor is for whole minutes.
    """

    interpreter: Interpreter
    allowed: frozenset[Value | Time]
    range_: int
    further: int

    def of(self, node: Node, time: int) -> Intervals:
        """The interval of each series of ``node``."""
        found = self.value(node, time)
        return found if isinstance(found, dict) else {(): found}

    def value(self, node: Node, time: int) -> Intervals | Interval:
        match node:
            case Constant():
                return (float(node.value), float(node.value))
            case Single():
                return {(): (float(node.value), float(node.value))}
            case Shift():
                return self.value(node.argument, time - node.milliseconds)
            case Selection():
                return self.selection(node, time)
            case Window():
                return self.window(node, time)
            case Aggregated():
                return _aggregated(node, self.of(node.argument, time))
            case Arithmetic():
                sides = self.value(node.left, time), self.value(node.right, time)
                return _calculated(node, *sides, partners=Value.PARTNERS in self.allowed)
            case Applied():
                return _mapped(self.value(node.argument, time), lambda each: applied(node, each))
            case Filled():
                found = self.of(node.argument, time)
                return found if (found if node.alone else () in found) else {**found, (): (0.0, 0.0)}
        raise AssertionError(f"Datadog has no {type(node).__name__}")

    def selection(self, node: Selection, time: int) -> Intervals:
        now = {key: (value, value) for key, value in self.interpreter.instants(node, time).items()}
        if Value.MOMENTS not in self.allowed or not self.range_:
            return now
        window = self.interpreter.samples(node, self.range_ + self.further, time)
        return {key: _hull(now[key], *(value for _, value in samples)) for key, samples in window if key in now}

    def window(self, node: Window, time: int) -> Intervals:
        exact = self.interpreter.windows(node, time)
        length = node.length + self.further
        found: Intervals = {}
        for series in self.interpreter.of(node.argument):
            samples = series.between(time - length, time, left_open=True)
            key = tuple(sorted((label, value) for label, value in series.labels.items() if label != "__name__"))
            if key not in exact:
                continue
            value = exact[key]
            interval = (value, value)
            points = [each for _, each in samples]
            if node.function in {"rate", "increase", "latest_rate"}:
                before = series.between(-1, samples[0][0] - 1, left_open=False)
                growth = [later - earlier for earlier, later in pairwise(points)]
                since = points[0] - before[-1][1] if before else 0.0
                seconds = node.length / 1000 if node.function == "rate" else 1.0
                if Value.COUNTED in self.allowed:
                    scale = node.length / length
                    interval = _hull(interval, sum(growth) * scale / seconds, (sum(growth) + since) * scale / seconds)
                if self.wide:
                    every = series.step / node.length if node.function == "increase" else series.step / 1000
                    interval = _hull(interval, *(by / every for by in (since, *growth)))
            elif self.wide:
                scale = node.length / series.step if node.function == "sum" else 1.0
                interval = _hull(interval, *(point * scale for point in points))
            found[key] = interval
        return found

    @property
    def wide(self) -> bool:
        """Whether the single points of the window may be what the result is made of."""
        return Value.POINTS in self.allowed or self.further > 0


def _hull(interval: Interval, *values: float) -> Interval:
    return min(interval[0], *values) if values else interval[0], max(interval[1], *values) if values else interval[1]


def _aggregated(node: Aggregated, vector: Intervals) -> Intervals:
    groups: dict[Key, list[Interval]] = {}
    for key, interval in vector.items():
        group = tuple(pair for pair in key if (pair[0] in node.labels) is not node.without)
        groups.setdefault(group, []).append(interval)
    function = _SPACE[node.function]
    return {
        group: (function(low for low, _ in intervals), function(high for _, high in intervals))
        for group, intervals in groups.items()
    }


def _average(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)


_SPACE: Mapping[str, Callable[[Iterable[float]], float]] = {"sum": sum, "avg": _average, "min": min, "max": max}


def _mapped(value: Intervals | Interval, function: Callable[[Interval], Interval]) -> Intervals | Interval:
    return {key: function(each) for key, each in value.items()} if isinstance(value, dict) else function(value)


def _calculated(
    node: Arithmetic[Series], left: Intervals | Interval, right: Intervals | Interval, *, partners: bool
) -> Intervals | Interval:
    """Series of two sides with equal labels; with ``partners`` those of one side may count too."""
    if isinstance(left, dict) and isinstance(right, dict):
        both = {key: between(node.op, left[key], right[key]) for key in left.keys() & right.keys()}
        return {**both, **dict.fromkeys((left.keys() ^ right.keys()) if partners else (), ANYTHING)}
    if isinstance(left, dict):
        assert not isinstance(right, dict)
        return {key: between(node.op, each, right) for key, each in left.items()}
    if isinstance(right, dict):
        return {key: between(node.op, left, each) for key, each in right.items()}
    return between(node.op, left, right)


def between(op: str, left: Interval, right: Interval) -> Interval:
    """All that may come out of two values in these intervals."""
    if op == "+":
        return left[0] + right[0], left[1] + right[1]
    if op == "-":
        return left[0] - right[1], left[1] - right[0]
    if op == "/":
        if right[0] <= 0 <= right[1]:
            return ANYTHING
        right = (1 / right[1], 1 / right[0])
    results = [a * b for a in left for b in right]
    return (min(results), max(results)) if not any(map(math.isnan, results)) else ANYTHING


def applied(node: Applied[Series], interval: Interval) -> Interval:
    """All that a function makes of the values of an interval; it rises everywhere, apart from ``abs``."""
    low, high = interval
    if node.function == "abs":
        ends = (abs(low), abs(high))
        return (0.0 if low <= 0 <= high else min(ends), max(ends))
    if node.function in {"log2", "log10"} and low <= 0:
        return ANYTHING
    function = _RISING[node.function]
    return function(low, *node.parameters), function(high, *node.parameters)


_RISING: Mapping[str, Callable[..., float]] = {
    "ceil": lambda value: float(math.ceil(value)) if math.isfinite(value) else value,
    "floor": lambda value: float(math.floor(value)) if math.isfinite(value) else value,
    "log2": math.log2,
    "log10": math.log10,
    "clamp_min": lambda value, low: max(value, float(low)),
    "clamp_max": lambda value, high: min(value, float(high)),
}


def certain(op: str, number: Decimal, interval: Interval) -> bool | None:
    """Whether every value of the interval stands the comparison (True), none does (False), or some do (None)."""
    limit = float(number)
    slack = 1e-9 * max(1.0, abs(limit))
    low, high = interval
    if op in {"<", "<="}:
        low, high, limit = -high, -low, -limit
    if low > limit + slack:
        return True
    return False if high < limit - slack else None
