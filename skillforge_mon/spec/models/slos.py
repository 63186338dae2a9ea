"""``slos``: what users are promised, and how it is measured."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from skillforge_mon.spec.models.base import (
    IGNORE_FIELD,
    POSITIVE_DURATION,
    Adoption,
    Ignores,
    LabelName,
    Labels,
    Name,
    Number,
    OneOrMany,
    PositiveDurationField,
    PositiveQuantityField,
    PositiveRatioField,
    SpecModel,
    Text,
    ThresholdField,
    parsed_by,
)
from skillforge_mon.spec.quantities import CALENDAR_PERIODS, DURATION_PATTERN, Duration, parse_window

WindowField = Annotated[
    Duration,
    BeforeValidator(parsed_by(parse_window, "window", Duration)),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": DURATION_PATTERN, "examples": ["7d", "28d", "30d"]},
                {"enum": list(CALENDAR_PERIODS)},
            ]
        }
    ),
]


class Latency(SpecModel):
    """Requests that are answered quickly enough, from a histogram."""

    metric: Text = Field(description="Selector of the histogram, without `_bucket`.")
    below: PositiveQuantityField = Field(
        description="The slowest answer that counts as good, such as 500ms. It must be a bucket."
    )


class Availability(SpecModel):
    """How long something was there, from a gauge that is 1 when it is: `up`, or `probe_success`."""

    shorthand: ClassVar[str] = "metric"
    metric: Text | None = Field(None, description="Selector of the gauge.")
    probe: Name | None = Field(None, description="Or the name of a probe that Prometheus asks.")
    counts: Literal["scrapes", "any", "all"] = Field(
        "scrapes",
        description="What is good: every scrape with 1, of every target; or the time in which `any` target, or `all` "
        "targets, are up.",
    )


class Freshness(SpecModel):
    """How old the newest result is, from a gauge that holds the time of the last success."""

    metric: Text = Field(description="Selector of the gauge; its value is a Unix time.")
    within: PositiveDurationField = Field(description="The greatest age that counts as good.")


class Slices(SpecModel):
    """The time in which a value is as it should be."""

    expr: Text = Field(description="PromQL of the value. Each of its series counts for itself.")
    good: ThresholdField = Field(description="What the value should be, such as `< 100`.")


class Composite(SpecModel):
    """Several SLOs as one: `all` must hold, or they are `weighted`."""

    all: list[Name] = Field(default_factory=list, description="SLOs of which the worst counts at each moment.")
    weighted: dict[Name, Number] = Field(
        default_factory=dict, description="SLOs with their weights: the mean of their error ratios counts."
    )


class BurnWindow(SpecModel):
    """A pair of windows with the share of the error budget that may be spent in the long one."""

    short: PositiveDurationField = Field(description="The short window: it ends the alert soon after the trouble ends.")
    long: PositiveDurationField = Field(description="The long window: it makes sure that the trouble matters.")
    budget: PositiveRatioField = Field(
        description="Share of the budget spent within the long window at which the alert fires."
    )
    severity: str = Field(description="`critical` pages, `warning` makes a ticket.", pattern="^(critical|warning)$")


class DatadogSlo(SpecModel):
    """What an SLO is on Datadog, besides its burn-rate monitors."""

    error_budget: dict[Literal["critical", "warning"], PositiveRatioField] = Field(
        default_factory=dict,
        description="Tell somebody when this share of the budget has been spent, by severity: `{warning: 75%}`.",
    )
    notify: OneOrMany[Text] = Field(default_factory=list, description="Further handles, such as `@slack-acme-alerts`.")


class Slo(SpecModel):
    """A service level objective.

    It is measured in one way: by `bad` and `total`, `good` and `total`, `latency`, `available`, `fresh`, `slices`,
    `ratio`, or `composite`.
    """

    service: Name | None = Field(None, description="The service that promises.")
    description: Text | None = Field(None, description="What is promised, in the words of its users.")
    objective: PositiveRatioField = Field(description="Share of events that must be good, such as 99.9%.")
    window: Annotated[WindowField, POSITIVE_DURATION] = Field(
        "30d",
        description="Over what it is promised: a window that rolls, such as 30d, or a `week`, `month` or `quarter` of "
        "the calendar (UTC).",
        validate_default=True,
    )
    bad: Text | None = Field(None, description="Selector of a counter of bad events.")
    good: Text | None = Field(None, description="Selector of a counter of good events.")
    total: Text | None = Field(None, description="Selector of a counter of all events.")
    latency: Latency | None = Field(None, description="Good events are the quick ones of a histogram.")
    available: Availability | None = Field(None, description="Good are the scrapes or probes that succeed.")
    fresh: Freshness | None = Field(None, description="Good is the time in which a result is fresh enough.")
    slices: Slices | None = Field(None, description="Good is the time in which a value is as it should be.")
    ratio: Text | None = Field(
        None, description="PromQL that is the share of bad events already, from 0 to 1; each moment counts the same."
    )
    composite: Composite | None = Field(None, description="Other SLOs, taken together.")
    group_by: list[LabelName] = Field(
        default_factory=list, description="Labels, such as `tenant`, each of whose values has a budget of its own."
    )
    min_bad_events: int | None = Field(
        None,
        ge=0,
        description="How many events must have been bad within the long window before anybody is told. Default: "
        "3 + 3 * sqrt(m), where the objective allows m of the events there; 3 where scrapes or evaluations are counted.",
    )
    escalation: Name | None = Field(None, description="The policy that its alerts follow.")
    tickets: Name | None = Field(
        None,
        description="The policy of its warnings: slow burns and missing data. Default: the first level of `escalation` alone.",
    )
    runbook: Text | None = Field(None, description="What to do when the budget burns.")
    labels: Labels = Field(default_factory=dict, description="Labels on its alerts.")
    alerting: bool = Field(True, description="Write burn-rate alerts.")
    burn: list[BurnWindow] = Field(
        default_factory=list, description="Pairs of windows; default: those of the SRE workbook, scaled to the window."
    )
    datadog: DatadogSlo | None = Field(
        None, description="What it has on Datadog besides its burn-rate monitors; it goes there."
    )
    backends: list[Text] | None = Field(
        None,
        description="Where it is compiled to, of prometheus and datadog; default: Prometheus, and Datadog where it has "
        "words for it (`datadog:`).",
    )
    approximate: list[Text] = Field(
        default_factory=list, description="Backends on which an approximate rendering is accepted."
    )
    ignore: Ignores = IGNORE_FIELD
    was: Name | None = Field(None, description="Its former name; objects that live elsewhere are renamed in place.")
    adopt: Adoption | None = Field(
        None, description="An object of another system that is to become this one on the next push, by its identifier."
    )
