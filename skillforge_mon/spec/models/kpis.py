"""``kpis``: the few numbers that say how the platform does, each with a target."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from skillforge_mon.spec.models.base import (
    IGNORE_FIELD,
    Ignores,
    Name,
    PositiveDurationField,
    SpecModel,
    Text,
    ThresholdField,
)

KpiGroup = Literal["technical", "business", "operational"]
Measure = Literal["detection", "resolution", "precision"]


class AlertMeasure(SpecModel):
    """A number about the alerts themselves, from what Prometheus records of them."""

    what: Measure = Field(
        description="`detection`: the mean time from the moment that a condition became true to its alert (MTTD); "
        "`resolution`: to the end of the alert (MTTR); `precision`: the share of alerts that did not end by themselves "
        "at once."
    )
    severity: Literal["critical", "warning", "info"] = Field(
        "critical", description="Only alerts of this severity; those of the first level count, once each."
    )
    service: Name | None = Field(None, description="Only alerts of this service.")
    quickly: PositiveDurationField = Field(
        "5m",
        description="An alert whose condition is over sooner than this needed nobody: it counts against `precision`.",
        validate_default=True,
    )


class Kpi(SpecModel):
    """A number with a target. It is an SLO, a query, or a number about the alerts."""

    title: Text | None = Field(None, description="Default: made from the name.")
    description: Text | None = Field(None, description="What it means.")
    service: Name | None = Field(None, description="The service that it is about.")
    group: KpiGroup = Field("technical", description="Under which heading it is shown.")
    slo: Name | None = Field(None, description="An SLO: its SLI over its window, and its objective is the target.")
    expr: Text | None = Field(None, description="Or PromQL; without labels, it is one number.")
    alerts: AlertMeasure | None = Field(None, description="Or a number about the alerts.")
    target: ThresholdField | None = Field(None, description='What it should be, such as `"> 80%"` or `"< 200ms"`.')
    over: PositiveDurationField = Field(
        "30d", description="The window of a number about alerts, and of the trend.", validate_default=True
    )
    unit: Text | None = Field(None, description="Unit of the value, when the query does not tell.")
    missed: Literal["critical", "warning", "info"] | None = Field(
        None, description="Tell somebody, with this severity, when the target is missed."
    )
    missed_for: PositiveDurationField = Field(
        "1h", description="How long it must be missed before that.", validate_default=True
    )
    escalation: Name | None = Field(None, description="The policy that this alert follows.")
    runbook: Text | None = Field(None, description="What to do when it is missed.")
    ignore: Ignores = IGNORE_FIELD
