"""``slos``: what users are promised, and how it is measured."""

from __future__ import annotations

from pydantic import Field

from skillforge_mon.spec.models.base import (
    BACKENDS,
    Adoption,
    Labels,
    Name,
    PositiveDurationField,
    PositiveRatioField,
    QuantityField,
    RatioField,
    SpecModel,
    Text,
)


class Latency(SpecModel):
    """Requests that are answered quickly enough, from a histogram."""

    metric: Text = Field(description="Selector of the histogram, without `_bucket`.")
    below: QuantityField = Field(
        description="The slowest answer that counts as good, such as 500ms. It must be a bucket."
    )


class BurnWindow(SpecModel):
    """A pair of windows with the share of the error budget that may be spent in the long one."""

    short: PositiveDurationField = Field(description="The short window: it ends the alert soon after the trouble ends.")
    long: PositiveDurationField = Field(description="The long window: it makes sure that the trouble matters.")
    budget: RatioField = Field(description="Share of the budget spent within the long window at which the alert fires.")
    severity: str = Field(description="`critical` pages, `warning` makes a ticket.", pattern="^(critical|warning)$")


class Slo(SpecModel):
    """A service level objective. It is measured by ``bad``/``total``, ``good``/``total`` or ``latency``."""

    service: Name | None = Field(None, description="The service that promises.")
    description: Text | None = Field(None, description="What is promised, in the words of its users.")
    objective: PositiveRatioField = Field(description="Share of events that must be good, such as 99.9%.")
    window: PositiveDurationField = Field(
        "30d", description="The rolling window over which it is promised.", validate_default=True
    )
    bad: Text | None = Field(None, description="Selector of a counter of bad events.")
    good: Text | None = Field(None, description="Selector of a counter of good events.")
    total: Text | None = Field(None, description="Selector of a counter of all events.")
    latency: Latency | None = Field(None, description="Good events are the quick ones of a histogram.")
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
    backends: list[Text] | None = Field(None, description=f"Where it is compiled to, of {', '.join(BACKENDS)}.")
    approximate: list[Text] = Field(
        default_factory=list, description="Backends on which an approximate rendering is accepted."
    )
    ignore: dict[str, Text] = Field(default_factory=dict, description="Codes not to report here, each with the reason.")
    was: Name | None = Field(None, description="Its former name; objects that live elsewhere are renamed in place.")
    adopt: Adoption | None = Field(
        None, description="An object of another system that is to become this one on the next push, by its identifier."
    )
