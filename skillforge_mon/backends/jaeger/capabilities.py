"""What Jaeger v2 reads. It is a distribution of the OpenTelemetry Collector, and its configuration is one of those.

Sources, all in jaegertracing/jaeger: cmd/jaeger/config*.yaml (the shape),
cmd/jaeger/internal/extension/*/config.schema.yaml (the keys of its extensions), internal/storage/v1/badger/config.go,
internal/storage/cassandra/config/config.go, cmd/jaeger/config-elasticsearch-auto-rollover.yaml,
internal/config/promcfg/config.go.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from skillforge_mon.backends.output import Output

Version: TypeAlias = tuple[int, int]

OLDEST: Final[Version] = (2, 20)
"""The first that reads how indices rotate from ``rotation``, and refuses the keys that said it before
(``use_aliases``, ``use_ilm``)."""

MAIN: Final = "main"
"""The name of its one store."""
METRICS: Final = "span_metrics"
"""The name of the store of metrics that its page asks."""


def version_of(text: str) -> Version:
    """``2.20`` or ``2.20.0`` as numbers."""
    major, minor = text.split(".")[:2]
    return int(major), int(minor)


OUTPUTS: Final = (
    Output(
        "Jaeger: pipelines, storage and retention, sampling strategies",
        ("traces", "targets", "retention"),
        "jaeger/*",
        ("tests/backends/tracing/test_jaeger.py",),
        "monmc build",
        "in the tests an own schema stands for it; 2.13 was run by hand, which lacks `rotation` (traces.md)",
    ),
)
"""What it writes."""
