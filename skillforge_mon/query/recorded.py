"""Recordings as metrics: what their queries result in is what their series are."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from skillforge_mon.diagnostics.diagnostic import Span
from skillforge_mon.query.labels import LabelSet, either
from skillforge_mon.query.promql import Expr, PromQLSyntaxError, metric_name, selectors
from skillforge_mon.query.promql.once import ParsedTexts
from skillforge_mon.query.series import MetricEntry, SeriesKind
from skillforge_mon.query.types import infer

if TYPE_CHECKING:
    from skillforge_mon.query.catalogue import Catalogue
    from skillforge_mon.spec.models.metrics import Recording


Recordings: TypeAlias = "Mapping[str, list[tuple[Recording, Span | None]]]"
"""By the name of the series: what is recorded under it, and where that is declared."""


def in_order(
    name: str, recordings: Recordings, known: Container[str], texts: ParsedTexts
) -> dict[str, list[Expr | None]]:
    """The parsed queries of the recordings that ``name`` needs and that are not ``known``, its own last.

    A query that does not parse is None. Within a circle the order is that of the first visit.
    """
    found: dict[str, list[Expr | None]] = {}
    ordered: dict[str, list[Expr | None]] = {}
    waiting = [(name, False)]
    while waiting:
        current, is_done = waiting.pop()
        if is_done:
            ordered[current] = found[current]
        elif current not in found and current not in known:
            found[current] = [_parsed(recording, texts) for recording, _ in recordings[current]]
            waiting.append((current, True))
            reads = (
                metric_name(selector) for expr in found[current] if expr is not None for selector in selectors(expr)
            )
            waiting += [(read, False) for read in reads if read is not None and read in recordings]
    return ordered


def _parsed(recording: Recording, texts: ParsedTexts) -> Expr | None:
    found = texts.of(recording.expr)
    return None if isinstance(found, PromQLSyntaxError) else found


def unknown(name: str, recording: Recording, place: Span | None) -> MetricEntry:
    """The series of a recording of whose query nothing is known."""
    return MetricEntry(
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


def recorded(
    name: str, recording: Recording, place: Span | None, expr: Expr | None, catalogue: Catalogue
) -> MetricEntry:
    """The series that ``recording``, whose query is ``expr``, writes under ``name``."""
    from skillforge_mon.spec.models.metrics import LabelValues

    entry = unknown(name, recording, place)
    if expr is None:
        return entry
    info = infer(expr, catalogue)
    series: SeriesKind = "native_histogram" if info.buckets == "native" else "counter" if info.cumulative else "gauge"
    own = {label: LabelValues("enum", (value,)) for label, value in recording.labels.items()}
    return replace(
        entry,
        series=series,
        type=series,
        unit=recording.unit or info.unit,
        observed_unit=info.observed.name if info.observed is not None else "",
        labels={**info.labels.values, **own},
        share=info.share,
        open_labels=info.labels.open,
        certain_labels=info.labels.certain.difference(own)
        | {label for label, value in recording.labels.items() if value},
    )


def merged(entries: list[MetricEntry]) -> MetricEntry:
    """What series have that several recordings write under one name: the labels of all, and what all agree on."""
    first, *others = entries
    for other in others:
        labels = either(_label_set(first), _label_set(other))
        first = replace(
            first,
            unit=first.unit if first.unit == other.unit else "",
            labels=labels.values,
            open_labels=labels.open,
            certain_labels=labels.certain,
        )
    return first


def _label_set(entry: MetricEntry) -> LabelSet:
    return LabelSet(entry.labels, entry.open_labels, entry.certain_labels)
