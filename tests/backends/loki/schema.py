"""The shape of loki.yaml, closed against unknown keys: the fields that we write, with what Loki takes for each.

Derived from the structs of Loki 3.7: pkg/loki/loki.go, pkg/loki/common/common.go, pkg/compactor/compactor.go,
pkg/ruler/base/ruler.go, pkg/validation/limits.go, pkg/storage/config/schema_config.go, and from what its
``-verify-config`` refuses: retention without a store for delete requests, and structured metadata with another schema
than v13 or another index than tsdb.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Hours = Annotated[str, Field(pattern=r"^\d+(h|[hms\d]+)$")]
Path = Annotated[str, Field(pattern=r"^/")]
Secret = Annotated[str, Field(pattern=r"^\$\{[A-Z0-9_]+\}$")]


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Server(Closed):
    http_listen_port: int


class Filesystem(Closed):
    chunks_directory: Path
    rules_directory: Path


class S3(Closed):
    bucketnames: str
    region: str | None = None
    endpoint: str | None = None
    s3forcepathstyle: bool = False
    access_key_id: Secret | None = None
    secret_access_key: Secret | None = None


class CommonStorage(Closed):
    filesystem: Filesystem | None = None
    s3: S3 | None = None


class Store(Closed):
    store: Literal["inmemory"]


class Ring(Closed):
    kvstore: Store


class Common(Closed):
    instance_addr: str
    path_prefix: Path
    storage: CommonStorage
    replication_factor: Literal[1]
    ring: Ring


class Index(Closed):
    prefix: str
    period: Literal["24h"]


class Period(Closed):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    since: date = Field(alias="from", strict=False)
    store: Literal["tsdb"]
    object_store: Literal["filesystem", "s3"]
    schema_: Literal["v13"] = Field(alias="schema")
    index: Index


class Schema(Closed):
    configs: list[Period] = Field(min_length=1)


class Compactor(Closed):
    working_directory: Path
    retention_enabled: bool
    delete_request_store: Literal["filesystem", "s3"] | None = None

    @model_validator(mode="after")
    def _has_a_store(self) -> Compactor:
        if self.retention_enabled and self.delete_request_store is None:
            raise ValueError("retention needs a store for delete requests")
        return self


class StreamRetention(Closed):
    selector: str = Field(pattern=r'^\{([a-z_]+="[^"]+"(, )?)+\}$')
    priority: int = Field(ge=1)
    period: Hours


class Limits(Closed):
    allow_structured_metadata: Literal[True]
    volume_enabled: bool
    ingestion_rate_mb: int | None = None
    ingestion_burst_size_mb: int | None = None
    max_global_streams_per_user: int | None = None
    retention_period: Hours | None = None
    retention_stream: list[StreamRetention] = []


class Local(Closed):
    directory: Path


class RuleStorage(Closed):
    type: Literal["local"]
    local: Local


class Wal(Closed):
    dir: Path


class RemoteWriteClient(Closed):
    url: Annotated[str, Field(pattern="^https?://")]


class RulerRemoteWrite(Closed):
    enabled: Literal[True]
    clients: Annotated[dict[str, RemoteWriteClient], Field(min_length=1)]


class Ruler(Closed):
    storage: RuleStorage
    rule_path: Path
    enable_api: bool
    alertmanager_url: str | None = None
    enable_alertmanager_v2: Literal[True] | None = None
    evaluation_interval: str | None = None
    external_url: str | None = None
    datasource_uid: str | None = None
    external_labels: dict[str, str] = {}
    wal: Wal | None = None
    remote_write: RulerRemoteWrite | None = None


class Analytics(Closed):
    reporting_enabled: Literal[False]


class LokiConfiguration(Closed):
    auth_enabled: bool
    server: Server
    common: Common
    schema_config: Schema
    compactor: Compactor
    limits_config: Limits
    ruler: Ruler | None = None
    analytics: Analytics


REMOVED = frozenset(
    ("enforce_metric_name", "max_transfer_retries", "max_look_back_period", "shared_store", "table_manager",
     "chunk_store_config", "boltdb_shipper", "boltdb-shipper", "unordered_writes", "per_tenant_override_config")
)  # fmt: skip
"""Keys and values of older versions that today's refuse, or are about to."""


def keys_and_texts(value: Any) -> set[str]:
    """Every key and every text in a document."""
    if isinstance(value, dict):
        return set(value).union(*map(keys_and_texts, value.values()))
    if isinstance(value, list | tuple):
        return set().union(*map(keys_and_texts, value))
    return {value} if isinstance(value, str) else set()
