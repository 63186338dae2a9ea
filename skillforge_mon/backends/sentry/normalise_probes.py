"""What Sentry adds to monitors that ask, or wait for a job: forms of them that are equal when they say the same.

Sources: [server] getsentry/sentry; [provider] jianyuan/terraform-provider-sentry.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from skillforge_mon.backends.sentry.values import in_order, owner_as_written, plain, said, text

Body = Mapping[str, Any]


OF_PROBES: Final[Mapping[str, tuple[str, ...]]] = {
    "uptime_domain_failure": (
        "url", "method", "headers", "body", "intervalSeconds", "timeoutMs", "traceSampling", "assertion",
    ),
    "monitor_check_in_failure": ("name", "slug", "config"),
}  # fmt: skip
"""Types of monitors that ask, or wait for a job -> what their source says. Listed, it is in ``queryObj``. [server]
UptimeSubscriptionSerializer, monitors.serializers; static/app/types/workflowEngine/detectors.tsx"""


def probe_detector(body: Body) -> dict[str, Any]:
    """A monitor that asks has no conditions of ours: what fails is in its source and its configuration."""
    return {
        "type": body.get("type"),
        "name": body.get("name"),
        "description": (body.get("description") or "").strip(),
        "projectId": text(body.get("projectId")),
        "owner": owner_as_written(body.get("owner")),
        "enabled": body.get("enabled", True),
        "dataSources": [_probe_source(str(body["type"]), source) for source in body.get("dataSources") or ()],
        "config": said(body.get("config") or {}),
    }


def _probe_source(kind: str, source: Body) -> dict[str, Any]:
    """Headers come back in any order; nothing is the same as none."""
    found = probe_source_as_written(kind, source)
    if "headers" in found:
        found["headers"] = in_order(found["headers"] or ())
    found["traceSampling"] = bool(found.get("traceSampling"))
    found["assertion"] = _without_identifiers(found.get("assertion"))
    if isinstance(config := found.get("config"), Mapping):
        found["config"] = said(config)
    return {key: plain(value) for key, value in found.items() if value not in (None, "", [], {}, False)}


CRON_KEYS: Final = (
    "schedule_type", "schedule", "checkin_margin", "max_runtime", "timezone", "failure_issue_threshold",
    "recovery_threshold",
)  # fmt: skip
"""What the configuration of a cron monitor says; the rest of it is for alerts of its own, which are not ours. [server]
monitors.validators.ConfigValidator"""


def probe_source_as_written(kind: str, source: Body) -> dict[str, Any]:
    """A source of a monitor that asks, as it is written, also where it stands in the wrapping of a listing."""
    query = source.get("queryObj") or source
    found = {key: query[key] for key in OF_PROBES[kind] if key in query}
    if isinstance(config := found.get("config"), Mapping):
        found["config"] = {key: config[key] for key in CRON_KEYS if key in config}
    return found


def _without_identifiers(value: Any) -> Any:
    """An assertion without the identifiers that Sentry gives its parts. [provider] uptime_assertion_schema.go"""
    if isinstance(value, Mapping):
        return {key: _without_identifiers(member) for key, member in value.items() if key != "id"}
    return [_without_identifiers(member) for member in value] if isinstance(value, list) else value
