"""What versions of the collector's distribution ``contrib`` call their components, each with where it was read."""

from __future__ import annotations

from typing import Final, TypeAlias

from skillforge_mon.backends.output import Output

Version: TypeAlias = tuple[int, int]

OLDEST: Final[Version] = (0, 146)
"""The first with all that is written here: ``trace_conditions`` of the filter processor is of 0.146
(opentelemetry-collector-contrib#44543 and #45676); the exporters ``otlp_grpc`` and ``otlp_http`` have these names
since 0.144 (opentelemetry-collector#14403 and #14397)."""

SPAN_METRICS: Final[Version] = (0, 157)
"""From this version on the connector is sure to be called ``span_metrics``; ``spanmetrics`` is its name before, and a
deprecated alias after (``deprecated_type`` in its metadata.yaml). 0.157 is the first that was seen to warn of it."""

SERVICE_GRAPH: Final[Version] = (0, 158)
"""From this version on the connector is sure to be called ``service_graph``; ``servicegraph`` is its name before
contrib#47971, and a deprecated alias after. 0.158 is the first that was seen to warn of it."""


def version_of(text: str) -> Version:
    """``0.159`` or ``0.159.0`` as numbers."""
    major, minor = text.split(".")[:2]
    return int(major), int(minor)


def span_metrics_connector(version: Version) -> str:
    """What the connector is called that counts spans."""
    return "span_metrics" if version >= SPAN_METRICS else "spanmetrics"


def service_graph_connector(version: Version) -> str:
    """What the connector is called that counts who calls whom."""
    return "service_graph" if version >= SERVICE_GRAPH else "servicegraph"


OUTPUTS: Final = (
    Output(
        "the collector's pipelines: sampling, filters, span metrics",
        ("traces", "targets"),
        "collector/config.yaml",
        ("tests/backends/tracing/test_collector.py",),
        "monmc build",
        "in the tests an own schema stands for it; 0.159 was run by hand (traces.md)",
    ),
)
"""What it writes."""
