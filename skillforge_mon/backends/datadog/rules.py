"""What Datadog's server adds to an object, defaults, rewrites or keeps to itself: one table for each kind.

A path names keys from the top, ``[]`` the members of a list, and ``**.`` in front stands for any place further in.

Sources: [P] the recorded traffic in the source distribution of ``datadog-api-client`` 2.62.0 (``tests/v1/cassettes``,
``tests/v2/cassettes``); [T] that of Datadog's Terraform provider (``datadog/tests/cassettes``), and its sources; [K]
kennel, ``lib/kennel/models``: what objects are like after an edit in the browser; [api] the OpenAPI description.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final

from skillforge_mon.backends.datadog import capabilities


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """How one kind is compared.

    ``ignored``: only the server writes it, or it never tells it. ``defaults``: values that mean the same as none.
    ``optional``: the server fills it in, so it is compared only where the body has it. ``unordered``: lists whose order
    means nothing, or is not kept. ``texts``: the server cuts white space off both ends. ``known``: the keys that the
    object at a path may have; further ones are news of the server, compared only where the body has them too.
    ``untaken``: the server tells it and does not take it.
    """

    known: Mapping[str, frozenset[str]]
    ignored: frozenset[str] = frozenset()
    defaults: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    unordered: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    untaken: frozenset[str] = frozenset()

    def is_ignored(self, path: str) -> bool:
        """Whether what is at ``path`` is compared at all."""
        return any(each in self.ignored for each in places(path))

    def means_none(self, path: str, value: Any) -> bool:
        """Whether ``value`` at ``path`` is what the server assumes without one."""
        return any(value in self.defaults.get(each, ()) for each in places(path))

    def is_optional(self, path: str) -> bool:
        """Whether the server fills in what is at ``path``."""
        return any(each in self.optional for each in places(path))

    def is_unordered(self, path: str) -> bool:
        """Whether the list at ``path`` has no order."""
        return any(each in self.unordered for each in places(path))

    def is_text(self, path: str) -> bool:
        """Whether the text at ``path`` is trimmed."""
        return path in self.texts


@cache
def places(path: str) -> tuple[str, ...]:
    """Under which names a path may stand in a table: itself, and ``**.`` with each of its ends."""
    parts = path.split(".")
    return (path, *(f"**.{'.'.join(parts[start:])}" for start in range(len(parts))))


MONITOR: Final = Rules(
    known={
        "": frozenset(("name", "type", "query", "message", "tags", "priority", "options", "assets", "draft_status")),
        "options": capabilities.OPTIONS,
    },
    # [P] test_create_a_monitor_*: what every answer has and no request; [api] Monitor and MonitorOptions, read-only
    # properties. Roles are superseded by restriction policies, which are objects of their own.
    ignored=frozenset((
        "id", "org_id", "creator", "created", "created_at", "modified", "deleted", "multi", "overall_state",
        "overall_state_modified", "state", "matching_downtimes", "restricted_roles", "restriction_policy", "restricted",
        "run_as", "classification", "options.silenced", "options.locked", "options.avalanche_window",
        "options.device_ids", "options.synthetics_check_id",
        "assets[].monitor_id", "assets[].options", "assets[].template_variables",
    )),
    defaults={
        # [P] test_create_a_monitor_returns_ok_response, test_create_a_cipipelines_monitor_*
        "options.notify_audit": (False,),
        "options.include_tags": (True,),
        "options.new_host_delay": (300,),
        "options.notify_no_data": (False,),
        "options.groupby_simple_monitor": (False,),
        # [T] issue 2122: without it the API means false
        "options.require_full_window": (False,),
        "options.enable_logs_sample": (False,),
        "options.enable_samples": (False,),
        # [P] test_create_a_metric_monitor_with_a_custom_schedule_*: sent and not told back, as none means the same
        "options.on_missing_data": ("default",),
        # [K] monitor.rb: null, "" and 0 are not told back
        "options.evaluation_delay": (0, ""),
        "options.renotify_interval": (0, ""),
        "options.timeout_h": (0, ""),
        "options.escalation_message": ("",),
        # [T] TestAccDatadogMonitor_Updated: `ok: 0` is not told back
        "options.thresholds.ok": (0,),
        # [T] recorded traffic of monitors: `priority: 0` becomes null
        "priority": (0,),
        "draft_status": ("published",),
    },
    optional=frozenset(("assets",)),
    texts=frozenset(("name", "query", "message", "options.escalation_message")),
)  # fmt: skip

SERVICE_CHECK: Final = replace(
    MONITOR,
    defaults={
        **MONITOR.defaults,
        # [K] monitor.rb: not told back when they are 1, or true
        "options.thresholds.ok": (1,),
        "options.thresholds.warning": (1,),
        "options.thresholds.critical": (1,),
        "options.require_full_window": (True,),
    },
)

EVENT_ALERT: Final = replace(
    MONITOR,
    # [K] monitor.rb: thresholds of 0 are not told back, nor a full window
    defaults={**MONITOR.defaults, "options.thresholds.critical": (0,), "options.require_full_window": (True,)},
)

SLO: Final = Rules(
    known={"": frozenset((
        "name", "description", "tags", "thresholds", "type", "query", "sli_specification", "monitor_ids", "groups",
        "timeframe", "target_threshold", "warning_threshold",
    ))},
    # [P] test_create_an_slo_object_returns_ok_response
    ignored=frozenset((
        "id", "creator", "created_at", "modified_at", "type_id", "monitor_tags", "configured_alert_ids",
        "thresholds[].target_display", "thresholds[].warning_display",
    )),
    # [P] test_create_a_timeslice_slo_object_returns_ok_response
    defaults={"sli_specification.time_slice.query_interval_seconds": (300,), "description": ("",)},
    # [P] test_create_a_new_metric_slo_object_using_sli_specification_*: both forms are told back, whichever was sent
    optional=frozenset((
        "timeframe", "target_threshold", "warning_threshold", "query", "sli_specification",
    )),
    unordered=frozenset(("thresholds", "monitor_ids")),
    texts=frozenset(("name", "description")),
)  # fmt: skip

DASHBOARD: Final = Rules(
    known={"": frozenset((
        "title", "description", "layout_type", "reflow_type", "widgets", "template_variables",
        "template_variable_presets", "notify_list", "tags", "tabs", "default_timeframe", "restricted_roles",
    ))},
    # [P] test_create_a_new_dashboard_*
    ignored=frozenset((
        "id", "author_handle", "author_name", "url", "created_at", "modified_at", "deleted_at", "is_read_only",
        "**.widgets[].id", "tabs[].id",
    )),
    # [K] dashboard.rb, WIDGET_DEFAULTS and REQUEST_DEFAULTS: what an edit in the browser writes
    defaults={
        "description": ("",),
        "**.definition.legend_size": ("0",),
        "**.definition.show_legend": (False,),
        "**.definition.title_size": ("16",),
        "**.definition.title_align": ("left",),
        "**.definition.background_color": ("white",),
        "**.definition.font_size": ("14",),
        "**.definition.show_tick": (False,),
        "**.definition.tick_edge": ("left",),
        "**.definition.tick_pos": ("50%",),
        "**.definition.text_align": ("left",),
        "**.requests[].style.line_width": ("normal",),
        "**.requests[].style.palette": ("dog_classic",),
        "**.requests[].style.line_type": ("solid",),
        # [T] issue 4256
        "pause_auto_refresh": (False,),
    },
    optional=frozenset(("reflow_type",)),
    # [K] dashboard.rb: formats come back in any order; presets are sorted by name
    unordered=frozenset(("notify_list", "template_variable_presets", "**.conditional_formats")),
    texts=frozenset(("description",)),
)  # fmt: skip

SYNTHETICS: Final = Rules(
    known={"": frozenset((
        "name", "type", "subtype", "message", "tags", "locations", "config", "options", "status", "steps",
    ))},
    # [P] test_create_an_api_*, test_create_a_browser_test_*, test_create_a_mobile_test_*; what is secret is kept
    ignored=frozenset((
        "public_id", "monitor_id", "org_id", "created_at", "modified_at", "created_by", "modified_by", "creator",
        "deleted_at", "creation_source", "stepCount", "overall_state", "overall_state_modified",
        "steps[].public_id", "config.steps[].id", "steps[].hasNewStepElement", "options.monitor_options.locked",
        "**.request.certificate.cert.content", "**.request.certificate.key.content",
        "**.request.certificate.cert.updatedAt", "**.request.certificate.key.updatedAt",
        "**.request.files[].content", "**.request.files[].bucketKey",
    )),
    defaults={
        "message": ("",),
        "options.monitor_options.notify_audit": (False,),
        "options.monitor_options.notify_no_data": (False,),
        "options.monitor_options.new_host_delay": (300,),
        "options.monitor_options.include_tags": (True,),
        "options.monitor_options.on_missing_data": ("show_no_data",),
        "options.monitor_options.renotify_interval": (0,),
        "options.bits_ai_auto_investigate": (False,),
    },
    # [P] without a status an API test is live and a browser test paused; a mobile test gets locations
    optional=frozenset(("locations", "status")),
    unordered=frozenset(("locations", "options.device_ids")),
    texts=frozenset(("message", "name")),
    # [api] SyntheticsTestOptionsMonitorOptions has none of these
    untaken=frozenset((
        "options.monitor_options.notify_audit", "options.monitor_options.notify_no_data",
        "options.monitor_options.new_host_delay", "options.monitor_options.include_tags",
        "options.monitor_options.on_missing_data",
    )),
)  # fmt: skip

MOBILE_TEST: Final = replace(SYNTHETICS, untaken=SYNTHETICS.untaken | {"locations"})
"""[api] SyntheticsMobileTest has no locations."""

DOWNTIME: Final = Rules(
    known={"": frozenset((
        "message", "scope", "monitor_identifier", "schedule", "display_timezone", "mute_first_recovery_notification",
        "notify_end_states", "notify_end_types",
    ))},
    # [P] test_schedule_a_downtime_*
    ignored=frozenset((
        "status", "created", "modified", "canceled", "schedule.current_downtime",
        # the server moves it on with each recurrence
        "schedule.recurrences[].start",
    )),
    defaults={
        "display_timezone": ("UTC",),
        "schedule.timezone": ("UTC",),
        "mute_first_recovery_notification": (False,),
        "notify_end_states": (["alert", "no data", "warn"],),
        "notify_end_types": (["expired"],),
    },
    # [P] without a start, or with null, it starts at once
    optional=frozenset(("schedule", "schedule.start", "monitor_identifier")),
    unordered=frozenset(("notify_end_states", "notify_end_types", "monitor_identifier.monitor_tags")),
    texts=frozenset(("message", "scope")),
)  # fmt: skip

LOG_PIPELINE: Final = Rules(
    known={"": frozenset(("name", "description", "tags", "filter", "is_enabled", "processors"))},
    # [P] test_create_a_pipeline_with_*
    ignored=frozenset(("id", "type", "is_read_only")),
    defaults={
        "description": ("",),
        "**.is_enabled": (False,),
        "**.override_on_conflict": (False,),
        "**.is_replace_missing": (False,),
    },
    optional=frozenset(("**.preserve_source",)),
    texts=frozenset(("description",)),
)

LOG_INDEX: Final = Rules(
    known={"": frozenset((
        "name", "filter", "exclusion_filters", "daily_limit", "daily_limit_reset",
        "daily_limit_warning_threshold_percentage", "num_retention_days", "num_flex_logs_retention_days", "tags",
    ))},
    # [api] LogsIndex, read-only; 0 days in the flex tier are none
    ignored=frozenset(("is_rate_limited",)),
    defaults={"num_flex_logs_retention_days": (0,)},
    optional=frozenset(("num_retention_days", "daily_limit_reset", "daily_limit_warning_threshold_percentage")),
)  # fmt: skip

SCANNER_GROUP: Final = Rules(
    known={"": frozenset(("name", "description", "filter", "is_enabled", "product_list"))},
    # [api] SensitiveDataScannerGroupAttributes; how much is scanned of what a plan does not cover
    ignored=frozenset(("samplings",)),
    defaults={"description": ("",)},
    unordered=frozenset(("product_list",)),
    texts=frozenset(("description",)),
)

SCANNER_RULE: Final = Rules(
    known={"": frozenset((
        "name", "description", "group", "pattern", "namespaces", "excluded_namespaces", "is_enabled", "priority",
        "tags", "text_replacement", "included_keyword_configuration", "suppressions",
    ))},
    # [api] SensitiveDataScannerRuleAttributes, SensitiveDataScannerTextReplacement
    defaults={"description": ("",), "text_replacement.should_save_match": (False,)},
    optional=frozenset(("priority",)),
    texts=frozenset(("description",)),
)  # fmt: skip

_RULES: Final[Mapping[str, Rules]] = {
    "monitor": MONITOR, "slo": SLO, "dashboard": DASHBOARD, "synthetics": SYNTHETICS, "downtime": DOWNTIME,
    "log_pipeline": LOG_PIPELINE, "log_index": LOG_INDEX, "scanner_group": SCANNER_GROUP, "scanner_rule": SCANNER_RULE,
}  # fmt: skip

_OF_TYPES: Final[Mapping[tuple[str, str], Rules]] = {
    ("monitor", "service check"): SERVICE_CHECK, ("monitor", "event alert"): EVENT_ALERT,
    ("synthetics", "mobile"): MOBILE_TEST,
}  # fmt: skip


def rules_of(kind: str, body: Mapping[str, Any]) -> Rules:
    """The table for an object: that of its kind, or of its type where that has one of its own."""
    return _OF_TYPES.get((kind, str(body.get("type"))), _RULES[kind])
