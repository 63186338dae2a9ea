"""From a PromQL tree to a plan of readings; whatever Datadog has no words for is refused with its name."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from skillforge_mon.backends.datadog import capabilities
from skillforge_mon.backends.datadog.filters import tag_of
from skillforge_mon.backends.datadog.names import Names
from skillforge_mon.backends.datadog.reading import (
    DEFAULT_ZERO,
    Applied,
    Constant,
    How,
    Operation,
    Plan,
    grouping,
    readings,
)
from skillforge_mon.backends.datadog.series import SeriesReader
from skillforge_mon.backends.datadog.space import aggregated
from skillforge_mon.backends.datadog.untranslatable import WAY_OUT, cannot
from skillforge_mon.model.project import Project
from skillforge_mon.query.constants import constant_value
from skillforge_mon.query.promql import (
    Aggregate,
    Binary,
    Call,
    Card,
    Expr,
    MatrixSelector,
    Paren,
    Unary,
    VectorSelector,
    metric_name,
)
from skillforge_mon.query.promql.tree import COMPARISONS, METRIC_NAME_LABEL, SET_OPERATORS
from skillforge_mon.spec.quantities import Duration

_DEFAULT_SCRAPE_INTERVAL = Duration.of(seconds=15)
_COMPOSITE = "write one alert for each side, and join their monitors: `datadog: {type: composite, query: '123 && 456'}`"
_MISSING = "alert on the metric itself with `no_data: notify`, or write `datadog: {query: …}`"
_INSTEAD = {
    "absent": _MISSING,
    "absent_over_time": _MISSING,
    "present_over_time": _MISSING,
    "predict_linear": "write a forecast monitor: `datadog: {query: \"max(next_4h):forecast(…, 'linear', 1) >= …\"}`",
}
_OVER_TIME: dict[str, How] = {"avg_over_time": "avg", "min_over_time": "min", "max_over_time": "max"}
_OVER_COUNTER: dict[str, How] = {"rate": "rate", "increase": "increase", "irate": "latest_rate"}


class Reader:
    """Reads the queries of a project. Differences between the two systems are handed to ``differs``."""

    def __init__(self, project: Project, names: Names, differs: Callable[[str], None]) -> None:
        self._series = SeriesReader(names, differs)
        self._differs = differs
        self._names = names
        self._open: list[str] = []
        prometheus = project.targets.prometheus
        self._scrape_interval = prometheus.scrape_interval if prometheus is not None else _DEFAULT_SCRAPE_INTERVAL

    def read(self, expr: Expr) -> Plan:
        """The plan of ``expr``. Raises Untranslatable."""
        number = constant_value(expr)
        if number is not None:
            return Constant(Decimal(repr(number)))
        match expr:
            case Paren():
                return self.read(expr.expr)
            case Unary():
                inner = self.read(expr.expr)
                return inner if expr.op == "+" else Operation("*", Constant(Decimal(-1)), inner)
            case VectorSelector():
                return self._recording(expr) or self._series.reading(expr, "points")
            case Aggregate():
                return self._aggregate(expr)
            case Binary():
                return self._binary(expr)
            case Call():
                return self._call(expr)
        raise cannot(expr, "that is no value that a monitor could watch")

    def _recording(self, expr: VectorSelector) -> Plan | None:
        """The plan of a recording's query in place of its name, where nothing more is said of it."""
        name = metric_name(expr)
        recording = self._names.recordings.get(name) if name is not None else None
        if recording is None or recording.query.expr is None:
            return None
        if any(matcher.label != METRIC_NAME_LABEL for matcher in expr.matchers) or expr.offset or recording.spec.labels:
            raise cannot(expr, "Prometheus records it, and Datadog reads it only whole", "write its query here instead")
        if recording.name in self._open:
            raise cannot(expr, "it records itself")
        self._open.append(recording.name)
        try:
            return self.read(recording.query.expr)
        finally:
            self._open.pop()

    def _aggregate(self, expr: Aggregate) -> Plan:
        if expr.op not in {"sum", "avg", "min", "max"}:
            raise cannot(expr, f"Datadog's monitors aggregate by sum, avg, min and max, not by `{expr.op}`")
        inner = self.read(expr.expr)
        labels = [label.name for label in expr.grouping.labels] if expr.grouping is not None else []
        tags = tuple(dict.fromkeys(map(tag_of, labels)))
        if expr.grouping is not None and expr.grouping.without:
            return aggregated(expr, self._but(expr, inner, tags), inner, self._differs)
        for reading in readings(inner):
            self._series.scraped_labels(reading.scraped, labels)
        return aggregated(expr, tags, inner, self._differs)

    def _but(self, expr: Aggregate, inner: Plan, tags: tuple[str, ...]) -> tuple[str, ...]:
        """The tags of ``inner`` without ``tags``, where all of them are known."""
        first = next(readings(inner), None)
        if first is None or not all(reading.by_known for reading in readings(inner)):
            raise cannot(expr, "Datadog groups `by` tags only; it does not know `without`", "name the labels with `by`")
        return tuple(tag for tag in first.metric.by if tag not in tags)

    def _binary(self, expr: Binary) -> Plan:
        if expr.op in SET_OPERATORS:
            if expr.op == "or" and _is_zero(expr.rhs):
                return Applied(DEFAULT_ZERO, self.read(expr.lhs))
            raise cannot(expr, f"Datadog's queries have no `{expr.op}`", _COMPOSITE)
        if expr.op in COMPARISONS:
            raise cannot(expr, "Datadog compares only at the end of a query", _COMPOSITE)
        if expr.op not in {"+", "-", "*", "/"}:
            raise cannot(expr, f"Datadog calculates with + - * / only, not with `{expr.op}`")
        left, right = self.read(expr.lhs), self.read(expr.rhs)
        groups, others = grouping(left), grouping(right)
        if groups is not None and others is not None:
            self._matching(expr, groups, others)
        return Operation(expr.op, left, right)

    def _matching(self, expr: Binary, groups: frozenset[str], others: frozenset[str]) -> None:
        matching = expr.matching
        if matching is not None and matching.card is not Card.ONE_TO_ONE:
            word = "group_left" if matching.card is Card.MANY_TO_ONE else "group_right"
            raise cannot(expr, f"Datadog joins series with the same tags only; it does not know `{word}`")
        if matching is not None and not matching.on:
            raise cannot(expr, "Datadog joins series with the same tags only; it does not know `ignoring`")
        on = groups if matching is None else frozenset(tag_of(label.name) for label in matching.labels)
        if not groups == others == on:
            raise cannot(
                expr,
                "Datadog calculates only between queries that are grouped by the same tags",
                "aggregate both by them",
            )

    def _call(self, expr: Call) -> Plan:
        name, args = expr.function, expr.args
        if name in _OVER_COUNTER and isinstance(args[0], MatrixSelector):
            return self._series.reading(args[0].vector, _OVER_COUNTER[name], args[0].range.milliseconds)
        if name in _OVER_TIME and isinstance(args[0], MatrixSelector):
            return self._series.reading(args[0].vector, _OVER_TIME[name], args[0].range.milliseconds)
        if name == "sum_over_time" and isinstance(args[0], MatrixSelector):
            return self._sum_over_time(expr, args[0])
        if name == "last_over_time" and isinstance(args[0], MatrixSelector):
            return self._series.reading(args[0].vector, "points")
        if name == "histogram_quantile":
            return self._quantile(expr)
        if name in capabilities.FUNCTIONS:
            limits = [constant_value(argument) for argument in args[1:]]
            numbers = tuple(Decimal(repr(limit)) for limit in limits if limit is not None)
            if len(numbers) < len(limits):
                raise cannot(expr, "the limit must be a number")
            return Applied(capabilities.FUNCTIONS[name], self.read(args[0]), numbers)
        if name in {"sort", "sort_desc", "vector"}:
            return self.read(args[0])
        if any(not isinstance(argument, MatrixSelector) for argument in args) and name.endswith("_over_time"):
            raise cannot(expr, "Datadog has no subqueries")
        raise cannot(expr, f"Datadog's monitors have no `{name}()`", _INSTEAD.get(name, WAY_OUT))

    def _sum_over_time(self, expr: Call, matrix: MatrixSelector) -> Plan:
        samples = Decimal(matrix.range.milliseconds) / int(self._scrape_interval)
        self._differs(
            f"`sum_over_time` over {matrix.range} becomes {samples:f} times the average: so many samples are scraped, "
            f"one every {self._scrape_interval}"
        )
        return Operation("*", self._series.reading(matrix.vector, "avg", matrix.range.milliseconds), Constant(samples))

    def _quantile(self, expr: Call) -> Plan:
        """``histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m])))``, or without ``le`` of a native histogram."""
        level = constant_value(expr.args[0])
        percentile = capabilities.PERCENTILES.get(level) if level is not None else None
        if percentile is None:
            kept = ", ".join(f"{level:g}" for level in capabilities.PERCENTILES)
            raise cannot(expr, f"Datadog's distributions keep the quantiles {kept}")
        inner = expr.args[1]
        while isinstance(inner, Paren):
            inner = inner.expr
        labels: tuple[str, ...] | None = None
        if isinstance(inner, Aggregate) and inner.op == "sum" and not (inner.grouping and inner.grouping.without):
            labels = tuple(label.name for label in inner.grouping.labels) if inner.grouping is not None else ()
            inner = inner.expr
        if not (isinstance(inner, Call) and inner.function in {"rate", "increase"}):
            raise cannot(expr, "only the quantile of a `sum by (le, …)` of `rate()` can be read from a distribution")
        matrix = inner.args[0]
        if not isinstance(matrix, MatrixSelector):
            raise cannot(expr, "Datadog has no subqueries")
        return self._series.percentile(matrix, percentile, labels, expr)


def _is_zero(expr: Expr) -> bool:
    """True for ``vector(0)``."""
    while isinstance(expr, Paren):
        expr = expr.expr
    return isinstance(expr, Call) and expr.function == "vector" and constant_value(expr.args[0]) == 0
