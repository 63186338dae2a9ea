"""What a Prometheus series is called in Datadog, after the Agent's OpenMetrics check has read it.

From the check's transformers (``datadog-checks-base`` 38.7.0, OpenMetrics v2): every name gets the namespace; a counter
``x_total`` becomes ``x.count``; a histogram becomes one distribution, or ``.bucket``, ``.sum`` and ``.count``; a
summary becomes ``.quantile``, ``.sum`` and ``.count``. ``metrics.NAME.datadog`` in the spec wins over all of that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from skillforge_mon.backends.datadog.capabilities import ENDPOINT_TAG, HEALTH_CHECK
from skillforge_mon.backends.datadog.filters import INSTANCE
from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from skillforge_mon.model.project import Project
from skillforge_mon.query import log_metrics
from skillforge_mon.query.series import SUFFIXES
from skillforge_mon.query.target_labels import TargetLabels, target_labels

if TYPE_CHECKING:
    from skillforge_mon.query.series import MetricEntry, SeriesKind
    from skillforge_mon.spec.models.metrics import DatadogMetric

Stored: TypeAlias = Literal["count", "gauge", "distribution"]
_TOTAL = "_total"
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.]")
"""What the Agent writes as ``_`` in the names of metrics."""
_OF_THE_SERVER = frozenset(("up", "ALERTS", "ALERTS_FOR_STATE"))
_OF_A_SCRAPE = "scrape_"
"""Series that Prometheus writes itself ("Automatically generated labels and time series")."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where Datadog keeps a series.

    ``name`` is the full name there and ``stored`` its type. ``series`` says what of the Prometheus metric it is.
    ``labels`` are those that the exporter gives it, None when they are not known; ``scraped`` are those that
    Prometheus adds while scraping. ``values`` has the labels whose values are all known. ``known`` is False for a name
    that was guessed.
    """

    name: str
    stored: Stored
    series: SeriesKind
    labels: tuple[str, ...] | None
    scraped: frozenset[str]
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    known: bool = True


class Names:
    """The names of a project's series in Datadog. ``recordings`` are those of Prometheus by the metric they make."""

    def __init__(self, project: Project) -> None:
        target = project.targets.datadog
        assert target is not None  # noqa: S101 - the backend is only called when its target is there
        self.recordings = {recording.record: recording for recording in project.recordings.values()}
        self._project = project
        self._namespace = target.openmetrics.namespace or project.name
        self._distributions = target.openmetrics.histograms == "distributions"
        self._targets: TargetLabels = target_labels(project.spec)

    def source(self, name: str, *, counted: bool) -> Source:
        """Where the series ``name`` is; ``counted`` says that the query takes it for a counter.

        Raises Untranslatable for what never reaches Datadog.
        """
        entry = self._project.catalogue.lookup(name)
        if entry is None:
            return self._guess(name, counted=counted)
        if name in _OF_THE_SERVER or name.startswith(_OF_A_SCRAPE):
            raise self._made_by_prometheus(name)
        if entry.origin == "recording":
            raise Untranslatable(f"`{name}` is recorded by Prometheus, and Datadog does not have it")
        if entry.origin == log_metrics.ORIGIN:
            raise Untranslatable(
                f"`{name}` is made of log lines by Loki, and Datadog does not have it",
                "count the lines in an alert with `logs`",
            )
        override = self._override(entry)
        own, scraped = self._labels(entry)
        full, stored = self._name(entry, override)
        values = {label: known.values for label, known in entry.labels.items() if known.cardinality == "enum"}
        return Source(full, stored, entry.series, own, scraped, values)

    def _override(self, entry: MetricEntry) -> DatadogMetric | None:
        metric = self._project.spec.metrics.get(entry.metric)
        return metric.datadog if metric is not None else None

    def _name(self, entry: MetricEntry, override: DatadogMetric | None) -> tuple[str, Stored]:
        match entry.series:
            case "counter":
                name = f"{self._full(entry.metric.removesuffix(_TOTAL))}.count"
                stored: Stored = "count"
            case "gauge":
                name, stored = self._full(entry.name), "gauge"
            case "quantile":
                name = f"{override.name if override is not None else self._full(entry.metric)}.quantile"
                return name, "gauge"
            case "native_histogram":
                name, stored = self._full(entry.metric), "distribution"
            case _:
                return self._part_of_histogram(entry, override)
        if override is None:
            return name, stored
        types: Mapping[str, Stored] = {"rate": "count", "count": "count", "gauge": "gauge",
                                       "distribution": "distribution"}  # fmt: skip
        return override.name, types[override.type] if override.type is not None else stored

    def _part_of_histogram(self, entry: MetricEntry, override: DatadogMetric | None) -> tuple[str, Stored]:
        base = override.name if override is not None else self._full(entry.metric)
        distribution = self._distributions
        if override is not None and override.type is not None:
            distribution = override.type == "distribution"
        if entry.is_classic_histogram and distribution:
            return base, "distribution"
        return f"{base}.{entry.series}", "count"

    def _labels(self, entry: MetricEntry) -> tuple[tuple[str, ...] | None, frozenset[str]]:
        scraped = frozenset(self._targets.of(entry.service or None))
        declared = self._project.spec.metrics.get(entry.metric)
        if declared is not None:
            own = tuple(declared.labels)
            pushed = declared.exported_by_push
            return (own if pushed else (*own, INSTANCE)), scraped - set(own)
        if entry.open_labels:
            return None, scraped
        own = tuple(label for label in entry.labels if label not in scraped and label not in {"le", "quantile"})
        return (*own, INSTANCE), scraped

    def _guess(self, name: str, *, counted: bool) -> Source:
        scraped = frozenset(self._targets.everywhere)
        for suffix, series in SUFFIXES.items():
            if counted and name.endswith(suffix):
                base = self._full(name.removesuffix(suffix))
                if self._distributions:
                    return Source(base, "distribution", series, None, scraped, known=False)
                return Source(f"{base}.{series}", "count", series, None, scraped, known=False)
        if counted:
            base = self._full(name.removesuffix(_TOTAL))
            return Source(f"{base}.count", "count", "counter", None, scraped, known=False)
        return Source(self._full(name), "gauge", "gauge", None, scraped, known=False)

    def _full(self, name: str) -> str:
        return _NOT_IN_NAMES.sub("_", f"{self._namespace}.{name}")

    def _made_by_prometheus(self, name: str) -> Untranslatable:
        check = f'"{self._namespace}.{HEALTH_CHECK}".over("*").by("{ENDPOINT_TAG}").last(4).count_by_status()'
        instead = (
            f"watch the Agent's own check: `datadog: {{type: service check, query: '{check}', "
            "options: {thresholds: {critical: 3}}}`"
        )
        return Untranslatable(f"`{name}` is made by Prometheus, and Datadog does not have it", instead)
