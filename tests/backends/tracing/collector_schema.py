"""collector/config.yaml as the collector's distribution ``contrib`` takes it at 0.159."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from tests.backends.tracing.closed import (
    Closed,
    Endpoint,
    GoDuration,
    Server,
    Share,
    StatusCode,
    Wired,
    component,
)


class MemoryLimiter(Closed):
    """processor/memorylimiterprocessor/config.schema.yaml; "spike_limit must be smaller than limit"."""

    check_interval: GoDuration
    limit_percentage: int = Field(gt=0, le=100)
    spike_limit_percentage: int = Field(gt=0, le=100)

    @model_validator(mode="after")
    def _smaller(self) -> MemoryLimiter:
        assert self.spike_limit_percentage < self.limit_percentage
        return self


class Filter(Closed):
    """processor/filterprocessor/config.go (``TraceConditions``; #44543)."""

    error_mode: Literal["ignore", "silent", "propagate"]
    trace_conditions: list[str] = Field(min_length=1)


class Action(Closed):
    """internal/coreinternal/attraction: ``value`` for the actions that set one, none for ``delete``."""

    key: str
    value: str | None = None
    action: Literal["insert", "update", "upsert", "delete"]

    @model_validator(mode="after")
    def _value(self) -> Action:
        assert (self.value is None) == (self.action == "delete")
        return self


class Resource(Closed):
    """processor/resourceprocessor/config.go."""

    attributes: list[Action] = Field(min_length=1)


class Attributes(Closed):
    """processor/attributesprocessor/config.go."""

    actions: list[Action] = Field(min_length=1)


class Statements(Closed):
    context: Literal["resource", "scope", "span", "spanevent"]
    statements: list[str] = Field(min_length=1)


class Transform(Closed):
    """processor/transformprocessor/config.go."""

    error_mode: Literal["ignore", "silent", "propagate"]
    trace_statements: list[Statements] = Field(min_length=1)


class Codes(Closed):
    status_codes: list[StatusCode] = Field(min_length=1)


class Latency(Closed):
    threshold_ms: int = Field(gt=0)


class StringAttribute(Closed):
    """Without ``invert_match``: deprecated, "the trace is not sampled" whatever other policies say."""

    key: str
    values: list[str] = Field(min_length=1)


class OttlCondition(Closed):
    error_mode: Literal["ignore", "silent", "propagate"]
    span: list[str] = Field(min_length=1)


class Probabilistic(Closed):
    sampling_percentage: Share | Annotated[int, Field(ge=0, le=100)]


class Policy(Closed):
    """processor/tailsamplingprocessor/config.go: a name, a type, and the settings under the type's own name."""

    name: str
    type: Literal[
        "always_sample", "status_code", "latency", "string_attribute", "ottl_condition", "probabilistic", "and"
    ]
    status_code: Codes | None = None
    latency: Latency | None = None
    string_attribute: StringAttribute | None = None
    ottl_condition: OttlCondition | None = None
    probabilistic: Probabilistic | None = None
    and_: And | None = Field(None, alias="and")

    @model_validator(mode="after")
    def _settings_of_its_type(self) -> Policy:
        own = set() if self.type == "always_sample" else {self.type.replace("and", "and_")}
        assert self.model_fields_set - {"name", "type"} == own
        return self


class And(Closed):
    and_sub_policy: list[Policy] = Field(min_length=1)


class TailSampling(Closed):
    """processor/tailsamplingprocessor/config.go; "policies must be unique by name"."""

    decision_wait: GoDuration
    policies: list[Policy] = Field(min_length=1)

    @model_validator(mode="after")
    def _unique(self) -> TailSampling:
        names = [policy.name for policy in self.policies]
        assert len(set(names)) == len(names)
        return self


class Nothing(Closed):
    """A component that is taken as it is."""


class Dimension(Closed):
    name: str


class Buckets(Closed):
    buckets: list[GoDuration] = Field(min_length=1)


class Histogram(Closed):
    unit: Literal["ms", "s"]
    explicit: Buckets


class Exemplars(Closed):
    enabled: bool


class SpanMetrics(Closed):
    """connector/spanmetricsconnector/config.schema.yaml."""

    namespace: str
    histogram: Histogram
    dimensions: list[Dimension] = Field(default_factory=list)
    exemplars: Exemplars
    metrics_flush_interval: GoDuration

    @model_validator(mode="after")
    def _no_dimension_twice(self) -> SpanMetrics:
        """``validateDimensions`` of its config.go."""
        names = ["service.name", "span.name", "span.kind", "status.code", *(each.name for each in self.dimensions)]
        assert len(set(names)) == len(names)
        return self


class ServiceGraph(Closed):
    """connector/servicegraphconnector/config.go."""

    metrics_flush_interval: GoDuration


class Tls(Closed):
    insecure: bool


class OtlpGrpc(Closed):
    """exporter/otlpexporter/config.go, called ``otlp_grpc`` since 0.144 (core#14403)."""

    endpoint: Endpoint
    tls: Tls


class OtlpHttp(Closed):
    """exporter/otlphttpexporter/config.go, called ``otlp_http`` since 0.144 (core#14397)."""

    endpoint: Annotated[str, Field(pattern="^https?://")]
    headers: dict[str, str] = Field(default_factory=dict)


class PrometheusExporter(Closed):
    """exporter/prometheusexporter/config.go."""

    endpoint: Endpoint
    enable_open_metrics: bool
    without_scope_info: bool


COMPONENTS: dict[str, dict[str, type[BaseModel]]] = {
    "extensions": {"health_check": Server},
    "processors": {
        "memory_limiter": MemoryLimiter,
        "filter": Filter,
        "resource": Resource,
        "attributes": Attributes,
        "transform": Transform,
        "tail_sampling": TailSampling,
        "batch": Nothing,
    },
    "connectors": {
        "span_metrics": SpanMetrics,
        "service_graph": ServiceGraph,
        "forward": Nothing,
    },
    "exporters": {"otlp_grpc": OtlpGrpc, "otlp_http": OtlpHttp, "prometheus": PrometheusExporter},
}
"""Those that we may use. ``jaeger``, ``loki`` and ``logging`` are removed exporters (contrib#26546, contrib#33916);
``spanmetrics`` and ``servicegraph`` are names that the collector warns of."""


class CollectorConfiguration(Wired):
    """The whole file."""

    @model_validator(mode="after")
    def _components(self) -> CollectorConfiguration:
        for kind, known in COMPONENTS.items():
            for name, settings in (getattr(self, kind) or {}).items():
                assert component(name) in known, f"{name} is none of our {kind}"
                known[component(name)].model_validate(settings)
        for name, pipeline in self.service.pipelines.items():
            if "otlp" in pipeline.receivers:
                assert pipeline.processors[0] == "memory_limiter", f"{name} does not begin with the memory limiter"
            if "tail_sampling" in pipeline.processors:
                assert pipeline.processors[-2:] == ["tail_sampling", "batch"]
        return self


Policy.model_rebuild()
