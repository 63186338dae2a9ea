"""What each version of blackbox_exporter can ask.

Sources: CONFIGURATION.md and CHANGELOG.md of prometheus/blackbox_exporter; `--config.check` of 0.23 and 0.28, which
reads its file strictly: a field that it does not know is fatal.
"""

from __future__ import annotations

from typing import Final

from skillforge_mon.backends.output import Output

Version = tuple[int, int]

CEL_SINCE: Final = (0, 27)
"""``fail_if_body_json_not_matches_cel``: an expression over the answer as JSON."""
HTTP3_SINCE: Final = (0, 28)
"""``enable_http3``, which excludes ``enable_http2``."""
OLDEST: Final = (0, 23)
"""The oldest version that the tests run; what is written without a condition is taken by it."""


def version_of(text: str) -> Version:
    """``(0, 28)`` for ``0.28`` and ``0.28.1``."""
    major, minor = text.split(".")[:2]
    return int(major), int(minor)


OUTPUTS: Final = (
    Output(
        "modules of blackbox_exporter; its scrape jobs are in prometheus.yml",
        ("probes", "services"),
        "blackbox/blackbox.yml",
        ("tests/real/test_probes.py",),
        "monmc show",
    ),
)
"""What it writes."""
