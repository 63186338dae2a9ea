"""``logs``: streams of log lines, how they are read, what of them is kept where; and conditions on them."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from skillforge_mon.spec.models.base import (
    IGNORE_FIELD,
    Ignores,
    LabelName,
    Labels,
    Name,
    OneOrMany,
    PositiveDurationField,
    RatioField,
    SpecModel,
    Text,
)
from skillforge_mon.spec.models.retention import LogLevel, LogRetention

FieldName = Annotated[str, Field(pattern=r"^[A-Za-z_@][A-Za-z0-9_.@-]*$", max_length=200)]
"""A field of a line, such as ``status`` or ``http.status_code``."""


class LogFilter(SpecModel):
    """Which lines are meant. All that is said must hold; a bare text must be contained."""

    shorthand: ClassVar[str] = "contains"
    level: OneOrMany[LogLevel] = Field(default_factory=list, description="One of these levels.")
    contains: OneOrMany[Text] = Field(default_factory=list, description="Texts that all are in the line.")
    without: OneOrMany[Text] = Field(default_factory=list, description="Texts none of which is in the line.")
    matches: Text | None = Field(None, description="A regular expression (RE2) that matches somewhere in the line.")
    fields: dict[FieldName, OneOrMany[Text]] = Field(
        default_factory=dict, description="Fields, each with the values that are meant."
    )


class KubernetesLogs(SpecModel):
    """The standard output of containers. A bare value is the namespace."""

    shorthand: ClassVar[str] = "namespace"
    namespace: Text | None = Field(None, description="Only this namespace.")
    selector: Labels = Field(default_factory=dict, description="Labels of the pods.")
    container: Text | None = Field(None, description="Only this container.")


class LogSource(SpecModel):
    """Where lines are found: in one of these ways. Without any, the application sends them itself."""

    files: OneOrMany[Text] = Field(default_factory=list, description="Paths, with `*` and `**`.")
    kubernetes: KubernetesLogs | None = Field(None, description="Containers of pods.")
    docker: OneOrMany[Text] = Field(default_factory=list, description="Names of containers on the Docker host.")
    journal: OneOrMany[Text] = Field(
        default_factory=list, description="Units of systemd, such as `nginx.service`; `nginx` is the same."
    )
    otlp: bool = Field(False, description="The application sends them by OTLP.")


class LogTime(SpecModel):
    """When a line was written. A bare value is the field."""

    shorthand: ClassVar[str] = "field"
    field: FieldName = Field(description="The field that holds it.")
    format: Literal["rfc3339", "unix", "unix_ms"] | Text = Field(
        "rfc3339", description="`rfc3339`, `unix` (seconds), `unix_ms`, or a layout such as `2006-01-02 15:04:05`."
    )


class LogMask(SpecModel):
    """A text that must not be kept, such as a card number."""

    name: Name = Field(description="What it is.")
    matches: Text = Field(description="A regular expression (RE2) of it.")
    by: str = Field("***", description="What takes its place.")


class LogExclusion(SpecModel):
    """Lines that are not indexed, or only some of them."""

    name: Name = Field(description="What they are.")
    lines: LogFilter = Field(description="Which lines.")
    keep: RatioField = Field("0%", description="The share that is indexed all the same.", validate_default=True)


class LogIndex(SpecModel):
    """What Datadog makes searchable of the stream, and for how long."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,61}$")] | None = Field(
        None, description="Name of the index; default: the project's and the stream's."
    )
    daily_limit: int | None = Field(None, ge=1, description="Lines in a day; further ones are not indexed.")
    exclude: list[LogExclusion] = Field(default_factory=list, description="Lines that are not indexed, in this order.")


class LogMetric(SpecModel):
    """A number made of lines, which Loki writes to Prometheus. A bare value is the query."""

    shorthand: ClassVar[str] = "query"
    lines: LogFilter | None = Field(None, description="Which lines are counted; default: all.")
    within: PositiveDurationField = Field("1m", description="Lines of the last …", validate_default=True)
    by: list[LabelName] = Field(
        default_factory=list,
        description="Fields of `index_by`, each of whose values is counted for itself; with `query`, its labels.",
    )
    query: Text | None = Field(None, description="LogQL, where it is more than a number of lines.")
    help: Text | None = Field(None, description="What it is.")
    unit: Text | None = Field(None, description="Unit of the query's value.")


SeriesName = Annotated[str, Field(pattern=r"^[A-Za-z_:][A-Za-z0-9_:]*$", max_length=200)]
"""The name of a metric, as every ruler takes it."""


class LogStream(SpecModel):
    """The lines of one application: where they are, how they are read, and what of them is kept."""

    service: Name | None = Field(None, description="The service that writes them.")
    description: Text | None = Field(None, description="What is in them.")
    source: LogSource = Field(default_factory=LogSource, description="Where they are found.")
    format: Literal["json", "logfmt", "regex", "plain"] = Field("json", description="How a line is written.")
    pattern: Text | None = Field(
        None, description="With `format: regex`: a regular expression (RE2) whose named groups are the fields."
    )
    level: FieldName | None = Field("level", description="The field that holds the level.")
    levels: dict[Text, LogLevel] = Field(
        default_factory=dict, description="What levels are called in the lines, where they have other names."
    )
    message: FieldName | None = Field("message", description="The field that holds the text.")
    time: LogTime | None = Field(None, description="The field that holds the time; default: when the line arrives.")
    labels: Labels = Field(default_factory=dict, description="Labels with one value for the whole stream.")
    index_by: list[LabelName] = Field(
        default_factory=list, description="Fields with few values, such as `method`, by which lines are found quickly."
    )
    metadata: list[FieldName] = Field(
        default_factory=list,
        description="Fields with many values, such as `request_id`, that are kept beside the line.",
    )
    trace_id: FieldName | None = Field(None, description="The field that names the trace of a line.")
    multiline: Text | None = Field(None, description="A regular expression (RE2) of the first line of an entry.")
    drop: list[LogFilter] = Field(default_factory=list, description="Lines that are not kept anywhere.")
    mask: list[LogMask] = Field(default_factory=list, description="Texts that must not be kept.")
    metrics: dict[SeriesName, LogMetric] = Field(
        default_factory=dict, description="Metrics that are made of its lines, by their names in Prometheus."
    )
    samples: list[Text] = Field(
        default_factory=list,
        description="Lines as they are written, held against what the stream says; Datadog keeps five of them.",
    )
    retention: LogRetention | None = Field(
        None, description="Without a `default`, levels that are not named are kept as `retention.logs` says."
    )
    index: LogIndex = Field(default_factory=LogIndex, description="What Datadog makes searchable of it.")
    backends: list[Text] | None = Field(
        None,
        description="Where they are kept, of loki, datadog and elasticsearch; default: the targets among them, datadog "
        "only where it is the only one.",
    )
    approximate: list[Text] = Field(
        default_factory=list, description="Backends on which an approximate rendering is accepted."
    )
    ignore: Ignores = IGNORE_FIELD


class LogCondition(SpecModel):
    """A number of lines within a time: the value that an alert compares."""

    of: Name = Field(description="The stream, one of `logs`.")
    lines: LogFilter = Field(default_factory=LogFilter, description="Which of its lines; default: all.")
    within: PositiveDurationField = Field("5m", description="Lines of the last …", validate_default=True)
    by: list[LabelName] = Field(
        default_factory=list, description="Fields of `index_by`, each of whose values is counted for itself."
    )


class LokiAlert(SpecModel):
    """What an alert says in Loki in its own words. A bare value is the query."""

    shorthand: ClassVar[str] = "query"
    query: Text = Field(description="LogQL, without the comparison.")
