"""What Sentry's alerts can say: names, numbers and limits as data, each with the place that it was read in.

Sources: [schema] getsentry/sentry-api-schema 0.272.0; [provider] jianyuan/terraform-provider-sentry v0.15.4, its
``internal/apiclient/api.yaml``; [server] getsentry/sentry, ``workflow_engine`` and ``rules``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from skillforge_mon.backends.output import Output
from skillforge_mon.backends.sentry.project_capabilities import SET_UP_OUTPUT
from skillforge_mon.spec.quantities import Duration

MINUTE: Final = 60_000

INTERVALS: Final = {
    "1m": Duration.of(minutes=1),
    "5m": Duration.of(minutes=5),
    "15m": Duration.of(minutes=15),
    "1h": Duration.of(hours=1),
    "1d": Duration.of(days=1),
    "1w": Duration.of(days=7),
    "30d": Duration.of(days=30),
}
"""Over which times events and users are counted. [server] rules.conditions.event_frequency.STANDARD_INTERVALS."""

FREQUENCIES: Final = tuple(Duration.of(minutes=minutes) for minutes in (0, 5, 10, 30, 60, 180, 720, 1440))
"""At most one notification per issue in this time. [schema] takes any whole minutes; these are those that Sentry's own
pages can show and keep."""

LEGACY_FREQUENCIES: Final = FREQUENCIES[1:]
"""The old rules refuse less than 5 minutes. [server] api.serializers.rest_framework.rule."""

COMPARISON_DELTAS: Final = tuple(
    Duration.of(seconds=seconds) for seconds in (300, 900, 3600, 86_400, 604_800, 2_592_000)
)
"""How far back a metric is compared. [schema] detector config ``comparisonDelta``."""

SHORTEST_WINDOW: Final = Duration.of(minutes=1)
LONGEST_WINDOW: Final = Duration.of(days=1)
"""Time windows of metric alerts are whole minutes between these two. [server] alert-rules, ``timeWindow``."""

NAME_LIMITS: Final = {"detector": 200, "workflow": 256, "issue_rule": 256, "alert_rule": 256}
"""Longest names, in characters. [schema]"""

PRIORITIES: Final = {"critical": 75, "warning": 50}
"""Severity -> the priority that a metric issue gets: high and medium. [schema] ``conditionResult``"""
RESOLVED: Final = 0

PRIORITY_NAMES: Final = {75: "high", 50: "medium"}

LEVELS: Final = {"debug": 10, "info": 20, "warning": 30, "error": 40, "fatal": 50}
"""Levels of events. [provider] condition ``level``"""

CATEGORIES: Final = {
    "error": 1,
    "feedback": 6,
    "outage": 10,
    "metric": 11,
    "db": 12,
    "http": 13,
    "frontend": 14,
    "mobile": 15,
}
"""Categories of issues. [provider] condition ``issue_category``"""

TRIGGERS: Final = {
    "first_seen": "first_seen_event",
    "regression": "regression_event",
    "reappeared": "reappeared_event",
    "resolved": "issue_resolved_trigger",
}
"""What starts a workflow. [schema] ``triggers.conditions.type``"""

LEGACY_TRIGGERS: Final = {
    "first_seen": "sentry.rules.conditions.first_seen_event.FirstSeenEventCondition",
    "regression": "sentry.rules.conditions.regression_event.RegressionEventCondition",
    "reappeared": "sentry.rules.conditions.reappeared_event.ReappearedEventCondition",
}
"""What starts an old rule; it cannot start when an issue is resolved. [provider] ProjectRuleCondition"""
LEGACY_EVERY_EVENT: Final = "sentry.rules.conditions.every_event.EveryEventCondition"
"""What starts an old rule that nothing else starts. [server] rules.conditions"""

OPERATORS: Final = {">": "gt", ">=": "gte", "<": "lt", "<=": "lte"}
"""Comparison -> condition of a detector. Detectors do not test for equality. [schema] ``conditionGroup``"""

COMPLEMENTS: Final = {">": "<=", ">=": "<", "<": ">=", "<=": ">", "==": "!=", "!=": "=="}
"""Comparison -> the one that is true exactly when it is not."""

SEVERITIES_OF_PAGERDUTY: Final = {"critical": "critical", "warning": "warning", "info": "info"}
"""Severity -> ``severity`` of a PagerDuty event. [server] integrations.pagerduty.client"""

ISSUE_STREAM: Final = "issue_stream"
"""The detector that every project has, and that all its issues come through. [server] workflow_engine.types"""


@dataclass(frozen=True, slots=True)
class Dataset:
    """What a metric is computed from. ``query_type`` is 0 for errors, 1 for performance. [schema] ``dataSources``"""

    name: str
    query_type: int
    event_types: tuple[str, ...]


DATASETS: Final = {
    "events": Dataset("events", 0, ("default", "error")),
    "spans": Dataset("events_analytics_platform", 1, ("trace_item_span",)),
}

UNSAID: Final = {
    "for_": ("for", "Sentry has no `for`: it notifies at the first window in which the condition is true"),
    "keep_firing_for": ("keep_firing_for", "Sentry has no `keep_firing_for`: one good window ends the alert"),
    "interval": ("interval", "Sentry itself decides how often it evaluates an alert"),
    "labels": ("labels", "Sentry's alerts have no labels"),
    "annotations": ("annotations", "Sentry's alerts have no annotations"),
    "tags": ("tags", "Sentry's alerts have no tags"),
}
"""Fields of an alert without a counterpart -> the key in the spec, and the difference that it makes."""

OUTPUTS: Final = (
    Output(
        "detectors and workflows, or alert rules",
        ("alerts", "teams"),
        "sentry/*",
        ("tests/backends/sentry",),
        "monmc push",
        "no Sentry can run here: an own schema from the vendor's source stands for it",
    ),
    Output(
        "uptime and cron monitors",
        ("probes",),
        "sentry/detectors/*.json",
        ("tests/backends/sentry",),
        "monmc push",
        "no Sentry can run here: an own schema from the vendor's source stands for it",
    ),
    SET_UP_OUTPUT,
)
"""What it writes."""
