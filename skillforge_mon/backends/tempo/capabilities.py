"""What Tempo 3 reads (grafana/tempo, "Upgrade to Tempo 3.0", example/docker-compose/migrate-to-3/tempo-v3.yaml)."""

from __future__ import annotations

from typing import Final, TypeAlias

from skillforge_mon.backends.output import Output

Version: TypeAlias = tuple[int, int]

OLDEST: Final[Version] = (3, 0)
"""From this version on ``compactor`` and ``ingester`` are refused; before, retention was said under ``compactor``."""


def version_of(text: str) -> Version:
    """``3.0`` or ``3.0.3`` as numbers."""
    major, minor = text.split(".")[:2]
    return int(major), int(minor)


OUTPUTS: Final = (
    Output(
        "Tempo: receivers, storage and retention",
        ("traces", "targets", "retention"),
        "tempo/*",
        ("tests/backends/tracing/test_tempo.py",),
        "monmc build",
        "no Tempo can run here: an own schema from the vendor's source stands for it",
    ),
)
"""What it writes."""
