"""``metrics`` and ``recordings``: what exists to be queried, and what Prometheus precomputes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from skillforge_mon.spec.models.base import (
    IGNORE_FIELD,
    Ignores,
    LabelName,
    Labels,
    Name,
    Number,
    PositiveDurationField,
    SpecModel,
    Text,
)

CARDINALITIES = ("bounded", "unbounded")


@dataclass(frozen=True, slots=True)
class LabelValues:
    """How many values a label takes: ``enum`` (``values`` lists them), ``bounded`` or ``unbounded``."""

    cardinality: Literal["enum", "bounded", "unbounded"]
    values: tuple[str, ...] = ()


def _label_values(value: Any) -> Any:
    if isinstance(value, LabelValues):
        return value
    if value in CARDINALITIES:
        return LabelValues(value)
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return LabelValues("enum", tuple(value))
    raise PydanticCustomError(
        "label_values",
        "a label says how many values it takes",
        {"expected": "`bounded`, `unbounded`, or the list of its values as text, such as [hit, miss]"},
    )


LabelValuesField = Annotated[
    LabelValues,
    BeforeValidator(_label_values),
    WithJsonSchema(
        {"anyOf": [{"enum": list(CARDINALITIES)}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
    ),
]

MetricType = Literal["counter", "gauge", "histogram", "native_histogram", "summary", "distribution"]


class DatadogMetric(SpecModel):
    """What the metric is called in Datadog, when the OpenMetrics check does not decide."""

    shorthand: ClassVar[str] = "name"
    name: Text = Field(description="Full name in Datadog, such as `skillforge.http.requests`.")
    type: Literal["count", "gauge", "rate", "distribution"] | None = Field(
        None, description="Its type in Datadog; default: what the check makes of the Prometheus type."
    )


class Metric(SpecModel):
    """A metric that services export."""

    type: MetricType = Field(description="What kind of metric it is.")
    help: Text | None = Field(None, description="What it counts or measures.")
    unit: Text | None = Field(
        None, description="Base unit: seconds, bytes, ratio, percent, celsius, requests, …; default: from the name."
    )
    labels: dict[LabelName, LabelValuesField] = Field(
        default_factory=dict, description="Its labels, each `bounded`, `unbounded` or a list of values."
    )
    buckets: list[Number] = Field(
        default_factory=list, description="Upper bounds of a classic histogram, without +Inf."
    )
    quantiles: list[Number] = Field(default_factory=list, description="Quantiles of a summary.")
    service: Name | None = Field(None, description="The service that exports it.")
    datadog: DatadogMetric | None = Field(None, description="Its name in Datadog.")
    deprecated: Text | None = Field(None, description="What to use instead; every use is diagnosed.")
    exported_by_push: bool = Field(False, description="Arrives without the target labels `job` and `instance`.")
    ignore: Ignores = IGNORE_FIELD


class Recording(SpecModel):
    """A query that Prometheus precomputes under a new name."""

    expr: Text = Field(description="The PromQL query.")
    record: Text | None = Field(None, description="Name of the new metric; default: the key.")
    labels: Labels = Field(default_factory=dict, description="Labels added to the result.")
    interval: PositiveDurationField | None = Field(None, description="How often it is evaluated.")
    service: Name | None = Field(None, description="The service that it belongs to.")
    unit: Text | None = Field(None, description="Unit of the result, when the query does not tell.")
    help: Text | None = Field(None, description="What it is.")
    ignore: Ignores = IGNORE_FIELD
