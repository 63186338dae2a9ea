"""Datadog's query trees over small series: what a monitor sees, as its documentation says. Pages of docs.datadoghq.com.

Only what a metric monitor of ours is made of. The points of a window are those that were sent: a window of minutes is
shown in full ("Metrics introduction": small time spans display all data points).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, assert_never

from skillforge_mon.backends.datadog.query.scope_tree import AllOf, AnyOf, Filter, NotThat
from skillforge_mon.backends.datadog.query.tree import (
    AS_COUNT,
    AS_RATE,
    Arithmetic,
    Function,
    Metric,
    MonitorQuery,
    Node,
    Number,
    QueryName,
)
from tests.interpreters.series import Key, Labels, RawSeries, key_of

Points: TypeAlias = Mapping[int, float]
"""Values by time in milliseconds."""
Groups: TypeAlias = dict[Key, dict[int, float]]

MINUTE: Final = 60_000
INTERPOLATED: Final = 300_000
"""Gaps of gauges up to five minutes are interpolated ("Interpolation and the Fill Modifier")."""
_SHIFTS: Final = {"hour_before": 60 * MINUTE, "day_before": 24 * 60 * MINUTE, "week_before": 7 * 24 * 60 * MINUTE}
""" "Timeshift functions"."""


@dataclass(frozen=True, slots=True)
class Source:
    """One series as the Agent sends it."""

    name: str
    tags: Labels
    kind: Literal["gauge", "count"]
    points: Points


def gauge(name: str, tags: Labels, series: RawSeries) -> Source:
    """Each sample is a point ("Metrics types": a gauge is the last value of an interval)."""
    points = {index * series.step: value for index, value in enumerate(series.scraped) if isinstance(value, float)}
    return Source(name, tags, "gauge", points)


def count(name: str, tags: Labels, series: RawSeries) -> Source:
    """What a counter grew by since the sample before ("Metric Submission: Custom Agent Check", monotonic_count).

    The first sample sends nothing; nor does one that is lower than the one before, after which the growth is counted
    from there on.
    """
    points: dict[int, float] = {}
    before: float | None = None
    for index, value in enumerate(series.scraped):
        if not isinstance(value, float):
            continue
        if before is not None and value >= before:
            points[index * series.step] = value - before
        before = value
    return Source(name, tags, "count", points)


@dataclass(frozen=True, slots=True)
class Monitored:
    """What an evaluation finds: the value of each group that has one, and the groups that alert."""

    values: Mapping[Key, float]
    alerting: frozenset[Key]


@dataclass(frozen=True, slots=True, eq=False)
class Datadog:
    """Evaluates monitors over ``sources``, whose points come every ``interval`` milliseconds."""

    sources: Sequence[Source]
    interval: int

    def evaluate(self, monitor: MonitorQuery, time: int) -> Monitored:
        """The evaluation at ``time``, over the window that ends there ("Metric Monitor", evaluation window)."""
        start = time - monitor.window.minutes * MINUTE
        if any(AS_COUNT in metric.methods for metric in _metrics(monitor.expression)):
            assert monitor.aggregator == "sum", "as_count() is for the aggregation sum only"
            values = _numbers(self.summed(monitor.expression, start, time))
        else:
            reduce = _REDUCTIONS[monitor.aggregator]
            groups = self.points(monitor.expression, start, time)
            assert isinstance(groups, dict), "a monitor watches a metric"
            values = {group: reduce(list(points.values())) for group, points in groups.items() if points}
        compare = _COMPARISONS[monitor.limit.op]
        alerting = frozenset(
            group for group, value in values.items() if compare(value, float(monitor.limit.number or 0))
        )
        return Monitored(values, alerting)

    def summed(self, node: Node, start: int, end: int) -> dict[Key, float] | float:
        """Sums over the window first, arithmetic afterwards ("as_count() in Monitor Evaluations")."""
        match node:
            case Number():
                return float(node.value)
            case Metric():
                return {
                    group: sum(points.values()) for group, points in self.metric(node, start, end).items() if points
                }
            case Arithmetic():
                left, right = self.summed(node.left, start, end), self.summed(node.right, start, end)
                return _between(node.op, left, right)
            case Function():
                shift = _SHIFTS[node.name]
                return self.summed(node.argument, start - shift, end - shift)
            case QueryName():
                raise AssertionError("a monitor on metrics has no named queries")
            case _:
                assert_never(node)

    def points(self, node: Node, start: int, end: int) -> Groups | float:
        """The points after ``start`` up to ``end`` by group; a number for what is one."""
        match node:
            case Number():
                return float(node.value)
            case Metric():
                return self.metric(node, start, end)
            case Function():
                return self.function(node, start, end)
            case Arithmetic():
                return self.arithmetic(node, start, end)
            case QueryName():
                raise AssertionError("a monitor on metrics has no named queries")
            case _:
                assert_never(node)

    def function(self, node: Function, start: int, end: int) -> Groups | float:
        if node.name in _SHIFTS:
            shift = _SHIFTS[node.name]
            before = self.points(node.argument, start - shift, end - shift)
            assert isinstance(before, dict)
            return {group: {time + shift: value for time, value in points.items()} for group, points in before.items()}
        groups = self.points(node.argument, start, end)
        if node.name == "default_zero":
            # "Interpolation", default zero: empty intervals are 0; no effect on a window without any point.
            assert isinstance(groups, dict)
            times = [time for time in self.times(start, end) if time > start]
            return {
                group: {time: points.get(time, 0.0) for time in times} for group, points in groups.items() if points
            }
        function = _FUNCTIONS[node.name]
        limits = tuple(float(each.value) for each in node.parameters if isinstance(each, Number))
        if isinstance(groups, float):
            result = function(groups, *limits)
            assert result is not None, "a function of a number has a value"
            return result
        return {
            group: {
                time: result
                for time, value in points.items()
                if (result := function(value, *limits)) is not None and math.isfinite(result)
            }
            for group, points in groups.items()
        }

    def arithmetic(self, node: Arithmetic, start: int, end: int) -> Groups | float:
        """Point by point, between groups with the same tags ("Functions", arithmetic between two metrics)."""
        left, right = self.points(node.left, start, end), self.points(node.right, start, end)
        if isinstance(left, float) and isinstance(right, float):
            return _OPERATORS[node.op](left, right) or 0.0
        found: Groups = {}
        for group in _groups(left, right):
            sides = ((left, node.left), (right, node.right))
            times = {time for side, _ in sides if isinstance(side, dict) for time in side[group]}
            found[group] = {}
            for time in sorted(times):
                values = [side if isinstance(side, float) else _aligned(side[group], of, time) for side, of in sides]
                if values[0] is not None and values[1] is not None:
                    result = _OPERATORS[node.op](values[0], values[1])
                    if result is not None:
                        found[group][time] = result
        return found

    def metric(self, metric: Metric, start: int, end: int) -> Groups:
        """Filtered, brought to points by kind, then aggregated over space ("Metrics", time and space aggregation)."""
        grouped: dict[Key, list[Source]] = {}
        for source in self.sources:
            if source.name == metric.name and all(_passes(item, source.tags) for item in metric.filters):
                group = key_of({tag: source.tags[tag] for tag in metric.by if tag in source.tags})
                grouped.setdefault(group, []).append(source)
        reduce = _REDUCTIONS[metric.space]
        found: Groups = {}
        for group, sources in grouped.items():
            found[group] = {}
            for time in self.times(start, end):
                values = [value for source in sources if (value := self.at(source, time, len(sources))) is not None]
                if values:
                    # as_rate: by the seconds of the interval ("Metric type modifiers")
                    scale = 1000 / self.interval if AS_RATE in metric.methods else 1.0
                    found[group][time] = reduce(values) * scale
        return found

    def times(self, start: int, end: int) -> range:
        """The times of points after ``start`` up to ``end``."""
        return range((start // self.interval + 1) * self.interval, end + 1, self.interval)

    def at(self, source: Source, time: int, sources: int) -> float | None:
        value = source.points.get(time)
        if value is not None or source.kind == "count" or sources == 1:
            return value
        # Interpolation is for several sources of a gauge ("Interpolation and the Fill Modifier").
        before = max((each for each in source.points if each < time), default=None)
        after = min((each for each in source.points if each > time), default=None)
        if before is None or after is None or after - before > INTERPOLATED:
            return None
        share = (time - before) / (after - before)
        return source.points[before] * (1 - share) + source.points[after] * share


def _groups(left: Mapping[Key, object] | float, right: Mapping[Key, object] | float) -> Iterable[Key]:
    """Groups that both sides have within the window: the documentation aligns times as 0, and says nothing of groups."""
    if isinstance(left, float):
        return [] if isinstance(right, float) else right
    return left if isinstance(right, float) else [group for group in left if group in right]


def _aligned(points: Points, node: Node, time: int) -> float | None:
    """Counts and rates are aligned as 0 in arithmetic ("Interpolation", default zero, use cases)."""
    counted = all(metric.methods for metric in _metrics(node))
    return points.get(time, 0.0 if points and counted else None)


def _metrics(node: Node) -> Iterator[Metric]:
    match node:
        case Metric():
            yield node
        case Arithmetic():
            yield from _metrics(node.left)
            yield from _metrics(node.right)
        case Function():
            yield from _metrics(node.argument)


def _numbers(value: dict[Key, float] | float) -> dict[Key, float]:
    return value if isinstance(value, dict) else {(): value}


def _between(op: str, left: dict[Key, float] | float, right: dict[Key, float] | float) -> dict[Key, float] | float:
    function = _OPERATORS[op]
    if isinstance(left, float) and isinstance(right, float):
        return function(left, right) or 0.0
    results = {
        group: function(
            left[group] if isinstance(left, dict) else left, right[group] if isinstance(right, dict) else right
        )
        for group in _groups(left, right)
    }
    return {group: result for group, result in results.items() if result is not None}


def _divided(left: float, right: float) -> float | None:
    """What is divided by 0 is left out ("Monitor Arithmetic and Sparse Metrics")."""
    return left / right if right else None


def _logarithm(function: Callable[[float], float]) -> Callable[[float], float | None]:
    return lambda value: function(value) if value > 0 else None


_OPERATORS: Final[dict[str, Callable[[float, float], float | None]]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _divided,
}
_FUNCTIONS: Final[dict[str, Callable[..., float | None]]] = {
    "abs": abs,
    "ceil": lambda value: float(math.ceil(value)),
    "floor": lambda value: float(math.floor(value)),
    "clamp_min": max,
    "clamp_max": min,
    "log2": _logarithm(math.log2),
    "log10": _logarithm(math.log10),
}
""" "Arithmetic functions"."""
_REDUCTIONS: Final[dict[str, Callable[[list[float]], float]]] = {
    "avg": lambda values: math.fsum(values) / len(values),
    "sum": math.fsum,
    "min": min,
    "max": max,
}
""" "Monitor aggregators", and the four space aggregators ("Metrics")."""
_COMPARISONS: Final[dict[str, Callable[[float, float], bool]]] = {
    ">": lambda value, number: value > number,
    ">=": lambda value, number: value >= number,
    "<": lambda value, number: value < number,
    "<=": lambda value, number: value <= number,
}


def _passes(item: Filter, tags: Labels) -> bool:
    """One of the values, ``*`` standing for anything; all or any of several filters ("Advanced Filtering")."""
    match item:
        case AllOf():
            return all(_passes(each, tags) for each in item.filters)
        case AnyOf():
            return any(_passes(each, tags) for each in item.filters)
        case NotThat():
            return not _passes(item.filter, tags)
    value = tags.get(item.tag)
    patterns = (re.escape(text).replace(r"\*", ".*") for text in item.values)
    found = value is not None and any(re.fullmatch(pattern, value) for pattern in patterns)
    return found is not item.negated
