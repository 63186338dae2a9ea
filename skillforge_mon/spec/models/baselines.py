"""``baselines``: how quick things usually are, and when they have become slower for good."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from skillforge_mon.spec.models.base import (
    IGNORE_FIELD,
    DurationField,
    Ignores,
    LabelName,
    Labels,
    Name,
    OneOrMany,
    PositiveDurationField,
    QuantityField,
    RatioField,
    SpecModel,
    Text,
)
from skillforge_mon.spec.quantities import Quantity, plain_number


class Usual(SpecModel):
    """What quantiles of one group usually are, where somebody has said so. Each in a unit, such as `200ms`."""

    labels: Labels = Field(default_factory=dict, description="The group: a value for each label of `by`.")
    p50: QuantityField | None = Field(None, description="The median.")
    p75: QuantityField | None = Field(None, description="Three quarters are below this.")
    p90: QuantityField | None = Field(None, description="Nine in ten are below this.")
    p95: QuantityField | None = Field(None, description="19 in 20 are below this.")
    p99: QuantityField | None = Field(None, description="99 in 100 are below this.")
    p99_9: QuantityField | None = Field(None, alias="p99.9", description="999 in 1000 are below this.")

    def of(self, quantile: Decimal) -> Quantity | None:
        """What is said of ``quantile``, from 0 to 1."""
        found: Quantity | None = getattr(self, f"p{plain_number(quantile * 100).replace('.', '_')}", None)
        return found


class Baseline(SpecModel):
    """What a measurement usually is, by endpoint, query or task, and how much worse than that is told.

    It becomes recordings, and an alert where `regression` says how much worse is too much.
    """

    service: Name | None = Field(None, description="The service that it is about.")
    description: Text | None = Field(None, description="What is measured.")
    metric: Text | None = Field(
        None, description='Selector of a histogram, such as `http_request_duration_seconds{service="backend"}`.'
    )
    expr: Text | None = Field(None, description="Or PromQL of a value whose quantiles over time count.")
    by: list[LabelName] = Field(
        default_factory=list, description="Labels, such as `endpoint`, each of whose values has a baseline of its own."
    )
    quantiles: Annotated[list[RatioField], Field(min_length=1)] = Field(
        default_factory=lambda: ["50%", "95%", "99%"],
        description="What is recorded.",
        validate_default=True,
    )
    usual: OneOrMany[Usual] = Field(
        default_factory=list, description="What is usual, said by hand; without it, it is learned from what was."
    )
    over: PositiveDurationField = Field(
        "7d", description="What is usual is the median over this.", validate_default=True
    )
    lag: DurationField = Field(
        "1d",
        description="What is usual leaves this much of the latest time out, so that a regression does not become usual "
        "while it is new.",
        validate_default=True,
    )
    short: PositiveDurationField = Field(
        "30m", description="The short window: the alert ends soon after the regression does.", validate_default=True
    )
    long: PositiveDurationField = Field(
        "6h", description="The long window: a regression must last to be told.", validate_default=True
    )
    regression: dict[Literal["critical", "warning", "info"], QuantityField] = Field(
        default_factory=dict,
        description="How much worse than usual is told, in both windows: `50%`, or by severity.",
        json_schema_extra={"shorthand": {"type": "string"}},
    )
    watch: RatioField = Field("95%", description="The quantile that is watched.", validate_default=True)
    min_events: int = Field(
        50, ge=0, description="Fewer events than this in the short window say nothing. Only for a histogram."
    )
    escalation: Name | None = Field(None, description="The policy that its alert follows.")
    runbook: Text | None = Field(None, description="What to do.")
    labels: Labels = Field(default_factory=dict, description="Labels on its alert.")
    ignore: Ignores = IGNORE_FIELD

    @field_validator("regression", mode="before")
    @classmethod
    def _one_severity(cls, value: Any) -> Any:
        return value if isinstance(value, dict) else {"warning": value}
