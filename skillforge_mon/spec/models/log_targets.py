"""Targets that keep logs, or bring them there."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from skillforge_mon.spec.models.base import Address, DayField, Name, ServerUrl, SizeField, SpecModel, Text, VersionField
from skillforge_mon.spec.models.trace_targets import ElasticApm

TENANT_PATTERN = r"^(.*\$\{.*|[A-Za-z0-9!_.*'()-]*[A-Za-z0-9!_*'()-][A-Za-z0-9!_.*'()-]*)$"
Tenant = Annotated[str, Field(pattern=TENANT_PATTERN, max_length=150)]
"""A tenant as Loki takes it ("Configuration", ``auth_enabled``; ``.`` and ``..`` are none), or a reference."""


class LokiStorage(SpecModel):
    """Where Loki keeps chunks and its index. A bare value is a folder."""

    shorthand: ClassVar[str] = "path"
    path: Text = Field(
        "/loki", description="Folder of its files, and of all data where no bucket is named.", pattern=r"^/"
    )
    bucket: Text | None = Field(None, description="A bucket of S3, or of what speaks its protocol.")
    region: Text | None = Field(None, description="Region of the bucket.")
    endpoint: Text | None = Field(None, description="host:port, where it is not Amazon's.")
    access_key: Text | None = Field(None, description="A secret reference.")
    secret_key: Text | None = Field(None, description="A secret reference.")


class LokiTarget(SpecModel):
    """Loki: logs, and alerts on them."""

    version: VersionField = Field("3.5", description="The oldest server that must accept the output.")
    url: ServerUrl = Field("http://loki:3100", description="Loki as its clients reach it.")
    tenant: Tenant | None = Field(None, description="Sent as `X-Scope-OrgID`; with one, Loki asks every client for it.")
    username: Text | None = Field(None, description="User name for basic authentication, where a proxy asks for it.")
    password: Text | None = Field(None, description="A secret reference; the password of that user.")
    storage: LokiStorage = Field(default_factory=LokiStorage, description="Where it keeps its data.")
    since: DayField = Field("2024-04-01", description="Day from which on the schema v13 holds.", validate_default=True)
    ingestion_rate: SizeField | None = Field(None, description="Bytes a second of one tenant, such as 16MiB.")
    streams: int | None = Field(None, ge=1, description="Active streams of one tenant.")
    metrics_to: Text | None = Field(
        None,
        description="Where metrics made of lines are written by remote write; default: http://prometheus:9090/api/v1/write.",
        pattern="^https?://",
    )


class AlloyTarget(SpecModel):
    """Grafana Alloy: it reads log sources, parses lines, and sends them to Loki."""

    version: VersionField = Field("1.10", description="The oldest Alloy that must accept the output.")
    listen: Address = Field("0.0.0.0:12345", description="Where it serves its own page.")
    secrets_dir: Text = Field("/etc/alloy/secrets", description="Folder with one file per secret reference.")


class PromtailTarget(SpecModel):
    """Promtail, for those who still run it: it has reached the end of its life, and Alloy takes its place."""

    positions: Text = Field(
        "/var/lib/promtail/positions.yaml", description="File of how far it has read.", pattern=r"^/"
    )
    secrets_dir: Text = Field("/etc/promtail/secrets", description="Folder with one file per secret reference.")


class ElasticsearchTarget(SpecModel):
    """Elasticsearch and Kibana: logs, traces by Elastic APM, and what people make of them."""

    version: VersionField = Field("9.1", description="The oldest server that must accept the output.")
    url: ServerUrl = Field("http://elasticsearch:9200", description="Elasticsearch as its clients reach it.")
    kibana_url: ServerUrl | None = Field(None, description="Where people reach Kibana.")
    space: Name | None = Field(None, description="The space of Kibana; default: the default one.")
    api_key: Text | None = Field(None, description="A secret reference: the encoded API key, for both, of who pushes.")
    username: Text | None = Field(None, description="Name of the user who pushes, where there is no API key.")
    password: Text | None = Field(None, description="A secret reference; the password of that user.")
    lifecycle: Literal["data_stream", "ilm"] = Field(
        "data_stream",
        description="What deletes old lines: the lifecycle of data streams, or index lifecycle management.",
    )
    replicas: int = Field(1, ge=0, description="Copies of each shard.")
    apm: ElasticApm | None = Field(None, description="Elastic APM, where it keeps traces; `{}` for the usual one.")
