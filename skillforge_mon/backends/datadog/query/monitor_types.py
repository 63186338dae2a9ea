"""Which types of monitors there are, and what their queries begin with.

Sources: [P] the recorded traffic of ``datadog-api-client`` 2.62.0; docs.datadoghq.com, API, "Create a monitor", Query
Types; the older sources of errors are those of its earlier editions, which live monitors still have.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from skillforge_mon.backends.datadog import capabilities

CHECK_TYPE: Final = "service check"
SLO_TYPE: Final = "slo alert"
COMPOSITE_TYPE: Final = "composite"
JOBS_TYPE: Final = "data-jobs alert"
"""Its queries have no quotes around windows and tags. [P] test_create_a_data_jobs_monitor_*"""
FORMULA: Final = "formula"
SLO_MEASURES: Final = ("error_budget", "burn_rate")

SOURCES: Final[Mapping[str, tuple[str, ...]]] = {
    "logs": ("log alert",),
    "processes": ("process alert",),
    "events": ("event-v2 alert", "event alert"),
    "rum": ("rum alert",),
    "trace-analytics": ("trace-analytics alert",),
    "audits": ("audit alert",),
    "ci-pipelines": ("ci-pipelines alert",),
    "ci-tests": ("ci-tests alert",),
    "error-tracking": ("error-tracking alert",),
    "error-tracking-rum": ("error-tracking alert",),
    "error-tracking-traces": ("error-tracking alert",),
    "error-tracking-logs": ("error-tracking alert",),
    "database-monitoring": ("database-monitoring alert",),
    "network-performance": ("network-performance alert",),
    "network-path": ("network-path alert",),
    "llm-observability": ("llm-observability alert",),
}
"""What a query on events begins with -> the types of monitors that have it, the one to write first."""

FORMULA_TYPES: Final = (
    *capabilities.METRIC_TYPES, "log alert", "event-v2 alert", "rum alert", "trace-analytics alert", "audit alert",
    "ci-pipelines alert", "ci-tests alert", "error-tracking alert", "database-monitoring alert",
    "network-performance alert", "network-path alert", "llm-observability alert", "cost alert", "data-quality alert",
    JOBS_TYPE,
)  # fmt: skip
"""Types whose query may be a formula over ``options.variables``. [api] MonitorFormulaAndFunctionQueryDefinition"""


def sources_of(type_: str) -> tuple[str, ...]:
    """What queries of monitors of ``type_`` may begin with, the usual one first."""
    return tuple(source for source, types in SOURCES.items() if type_ in types)


def a(type_: str) -> str:
    """``a log alert``, ``an slo alert``, ``a composite monitor``."""
    article = "an" if type_[0] in "aeiou" or type_.startswith("slo") else "a"
    return f"{article} {type_} monitor" if type_ == COMPOSITE_TYPE else f"{article} {type_}"
