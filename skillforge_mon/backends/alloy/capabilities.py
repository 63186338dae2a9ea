"""What Alloy must be to read what we write.

Source: the changelog of Grafana Alloy: every component and stage that is written here has been there since 1.0, and
``stage.structured_metadata`` and ``loki.source.kubernetes`` are stable from 1.4 on.
"""

from __future__ import annotations

from typing import Final

from skillforge_mon.backends.output import Output

Version = tuple[int, int]
OLDEST: Final[Version] = (1, 4)


def version_of(text: str) -> Version:
    """``(1, 10)`` for ``1.10`` and ``1.10.2``."""
    major, minor = text.split(".")[:2]
    return int(major), int(minor)


OUTPUTS: Final = (
    Output(
        "config.alloy: sources, parsing, sending",
        ("logs",),
        "alloy/config.alloy",
        ("tests/backends/alloy",),
        "monmc build",
        "the program cannot be had here: a reader of its syntax stands for it",
    ),
)
"""What it writes."""
