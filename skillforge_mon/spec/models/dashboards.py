"""``dashboards``: what people look at."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from skillforge_mon.spec.models.base import (
    IGNORE_FIELD,
    Adoption,
    DurationField,
    Ignores,
    Name,
    Number,
    OneOrMany,
    PositiveDurationField,
    SpecModel,
    Text,
    refusal,
)
from skillforge_mon.spec.models.services import Link

PanelType = Literal[
    "timeseries", "stat", "gauge", "bargauge", "table", "heatmap", "piechart", "logs", "text", "alertlist"
]


class PanelQuery(SpecModel):
    """One query of a panel. A bare value is the query itself."""

    shorthand: ClassVar[str] = "expr"
    expr: Text = Field(description="PromQL; LogQL in a logs panel.")
    legend: Text | None = Field(None, description="Text of the legend with labels in braces: `{{ labels.service }}`.")


class DatadogFormula(SpecModel):
    """One line or column of a panel on Datadog. A bare value is the formula itself."""

    shorthand: ClassVar[str] = "formula"
    formula: Text = Field(description="Arithmetic and functions of the names of queries, such as `a / b`.")
    legend: Text | None = Field(None, description="What it is called.")


QueryName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]


class DatadogPanel(SpecModel):
    """What a panel shows on Datadog, in Datadog's words. A bare value is its one query.

    It has one `query`, or `queries` with `formulas` of their names, or the reason why it is left out.
    """

    shorthand: ClassVar[str] = "query"
    query: Text | None = Field(None, description="A metric query; in a logs panel, a log search.")
    queries: dict[QueryName, Text] = Field(default_factory=dict, description="Metric queries by the name in formulas.")
    formulas: OneOrMany[DatadogFormula] = Field(
        default_factory=list, description="What is shown of `queries`; default: each of them."
    )
    over: PositiveDurationField | None = Field(
        None, description="The time that the panel shows, whatever people choose at the top."
    )
    omit: Text | None = Field(None, description="Leave the panel out on Datadog, for this reason.")


class Panel(SpecModel):
    """One picture."""

    title: Text = Field(description="What it shows.")
    type: PanelType = Field("timeseries", description="How it shows it.")
    query: OneOrMany[PanelQuery] = Field(default_factory=list, description="One query, or several.")
    description: Text | None = Field(None, description="What to make of it.")
    unit: Text | None = Field(
        None, description="Unit of the catalogue or of Grafana; default: inferred from the query."
    )
    width: int | None = Field(None, ge=1, le=24, description="Columns of 24; default: by type.")
    height: int | None = Field(None, ge=2, le=40, description="Rows of about 30 pixels; default: by type.")
    decimals: int | None = Field(None, ge=0, le=10, description="Digits after the point.")
    min: Number | None = Field(None, description="Lowest value of the axis.")
    max: Number | None = Field(None, description="Highest value of the axis.")
    stack: bool = Field(False, description="Stack the series.")
    thresholds: dict[Literal["warning", "critical"], Number] = Field(
        default_factory=dict, description="Lines; default: those of the alerts and SLOs that watch the same metric."
    )
    content: Text | None = Field(None, description="Markdown of a text panel.")
    links: list[Link] = Field(
        default_factory=list, description="Links of the panel; runbooks are linked by themselves."
    )
    repeat: Name | None = Field(None, description="Repeat for each value of this variable.")
    datadog: DatadogPanel | None = Field(
        None,
        description="What it shows on Datadog, where its query cannot be translated, or where only Datadog shows it.",
    )

    @model_validator(mode="after")
    def _axis(self) -> Self:
        if self.min is not None and self.max is not None and self.min >= self.max:
            raise refusal("the axis ends before it begins", "a `min` below `max`", "axis")
        return self


class Row(SpecModel):
    """Panels under a heading, or a ready-made set: ``use: red`` (rate, errors, duration) of a service."""

    title: Text | None = Field(None, description="The heading.")
    use: Literal["red", "slo", "use", "alerts", "baselines", "kpis", "logs", "traces", "probes"] | None = Field(
        None,
        description="`red`: rate, errors and duration; `slo`: objectives and budgets; `use`: CPU, memory, disk of hosts; "
        "`alerts`: what is firing; `baselines`: what is measured beside what is usual; `kpis`: numbers with their targets; "
        "`logs`: the lines of a service, by level; `traces`: rate, errors and duration, counted from spans; `probes`: what is "
        "asked from outside: answers, duration by phase, certificates.",
    )
    service: Name | None = Field(None, description="The service that the ready-made set is about.")
    collapsed: bool = Field(False, description="Closed until somebody opens it.")
    repeat: Name | None = Field(None, description="Repeat for each value of this variable.")
    panels: list[Panel] = Field(default_factory=list, description="The panels, from left to right.")


class Variable(SpecModel):
    """A choice at the top of a dashboard."""

    label: Text | None = Field(None, description="Text beside it.")
    metric: Text | None = Field(None, description="Values come from a label of this metric …")
    values_of: Text | None = Field(None, description="… namely this label.")
    options: list[Text] = Field(default_factory=list, description="Or a fixed list of values.")
    multi: bool = Field(True, description="Several values may be chosen.")
    include_all: bool = Field(True, description="Offer all values at once.")


class Dashboard(SpecModel):
    """What people look at together."""

    title: Text | None = Field(None, description="Default: made from the project and the name.")
    description: Text | None = Field(None, description="What it is for.")
    service: Name | None = Field(None, description="The service that it is about.")
    tags: list[Text] = Field(default_factory=list, description="For finding it.")
    folder: Text | None = Field(None, description="Default: the target's.")
    refresh: DurationField | None = Field(None, description="Default: the target's; `0s` is never.")
    time_from: PositiveDurationField | None = Field(None, description="Default: the target's.")
    variables: dict[Name, Variable] = Field(default_factory=dict, description="Choices at the top.")
    rows: list[Row] = Field(description="From top to bottom.", min_length=1)
    links: list[Link] = Field(default_factory=list, description="Links at the top.")
    backends: list[Text] | None = Field(
        None,
        description="Where it is compiled to, of grafana, datadog and elasticsearch; default: the first of them under "
        "`targets`.",
    )
    approximate: list[Text] = Field(
        default_factory=list, description="Backends on which an approximate rendering is accepted."
    )
    ignore: Ignores = IGNORE_FIELD
    was: Name | None = Field(None, description="Its former name.")
    adopt: Adoption | None = Field(
        None, description="An object of another system that is to become this one on the next push, by its identifier."
    )
