"""Functions of PromQL ("Query functions")."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

from skillforge_mon.proving.evaluate import Evaluator, Labels, Value, Vector, key_of, without_name
from skillforge_mon.proving.rates import OVER_TIME, bucket_quantile, extrapolated, instant, line, quantile
from skillforge_mon.proving.unsupported import UnsupportedError
from skillforge_mon.query.promql import Call, Expr, MatrixSelector, Paren, VectorSelector
from skillforge_mon.query.promql.tree import METRIC_NAME_LABEL


def called(evaluator: Evaluator, expr: Call, time: int) -> Value:
    """The result of a call at ``time``. Raises UnsupportedError for the functions that it does not know."""
    name = expr.function
    if name in _RATES:
        counter, per_second = _RATES[name]
        zero_first = not evaluator.clock.left_open
        start, end, found = evaluator.ranges(expr.args[0], time)
        rates = [
            (labels, extrapolated(samples, start, end, counter=counter, per_second=per_second, zero_first=zero_first))
            for labels, samples in found
        ]
        return [(without_name(labels), value) for labels, value in rates if value is not None]
    if name in _INSTANT:
        counter, per_second = _INSTANT[name]
        _, _, found = evaluator.ranges(expr.args[0], time)
        last = [(labels, instant(samples, counter=counter, per_second=per_second)) for labels, samples in found]
        return [(without_name(labels), value) for labels, value in last if value is not None]
    if name in OVER_TIME:
        _, _, found = evaluator.ranges(expr.args[0], time)
        keeps = name == "last_over_time"
        return [
            (labels if keeps else without_name(labels), float(OVER_TIME[name]([value for _, value in samples])))
            for labels, samples in found
        ]
    if name in _PER_VALUE:
        return [
            (without_name(labels), _PER_VALUE[name](value)) for labels, value in evaluator.vector(expr.args[0], time)
        ]
    special = _SPECIAL.get(name)
    if special is None:
        raise UnsupportedError(f"the function `{name}`")
    return special(evaluator, expr, time)


_RATES: Final = {"rate": (True, True), "increase": (True, False), "delta": (False, False)}
_INSTANT: Final = {"irate": (True, True), "idelta": (False, False)}
_PER_VALUE: Final[Mapping[str, Callable[[float], float]]] = {
    "abs": abs,
    "ceil": lambda value: float(math.ceil(value)) if math.isfinite(value) else value,
    "floor": lambda value: float(math.floor(value)) if math.isfinite(value) else value,
    "sgn": lambda value: math.copysign(1.0, value) if value and not math.isnan(value) else value,
    "exp": lambda value: math.exp(value) if value < _EXPONENT else math.inf,
    "sqrt": lambda value: math.sqrt(value) if value >= 0 else math.nan,
    "ln": lambda value: _logarithm(math.log, value),
    "log2": lambda value: _logarithm(math.log2, value),
    "log10": lambda value: _logarithm(math.log10, value),
}
_EXPONENT: Final = 709.78
"""From here on, the exponential is greater than any float."""


def _logarithm(function: Callable[[float], float], value: float) -> float:
    if value > 0:
        return function(value)
    return math.nan if value else -math.inf


def _histogram_quantile(evaluator: Evaluator, expr: Call, time: int) -> Vector:
    share = evaluator.number(expr.args[0], time)
    groups: dict[tuple[tuple[str, str], ...], tuple[Labels, list[tuple[float, float]]]] = {}
    for labels, value in evaluator.vector(expr.args[1], time):
        if "le" not in labels:
            raise UnsupportedError("a native histogram")
        rest = {name: text for name, text in without_name(labels).items() if name != "le"}
        groups.setdefault(key_of(rest), (rest, []))[1].append((float(labels["le"]), value))
    return [(labels, bucket_quantile(share, buckets)) for labels, buckets in groups.values()]


def _clamped(evaluator: Evaluator, expr: Call, time: int) -> Vector:
    bounds = [evaluator.number(argument, time) for argument in expr.args[1:]]
    low = bounds[0] if expr.function != "clamp_max" else -math.inf
    high = bounds[-1] if expr.function != "clamp_min" else math.inf
    return [
        (without_name(labels), value if math.isnan(value) else max(low, min(high, value)))
        for labels, value in evaluator.vector(expr.args[0], time)
    ]


def _rounded(evaluator: Evaluator, expr: Call, time: int) -> Vector:
    to = evaluator.number(expr.args[1], time) if len(expr.args) > 1 else 1.0
    return [
        (without_name(labels), math.floor(value * (1 / to) + 0.5) / (1 / to) if math.isfinite(value) else value)
        for labels, value in evaluator.vector(expr.args[0], time)
    ]


def _absent(evaluator: Evaluator, expr: Call, time: int) -> Vector:
    return [] if evaluator.vector(expr.args[0], time) else [(_labels_of_absent(expr.args[0]), 1.0)]


def _absent_over_time(evaluator: Evaluator, expr: Call, time: int) -> Vector:
    _, _, found = evaluator.ranges(expr.args[0], time)
    return [] if found else [(_labels_of_absent(expr.args[0]), 1.0)]


def _labels_of_absent(expr: Expr) -> Labels:
    """Those that a selector sets with ``=``, each named once (function createLabelsForAbsentFunction)."""
    while isinstance(expr, Paren):
        expr = expr.expr
    if isinstance(expr, MatrixSelector):
        expr = expr.vector
    if not isinstance(expr, VectorSelector):
        return {}
    names = [matcher.label for matcher in expr.matchers]
    return {
        matcher.label: matcher.value
        for matcher in expr.matchers
        if matcher.op == "=" and names.count(matcher.label) == 1 and matcher.label != METRIC_NAME_LABEL
    }


def _fitted(evaluator: Evaluator, expr: Call, time: int) -> Vector:
    _, _, found = evaluator.ranges(expr.args[0], time)
    ahead = evaluator.number(expr.args[1], time) if len(expr.args) > 1 else None
    results: Vector = []
    for labels, samples in found:
        fitted = line(samples, samples[0][0] if ahead is None else time)
        if fitted is not None:
            slope, value = fitted
            results.append((without_name(labels), slope if ahead is None else value + slope * ahead))
    return results


def _scalar(evaluator: Evaluator, expr: Call, time: int) -> float:
    found = evaluator.vector(expr.args[0], time)
    return found[0][1] if len(found) == 1 else math.nan


def _quantile_over_time(evaluator: Evaluator, expr: Call, time: int) -> Vector:
    share = evaluator.number(expr.args[0], time)
    _, _, found = evaluator.ranges(expr.args[1], time)
    return [(without_name(labels), quantile(share, [value for _, value in samples])) for labels, samples in found]


def _timestamp(evaluator: Evaluator, expr: Call, time: int) -> Vector:
    if not isinstance(expr.args[0], VectorSelector):
        raise UnsupportedError("`timestamp` of something else than a selector")
    return [(without_name(labels), at / 1000) for labels, at, _ in evaluator.samples(expr.args[0], time)]


def _same(evaluator: Evaluator, expr: Call, time: int) -> Vector:
    return evaluator.vector(expr.args[0], time)


_SPECIAL: Final[Mapping[str, Callable[[Evaluator, Call, int], Value]]] = {
    "histogram_quantile": _histogram_quantile,
    "clamp": _clamped,
    "clamp_min": _clamped,
    "clamp_max": _clamped,
    "round": _rounded,
    "absent": _absent,
    "absent_over_time": _absent_over_time,
    "predict_linear": _fitted,
    "deriv": _fitted,
    "scalar": _scalar,
    "quantile_over_time": _quantile_over_time,
    "timestamp": _timestamp,
    "sort": _same,
    "sort_desc": _same,
    "vector": lambda evaluator, expr, time: [({}, evaluator.number(expr.args[0], time))],
    "time": lambda _, __, time: time / 1000,
    "pi": lambda _, __, ___: math.pi,
}
