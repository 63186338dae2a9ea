"""The metric catalogue of a project: what each series name stands for.

It knows the metrics of the spec, the packaged catalogues that it uses, its recordings (typed when first asked for),
and what every Prometheus makes itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from skillforge_mon.diagnostics.diagnostic import Fix, Report, Span
from skillforge_mon.query import codes, log_metrics, span_metrics
from skillforge_mon.query.packaged import PackagedCatalogue, packaged_names, with_included
from skillforge_mon.query.promql.once import ParsedTexts
from skillforge_mon.query.series import CREATED, MetricEntry, SeriesKind, metric_and_series, series_of, series_units
from skillforge_mon.query.target_labels import TargetLabels, target_labels
from skillforge_mon.spec.suggest import listed, nearest
from skillforge_mon.spec.yaml.nodes import MappingNode, SequenceNode

if TYPE_CHECKING:
    from skillforge_mon.query.promql import Expr
    from skillforge_mon.query.types import TypeInfo
    from skillforge_mon.spec.models.metrics import LabelValues, Recording
    from skillforge_mon.spec.models.spec import Spec

__all__ = ["Catalogue", "MetricEntry", "build_catalogue"]

EXPORTER_OF_PROBES = "blackbox"
"""The packaged catalogue of what asks for probes: a spec with that target need not name it."""
SLO_PREFIX = "slo:"
"""What the names of the series begin with that monmc records for SLOs."""
SPEC = "spec"
"""Where metrics come from that the spec itself declares."""
_OF_THE_SERIES = frozenset(("le", "quantile"))
"""Labels that are on all series of their kind, whoever exports them. Packaged catalogues have what some version has."""


@dataclass(frozen=True, slots=True, eq=False)
class DeclaredMetric:
    """A metric as it is declared, wherever that is."""

    type: str
    help: str = ""
    unit: str = ""
    labels: Mapping[str, LabelValues] | None = None
    buckets: tuple[float, ...] = ()
    deprecated: str = ""
    by_push: bool = False
    open_labels: bool = False
    service: str = ""
    place: Span | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Source:
    """Where metrics are declared. ``types`` has the type of each; ``declared`` reads one."""

    origin: str
    types: Mapping[str, str]
    declared: Callable[[str], DeclaredMetric]


class Catalogue:
    """What is known of every metric.

    ``complete`` is False for a project that declares no metrics and uses no packaged catalogue: then an unknown name
    means nothing.
    """

    def __init__(
        self,
        sources: tuple[_Source, ...],
        recordings: Mapping[str, list[tuple[Recording, Span | None]]],
        targets: TargetLabels,
        texts: ParsedTexts,
        *,
        complete: bool,
    ) -> None:
        self.complete = complete
        self._sources = sources
        self._recordings = recordings
        self._targets = targets
        self._entries: dict[str, MetricEntry | None] = {}
        self.texts = texts
        """The queries of the project by their texts."""
        self.inferred: dict[int, tuple[Expr, TypeInfo]] = {}
        """Types by the identity of the tree, which is kept so that no other tree can take its identity."""

    def lookup(self, name: str) -> MetricEntry | None:
        """What the series called ``name`` are, or None when nothing is known of them."""
        try:
            return self._entries[name]
        except KeyError:
            entry = self._entries[name] = self._find(name)
            return entry

    def metric(self, name: str) -> MetricEntry | None:
        """What the metric ``name`` is: as ``lookup``, but a classic histogram is found by its own name."""
        entry = self.lookup(name)
        if entry is not None:
            return entry
        for source in self._sources:
            if name in source.types:
                return self._declared(source, name, name, "histogram")
        return None

    def entries(self) -> Iterator[MetricEntry]:
        """Every metric that is declared, once, under its own name; those of the spec first, in its order."""
        seen: set[str] = set()
        for source in self._sources:
            for name in source.types:
                entry = None if name in seen else self.metric(name)
                seen.add(name)
                if entry is not None:
                    yield entry

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all series that are known, for suggestions."""
        names: dict[str, None] = {}
        for source in self._sources:
            for metric, type_ in source.types.items():
                names |= dict.fromkeys(series_of(metric, type_))
        return (*names, *self._recordings)

    def _find(self, name: str) -> MetricEntry | None:
        if name in self._recordings:
            return self._recorded(name)
        for source in self._sources:
            found = metric_and_series(name, source.types)
            if found is not None:
                return self._declared(source, name, *found)
        if name.startswith(SLO_PREFIX):
            return MetricEntry(name, name, "gauge", "gauge", "", {}, open_labels=True, origin="recording")
        return None

    def _declared(self, source: _Source, name: str, metric: str, series: SeriesKind) -> MetricEntry:
        from skillforge_mon.spec.models.metrics import LabelValues

        declared = source.declared(metric)
        created = series == "gauge" and name.endswith(CREATED) and name != metric
        unit, observed = series_units(metric, declared.type, series, declared.unit, created=created)
        labels = dict(declared.labels or {})
        if series == "bucket":
            labels["le"] = LabelValues("bounded")
        elif series == "quantile":
            labels["quantile"] = LabelValues("bounded")
        certain = {label for label in labels if source.origin == SPEC or label in _OF_THE_SERIES}
        if not declared.by_push:
            labels = {**labels, **self._targets.of(declared.service or None), **labels}
            certain.update(self._targets.certain_of(declared.service or None))
        certain = {label for label in certain if "" not in labels[label].values}
        return MetricEntry(
            name=name,
            metric=metric,
            series=series,
            type=declared.type,
            unit=unit,
            labels=labels,
            observed_unit=observed,
            open_labels=declared.open_labels,
            certain_labels=frozenset(certain),
            buckets=declared.buckets,
            help=declared.help,
            deprecated=declared.deprecated,
            origin=source.origin,
            service=declared.service,
            place=declared.place,
        )

    def _recorded(self, name: str) -> MetricEntry:
        """A recording: its unit and labels are those of its query. Several may record under one name.

        What it reads is looked up first, so that no chain of recordings is too long; within a circle of them, what is
        not known yet may carry any label.
        """
        from skillforge_mon.query.recorded import in_order, merged, recorded, unknown

        queries = in_order(name, self._recordings, self._entries, self.texts)
        for each in queries:
            self._entries[each] = unknown(each, *self._recordings[each][0])
        for each, parsed in queries.items():
            entries = zip(self._recordings[each], parsed, strict=True)
            self._entries[each] = merged([recorded(each, *recording, expr, self) for recording, expr in entries])
        entry = self._entries[name]
        assert entry is not None  # noqa: S101 - it is one of those just made
        return entry


def build_catalogue(spec: Spec, root: MappingNode, report: Report, texts: ParsedTexts | None = None) -> Catalogue:
    """The catalogue of ``spec``; ``root`` is its tree, for places. An unknown name under ``use`` is reported.

    ``texts`` has the queries that were parsed already, and takes up others.
    """
    packaged = _used(spec, root, report)
    sources = (_of_spec(spec, root), *_of_spans(spec), *_of_lines(spec), *map(_of_package, packaged), _of_prometheus())
    recordings: dict[str, list[tuple[Recording, Span | None]]] = {}
    for name, recording in spec.recordings.items():
        recordings.setdefault(recording.record or name, []).append((recording, _place(root, "recordings", name)))
    complete = bool(spec.metrics or spec.use)
    return Catalogue(
        sources, recordings, target_labels(spec), ParsedTexts() if texts is None else texts, complete=complete
    )


def _used(spec: Spec, root: MappingNode, report: Report) -> list[PackagedCatalogue]:
    names = packaged_names()
    node = root.get("use")
    used = []
    for index, name in enumerate(spec.use):
        if name in names:
            used.append(name)
            continue
        span = node.items[index].span if isinstance(node, SequenceNode) else root.span
        meant = nearest(name, names)
        report.add(
            codes.UNKNOWN_CATALOGUE.at(
                span,
                f"there is no packaged catalogue `{name}`",
                notes=(f"there are: {listed(names, len(names))}",),
                help=f"did you mean `{meant}`?" if meant else "declare its metrics under `metrics`",
                fix=Fix(span, meant, f"write `{meant}`", safe=False) if meant else None,
            )
        )
    if spec.targets.blackbox is not None and EXPORTER_OF_PROBES not in used:
        used.append(EXPORTER_OF_PROBES)
    return with_included(used)


def _place(root: MappingNode, section: str, name: str) -> Span | None:
    node = root.get(section)
    return node.entries[name].key_span if isinstance(node, MappingNode) and name in node.entries else None


def _of_spec(spec: Spec, root: MappingNode) -> _Source:
    def declared(name: str) -> DeclaredMetric:
        metric = spec.metrics[name]
        return DeclaredMetric(
            type=metric.type,
            help=metric.help or "",
            unit=metric.unit or "",
            labels=metric.labels,
            buckets=tuple(metric.buckets),
            deprecated=metric.deprecated or "",
            by_push=metric.exported_by_push,
            service=metric.service or "",
            place=_place(root, "metrics", name),
        )

    return _Source(SPEC, {name: metric.type for name, metric in spec.metrics.items()}, declared)


def _of_spans(spec: Spec) -> Iterator[_Source]:
    metrics = span_metrics.counted(spec)
    if metrics is None:
        return
    fields = span_metrics.declared(metrics)
    types = {name: entry["type"] for name, entry in fields.items()}
    yield _Source("traces", types, lambda name: _plain(fields[name], open_labels=False))


def _of_lines(spec: Spec) -> Iterator[_Source]:
    fields = log_metrics.declared(spec)
    if fields:
        types = {name: entry["type"] for name, entry in fields.items()}
        yield _Source(
            log_metrics.ORIGIN, types, lambda name: replace(_plain(fields[name], open_labels=False), by_push=True)
        )


def _of_package(catalogue: PackagedCatalogue) -> _Source:
    def declared(name: str) -> DeclaredMetric:
        is_open = any(fnmatchcase(name, pattern) for pattern in catalogue.open_labels)
        return _plain(catalogue.metrics[name], open_labels=is_open)

    return _Source(catalogue.name, catalogue.types, declared)


def _plain(fields: Mapping[str, Any], *, open_labels: bool) -> DeclaredMetric:
    """A metric of plain data, whose form the tests hold to the language's."""
    from skillforge_mon.spec.models.metrics import LabelValues

    labels = {
        label: LabelValues("enum", tuple(values)) if isinstance(values, list) else LabelValues(values)
        for label, values in fields.get("labels", {}).items()
    }
    return DeclaredMetric(
        type=fields["type"],
        help=fields.get("help", ""),
        unit=fields.get("unit", ""),
        labels=labels,
        buckets=tuple(fields.get("buckets", ())),
        deprecated=fields.get("deprecated", ""),
        open_labels=open_labels,
    )


_PROMETHEUS_ITSELF: Mapping[str, Mapping[str, Any]] = {
    "up": {"type": "gauge", "unit": "boolean", "help": "1 when the last scrape of the target worked, otherwise 0."},
    "scrape_duration_seconds": {"type": "gauge", "help": "How long the last scrape took."},
    "scrape_samples_scraped": {"type": "gauge", "help": "Samples on the target's page."},
    "scrape_samples_post_metric_relabeling": {"type": "gauge", "help": "Samples left after relabelling."},
    "scrape_series_added": {"type": "gauge", "help": "Series that the last scrape added, about."},
    "scrape_timeout_seconds": {"type": "gauge", "help": "The scrape timeout of the target."},
    "scrape_sample_limit": {"type": "gauge", "help": "The sample limit of the target, 0 for none."},
    "scrape_body_size_bytes": {"type": "gauge", "help": "Size of the target's last page."},
    "ALERTS": {
        "type": "gauge",
        "unit": "boolean",
        "help": "1 for each alert that is pending or firing.",
        "labels": {"alertname": "bounded", "alertstate": ["pending", "firing"]},
    },
    "ALERTS_FOR_STATE": {
        "type": "gauge",
        "unit": "seconds",
        "help": "Since when an alert has been active.",
        "labels": {"alertname": "bounded"},
    },
}
"""Series that Prometheus writes itself ("Automatically generated labels and time series"; "Alerting rules")."""


def _of_prometheus() -> _Source:
    def declared(name: str) -> DeclaredMetric:
        # Alerts carry the labels of their queries and of their rules, and those of a target only if the query has them.
        of_alerts = name.startswith("ALERTS")
        return replace(_plain(_PROMETHEUS_ITSELF[name], open_labels=of_alerts), by_push=of_alerts)

    return _Source("prometheus", {name: fields["type"] for name, fields in _PROMETHEUS_ITSELF.items()}, declared)
