"""Targets that keep traces, or bring them there."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from skillforge_mon.spec.models.base import Name, OneOrMany, ServerUrl, SpecModel, Text, VersionField
from skillforge_mon.spec.models.probes import Host, HostPort


class JaegerStorage(SpecModel):
    """Where Jaeger keeps traces. A bare value is the kind."""

    shorthand: ClassVar[str] = "kind"
    kind: Literal["memory", "badger", "elasticsearch", "opensearch", "cassandra"] = Field(
        "memory", description="`memory` forgets all at a restart, `badger` is files of one server."
    )
    max_traces: int = Field(100_000, ge=1, description="How many traces `memory` holds.")
    path: Text = Field("/badger", description="Folder of the files of `badger`.", pattern=r"^/")
    servers: OneOrMany[Text] = Field(
        default_factory=list,
        description="Servers: addresses such as `http://elasticsearch:9200`, or hosts of Cassandra, at port 9042 unless "
        "they say another; default: `targets.elasticsearch.url`, or one named like the kind.",
    )
    username: Text | None = Field(None, description="User name.")
    password: Text | None = Field(None, description="A secret reference.")
    keyspace: Name = Field("jaeger_v1", description="Keyspace of Cassandra.")
    index_prefix: Name | None = Field(None, description="What the names of indices begin with.")


class JaegerTarget(SpecModel):
    """Jaeger: traces, found by service, operation and duration."""

    version: VersionField = Field("2.20", description="The oldest server that must accept the output.")
    url: ServerUrl = Field("http://jaeger:16686", description="Its API, as Grafana reaches it.")
    public_url: Text | None = Field(
        None, description="Its page, as people reach it; links on dashboards lead there.", pattern="^https?://"
    )
    otlp: HostPort = Field("jaeger:4317", description="host:port where it takes OTLP by gRPC.")
    tls: bool = Field(False, description="OTLP is sent over TLS.")
    storage: JaegerStorage = Field(default_factory=JaegerStorage, description="Where it keeps traces.")


class TempoStorage(SpecModel):
    """Where Tempo keeps its blocks. A bare value is a folder."""

    shorthand: ClassVar[str] = "path"
    path: Text = Field(
        "/var/tempo", description="Folder of its files, and of all data where no bucket is named.", pattern=r"^/"
    )
    bucket: Text | None = Field(None, description="A bucket of S3, or of what speaks its protocol.")
    region: Text | None = Field(None, description="Region of the bucket.")
    endpoint: Text = Field("s3.amazonaws.com", description="host:port of the object store.")
    access_key: Text | None = Field(None, description="A secret reference.")
    secret_key: Text | None = Field(None, description="A secret reference.")
    insecure: bool = Field(False, description="The object store is reached without TLS.")


class TempoTarget(SpecModel):
    """Grafana Tempo: traces, found by TraceQL."""

    version: VersionField = Field("3.0", description="The oldest server that must accept the output.")
    url: ServerUrl = Field("http://tempo:3200", description="Its API, as Grafana reaches it.")
    otlp: HostPort = Field("tempo:4317", description="host:port where it takes OTLP by gRPC.")
    tls: bool = Field(False, description="OTLP is sent over TLS.")
    storage: TempoStorage = Field(default_factory=TempoStorage, description="Where it keeps its data.")


class CollectorTarget(SpecModel):
    """The OpenTelemetry Collector (distribution `contrib`): between the services and what keeps their traces."""

    version: VersionField = Field("0.159", description="The oldest collector that must accept the output.")
    listen: Host = Field("0.0.0.0", description="Address that it listens on; IPv6 in brackets.")  # noqa: S104
    address: Text = Field(
        "otel-collector", description="Host by which services and Prometheus reach it.", pattern=r"^[^\s/:]+$"
    )
    replicas: int = Field(1, ge=1, description="How many of them share the traces.")


AgentOption = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=100)]
"""An option of Elastic's agents as central configuration names it, such as ``capture_body``."""
OPTIONS_OF_ITS_OWN = frozenset((
    "api_key", "environment", "global_labels", "secret_token", "server_url", "service_name", "service_version",
    "transaction_sample_rate",
))  # fmt: skip
"""Options that other keys of a spec say: two places for one thing would contradict each other."""


class ElasticApm(SpecModel):
    """Elastic APM: traces in Elasticsearch, by way of APM Server. A bare value is its address."""

    shorthand: ClassVar[str] = "url"
    url: Text = Field(
        "http://apm-server:8200",
        description="APM Server, as the services and the collector reach it; a reference stands for host and port.",
        pattern=r"^https?://[^/\s]+/?$",
    )
    agent: Literal["elastic", "opentelemetry"] = Field(
        "elastic",
        description="What services send with: agents of Elastic's own, straight to APM Server; or OpenTelemetry, through "
        "the collector where there is one.",
    )
    secret_token: Text | None = Field(None, description="A secret reference; the token that APM Server asks for.")
    api_key: Text | None = Field(None, description="A secret reference; an API key in its place.")
    options: dict[AgentOption, Text] = Field(
        default_factory=dict,
        description="Further options of Elastic's agents, by their names in central configuration: `capture_body: errors`.",
    )

    @model_validator(mode="after")
    def _said_once(self) -> Self:
        if self.secret_token is not None and self.api_key is not None:
            raise PydanticCustomError("apm_credentials", "APM Server is told one: `secret_token` or `api_key`")
        taken = sorted(OPTIONS_OF_ITS_OWN & self.options.keys())
        if taken:
            raise PydanticCustomError(
                "apm_options",
                "`{name}` is said elsewhere: by the services, the environment, `traces` or keys beside `options`",
                {"name": taken[0]},
            )
        if self.options and self.agent == "opentelemetry":
            raise PydanticCustomError("apm_options", "`options` are those of Elastic's own agents: `agent: elastic`")
        return self
