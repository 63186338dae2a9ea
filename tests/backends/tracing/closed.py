"""What the components that we name take, as closed models: a key that is not here fails the test.

They are written from the vendors' sources, not from our emitters. Where a file is named, it is in
open-telemetry/opentelemetry-collector (core) or -contrib at 0.159 unless another repository is.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

_GO_DURATION = re.compile(r"([0-9]+(\.[0-9]+)?(h|m|s|ms|us|ns))+")


class Closed(BaseModel):
    """No other keys than these, and no values converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _go_duration(value: str) -> str:
    assert _GO_DURATION.fullmatch(value), f"{value} is no duration of Go"
    return value


GoDuration = Annotated[str, AfterValidator(_go_duration)]
"""``time.ParseDuration``: no days."""
Endpoint = Annotated[str, Field(pattern=r"^[^\s/:]+:[0-9]+$")]


class Server(Closed):
    """``confighttp.ServerConfig``, ``configgrpc.ServerConfig``: of theirs only what we may write."""

    endpoint: Endpoint


class Protocols(Closed):
    """receiver/otlpreceiver/config.schema.yaml."""

    grpc: Server
    http: Server


class Otlp(Closed):
    protocols: Protocols


class Receivers(Closed):
    otlp: Otlp


class PrometheusReader(Closed):
    """OpenTelemetry's declarative configuration, ``pull.exporter.prometheus``."""

    host: str
    port: int


class PullExporter(Closed):
    prometheus: PrometheusReader


class Pull(Closed):
    exporter: PullExporter


class Reader(Closed):
    pull: Pull


class TelemetryMetrics(Closed):
    """``address`` is gone (core#11205)."""

    readers: list[Reader]


class Telemetry(Closed):
    metrics: TelemetryMetrics
    resource: dict[str, str] | None = None


class Pipeline(Closed):
    receivers: list[str] = Field(min_length=1)
    processors: list[str] = Field(default_factory=list)
    exporters: list[str] = Field(min_length=1)


class Service(Closed):
    extensions: list[str]
    pipelines: dict[str, Pipeline] = Field(min_length=1)
    telemetry: Telemetry


def component(name: str) -> str:
    """The type of a component: ``otlp_grpc`` of ``otlp_grpc/jaeger``."""
    return name.partition("/")[0]


class Wired(Closed):
    """What every collector checks of its pipelines when it starts (service/internal/graph)."""

    extensions: Any
    receivers: Receivers
    processors: Any
    exporters: Any
    connectors: Any = None
    service: Service

    @model_validator(mode="after")
    def _all_are_there_and_used(self) -> Wired:
        named = {"receivers": {"otlp"}, "processors": set(self.processors), "exporters": set(self.exporters)}
        connectors = set(self.connectors or {})
        used: dict[str, set[str]] = {kind: set() for kind in named}
        ends: dict[str, set[str]] = {"receivers": set(), "exporters": set()}
        for name, pipeline in self.service.pipelines.items():
            assert component(name) in {"traces", "metrics", "logs"}, name
            for kind, known in named.items():
                for each in getattr(pipeline, kind):
                    if kind in ends and each in connectors:
                        ends[kind].add(each)
                    else:
                        assert each in known, f"{each} of {name} is not configured"
                        used[kind].add(each)
        assert used == named, "what is configured and not used is loaded in vain"
        # "connector must be used as both receiver and exporter".
        assert ends["receivers"] == ends["exporters"] == connectors
        assert set(self.extensions) == set(self.service.extensions)
        return self


class OneOf(Closed):
    """Exactly one of its fields is set."""

    @model_validator(mode="after")
    def _one(self) -> OneOf:
        assert len(self.model_fields_set) == 1
        return self


Share = Annotated[float, Field(ge=0, le=100)]
StatusCode = Literal["ERROR", "OK", "UNSET"]
