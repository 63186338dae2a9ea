"""``alerts``: conditions that somebody must hear of."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from skillforge_mon.spec.models.base import (
    BACKENDS,
    IGNORE_FIELD,
    Adoption,
    DurationField,
    Ignores,
    Labels,
    Name,
    Number,
    OneOrMany,
    PositiveDurationField,
    SpecModel,
    Text,
    ThresholdField,
)
from skillforge_mon.spec.models.logs import LogCondition, LokiAlert

SeverityName = Literal["critical", "warning", "info"]
Priority = Literal["P1", "P2", "P3", "P4", "P5"]


class SeverityRule(SpecModel):
    """From which value on an alert has this severity, and what differs then. A bare value is the threshold."""

    shorthand: ClassVar[str] = "when"
    when: ThresholdField | None = Field(None, description='Such as "> 5%"; left out when the query compares itself.')
    for_: DurationField | None = Field(None, alias="for", description="Default: the alert's.")
    escalation: Name | None = Field(None, description="Default: the alert's.")
    priority: Priority | None = Field(None, description="Default: P1 for critical, P2 for warning, P3 for info.")


class DatadogAlert(SpecModel):
    """What an alert says on Datadog in its own words, where PromQL cannot be translated."""

    shorthand: ClassVar[str] = "query"
    query: Text | None = Field(None, description="The monitor's query, comparison included.")
    type: Literal[
        "query alert", "metric alert", "service check", "event-v2 alert", "log alert", "process alert", "rum alert",
        "trace-analytics alert", "slo alert", "composite", "audit alert", "ci-pipelines alert", "error-tracking alert",
    ] | None = Field(None, description="The monitor's type; default: query alert.")  # fmt: skip
    warning: Number | None = Field(None, description="Threshold at which it warns.")
    recovery: Number | None = Field(None, description="Value at which it is well again.")
    threshold_windows: dict[str, str] = Field(default_factory=dict, description="Of an anomaly monitor.")
    message: Text | None = Field(None, description="Replaces the message; handles are still added.")
    notify: OneOrMany[Text] = Field(default_factory=list, description="Further handles, such as `@slack-acme-alerts`.")
    options: dict[str, Any] = Field(
        default_factory=dict, description="Further options of the monitor, as its API has them."
    )


SentryTrigger = Literal["first_seen", "regression", "reappeared", "resolved"]
_NEW_ISSUES: tuple[SentryTrigger, ...] = ("first_seen",)


class EventRate(SpecModel):
    """More than a number of events, or of users, within a time."""

    more_than: int = Field(ge=0, description="The number that must be exceeded.")
    within: DurationField = Field("1h", description="1m, 5m, 15m, 1h, 1d, 1w or 30d.", validate_default=True)


class SentryIssueAlert(SpecModel):
    """An alert on the issues of a Sentry project."""

    when: OneOrMany[SentryTrigger] = Field(default_factory=lambda: list(_NEW_ISSUES), description="What starts it.")
    level: Literal["fatal", "error", "warning", "info", "debug"] | None = Field(
        None, description="Events of this level or worse."
    )
    events: EventRate | None = Field(None, description="Only when an issue has more events than this.")
    users: EventRate | None = Field(None, description="Only when it hits more users than this.")
    tags: Labels = Field(default_factory=dict, description="Only events with these tags.")
    category: Literal["error", "feedback", "outage", "metric", "db", "http", "frontend", "mobile"] | None = Field(
        None, description="Only issues of this category."
    )
    frequency: DurationField = Field(
        "30m", description="At most one notification per issue in this time.", validate_default=True
    )


class SentryMetricAlert(SpecModel):
    """An alert on a number that Sentry computes from events or spans."""

    aggregate: Text = Field(description="Such as `count()`, `p95(span.duration)` or `failure_rate()`.")
    dataset: Literal["events", "spans"] = Field("events", description="What is counted.")
    query: str = Field("", description="Sentry search that selects the events.")
    window: PositiveDurationField = Field("5m", description="Length of the time window.", validate_default=True)
    compare: DurationField | None = Field(None, description="Compare with the same window this long ago, in percent.")
    resolve: ThresholdField | None = Field(
        None, description="When it is well again; default: below the lowest threshold."
    )


class SentryAlert(SpecModel):
    """What an alert is in Sentry: an alert on issues, or on a number."""

    project: Text | None = Field(None, description="Slug of the project; default: the service's.")
    issue: SentryIssueAlert | None = Field(None, description="On issues.")
    metric: SentryMetricAlert | None = Field(None, description="On a number.")
    environment: Text | None = Field(None, description="Default: the target's.")


class Alert(SpecModel):
    """A condition that somebody must hear of."""

    service: Name | None = Field(None, description="The service that it is about.")
    severity: dict[SeverityName, SeverityRule] = Field(
        min_length=1,
        description='One severity (`critical`), or several with a threshold each: `{critical: "> 5%", warning: "> 1%"}`.',
        json_schema_extra={"shorthand": {"enum": ["critical", "warning", "info"]}},
    )
    expr: Text | None = Field(None, description="The PromQL query.")
    logs: LogCondition | None = Field(None, description="Or a number of log lines.")
    for_: DurationField | None = Field(None, alias="for", description="How long the condition must hold.")
    keep_firing_for: DurationField | None = Field(None, description="How long it goes on firing afterwards.")
    summary: Text | None = Field(None, description="One line that says what is wrong; placeholders are filled in.")
    description: Text | None = Field(None, description="More of it: what it means, what to look at.")
    runbook: Text | None = Field(None, description="Name of a runbook, or an address.")
    escalation: Name | None = Field(None, description="The policy that it follows.")
    labels: Labels = Field(default_factory=dict, description="Labels on the alert.")
    annotations: dict[Text, str] = Field(default_factory=dict, description="Further annotations.")
    tags: list[Text] = Field(default_factory=list, description="Tags for finding it: security, business, …")
    unit: Text | None = Field(None, description="Unit of the query's value, when it does not tell.")
    interval: PositiveDurationField | None = Field(None, description="How often the rule is evaluated.")
    backends: list[Text] | None = Field(
        None,
        description=f"Where it is compiled to, of {', '.join(BACKENDS)}; default: Prometheus, or where it has a query.",
    )
    datadog: DatadogAlert | None = Field(None, description="Its own words on Datadog.")
    sentry: SentryAlert | None = Field(None, description="What it is in Sentry.")
    loki: LokiAlert | None = Field(None, description="Its own words in Loki.")
    no_data: Literal["ignore", "notify", "resolve"] = Field(
        "ignore", description="What missing data means, where a backend can tell."
    )
    enabled: bool = Field(True, description="A disabled alert is checked but not written.")
    approximate: list[Text] = Field(
        default_factory=list, description="Backends on which an approximate rendering is accepted."
    )
    ignore: Ignores = IGNORE_FIELD
    was: Name | None = Field(None, description="Its former name; objects that live elsewhere are renamed in place.")
    adopt: Adoption | None = Field(
        None, description="An object of another system that is to become this one on the next push, by its identifier."
    )

    @field_validator("severity", mode="before")
    @classmethod
    def _one_severity(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: {} if rule is None else rule for name, rule in value.items()}
        return {value: {}} if isinstance(value, str) else value
