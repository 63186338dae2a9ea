"""What the instrumentation module of a service has to offer, in the terms of ``prometheus_client``."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from skillforge_mon.codegen import codes
from skillforge_mon.diagnostics.diagnostic import Report, Span
from skillforge_mon.query.units import unit_in_name

if TYPE_CHECKING:
    from skillforge_mon.spec.models.metrics import LabelValues, Metric

Kind = Literal["Counter", "Gauge", "Histogram", "Summary"]

_KINDS: Final[Mapping[str, Kind]] = {
    "counter": "Counter",
    "gauge": "Gauge",
    "histogram": "Histogram",
    "distribution": "Histogram",
    "summary": "Summary",
}
_NAME: Final = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_TAKEN: Final = frozenset(
    ("annotations", "Counter", "Gauge", "Histogram", "Summary", "Final", "Literal", "str", "None")
)
"""Names that the module uses itself."""

_SUFFIXES: Final[Mapping[Kind, tuple[str, ...]]] = {
    "Counter": ("", "_total", "_created"),
    "Gauge": ("",),
    "Histogram": ("", "_bucket", "_sum", "_count", "_created"),
    "Summary": ("", "_sum", "_count", "_created"),
}
"""The names that each class claims in the client's registry."""


@dataclass(frozen=True, slots=True)
class Argument:
    """A label as a keyword argument: ``name`` in Python, ``label`` on the page; ``values`` when they are listed."""

    name: str
    label: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instrument:
    """One metric: ``name`` and ``class_name`` in Python, ``metric`` on the page; ``buckets`` only of histograms."""

    name: str
    class_name: str
    metric: str
    kind: Kind
    help: str
    unit: str
    arguments: tuple[Argument, ...]
    buckets: tuple[float, ...] = ()
    deprecated: str = ""


def metrics_of(service: str, metrics: Mapping[str, Metric]) -> dict[str, Metric]:
    """The metrics that ``service`` exports: those that name it, or all where none names any service."""
    if not any(metric.service for metric in metrics.values()):
        return dict(metrics)
    return {name: metric for name, metric in metrics.items() if metric.service == service}


def instruments_of(
    metrics: Mapping[str, Metric], places: Mapping[str, Span | None], report: Report
) -> tuple[Instrument, ...]:
    """The instruments for ``metrics``, sorted by name. What cannot be exported as declared is reported and left out."""
    found = []
    names, class_names = set(_TAKEN), set[str]()
    claimed: dict[str, str] = {}
    for metric, declared in sorted(metrics.items()):
        obstacle = _obstacle(metric, declared) or _clash(metric, declared, claimed)
        if obstacle is not None:
            why, way_out = obstacle
            report.add(codes.NOT_EXPORTABLE.at(places.get(metric), f"`{metric}` {why}", help=way_out))
            continue
        name = _free(_identifier(metric), names)
        class_name = _free("_" + "".join(word.capitalize() for word in metric.split("_")), class_names)
        found.append(
            Instrument(
                name=name,
                class_name=class_name,
                metric=metric,
                kind=_KINDS[declared.type],
                help=" ".join((declared.help or "").split()),
                unit=declared.unit or unit_in_name(metric, declared.type),
                arguments=_arguments(declared.labels),
                buckets=tuple(float(bound) for bound in declared.buckets),
                deprecated=" ".join((declared.deprecated or "").split()),
            )
        )
    return tuple(found)


def _obstacle(metric: str, declared: Metric) -> tuple[str, str] | None:
    """Why ``prometheus_client`` cannot export the metric as it is declared, and what to write instead."""
    if declared.type not in _KINDS:
        return f"is a {declared.type}, which prometheus_client cannot observe", "declare it as a histogram"
    if not _NAME.fullmatch(metric):
        return "has a name that is none in Python", "use letters, digits and `_`"
    if declared.type == "counter" and not metric.endswith("_total"):
        return "is a counter, to whose name prometheus_client adds `_total`", f"call it `{metric}_total`"
    if declared.quantiles:
        return "has quantiles, which prometheus_client does not export", "leave `quantiles` out, or make it a histogram"
    for label in declared.labels:
        if not _NAME.fullmatch(label):
            return f"has the label `{label}`, which is no name in Python", "use letters, digits and `_`"
    return None


def _clash(metric: str, declared: Metric, claimed: dict[str, str]) -> tuple[str, str] | None:
    """Two metrics whose series the client's registry would take for one; ``claimed`` has the metric of each name."""
    kind = _KINDS[declared.type]
    stem = metric.removesuffix("_total") if kind == "Counter" else metric
    series = [stem + suffix for suffix in _SUFFIXES[kind]]
    other = next((claimed[name] for name in series if name in claimed), None)
    if other is not None:
        return f"shares a series with `{other}` in prometheus_client", "rename one of them"
    claimed.update(dict.fromkeys(series, metric))
    return None


def _arguments(labels: Mapping[str, LabelValues]) -> tuple[Argument, ...]:
    taken = {"self"}
    return tuple(
        Argument(_free(_identifier(label.lower()), taken), label, values.values if values.cardinality == "enum" else ())
        for label, values in labels.items()
    )


def _identifier(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name


def _free(name: str, taken: set[str]) -> str:
    """``name``, with as many underscores as make it free; it is taken from then on."""
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def kinds_used(instruments: Iterable[Instrument]) -> tuple[Kind, ...]:
    """The classes of ``prometheus_client`` that ``instruments`` need, sorted."""
    return tuple(sorted({instrument.kind for instrument in instruments}))
