"""Metrics that the collector counts from spans: what they are called in Prometheus, and what labels they have.

The connector ``span_metrics`` counts ``calls`` and ``duration`` below the namespace that its configuration names (its
default since 0.109 is ``traces.span.metrics``: gate ``connector.spanmetrics.legacyMetricNames`` in its metadata.yaml).
The Prometheus exporter makes underscores of dots, and adds the unit and ``_total`` (its README, "Metric names and
labels normalization"). The unit is written down as seconds, because the connector's default is about to change (gate
``connector.spanmetrics.useSecondAsDefaultMetricsUnit``). The labels are those of the connector's README, the values
those of its example for Prometheus; ``collector.instance.id`` is there since 0.136 (gate
``connector.spanmetrics.includeCollectorInstanceID``). The connector ``servicegraph`` names its own metrics (its README,
"Metrics").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from skillforge_mon.query.promql import Expr
from skillforge_mon.query.promql.walk import selectors

if TYPE_CHECKING:
    from skillforge_mon.spec.models.spec import Spec
    from skillforge_mon.spec.models.traces import SpanMetrics

NAMESPACE: Final = "traces.span.metrics"
CALLS: Final = "traces_span_metrics_calls_total"
DURATION: Final = "traces_span_metrics_duration_seconds"
GRAPH_REQUESTS: Final = "traces_service_graph_request_total"
GRAPH_FAILED: Final = "traces_service_graph_request_failed_total"
SERVICE_LABEL: Final = "service_name"
SPAN_LABEL: Final = "span_name"
KIND_LABEL: Final = "span_kind"
STATUS_LABEL: Final = "status_code"
ERROR: Final = "STATUS_CODE_ERROR"
RESERVED: Final = frozenset(("service.name", "span.name", "span.kind", "status.code", "collector.instance.id"))
"""Dimensions that every span metric has: naming one of them again is an error of the connector's configuration."""

_KINDS: Final = ["SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT",
                 "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER"]  # fmt: skip
_STATES: Final = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", ERROR]
_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9_]")


def counted(spec: Spec) -> SpanMetrics | None:
    """The span metrics of ``spec``; None where nothing counts them, or nobody keeps the counts."""
    targets = spec.targets
    if spec.traces is None or targets.collector is None or targets.prometheus is None:
        return None
    return spec.traces.span_metrics


def label_of(attribute: str) -> str:
    """The label that an attribute becomes."""
    return _NOT_IN_NAMES.sub("_", attribute)


def declared(metrics: SpanMetrics) -> Mapping[str, Mapping[str, Any]]:
    """Each metric in the form of a packaged catalogue."""
    labels: dict[str, Any] = {
        SERVICE_LABEL: "bounded",
        SPAN_LABEL: "bounded",
        KIND_LABEL: _KINDS,
        STATUS_LABEL: _STATES,
        "collector_instance_id": "bounded",
        **{label_of(dimension): "bounded" for dimension in metrics.dimensions},
    }
    found: dict[str, dict[str, Any]] = {
        CALLS: {
            "type": "counter",
            "unit": "requests",
            "help": "Spans, by service, name, kind and outcome.",
            "labels": labels,
        },
        DURATION: {
            "type": "histogram",
            "unit": "seconds",
            "help": "How long spans took.",
            "labels": labels,
            "buckets": [bucket.seconds for bucket in metrics.buckets],
        },
    }
    if metrics.graph:
        edges = {"client": "bounded", "server": "bounded", "connection_type": "bounded", "failed": ["true", "false"]}
        of_edges = {"type": "counter", "unit": "requests", "labels": edges}
        found[GRAPH_REQUESTS] = {**of_edges, "help": "Requests from one service to another."}
        found[GRAPH_FAILED] = {**of_edges, "help": "Those of them that failed."}
    return found


def has_exemplars(expr: Expr) -> bool:
    """Whether ``expr`` reads the histogram of durations, whose samples name a trace each."""
    return any((selector.name or "").startswith(DURATION) for selector in selectors(expr))
