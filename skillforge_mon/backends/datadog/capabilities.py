"""What Datadog's monitors can say: names, numbers and limits as data, each with the place that it was read in.

Sources: [api] the OpenAPI description of Datadog's API, as ``datadog-api-client`` has it; [docs] docs.datadoghq.com,
the page is named; [agent] ``datadog-checks-base`` 38.7.0, the OpenMetrics check v2; [kennel] the rules that kennel
checks before it pushes.
"""

from __future__ import annotations

from typing import Final

from skillforge_mon.backends.output import Output

MONITOR_TYPE: Final = "query alert"
"""The type of monitors on metrics. The older name ``metric alert`` is accepted and rewritten to this one."""

METRIC_TYPES: Final = (MONITOR_TYPE, "metric alert")

LONGEST_WINDOW_MINUTES: Final = 7 * 24 * 60
"""``last_#m`` takes 1 to 10080, ``last_#h`` 1 to 168, besides ``last_1d`` and ``last_1w``. [api] Monitor.query"""

LONGEST_WINDOW_HOURS: Final = 7 * 24

TIME_AGGREGATORS: Final = ("avg", "sum", "min", "max", "percentile")
"""How the points of the window become one number. [api] Monitor.query; ``percentile`` for distributions."""

CUMULATIVE_WINDOWS: Final = ("current_1h", "current_1d", "current_1mo")
"""Windows that start at a full hour, day or month. [docs] monitors/types/metric, "Evaluation window\""""

CHANGE_SHIFTS: Final = ("5m_ago", "10m_ago", "15m_ago", "30m_ago", "1h_ago", "2h_ago", "4h_ago", "1d_ago")
"""What ``change`` and ``pct_change`` compare with. [docs] monitors/types/change-alert"""

TIME_SHIFTS: Final = {3_600_000: "hour_before", 86_400_000: "day_before", 604_800_000: "week_before"}
"""``offset`` in milliseconds -> the function that shifts a query. [docs] dashboards/functions/timeshift"""

PERCENTILES: Final = {0.5: "p50", 0.75: "p75", 0.9: "p90", 0.95: "p95", 0.99: "p99"}
"""Quantiles that a distribution with percentiles keeps. [docs] metrics/distributions"""

FUNCTIONS: Final = {"abs": "abs", "log2": "log2", "log10": "log10", "ceil": "ceil", "floor": "floor",
                    "clamp_min": "clamp_min", "clamp_max": "clamp_max"}  # fmt: skip
"""Functions of a value -> Datadog's. [docs] dashboards/functions/arithmetic"""

RENOTIFY_MINUTES: Final = (10, 20, 30, 40, 50, 60, 90, 120, 180, 240, 300, 360, 720, 1440)
"""Intervals after which a monitor may notify again. [kennel] RENOTIFY_INTERVALS"""

TAG_LENGTH: Final = 200
"""Longest tag, key and value together. [docs] getting_started/tagging, "Define tags\""""

NEW_GROUP_DELAY_SECONDS: Final = 60
"""How long a new group is left alone: what the API itself defaults to. [docs] monitors/configuration"""

RATIO_DELAY_SECONDS: Final = 60
"""``evaluation_delay`` of quotients, whose two counts may arrive one after the other. [docs] monitors/types/metric,
"Delay evaluation": 60 seconds for metrics that are divided."""

NO_MISSING_DATA: Final = frozenset(("service check", "composite", "slo alert"))
"""Types that do not take ``on_missing_data``. [docs] monitors/guide/on_missing_data"""

ENDPOINT_TAG: Final = "endpoint"
"""The Agent's tag for what it scraped: the URL, one per ``instance``. [agent] ``tag_by_endpoint``"""

HEALTH_CHECK: Final = "openmetrics.health"
"""The service check that the Agent sends for every scrape, below the namespace. [agent] SERVICE_CHECK_HEALTH"""

OPTIONS: Final = frozenset((
    "aggregation", "enable_logs_sample", "enable_samples", "escalation_message", "evaluation_delay",
    "group_retention_duration", "groupby_simple_monitor", "include_tags", "min_failure_duration",
    "min_location_failed", "new_group_delay", "new_host_delay", "no_data_timeframe", "notification_preset_name",
    "notify_audit", "notify_by", "notify_no_data", "on_missing_data", "renotify_interval", "renotify_occurrences",
    "renotify_statuses", "require_full_window", "scheduling_options", "threshold_windows", "thresholds", "timeout_h",
    "variables",
))  # fmt: skip
"""What ``options`` of a monitor may hold. [api] MonitorOptions, without what only other objects have"""

OUTPUTS: Final = (
    Output(
        "monitors",
        ("alerts", "slos"),
        "datadog/monitors/*.json",
        ("tests/backends/datadog/test_client.py", "tests/backends/datadog/query"),
        "monmc translate",
    ),
    Output(
        "SLOs",
        ("slos",),
        "datadog/slos/*.json",
        ("tests/backends/datadog/test_client.py",),
        "monmc explain slo",
    ),
    Output(
        "downtimes",
        ("maintenance",),
        "datadog/downtimes/*.json",
        ("tests/backends/datadog/test_downtimes.py",),
        "monmc maintenance",
    ),
    Output(
        "dashboards",
        ("dashboards",),
        "datadog/dashboards/*.json",
        ("tests/backends/datadog/dashboards",),
        "monmc diff --against live",
    ),
    Output(
        "synthetic tests: API, browser, mobile",
        ("probes",),
        "datadog/synthetics/*.json",
        ("tests/backends/datadog/test_client.py",),
        "monmc push",
    ),
    Output(
        "pipelines of logs",
        ("logs",),
        "datadog/logs/pipelines/*.json",
        ("tests/backends/datadog/logs",),
        "monmc push",
    ),
    Output(
        "groups and rules of Sensitive Data Scanner",
        ("logs",),
        "datadog/logs/scanner/*.json",
        ("tests/backends/datadog/logs",),
        "monmc push",
    ),
    Output(
        "indexes of logs, and the orders",
        ("logs", "retention"),
        "datadog/logs/indexes/*.json",
        ("tests/backends/datadog/logs",),
        "monmc push",
    ),
)
"""What it writes."""
