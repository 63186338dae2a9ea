"""``exporters``: programs that tell of others, each with its scrape job, its catalogue and its pack."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from skillforge_mon.spec.models.base import (
    IGNORE_FIELD,
    Address,
    HostName,
    Ignores,
    LabelName,
    MetricName,
    Name,
    OneOrMany,
    PositiveDurationField,
    SpecModel,
    Text,
)
from skillforge_mon.spec.models.metrics import LabelValuesField
from skillforge_mon.spec.models.packs import UsedPack
from skillforge_mon.spec.models.services import Scrape

ConfiguredType = Literal["counter", "gauge"]


class SqlMetric(SpecModel):
    """A metric from the rows of a query."""

    type: ConfiguredType = Field("gauge", description="What kind of metric it is.")
    help: Text = Field(description="What it counts or measures.")
    unit: Text | None = Field(None, description="Base unit; default: from the name.")
    labels: dict[LabelName, LabelValuesField] = Field(
        default_factory=dict, description="Columns that become labels, as under `metrics`."
    )
    value: Text = Field("value", description="The column that has the value.")
    query: Text = Field(description="The query, in the language of the database.")


class SqlCollector(SpecModel):
    """Queries that are run together: one collector file."""

    interval: PositiveDurationField | None = Field(
        None, description="The least time between two runs; default: with every scrape."
    )
    metrics: dict[MetricName, SqlMetric] = Field(description="Its metrics.", min_length=1)


class SqlExporter(SpecModel):
    """The configuration of sql_exporter."""

    connection: Text = Field(
        description="The data source: a secret reference, or an address in a secret store (`k8ssecret://…`, `hashivault://…`)."
    )
    collectors: dict[Name, SqlCollector] = Field(description="What is asked.", min_length=1)
    secrets_dir: Text = Field("/etc/sql_exporter/secrets", description="Where the secret's file is on its server.")


JSON_PATH_PATTERN = r"^\{.+\}$"


class JsonMetric(SpecModel):
    """A metric from values of a JSON document."""

    type: ConfiguredType = Field("gauge", description="What kind of metric it is.")
    help: Text = Field(description="What it counts or measures.")
    unit: Text | None = Field(None, description="Base unit; default: from the name.")
    each: Text | None = Field(
        None,
        description="JSONPath of the objects that have a value each; then `path` is within one.",
        pattern=JSON_PATH_PATTERN,
    )
    path: Text = Field(description="JSONPath of the value, such as `{ .queue.length }`.", pattern=JSON_PATH_PATTERN)
    labels: dict[LabelName, Text] = Field(default_factory=dict, description="Labels with their JSONPath or text.")


class JsonModule(SpecModel):
    """One document, and what is read from it."""

    url: Text = Field(description="Where the document is.", pattern="^https?://")
    headers: dict[Text, str] = Field(default_factory=dict, description="Headers of the request; no secrets.")
    bearer_token: Text | None = Field(None, description="A secret reference.")
    username: Text | None = Field(None, description="User name for basic authentication.")
    password: Text | None = Field(None, description="A secret reference.")
    metrics: dict[MetricName, JsonMetric] = Field(description="Its metrics.", min_length=1)


class JsonExporter(SpecModel):
    """The configuration of json_exporter."""

    modules: dict[Name, JsonModule] = Field(description="Its documents.", min_length=1)
    secrets_dir: Text = Field("/etc/json_exporter/secrets", description="Where secrets' files are on its server.")


class Exporter(Scrape):
    """An exporter. A bare value is its target.

    It belongs to `service`, which need not be declared, and brings the catalogue and the pack of its kind.
    """

    shorthand: ClassVar[str] = "targets"
    targets: OneOrMany[Address] = Field(
        default_factory=list, description="host:port of each instance; none where Kubernetes discovers them."
    )
    job: Name | None = Field(None, description="Name of the scrape job; default: the exporter's name.")
    kind: Name | None = Field(
        None,
        description="`custom`, `sql`, `json`, or a pack that is about an exporter; default: the exporter's name.",
    )
    description: Text | None = Field(None, description="What it tells of.")
    service: Name | None = Field(None, description="The service that it tells of; default: the exporter's name.")
    with_: dict[Name, Any] = Field(default_factory=dict, alias="with", description="Parameters of the kind's pack.")
    use: OneOrMany[UsedPack] = Field(
        default_factory=list, description="Further packs, for the series of this exporter."
    )
    host: HostName | None = Field(
        None,
        description="What it is called where `deploy` runs it; default: the host of its target, under its kind's usual port.",
    )
    environment: dict[str, str] = Field(
        default_factory=dict,
        description="Variables of the program where `deploy` runs it, such as `REDIS_ADDR`. A whole value may be a secret reference.",
    )
    arguments: list[Text] = Field(
        default_factory=list, description="Further arguments of the program where `deploy` runs it."
    )
    sql: SqlExporter | None = Field(None, description="What an exporter of the kind `sql` exports.")
    json_: JsonExporter | None = Field(None, alias="json", description="What an exporter of the kind `json` exports.")
    ignore: Ignores = IGNORE_FIELD
