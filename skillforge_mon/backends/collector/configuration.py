"""collector/config.yaml: receivers, processors, connectors, exporters, and the pipelines that join them.

Spans are counted before any trace is left out, so that rates and errors are those of all requests. What is sampled
comes after, in a pipeline of its own behind the connector ``forward``.
"""

from __future__ import annotations

from typing import Any, Final

from skillforge_mon.backends.collector.capabilities import (
    service_graph_connector,
    span_metrics_connector,
    version_of,
)
from skillforge_mon.backends.collector.processors import MEMORY_LIMITER, limiter, of_spans
from skillforge_mon.backends.collector.sampling import tail_sampling
from skillforge_mon.backends.otel_values import configured, go_duration, grpc_and_http, pulled
from skillforge_mon.backends.otlp_stores import otlp_store
from skillforge_mon.backends.prometheus.span_metrics_job import PORT
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.project import Project
from skillforge_mon.model.traces import Traces
from skillforge_mon.query.span_metrics import NAMESPACE, counted
from skillforge_mon.spec.models.trace_targets import CollectorTarget
from skillforge_mon.spec.models.traces import SpanMetrics

_HEALTH: Final = "health_check"
_FORWARD: Final = "forward/sampled"
_BATCH: Final = "batch"
_TAIL: Final = "tail_sampling"


def configuration(project: Project, traces: Traces, target: CollectorTarget) -> dict[str, Plain]:
    """The whole file."""
    host = target.listen
    processors = limiter() | of_spans(traces)
    before = list(processors)
    tail = tail_sampling(traces)
    if tail is not None:
        processors[_TAIL] = tail
    processors[_BATCH] = {}
    exporters = _exporters(project, traces)
    stores = list(exporters)
    connectors: dict[str, Plain] = {}
    pipelines: dict[str, Any] = {}
    metrics = counted(project.spec)
    if metrics is not None:
        connectors |= _counting(project, target, metrics)
        exporters["prometheus"] = {
            "endpoint": f"{host}:{PORT}",
            "enable_open_metrics": True,
            # Without this, every series has three labels more, which say what counted it.
            "without_scope_info": True,
        }
    counting = list(connectors)
    if tail is None:
        pipelines["traces"] = _pipeline(["otlp"], [*before, _BATCH], [*counting, *stores])
    else:
        connectors[_FORWARD] = {}
        pipelines["traces"] = _pipeline(["otlp"], before, [*counting, _FORWARD])
        pipelines["traces/sampled"] = _pipeline([_FORWARD], [_TAIL, _BATCH], stores)
    if metrics is not None:
        pipelines["metrics/spans"] = _pipeline(counting, [], ["prometheus"])
    if _takes_logs(project):
        exporters["otlp_http/loki"] = _loki(project)
        pipelines["logs"] = _pipeline(["otlp"], [MEMORY_LIMITER, _BATCH], ["otlp_http/loki"])
    found: dict[str, Plain] = {
        "extensions": {_HEALTH: {"endpoint": f"{host}:13133"}},
        "receivers": grpc_and_http(host),
        "processors": processors,
    }
    if connectors:
        found["connectors"] = connectors
    service: dict[str, Plain] = {"extensions": [_HEALTH], "pipelines": pipelines, "telemetry": pulled(host)}
    return found | {"exporters": exporters, "service": service}


def _pipeline(receivers: list[str], processors: list[str], exporters: list[str]) -> dict[str, Plain]:
    found: dict[str, Plain] = {"receivers": receivers}
    if processors:
        found["processors"] = processors
    return found | {"exporters": exporters}


def _exporters(project: Project, traces: Traces) -> dict[str, Plain]:
    """To each store by OTLP. The exporters ``jaeger`` and ``loki`` are gone (contrib#26546, contrib#33916)."""
    found: dict[str, Plain] = {}
    for name in traces.stores:
        store = otlp_store(project.targets, name)
        exporter: dict[str, Plain] = {"endpoint": configured(store.address), "tls": {"insecure": not store.tls}}
        if store.authorization is not None:
            exporter["headers"] = {"Authorization": configured(store.authorization)}
        found[f"otlp_grpc/{name}"] = exporter
    return found


def _counting(project: Project, target: CollectorTarget, metrics: SpanMetrics) -> dict[str, Plain]:
    prometheus, version = project.targets.prometheus, version_of(target.version)
    assert prometheus is not None  # noqa: S101 - without one, nothing is counted
    # Connectors show what they have counted once a minute unless told otherwise. Prometheus would see each number four
    # times then, and `rate()` over a minute would be nothing in between.
    shown: dict[str, Plain] = {"metrics_flush_interval": go_duration(prometheus.scrape_interval)}
    spans: dict[str, Plain] = {
        "namespace": NAMESPACE,
        "histogram": {"unit": "s", "explicit": {"buckets": [go_duration(bucket) for bucket in metrics.buckets]}},
    }
    if metrics.dimensions:
        spans["dimensions"] = [{"name": name} for name in metrics.dimensions]
    spans["exemplars"] = {"enabled": True}
    found: dict[str, Plain] = {span_metrics_connector(version): spans | shown}
    return found | ({service_graph_connector(version): shown} if metrics.graph else {})


def _takes_logs(project: Project) -> bool:
    return any("loki" in stream.backends and stream.spec.source.otlp for stream in project.logs.values())


def _loki(project: Project) -> Plain:
    """Loki's endpoint for OTLP; the exporter adds ``/v1/logs`` (Loki, "Ingesting logs to Loki using OpenTelemetry")."""
    loki = project.targets.loki
    assert loki is not None  # noqa: S101 - a stream names it
    found: dict[str, Plain] = {"endpoint": f"{configured(loki.url).rstrip('/')}/otlp"}
    return found if loki.tenant is None else found | {"headers": {"X-Scope-OrgID": configured(loki.tenant)}}
