"""jaeger/config.yaml as Jaeger 2.20 takes it, from jaegertracing/jaeger; and what goes beside it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from tests.backends.tracing.closed import Closed, Endpoint, GoDuration, OneOf, Server, Wired


class Memory(Closed):
    max_traces: int = Field(gt=0)


class Directories(Closed):
    keys: str
    values: str


class Ttl(Closed):
    spans: GoDuration


class Badger(Closed):
    """internal/storage/v1/badger/config.go."""

    directories: Directories
    ephemeral: bool
    ttl: Ttl | None = None


class Basic(Closed):
    username: str
    password: str


class Auth(Closed):
    basic: Basic


class Rollover(Closed):
    policy_name: str


class Rotation(OneOf):
    """One of the strategies of 2.20; ``use_aliases`` and ``use_ilm`` are errors since."""

    auto_rollover: Rollover | None = None


class Index(Closed):
    rotation: Rotation


class Indices(Closed):
    index_prefix: str | None = None
    spans: Index | None = None
    services: Index | None = None
    dependencies: Index | None = None
    sampling: Index | None = None


class Search(Closed):
    """internal/storage/elasticsearch/config/config.go, cmd/jaeger/config-elasticsearch-auto-rollover.yaml."""

    server_urls: list[Annotated[str, Field(pattern="^https?://")]] = Field(min_length=1)
    auth: Auth | None = None
    indices: Indices | None = None


class Schema(Closed):
    keyspace: str
    create: bool
    trace_ttl: GoDuration | None = None
    dependencies_ttl: GoDuration | None = None
    compaction_window: GoDuration | None = None


class Tls(Closed):
    insecure: bool


class Connection(Closed):
    """``valid:"required,url"``: a bare host such as ``cassandra`` "does not validate as url", one with a port does."""

    servers: list[Endpoint] = Field(min_length=1)
    auth: Auth | None = None
    tls: Tls


class Cassandra(Closed):
    """internal/storage/cassandra/config/config.go."""

    schema_: Schema = Field(alias="schema")
    connection: Connection


class Backend(OneOf):
    memory: Memory | None = None
    badger: Badger | None = None
    elasticsearch: Search | None = None
    opensearch: Search | None = None
    cassandra: Cassandra | None = None


class Prometheus(Closed):
    """internal/config/promcfg/config.go."""

    endpoint: str
    metric_namespace: str
    latency_unit: Literal["ms", "s"]
    normalize_calls: bool
    normalize_duration: bool


class MetricBackend(Closed):
    prometheus: Prometheus


class Storage(Closed):
    backends: dict[str, Backend]
    metric_backends: dict[str, MetricBackend] = Field(default_factory=dict)


class QueryStorage(Closed):
    traces: str
    metrics: str | None = None


class Query(Closed):
    """cmd/jaeger/internal/extension/jaegerquery/config.schema.yaml."""

    storage: QueryStorage
    http: Server
    grpc: Server


class File(Closed):
    path: str


class RemoteSampling(Closed):
    """cmd/jaeger/internal/extension/remotesampling/config.schema.yaml."""

    file: File
    http: Server
    grpc: Server


class Health(Closed):
    use_v2: Literal[True]
    http: Server


EXTENSIONS: dict[str, type[BaseModel]] = {
    "healthcheckv2": Health,
    "jaeger_storage": Storage,
    "jaeger_query": Query,
    "remote_sampling": RemoteSampling,
}


class StorageExporter(Closed):
    trace_storage: str


class JaegerConfiguration(Wired):
    """The whole file."""

    @model_validator(mode="after")
    def _components(self) -> JaegerConfiguration:
        assert set(self.extensions) <= set(EXTENSIONS)
        for name, settings in self.extensions.items():
            EXTENSIONS[name].model_validate(settings)
        storage = Storage.model_validate(self.extensions["jaeger_storage"])
        query = Query.model_validate(self.extensions["jaeger_query"])
        assert self.processors == {"batch": {}}
        assert list(self.exporters) == ["jaeger_storage_exporter"]
        exporter = StorageExporter.model_validate(self.exporters["jaeger_storage_exporter"])
        assert {exporter.trace_storage, query.storage.traces} == set(storage.backends)
        assert ({query.storage.metrics} - {None}) == set(storage.metric_backends)
        return self


Param = Annotated[float, Field(ge=0, le=1)] | Annotated[int, Field(ge=0, le=1)]


class Strategy(Closed):
    type: Literal["probabilistic"]
    param: Param


class ServiceStrategy(Strategy):
    service: str


class Strategies(Closed):
    """Jaeger, "File-based sampling configuration"."""

    default_strategy: Strategy
    service_strategies: list[ServiceStrategy] = Field(default_factory=list)


Age = Annotated[str, Field(pattern="^[0-9]+(d|h|m|s|ms)$")]
"""Elasticsearch, "API conventions", "Time units": one number and one unit."""


class RolloverConditions(Closed):
    """``max_size`` is deprecated since 9.3."""

    max_age: Age
    max_primary_shard_size: str


class HotActions(Closed):
    rollover: RolloverConditions


class Hot(Closed):
    min_age: Age
    actions: HotActions


class Empty(Closed):
    """An action without settings."""


class DeleteActions(Closed):
    delete: Empty


class Delete(Closed):
    min_age: Age
    actions: DeleteActions


class Phases(Closed):
    hot: Hot
    delete: Delete


class PolicyBody(Closed):
    meta: dict[str, str] = Field(alias="_meta")
    phases: Phases


class LifecyclePolicy(Closed):
    """``PUT _ilm/policy/{name}`` (elasticsearch-specification, ``ilm/put_lifecycle``)."""

    policy: PolicyBody
