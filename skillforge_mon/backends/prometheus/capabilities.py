"""What each version of Prometheus can say.

Sources: the Go structs of config/config.go and model/rulefmt/rulefmt.go at every tag from v2.37 to v3.14, and
promtool runs of 2.42 and 3.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from skillforge_mon.backends.output import Output

Version = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Capability:
    """Something that Prometheus can say from version ``since`` on.

    Before that version its fields are fatal: configuration and rule files are read strictly.
    """

    since: Version
    what: str

    def __str__(self) -> str:
        return f"{self.what} (Prometheus {version_text(self.since)})"


KEEP_FIRING_FOR: Final = Capability((2, 42), "rules with `keep_firing_for`")
GLOBAL_LIMITS: Final = Capability((2, 45), "limits for all jobs in `global`")
NATIVE_HISTOGRAMS: Final = Capability((2, 40), "native histograms")
RETENTION_IN_CONFIGURATION: Final = Capability((3, 8), "`storage.tsdb.retention` in the configuration")
UTF8_NAMES: Final = Capability((3, 0), "names with characters other than letters, digits and `_`")
AGENT_FLAG: Final = Capability((3, 0), "the agent mode as `--agent`")
EXPANDS_EXTERNAL_LABELS: Final = Capability((3, 0), "`$VARIABLE` in external labels, always on")


def version_of(text: str) -> Version:
    """``(3, 5)`` for ``3.5`` and ``3.5.1``."""
    major, minor = text.split(".")[:2]
    return int(major), int(minor)


def version_text(version: Version) -> str:
    """``3.5`` for ``(3, 5)``."""
    return f"{version[0]}.{version[1]}"


OUTPUTS: Final = (
    Output(
        "prometheus.yml, targets and flags",
        ("services", "targets", "retention"),
        "prometheus/prometheus.*",
        ("tests/real/test_prometheus.py", "tests/real/test_loaded.py"),
        "monmc diff --against live",
    ),
    Output(
        "alert rules",
        ("alerts", "escalation", "baselines", "kpis"),
        "prometheus/rules/*.alerts.yml",
        ("tests/real/test_prometheus.py", "tests/real/test_proofs.py", "tests/real/test_stacks.py"),
        "monmc test",
    ),
    Output(
        "SLO rules",
        ("slos",),
        "prometheus/rules/*.slos.yml",
        ("tests/real/test_slo_rules.py", "tests/real/test_slo_end_to_end.py"),
        "monmc explain slo",
    ),
    Output(
        "recording rules",
        ("recordings", "baselines", "kpis"),
        "prometheus/rules/recordings.yml",
        ("tests/real/test_prometheus.py", "tests/real/test_baselines_and_kpis.py"),
        "monmc show",
    ),
)
"""What it writes."""
