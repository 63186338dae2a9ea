"""The algebra over small series, with the semantics of Prometheus: what each query is worth at a moment.

Sources: prometheus.io/docs, "Querying basics" (lookback, staleness, offsets), "Operators", "Query functions"; the
arithmetic of single functions is that of ``skillforge_mon.proving.rates``, which cites Prometheus's code.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias, assert_never

from skillforge_mon.proving.rates import (
    OVER_TIME,
    Samples,
    bucket_quantile,
    deviation,
    extrapolated,
    instant,
    line,
)
from skillforge_mon.proving.selecting import fits
from skillforge_mon.query.algebra import (
    Absent,
    Aggregated,
    Anomaly,
    Applied,
    Arithmetic,
    Condition,
    Constant,
    Filled,
    Forecast,
    Join,
    Node,
    Quantile,
    Selection,
    Series,
    Shift,
    Single,
    Unsaid,
    Window,
)
from skillforge_mon.query.algebra.tree import SpaceFunction
from skillforge_mon.query.promql.tree import METRIC_NAME_LABEL
from tests.interpreters.series import Key, RawSeries, key_of

LOOKBACK: Final = 300_000
"""How long a sample is taken for the current one, in milliseconds (``--query.lookback-delta``)."""

Vector: TypeAlias = dict[Key, float]
"""Values by labels, the name of the metric left out."""


class MatchingError(Exception):
    """Several series of a side match the same of the other, where Prometheus allows one."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What differs between versions: from 3.0 on, a window leaves out the sample at its very beginning."""

    left_open: bool


@dataclass(frozen=True, slots=True, eq=False)
class Interpreter:
    """Evaluates queries over ``series``. Times are milliseconds since the first sample."""

    series: Sequence[RawSeries]
    dialect: Dialect

    def value(self, node: Node, time: int) -> Vector | float:
        """The value of ``node``: a number for what is one, else a value for each of its series."""
        match node:
            case Constant():
                return float(node.value)
            case Arithmetic():
                return _arithmetic(node, self.value(node.left, time), self.value(node.right, time))
            case Applied():
                return _mapped(self.value(node.argument, time), _POINTWISE[node.function], node.parameters)
            case Filled():
                found = self.vector(node.argument, time)
                left_out = bool(found) if node.alone else () in found
                return found if left_out else {**found, (): float(node.value)}
            case _:
                return self.vector(node, time)

    def vector(self, node: Node, time: int) -> Vector:
        """The values of ``node``, whose value is no plain number. Raises MatchingError."""
        match node:
            case Constant() | Arithmetic() | Applied() | Filled():
                value = self.value(node, time)
                return {(): value} if isinstance(value, float) else value
            case Single():
                return {(): float(node.value)}
            case Selection():
                return self.instants(node, time)
            case Window():
                return self.windows(node, time)
            case Shift():
                return self.vector(node.argument, time - node.milliseconds)
            case Aggregated():
                return self.aggregated(node, self.vector(node.argument, time))
            case Quantile():
                return _quantiles(node.level, self.vector(node.argument, time))
            case Absent():
                return {} if self.vector(node.argument, time) else {_fixed(node.argument): 1.0}
            case Forecast():
                return self.forecast(node, time)
            case Anomaly():
                return self.anomaly(node, time)
            case Unsaid():
                raise AssertionError(f"the algebra does not say it: {node.reason.value}")

    def fires(self, condition: Condition[Series], moments: Sequence[int]) -> list[set[Key]]:
        """What fires at each of ``moments``, one evaluation after the other: true since ``hold`` or longer."""
        since: dict[Key, int] = {}
        fired: list[set[Key]] = []
        compare = COMPARISONS[condition.op]
        for moment in moments:
            value = self.value(condition.value, moment)
            values = {(): value} if isinstance(value, float) else value
            true = {key for key, each in values.items() if compare(each, float(condition.number))}
            since = {key: since.get(key, moment) for key in true}
            fired.append({key for key, start in since.items() if moment - start >= condition.hold})
        return fired

    def of(self, selection: Selection) -> Iterable[RawSeries]:
        for series in self.series:
            if selection.name is not None and series.labels[METRIC_NAME_LABEL] != selection.name:
                continue
            if all(fits(matcher, series.labels.get(matcher.label, "")) for matcher in selection.matchers):
                yield series

    def instants(self, selection: Selection, time: int) -> Vector:
        found = {}
        for series in self.of(selection):
            # Before 3.0 the sample exactly as old as the lookback counted still; windows changed likewise.
            value = series.newest(time - LOOKBACK, time, left_open=self.dialect.left_open)
            if value is not None:
                found[_key(series)] = value
        return found

    def samples(self, selection: Selection, length: int, time: int) -> Iterable[tuple[Key, Samples]]:
        for series in self.of(selection):
            samples = series.between(time - length, time, left_open=self.dialect.left_open)
            if samples:
                yield _key(series), samples

    def windows(self, node: Window, time: int) -> Vector:
        found = {}
        for key, samples in self.samples(node.argument, node.length, time):
            value = self.reduced(node, samples, time)
            if value is not None:
                found[key] = value
        return found

    def reduced(self, node: Window, samples: Samples, time: int) -> float | None:
        values = [value for _, value in samples]
        match node.function:
            case "rate" | "increase" | "delta":
                return extrapolated(
                    samples,
                    time - node.length,
                    time,
                    counter=node.function != "delta",
                    per_second=node.function == "rate",
                    zero_first=not self.dialect.left_open,
                )
            case "latest_rate":
                return instant(samples, counter=True, per_second=True)
            case "latest_delta":
                return instant(samples, counter=False, per_second=False)
            case "slope":
                fitted = line(samples, samples[0][0])
                return fitted[0] if fitted is not None else None
            case "changes" | "resets":
                return OVER_TIME[node.function](values)
            case "avg" | "min" | "max" | "sum" | "count" | "last" | "present" | "stddev" | "stdvar":
                return OVER_TIME[f"{node.function}_over_time"](values)
            case _:
                assert_never(node.function)

    def aggregated(self, node: Aggregated, vector: Vector) -> Vector:
        groups: dict[Key, list[float]] = {}
        for key, value in vector.items():
            group = tuple(pair for pair in key if (pair[0] in node.labels) is not node.without)
            groups.setdefault(group, []).append(value)
        if node.function in {"stddev", "stdvar"} and not self.dialect.left_open:
            # One value deviates by 0 in Prometheus 2, whatever it is; by NaN in 3 where it is no finite number.
            groups = {group: values if len(values) > 1 else [0.0] for group, values in groups.items()}
        return {group: _OVER_SPACE[node.function](values) for group, values in groups.items()}

    def forecast(self, node: Forecast, time: int) -> Vector:
        found = {}
        for key, samples in self.samples(node.argument, node.length, time):
            fitted = line(samples, time)
            if fitted is not None:
                found[key] = fitted[1] + fitted[0] * float(node.ahead)
        return found

    def anomaly(self, node: Anomaly, time: int) -> Vector:
        now = self.instants(node.argument, time)
        found = {}
        for key, samples in self.samples(node.argument, node.length, time):
            values = [value for _, value in samples]
            if key in now:
                mean = math.fsum(values) / len(values)
                found[key] = _divided(now[key] - mean, math.sqrt(deviation(values)))
        return found


def _key(series: RawSeries) -> Key:
    return key_of({label: value for label, value in series.labels.items() if label != METRIC_NAME_LABEL})


def _divided(left: float, right: float) -> float:
    if right:
        return left / right
    return math.nan if not left or math.isnan(left) else math.copysign(math.inf, left) * math.copysign(1.0, right)


OPERATORS: Final[dict[str, Callable[[float, float], float]]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": _divided,
}  # fmt: skip
COMPARISONS: Final[dict[str, Callable[[float, float], bool]]] = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


def _arithmetic(node: Arithmetic[Series], left: Vector | float, right: Vector | float) -> Vector | float:
    function = OPERATORS[node.op]
    if isinstance(left, float) and isinstance(right, float):
        return function(left, right)
    if isinstance(left, float):
        assert not isinstance(right, float)
        return {key: function(left, value) for key, value in right.items()}
    if isinstance(right, float):
        return {key: function(value, right) for key, value in left.items()}
    return _joined(node.join, function, left, right)


def _joined(join: Join | None, function: Callable[[float, float], float], left: Vector, right: Vector) -> Vector:
    """ "Vector matching": one-to-one, or many series of a side with one of the other. Nothing matches nothing."""
    if not left or not right:
        return {}

    def signature(key: Key) -> Key:
        if join is None:
            return key
        return tuple(pair for pair in key if (pair[0] in join.labels) is join.on)

    swapped = join is not None and join.many == "right"
    many, one = (right, left) if swapped else (left, right)
    partners: dict[Key, tuple[Key, float]] = {}
    for key, value in one.items():
        if partners.setdefault(signature(key), (key, value))[0] != key:
            raise MatchingError
    results: Vector = {}
    met: set[Key] = set()
    for key, value in many.items():
        found = partners.get(signature(key))
        if found is None:
            continue
        if join is None or not join.many:
            if signature(key) in met:
                raise MatchingError
            met.add(signature(key))
            kept = signature(key)
        else:
            kept = _with_included(key, found[0], join.include)
        if kept in results:
            raise MatchingError
        results[kept] = function(found[1], value) if swapped else function(value, found[1])
    return results


def _with_included(key: Key, other: Key, include: tuple[str, ...]) -> Key:
    labels, lent = dict(key), dict(other)
    for label in include:
        labels.pop(label, None)
        if label in lent:
            labels[label] = lent[label]
    return key_of(labels)


def _rounded(value: float, to: float = 1.0) -> float:
    return math.floor(value * (1 / to) + 0.5) / (1 / to) if math.isfinite(value) else value


_POINTWISE: Final[dict[str, Callable[..., float]]] = {
    "abs": abs,
    "ceil": lambda value: math.ceil(value) if math.isfinite(value) else value,
    "floor": lambda value: math.floor(value) if math.isfinite(value) else value,
    "sgn": lambda value: math.copysign(1.0, value) if value else 0.0,
    "exp": lambda value: math.exp(value) if value < 700 else math.inf,
    "sqrt": lambda value: math.sqrt(value) if value >= 0 else math.nan,
    "ln": lambda value: _logarithm(math.log, value),
    "log2": lambda value: _logarithm(math.log2, value),
    "log10": lambda value: _logarithm(math.log10, value),
    "round": _rounded,
    "clamp": lambda value, low, high: max(low, min(high, value)),
    "clamp_min": lambda value, low: max(low, value),
    "clamp_max": lambda value, high: min(high, value),
}


def _logarithm(function: Callable[[float], float], value: float) -> float:
    if value > 0:
        return function(value)
    return -math.inf if not value else math.nan


def _mapped(value: Vector | float, function: Callable[..., float], parameters: tuple[Decimal, ...]) -> Vector | float:
    limits = tuple(map(float, parameters))
    if isinstance(value, float):
        return value if math.isnan(value) else float(function(value, *limits))
    return {key: each if math.isnan(each) else float(function(each, *limits)) for key, each in value.items()}


def _sum(values: list[float]) -> float:
    return math.fsum(values) if all(map(math.isfinite, values)) else sum(values)


def _numbers(values: list[float]) -> list[float]:
    """Without those that are no number, which are never the least nor the greatest."""
    return [value for value in values if not math.isnan(value)]


def _deviation(values: list[float]) -> float:
    return deviation(values) if all(map(math.isfinite, values)) else math.nan


_OVER_SPACE: Final[dict[SpaceFunction, Callable[[list[float]], float]]] = {
    "sum": _sum,
    "avg": lambda values: _sum(values) / len(values),
    "min": lambda values: min(_numbers(values), default=math.nan),
    "max": lambda values: max(_numbers(values), default=math.nan),
    "count": lambda values: float(len(values)),
    "group": lambda _: 1.0,
    "stddev": lambda values: math.sqrt(_deviation(values)),
    "stdvar": _deviation,
}


def _quantiles(level: float, vector: Vector) -> Vector:
    groups: dict[Key, list[tuple[float, float]]] = {}
    for key, value in vector.items():
        bounds = [text for label, text in key if label == "le"]
        if bounds:
            rest = tuple(pair for pair in key if pair[0] != "le")
            groups.setdefault(rest, []).append((float(bounds[0]), value))
    return {key: bucket_quantile(level, buckets) for key, buckets in groups.items()}


def _fixed(node: Node) -> Key:
    """The labels that a selection fixes by ``=``, each named once."""
    moving = node.argument if isinstance(node, Shift) else node
    selection = moving if isinstance(moving, Selection) else moving.argument if isinstance(moving, Window) else None
    if not isinstance(selection, Selection):
        return ()
    names = [matcher.label for matcher in selection.matchers]
    return key_of(
        {
            matcher.label: matcher.value
            for matcher in selection.matchers
            if matcher.op == "=" and names.count(matcher.label) == 1 and matcher.label != METRIC_NAME_LABEL
        }
    )
