"""Metrics that Loki makes of log lines and writes to Prometheus: what they are called, and what labels they have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from skillforge_mon.query.loki_labels import label_name

if TYPE_CHECKING:
    from skillforge_mon.spec.models.logs import LogMetric, LogStream
    from skillforge_mon.spec.models.spec import Spec

ORIGIN: Final = "logs"
"""Where the catalogue says that they come from."""
SERVICE_LABEL: Final = "service"


def counted(spec: Spec) -> Iterator[tuple[str, LogStream, str, LogMetric]]:
    """Each metric with its name, after its stream and that one's name; none where nobody makes or keeps them."""
    targets = spec.targets
    if targets.loki is None or targets.prometheus is None:
        return
    for stream_name, stream in spec.logs.items():
        if stream.backends is None or "loki" in stream.backends:
            for name, metric in stream.metrics.items():
                yield stream_name, stream, name, metric


def service_of(stream_name: str, stream: LogStream) -> str:
    """The value of the label ``service``, which is on all of them."""
    return stream.service or stream_name


def declared(spec: Spec) -> dict[str, Mapping[str, Any]]:
    """Each metric in the form of a packaged catalogue."""
    return {
        name: {
            "type": "gauge",
            "unit": metric.unit or ("" if metric.query is not None else "lines"),
            "help": metric.help or f"Lines of {stream_name} within {metric.within}.",
            "labels": {
                SERVICE_LABEL: [service_of(stream_name, stream)],
                **dict.fromkeys(map(label_name, metric.by), "bounded"),
            },
        }
        for stream_name, stream, name, metric in counted(spec)
    }
