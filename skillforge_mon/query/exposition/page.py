"""What stands on a metric page: families of samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Format = Literal["text", "openmetrics"]
FamilyType = Literal[
    "counter", "gauge", "histogram", "summary", "untyped", "unknown", "info", "stateset", "gaugehistogram"
]
"""The types of both formats; ``untyped`` is the text format's word for ``unknown``."""

TEXT_TYPES: tuple[FamilyType, ...] = ("counter", "gauge", "histogram", "summary", "untyped")
OPENMETRICS_TYPES: tuple[FamilyType, ...] = (
    "counter",
    "gauge",
    "histogram",
    "summary",
    "unknown",
    "info",
    "stateset",
    "gaugehistogram",
)


@dataclass(frozen=True, slots=True)
class Exemplar:
    """One observation that a counter or a bucket shows; ``timestamp`` is in seconds."""

    labels: Mapping[str, str]
    value: float
    timestamp: float | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """One line: the series' own name and labels, and its value. ``timestamp`` is in seconds in both formats."""

    name: str
    labels: Mapping[str, str]
    value: float
    timestamp: float | None = None
    exemplar: Exemplar | None = None
    line: int = field(default=0, compare=False)


@dataclass(slots=True)
class Family:
    """The samples of one metric.

    ``name`` is what ``# TYPE`` says. In OpenMetrics that is without the suffix of the samples: the counter
    ``http_requests`` has samples ``http_requests_total``. ``line`` is the first line that names the family.
    """

    name: str
    type: FamilyType
    help: str = ""
    unit: str = ""
    samples: list[Sample] = field(default_factory=list)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Page:
    """A whole page; ``families`` in the order in which they begin."""

    file: str
    format: Format
    families: tuple[Family, ...]
