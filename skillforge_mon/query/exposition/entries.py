"""From the families of a page to entries of the language's ``metrics``."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from skillforge_mon.query.exposition.label_classes import cardinality_of
from skillforge_mon.query.exposition.page import Family, Page, Sample
from skillforge_mon.query.series import metric_and_series
from skillforge_mon.query.units import PHYSICAL, unit_in_name

_METRIC: Final = re.compile(r"[A-Za-z_:][A-Za-z0-9_:.\-]{0,199}")
_LABEL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,199}")
_OWN_LABELS: Final = frozenset(("le", "quantile"))


_LIBRARIES: Final[Mapping[str, tuple[str, ...]]] = {
    "go": ("go_", "promhttp_"),
    "python": ("python_",),
    "nodejs": ("nodejs_",),
}
"""How the names begin that client libraries export by themselves, by packaged catalogue."""


@dataclass(frozen=True, slots=True)
class Entries:
    """What a page declares.

    ``metrics`` are the entries as plain data, in the order of the page. ``untyped`` are those whose type was guessed,
    ``left_out`` the families that the language cannot declare, each with the reason.
    """

    metrics: Mapping[str, Mapping[str, Any]]
    untyped: tuple[str, ...]
    left_out: Mapping[str, str]


def entries_of(page: Page, service: str = "") -> Entries:
    """The catalogue entries of ``page``; ``service`` is the one that exports them, if it is known."""
    metrics: dict[str, dict[str, Any]] = {}
    untyped: list[str] = []
    left_out: dict[str, str] = {}
    types = {name: type_ for family in page.families for name, type_ in [_name_and_type(family)]}
    for family in page.families:
        name, type_ = _name_and_type(family)
        if _is_creation_time(name, type_, types):
            continue
        reason = _unsayable(family, name)
        if reason:
            left_out[family.name] = reason
            continue
        if family.type in {"untyped", "unknown"}:
            untyped.append(name)
        metrics[name] = _entry(family, name, type_, service)
    return Entries(metrics, tuple(untyped), left_out)


def _name_and_type(family: Family) -> tuple[str, str]:
    """The metric as Prometheus stores it: with the suffix that OpenMetrics leaves off, and one of the four types."""
    match family.type:
        case "counter":
            # OpenMetrics: `x` with samples `x_total`. In the text format the name is already whole.
            sample = next((sample for sample in family.samples if not sample.name.endswith("_created")), None)
            return (sample.name if sample is not None else family.name), "counter"
        case "info":
            return f"{family.name}_info", "gauge"
        case "histogram" | "summary":
            return family.name, family.type
        case "untyped" | "unknown":
            return family.name, "counter" if family.name.endswith("_total") else "gauge"
        case _:
            return family.name, "gauge"


def _is_creation_time(name: str, type_: str, types: Mapping[str, str]) -> bool:
    """Client libraries write a gauge ``x_created`` beside each counter ``x_total``; the catalogue knows it anyway."""
    if type_ != "gauge" or not name.endswith("_created"):
        return False
    return metric_and_series(name, {metric: kind for metric, kind in types.items() if metric != name}) is not None


def _unsayable(family: Family, name: str) -> str:
    if not _METRIC.fullmatch(name):
        return "its name is none of the language"
    if family.type == "gaugehistogram":
        return "the language has no gauge histograms"
    if not family.samples:
        return "it has no samples, so its labels are not known"
    for label in _labels(family.samples):
        if not _LABEL.fullmatch(label):
            return f"its label `{label}` is none of the language"
    return ""


def _labels(samples: Iterable[Sample]) -> dict[str, set[str]]:
    """Every label with the values seen, in the order of the page."""
    seen: dict[str, set[str]] = {}
    for sample in samples:
        for label, value in sample.labels.items():
            seen.setdefault(label, set()).add(value)
    return seen


def _entry(family: Family, name: str, type_: str, service: str) -> dict[str, Any]:
    entry: dict[str, Any] = {"type": type_}
    if help_ := " ".join(family.help.split()):
        entry["help"] = help_
    if unit := _unit(family, name, type_):
        entry["unit"] = unit
    own = _OWN_LABELS if type_ in {"histogram", "summary"} else frozenset[str]()
    labels = {
        label: _states(values) if family.type == "stateset" and label == family.name else cardinality_of(label, values)
        for label, values in _labels(family.samples).items()
        if label not in own and not label.startswith("__")
    }
    if labels:
        entry["labels"] = labels
    if type_ == "histogram" and (buckets := _numbers(family.samples, f"{name}_bucket", "le")):
        entry["buckets"] = buckets
    if type_ == "summary" and (quantiles := _numbers(family.samples, name, "quantile")):
        entry["quantiles"] = quantiles
    if service:
        entry["service"] = service
    return entry


def _states(values: Iterable[str]) -> list[str]:
    """The page shows every state of a state set, so the list is whole however long it is."""
    return sorted(values)


def _unit(family: Family, name: str, type_: str) -> str:
    if family.unit:
        return family.unit
    if family.type == "stateset":
        return "boolean"
    said = unit_in_name(name, type_)
    return said if said in PHYSICAL or said == "ratio" else ""


def _numbers(samples: Iterable[Sample], series: str, label: str) -> list[int | float]:
    """The finite values of ``label``, rising; whole ones as integers, as people write them."""
    found = {float(sample.labels[label]) for sample in samples if sample.name == series and label in sample.labels}
    return [int(value) if value.is_integer() else value for value in sorted(found) if math.isfinite(value)]


def client_library_metrics(entries: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The metrics among ``entries`` that a client library exports by itself, each with the catalogue that has it.

    ``process_*`` stands in several catalogues: it belongs to the library whose other metrics are on the page.
    """
    from skillforge_mon.query.packaged import packaged_catalogue

    names = list(entries)
    libraries = [library for library, prefix in _LIBRARIES.items() if any(name.startswith(prefix) for name in names)]
    for name in names:
        if name.startswith(("process_", *(prefix for prefixes in _LIBRARIES.values() for prefix in prefixes))):
            for library in libraries or ["go"]:
                if name in packaged_catalogue(library).types:
                    yield name, library
                    break
