"""What each version of Loki can say, and what none can.

Sources: pkg/validation/limits.go, pkg/compactor/compactor.go, pkg/ruler/base/ruler.go and
pkg/ruler/rulespb/compat.go of Loki 3.0 to 3.7; its "Configuration" and "Log retention" pages.
"""

from __future__ import annotations

from typing import Final

from skillforge_mon.backends.output import Output
from skillforge_mon.spec.quantities import Duration

Version = tuple[int, int]

OLDEST: Final[Version] = (3, 0)
"""The first version that reads what we write: structured metadata and OTLP are on from here on."""

LEAST_RETENTION: Final = Duration.of(hours=24)
"""The shortest retention period ("Log retention"): the server takes a shorter one and does not keep to it."""

WITHOUT_TENANT: Final = "fake"
"""The tenant of a Loki that asks nobody who he is, and the folder of its rules."""

LISTENS_ON: Final = 3100


def version_of(text: str) -> Version:
    """``(3, 5)`` for ``3.5`` and ``3.5.1``."""
    major, minor = text.split(".")[:2]
    return int(major), int(minor)


OUTPUTS: Final = (
    Output(
        "loki.yaml: storage, retention by stream and level, the ruler",
        ("logs", "retention"),
        "loki/loki.yaml",
        ("tests/backends/loki",),
        "monmc build",
        "in the tests an own schema stands for it; 3.7.8 was run by hand (logs.md)",
    ),
    Output(
        "alerts on lines, and metrics made of them",
        ("alerts", "logs"),
        "loki/rules/*/*.yaml",
        ("tests/backends/loki",),
        "monmc route",
        "in the tests an own schema stands for it; 3.7.8 was run by hand (logs.md)",
    ),
)
"""What it writes."""
