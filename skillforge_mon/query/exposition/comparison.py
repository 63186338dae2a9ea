"""What a page shows beside what a catalogue declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from skillforge_mon.query.catalogue import Catalogue
from skillforge_mon.query.exposition.page import Page


@dataclass(frozen=True, slots=True)
class Difference:
    """``metric`` of the page, and in what it differs from its declaration."""

    metric: str
    text: str


def declared_in(metrics: Iterable[str], catalogue: Catalogue) -> tuple[str, ...]:
    """Those of ``metrics`` that ``catalogue`` declares, packaged catalogues included."""
    return tuple(metric for metric in metrics if catalogue.metric(metric) is not None)


def type_differences(metrics: Mapping[str, Mapping[str, Any]], catalogue: Catalogue) -> Iterator[Difference]:
    """The entries whose type is not the declared one."""
    for name, entry in metrics.items():
        declared = catalogue.metric(name)
        if declared is not None and declared.type != entry["type"]:
            yield Difference(name, f"the page says {entry['type']}, the spec says {declared.type}")


def label_differences(page: Page, catalogue: Catalogue) -> Iterator[Difference]:
    """The labels on the page that declared series do not have; each once."""
    seen: set[tuple[str, str]] = set()
    for family in page.families:
        for sample in family.samples:
            declared = catalogue.lookup(sample.name)
            if declared is None or declared.open_labels:
                continue
            for label in sample.labels:
                if label not in declared.labels and (declared.metric, label) not in seen:
                    seen.add((declared.metric, label))
                    yield Difference(declared.metric, f"the spec does not declare its label `{label}`")
