"""The series that a metric is stored as: a histogram becomes buckets, a sum and a count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from skillforge_mon.diagnostics.diagnostic import Span
from skillforge_mon.query.units import counted_in_name, unit_in_name

if TYPE_CHECKING:
    from skillforge_mon.spec.models.metrics import LabelValues

SeriesKind = Literal["counter", "gauge", "bucket", "sum", "count", "native_histogram", "quantile", "histogram"]
"""``histogram`` is a classic histogram as a whole, which no series is named after."""

CLASSIC_HISTOGRAMS = frozenset(("histogram", "distribution"))
"""Types that are stored as classic histograms. (Datadog makes distributions of them; Prometheus has none.)"""

SUFFIXES: Mapping[str, SeriesKind] = {"_bucket": "bucket", "_sum": "sum", "_count": "count"}
_CUMULATIVE = frozenset(("counter", "bucket", "sum", "count"))
CREATED = "_created"


@dataclass(frozen=True, slots=True)
class MetricEntry:
    """What the catalogue knows of the series called ``name``.

    ``metric`` is the metric that they belong to, and ``type`` its type; ``unit`` is that of the values of these very
    series, ``observed_unit`` that of what a histogram or summary observes. ``labels`` are all that they may carry,
    those of the target included, unless ``open_labels`` says that there may be others; ``certain_labels`` are on every
    one. ``buckets`` are upper bounds without +Inf, empty when they are not known. ``origin`` is ``spec``,
    ``recording``, ``prometheus`` for what every server makes itself, or the name of a packaged catalogue. ``place`` is
    the declaration in the spec, if it is there. ``share`` says that the values are known to lie between 0 and 1.
    """

    name: str
    metric: str
    series: SeriesKind
    type: str
    unit: str
    labels: Mapping[str, LabelValues]
    observed_unit: str = ""
    open_labels: bool = False
    certain_labels: frozenset[str] = frozenset()
    buckets: tuple[float, ...] = ()
    help: str = ""
    deprecated: str = ""
    origin: str = "spec"
    service: str = ""
    place: Span | None = None
    share: bool = False

    @property
    def is_counter(self) -> bool:
        """True when the values only grow, until the process starts again."""
        return self.series in _CUMULATIVE

    @property
    def is_classic_histogram(self) -> bool:
        """True for the buckets, sum and count of a classic histogram."""
        return self.type in CLASSIC_HISTOGRAMS


def metric_and_series(name: str, types: Mapping[str, str]) -> tuple[str, SeriesKind] | None:
    """The metric that the series ``name`` belongs to, and what they are of it; ``types`` has the types of metrics."""
    type_ = types.get(name)
    if type_ is not None:
        own = _OWN_NAME.get(type_)
        return None if own is None else (name, own)
    for suffix, series in SUFFIXES.items():
        if name.endswith(suffix):
            metric = name.removesuffix(suffix)
            type_ = types.get(metric)
            if type_ in CLASSIC_HISTOGRAMS or (type_ == "summary" and series != "bucket"):
                return metric, series
    if name.endswith(CREATED):
        base = name.removesuffix(CREATED)
        for metric in (base, f"{base}_total"):
            if types.get(metric) in {"counter", "summary", *CLASSIC_HISTOGRAMS}:
                return metric, "gauge"
    return None


_OWN_NAME: Mapping[str, SeriesKind] = {
    "counter": "counter",
    "gauge": "gauge",
    "native_histogram": "native_histogram",
    "summary": "quantile",
}


def series_of(metric: str, type_: str) -> tuple[str, ...]:
    """The names of the series of a metric."""
    if type_ in CLASSIC_HISTOGRAMS:
        return tuple(metric + suffix for suffix in SUFFIXES)
    if type_ == "summary":
        return (metric, f"{metric}_sum", f"{metric}_count")
    return (metric,)


def series_units(metric: str, type_: str, series: SeriesKind, declared: str, *, created: bool) -> tuple[str, str]:
    """The unit of the series' values, and of what the metric observes."""
    unit = declared or unit_in_name(metric, type_)
    if created:
        return "seconds", ""
    if series in {"bucket", "count", "native_histogram"}:
        return counted_in_name(metric), unit
    return unit, unit if series in {"sum", "quantile", "histogram"} else ""
