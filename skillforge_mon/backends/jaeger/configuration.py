"""jaeger/config.yaml, and the strategies that clients ask for where nothing else decides what is kept."""

from __future__ import annotations

from typing import Any, Final

from skillforge_mon.backends.jaeger.capabilities import MAIN, METRICS
from skillforge_mon.backends.jaeger.storage import store
from skillforge_mon.backends.otel_values import EVERYWHERE, configured, grpc_and_http, pulled
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.project import Project
from skillforge_mon.model.traces import Traces
from skillforge_mon.query.span_metrics import NAMESPACE, counted, label_of
from skillforge_mon.spec.models.trace_targets import JaegerTarget

STRATEGIES_PATH: Final = "jaeger/sampling-strategies.json"
STRATEGIES_IN_CONTAINER: Final = "/etc/jaeger/sampling-strategies.json"
_EXPORTER: Final = "jaeger_storage_exporter"


def configuration(project: Project, traces: Traces, target: JaegerTarget) -> dict[str, Plain]:
    """The whole file."""
    extensions: dict[str, Plain] = {
        "healthcheckv2": {"use_v2": True, "http": {"endpoint": f"{EVERYWHERE}:13133"}},
        "jaeger_storage": {"backends": {MAIN: store(project, target.storage, traces.retention)}},
        "jaeger_query": {
            "storage": {"traces": MAIN},
            "http": {"endpoint": f"{EVERYWHERE}:16686"},
            "grpc": {"endpoint": f"{EVERYWHERE}:16685"},
        },
    }
    if counted(project.spec) is not None:
        _monitor(project, extensions)
    if asks_jaeger(project, traces):
        extensions["remote_sampling"] = {
            "file": {"path": STRATEGIES_IN_CONTAINER},
            "http": {"endpoint": f"{EVERYWHERE}:5778"},
            "grpc": {"endpoint": f"{EVERYWHERE}:5779"},
        }
    pipeline: Plain = {"receivers": ["otlp"], "processors": ["batch"], "exporters": [_EXPORTER]}
    telemetry: Any = pulled(EVERYWHERE)
    return {
        "extensions": extensions,
        "receivers": grpc_and_http(EVERYWHERE),
        "processors": {"batch": {}},
        "exporters": {_EXPORTER: {"trace_storage": MAIN}},
        "service": {
            "extensions": list(extensions),
            "pipelines": {"traces": pipeline},
            "telemetry": {"resource": {"service.name": "jaeger"}, **telemetry},
        },
    }


def asks_jaeger(project: Project, traces: Traces) -> bool:
    """Whether clients decide themselves what is kept, and can ask Jaeger how: no collector does it after them."""
    return project.targets.collector is None and not traces.all_are_kept


def strategies(traces: Traces) -> Plain:
    """The file of ``remote_sampling`` (Jaeger, "Sampling", "File-based sampling configuration")."""
    found: dict[str, Plain] = {"default_strategy": {"type": "probabilistic", "param": traces.spec.sampling.default}}
    if traces.own_rates:
        found["service_strategies"] = [
            {"service": name, "type": "probabilistic", "param": rate} for name, rate in traces.own_rates.items()
        ]
    return found


def _monitor(project: Project, extensions: dict[str, Any]) -> None:
    """The tab "Monitor" of its page: span metrics, as they are called in Prometheus."""
    prometheus, grafana = project.targets.prometheus, project.targets.grafana
    url = grafana.prometheus_url if grafana is not None else prometheus.url if prometheus is not None else None
    extensions["jaeger_storage"]["metric_backends"] = {
        METRICS: {
            "prometheus": {
                "endpoint": configured(url or "http://prometheus:9090"),
                "metric_namespace": label_of(NAMESPACE),
                "latency_unit": "s",
                "normalize_calls": True,
                "normalize_duration": True,
            }
        }
    }
    extensions["jaeger_query"]["storage"]["metrics"] = METRICS
