"""``traces``: which services send them, which of them are kept, and what is made of them."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from skillforge_mon.spec.models.base import (
    IGNORE_FIELD,
    Ignores,
    Name,
    OneOrMany,
    PositiveDurationField,
    RatioField,
    SpecModel,
    Text,
)
from skillforge_mon.spec.quantities import Duration

AttributeName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.\-]*$", max_length=200)]
"""An attribute of a span or of what sends it, such as ``http.request.method``."""
SpanKind = Literal["server", "client", "producer", "consumer", "internal"]


class TraceSampling(SpecModel):
    """Which traces are kept. A bare value is the share of all."""

    shorthand: ClassVar[str] = "default"
    default: RatioField = Field("100%", description="Share of the traces that are kept.", validate_default=True)
    services: dict[Name, RatioField] = Field(
        default_factory=dict, description="Another share of the traces that pass through these services."
    )
    keep_errors: bool = Field(False, description="Keep every trace with a span that failed; needs a collector.")
    keep_slow: PositiveDurationField | None = Field(
        None, description="Keep every trace that takes longer; needs a collector."
    )
    decide_after: PositiveDurationField = Field(
        "30s",
        description="How long the collector waits for the spans of a trace before it decides.",
        validate_default=True,
    )


class SpanMetrics(SpecModel):
    """Rate, errors and durations of requests, counted from their spans before any is left out."""

    dimensions: list[AttributeName] = Field(
        default_factory=list, description="Attributes with few values that become labels, such as `http.route`."
    )
    buckets: list[PositiveDurationField] = Field(
        default_factory=lambda: [
            Duration(milliseconds) for milliseconds in (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000)
        ],
        description="Upper bounds of the histogram of durations.",
        min_length=1,
    )
    graph: bool = Field(True, description="Also count which service calls which.")

    @field_validator("buckets")
    @classmethod
    def _ascending(cls, value: list[Duration]) -> list[Duration]:
        if any(later <= earlier for earlier, later in pairwise(value)):
            raise PydanticCustomError("buckets", "the buckets must ascend")
        return value


class SpanFilter(SpecModel):
    """Which spans are meant. All that is said must hold; a bare text is the span's name."""

    shorthand: ClassVar[str] = "name"
    name: OneOrMany[Text] = Field(default_factory=list, description="One of these names, such as `GET /health`.")
    matches: Text | None = Field(None, description="A regular expression (RE2) that matches somewhere in the name.")
    services: OneOrMany[Name] = Field(default_factory=list, description="Spans of one of these services.")
    kind: OneOrMany[SpanKind] = Field(default_factory=list, description="One of these kinds.")
    attributes: dict[AttributeName, OneOrMany[Text]] = Field(
        default_factory=dict, description="Attributes of the span, each with the values that are meant."
    )


class TraceMask(SpecModel):
    """A text that must not be kept in attributes, such as a card number."""

    name: Name = Field(description="What it is.")
    matches: Text = Field(description="A regular expression (RE2) of it.")
    by: str = Field("***", description="What takes its place.")
    attributes: OneOrMany[AttributeName] = Field(
        default_factory=list, description="Only in these attributes; default: in all of a span and its events."
    )


class Traces(SpecModel):
    """What becomes of traces: who sends them, which are kept where, and what is counted from them."""

    services: list[Name] | Literal["all"] = Field("all", description="The services that send traces, or `all`.")
    sampling: TraceSampling = Field(default_factory=TraceSampling, description="Which traces are kept.")
    span_metrics: SpanMetrics | None = Field(
        None, description="Metrics from spans, for Prometheus; `{}` for the usual ones."
    )
    attributes: dict[AttributeName, Text] = Field(
        default_factory=dict, description="Attributes with one value for everything that is sent."
    )
    version: Text = Field(
        "${env:SERVICE_VERSION}", description="`service.version`: a reference to what the deployment sets."
    )
    drop: list[SpanFilter] = Field(default_factory=list, description="Spans that are not kept anywhere.")
    remove: list[AttributeName] = Field(default_factory=list, description="Attributes of spans that are not kept.")
    mask: list[TraceMask] = Field(default_factory=list, description="Texts that must not be kept.")
    backends: list[Text] | None = Field(
        None,
        description="Where they are kept, of jaeger, tempo, elasticsearch (with its `apm`) and datadog; default: the first three, as far as they are targets.",
    )
    ignore: Ignores = IGNORE_FIELD
