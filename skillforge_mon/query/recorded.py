"""Recordings as metrics: what their queries result in is what their series are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from skillforge_mon.diagnostics.diagnostic import Span
from skillforge_mon.query.labels import LabelSet, either
from skillforge_mon.query.promql import PromQLSyntaxError, parse
from skillforge_mon.query.series import MetricEntry, SeriesKind
from skillforge_mon.query.types import infer

if TYPE_CHECKING:
    from skillforge_mon.query.catalogue import Catalogue
    from skillforge_mon.spec.models.metrics import Recording


def recorded(name: str, recording: Recording, place: Span | None, catalogue: Catalogue) -> MetricEntry:
    """The series that ``recording`` writes under ``name``; with any labels when its query does not parse."""
    from skillforge_mon.spec.models.metrics import LabelValues

    entry = MetricEntry(
        name=name,
        metric=name,
        series="gauge",
        type="gauge",
        unit=recording.unit or "",
        labels={},
        open_labels=True,
        help=recording.help or "",
        origin="recording",
        service=recording.service or "",
        place=place,
    )
    try:
        info = infer(parse(recording.expr), catalogue)
    except PromQLSyntaxError:
        return entry
    series: SeriesKind = "native_histogram" if info.buckets == "native" else "counter" if info.cumulative else "gauge"
    own = {label: LabelValues("enum", (value,)) for label, value in recording.labels.items()}
    return replace(
        entry,
        series=series,
        type=series,
        unit=recording.unit or info.unit,
        observed_unit=info.observed.name if info.observed is not None else "",
        labels={**info.labels.values, **own},
        open_labels=info.labels.open,
    )


def merged(entries: list[MetricEntry]) -> MetricEntry:
    """What series have that several recordings write under one name: the labels of all, and what all agree on."""
    first, *others = entries
    for other in others:
        labels = either(LabelSet(first.labels, first.open_labels), LabelSet(other.labels, other.open_labels))
        first = replace(
            first,
            unit=first.unit if first.unit == other.unit else "",
            labels=labels.values,
            open_labels=labels.open,
        )
    return first
