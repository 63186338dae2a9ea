"""tempo/tempo.yaml as Tempo 3 takes it (grafana/tempo, example/docker-compose/migrate-to-3/tempo-v3.yaml)."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from tests.backends.tracing.closed import Closed, GoDuration, Receivers


class HttpServer(Closed):
    http_listen_port: int


class Distributor(Closed):
    receivers: Receivers


class Path(Closed):
    path: str


class S3(Closed):
    """tempodb/backend/s3/config.go."""

    bucket: str
    endpoint: str
    region: str | None = None
    access_key: str | None = None
    secret_key: str | None = None
    insecure: bool | None = None


class Trace(Closed):
    backend: Literal["local", "s3"]
    wal: Path
    local: Path | None = None
    s3: S3 | None = None

    @model_validator(mode="after")
    def _the_backend_that_it_names(self) -> Trace:
        assert self.model_fields_set == {"backend", "wal", self.backend}
        return self


class Storage(Closed):
    trace: Trace


class Compaction(Closed):
    block_retention: GoDuration


class Limits(Closed):
    compaction: Compaction


class Overrides(Closed):
    defaults: Limits


class UsageReport(Closed):
    reporting_enabled: bool


class TempoConfiguration(Closed):
    """The whole file: without ``ingester`` and ``compactor``, which 3.0 refuses."""

    server: HttpServer
    distributor: Distributor
    storage: Storage
    overrides: Overrides | None = None
    usage_report: UsageReport
