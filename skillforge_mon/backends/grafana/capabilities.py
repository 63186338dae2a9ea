"""What each version of Grafana reads: schema versions as data, each with the place that it was read in."""

from __future__ import annotations

from typing import Final, TypeAlias

from skillforge_mon.backends.output import Output

Version: TypeAlias = tuple[int, int]

OLDEST: Final[Version] = (9, 1)
"""The panel types and options that are written here are those of 9.1 and later, where the heatmap left its first form
("What's new in Grafana v9.1"). Later servers fill in what later versions added."""

SCHEMA_VERSIONS: Final[tuple[tuple[Version, int], ...]] = (
    ((12, 2), 42),
    ((11, 6), 41),
    ((11, 2), 39),
    ((9, 1), 36),
)
"""From this version on, the schema version of a dashboard: the default of ``schemaVersion`` in ``@grafana/schema`` of
that version. 42 is the last one of the classic format (``DashboardMigrator.ts``)."""

SHOW_VALUES: Final[Version] = (12, 2)
"""From this version on, time series can write their values beside the points (``showValues``)."""

RULES_WITH_RECEIVERS: Final[Version] = (11, 0)
"""From this version on, a rule says itself who is told (``notification_settings``; "What's new in Grafana v11.0",
simplified notification routing). Before, only the policy tree does, which an organisation has one of."""

KEEP_FIRING_FOR: Final[Version] = (12, 0)
"""From this version on, rules have ``keep_firing_for`` ("What's new in Grafana v12.0")."""

UID_LENGTH: Final = 40
"""The longest uid (``pkg/util/shortid_generator.go``)."""


def version_of(text: str) -> Version:
    """``12.0`` or ``12.0.1`` as numbers."""
    major, minor = text.split(".")[:2]
    return int(major), int(minor)


def schema_version(version: Version) -> int:
    """The schema version that a server of ``version`` writes; older servers get that of OLDEST."""
    return next((schema for since, schema in SCHEMA_VERSIONS if version >= since), SCHEMA_VERSIONS[-1][1])


OUTPUTS: Final = (
    Output(
        "dashboards and data sources",
        ("dashboards",),
        "grafana/dashboards/*.json",
        ("tests/real/test_dashboards.py",),
        "monmc diff --against live",
    ),
    Output(
        "alerting: rules, contact points, mute timings",
        ("alerts", "teams", "escalation"),
        "grafana/alerting/*",
        ("tests/backends/grafana/test_alerting.py",),
        "monmc push",
        "only the fake Grafana has read them",
    ),
)
"""What it writes."""
