"""From the algebra to a plan of readings; whatever Datadog has no words for is refused with its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from skillforge_mon.backends.datadog import capabilities
from skillforge_mon.backends.datadog.filters import tag_of
from skillforge_mon.backends.datadog.names import Names
from skillforge_mon.backends.datadog.reading import How, Plan, Reading, grouping, has_groups
from skillforge_mon.backends.datadog.refusals import refused
from skillforge_mon.backends.datadog.series import SeriesReader
from skillforge_mon.backends.datadog.space import aggregated
from skillforge_mon.backends.datadog.untranslatable import cannot
from skillforge_mon.model.project import Project
from skillforge_mon.query.algebra import (
    Aggregated,
    Applied,
    Arithmetic,
    Constant,
    Filled,
    Node,
    Quantile,
    Reason,
    Recorded,
    Selection,
    Series,
    Shift,
    Single,
    Unsaid,
    Window,
    WindowFunction,
    leaves,
    read,
)
from skillforge_mon.query.promql import Expr
from skillforge_mon.spec.quantities import Duration

_DEFAULT_SCRAPE_INTERVAL = Duration.of(seconds=15)
_AGGREGATIONS = frozenset(("sum", "avg", "min", "max"))
_WINDOWS: dict[WindowFunction, How] = {"rate": "rate", "increase": "increase", "latest_rate": "latest_rate",
                                       "avg": "avg", "min": "min", "max": "max"}  # fmt: skip


class Reader:
    """Reads the queries of a project. Differences between the two systems are handed to ``differs``."""

    def __init__(self, project: Project, names: Names, differs: Callable[[str], None]) -> None:
        self._series = SeriesReader(names, differs)
        self._differs = differs
        self._names = names
        prometheus = project.targets.prometheus
        self._scrape_interval = prometheus.scrape_interval if prometheus is not None else _DEFAULT_SCRAPE_INTERVAL

    def read(self, expr: Expr) -> Plan:
        """The plan of ``expr``. Raises Untranslatable."""
        return self._plan(read(expr, self._recorded))

    def _recorded(self, name: str) -> Recorded | None:
        recording = self._names.recordings.get(name)
        if recording is None or recording.query.expr is None:
            return None
        return Recorded(recording.query.expr, bool(recording.spec.labels))

    def _plan(self, node: Node) -> Plan:
        match node:
            case Constant():
                return node
            case Single():
                return Constant(node.value)
            case Selection():
                return self._series.reading(node, "points")
            case Window():
                return self._window(node)
            case Shift():
                return self._shifted(node)
            case Aggregated():
                return self._aggregate(node)
            case Arithmetic():
                return self._arithmetic(node)
            case Applied() if node.function in capabilities.FUNCTIONS:
                return Applied(node.function, self._plan(node.argument), node.source, node.parameters)
            case Filled() if not node.value:
                return self._filled(node)
            case Quantile():
                return self._quantile(node)
        raise refused(node)

    def _filled(self, node: Filled[Series]) -> Plan:
        plan = self._plan(node.argument)
        if has_groups(plan) and not node.alone:
            self._differs(
                "`or vector(0)` is one more series in Prometheus, without labels; in Datadog each group is 0 where "
                "points are missing"
            )
        else:
            self._differs(
                "`or vector(0)` is 0 in Datadog where single points are missing, not where all of the window is"
            )
        return Filled(plan, node.value, node.source, node.alone)

    def _window(self, node: Window) -> Plan:
        if node.function in _WINDOWS:
            return self._series.reading(node.argument, _WINDOWS[node.function], node.length)
        if node.function == "last":
            return self._series.reading(node.argument, "points")
        if node.function == "sum":
            return self._sum_over_time(node)
        raise refused(node)

    def _shifted(self, node: Shift) -> Plan:
        plan = self._plan(node.argument)
        shift = self._series.shift(node)
        if isinstance(plan, Arithmetic) and isinstance(plan.left, Reading):  # a sum over time is a product
            return replace(plan, left=replace(plan.left, shift=shift))
        return replace(plan, shift=shift) if isinstance(plan, Reading) else plan

    def _aggregate(self, node: Aggregated) -> Plan:
        if node.function not in _AGGREGATIONS:
            raise refused(node)
        inner = self._plan(node.argument)
        tags = tuple(dict.fromkeys(map(tag_of, node.labels)))
        if node.without:
            return aggregated(node, self._but(node, inner, tags), inner, self._differs)
        for reading in leaves(inner):
            self._series.scraped_labels(reading.scraped, node.labels)
        return aggregated(node, tags, inner, self._differs)

    def _but(self, node: Aggregated, inner: Plan, tags: tuple[str, ...]) -> tuple[str, ...]:
        """The tags of ``inner`` without ``tags``, where all of them are known."""
        first = next(leaves(inner), None)
        if first is None or not all(reading.by_known for reading in leaves(inner)):
            raise cannot(
                node.source, "Datadog groups `by` tags only; it does not know `without`", "name the labels with `by`"
            )
        return tuple(tag for tag in first.metric.by if tag not in tags)

    def _arithmetic(self, node: Arithmetic[Series]) -> Plan:
        left, right = self._plan(node.left), self._plan(node.right)
        groups, others = grouping(left), grouping(right)
        if groups is not None and others is not None:
            self._matching(node, groups, others)
        elif any(_has_no_labels(side) for side in (node.left, node.right)):
            self._beside_unlabelled(node, left if others is None else right)
        return Arithmetic(node.op, left, right, node.source)

    def _matching(self, node: Arithmetic[Series], groups: frozenset[str], others: frozenset[str]) -> None:
        join = node.join
        if join is not None and join.many:
            word = f"group_{join.many}"
            raise cannot(node.source, f"Datadog joins series with the same tags only; it does not know `{word}`")
        if join is not None and not join.on:
            raise cannot(node.source, "Datadog joins series with the same tags only; it does not know `ignoring`")
        on = groups if join is None else frozenset(map(tag_of, join.labels))
        if not groups == others == on:
            raise cannot(
                node.source,
                "Datadog calculates only between queries that are grouped by the same tags",
                "aggregate both by them",
            )

    def _beside_unlabelled(self, node: Arithmetic[Series], other: Plan) -> None:
        """Refuse ``vector(2)`` beside a plan of several series: it is joined with all of them only by ``on ()``."""
        join = node.join
        if join is not None and join.on and not join.labels and join.many:
            return
        if has_groups(other):
            raise cannot(
                node.source,
                "`vector()` has no labels, so that Prometheus finds no series for it but one without labels",
                "write the number itself",
            )

    def _sum_over_time(self, node: Window) -> Plan:
        samples = Decimal(node.length) / int(self._scrape_interval)
        self._differs(
            f"`sum_over_time` over {Duration(node.length)} becomes {samples:f} times the average: so many samples are "
            f"scraped, one every {self._scrape_interval}"
        )
        average = self._series.reading(node.argument, "avg", node.length)
        return Arithmetic("*", average, Constant(samples), node.source)

    def _quantile(self, node: Quantile) -> Plan:
        """``histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m])))``, or without ``le`` of a native histogram."""
        percentile = capabilities.PERCENTILES.get(node.level)
        if percentile is None:
            raise refused(node)
        inner = node.argument
        labels: tuple[str, ...] | None = None
        if isinstance(inner, Aggregated) and inner.function == "sum" and not inner.without:
            labels = inner.labels
            inner = inner.argument
        shift = inner if isinstance(inner, Shift) else None
        window = shift.argument if shift is not None else inner
        if isinstance(inner, Unsaid) and inner.reason in {Reason.SUBQUERY, Reason.FIXED_TIME}:
            raise refused(inner)
        if not isinstance(window, Window) or window.function not in {"rate", "increase"}:
            raise cannot(
                node.source, "only the quantile of a `sum by (le, …)` of `rate()` can be read from a distribution"
            )
        reading = self._series.percentile(window, percentile, labels, node.source)
        return reading if shift is None else replace(reading, shift=self._series.shift(shift))


def _has_no_labels(node: Node) -> bool:
    """True for a series without labels that is made of numbers only: ``vector(2)``, ``vector(2) * 60``."""
    found = tuple(leaves(node))
    return bool(found) and all(isinstance(leaf, Single) for leaf in found)
