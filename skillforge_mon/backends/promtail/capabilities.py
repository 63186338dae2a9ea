"""What is known of Promtail.

Source: Loki, "Promtail": in long-term support from February 2025, at the end of its life since 2 March 2026. The last
version with new features is 3.4; nothing that is written here is newer.
"""

from __future__ import annotations

from typing import Final

from skillforge_mon.backends.output import Output

END_OF_LIFE: Final = "2 March 2026"
"""The day after which nothing in it is mended."""

OUTPUTS: Final = (
    Output(
        "promtail.yaml, for those who still run it",
        ("logs",),
        "promtail/*",
        ("tests/backends/loki",),
        "monmc build",
        "in the tests an own schema stands for it; 3.5.0 was run by hand (logs.md)",
    ),
)
"""What it writes."""
