"""What Datadog's server makes of a body that it takes: the fields, defaults and forms that its answers have.

Sources: [P] recorded traffic in the source distribution of ``datadog-api-client`` 2.62.0, ``tests/v1/cassettes`` and
``tests/v2/cassettes`` (Apache-2.0), by the name of the recording; [T] that of Datadog's Terraform provider,
``datadog/tests/cassettes`` (MPL-2.0); [K] kennel, ``lib/kennel/models``.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_CREATOR = {"id": 1, "handle": "ann@example.com", "email": "ann@example.com", "name": "Ann"}
_LOGS = ("log", "rum", "ci-", "error-tracking", "llm-observability", "audit", "event-v2", "trace-analytics")
_COST = ("cost", "data-quality", "data-jobs")
STATES = ["no data", "warn", "alert"]


def monitor(body: dict[str, Any], moment: str) -> dict[str, Any]:
    """[P] test_create_a_monitor_returns_ok_response and its like."""
    found = {"tags": [], "priority": None, "message": "", **body, "type": _monitor_type(body)}
    options = {name: member for name, member in (found.get("options") or {}).items() if member is not None}
    thresholds = {  # [P] ints come back as floats, null not at all; [T] TestAccDatadogMonitor_Updated: nor `ok: 0`
        name: float(member)
        for name, member in (options.pop("thresholds", None) or {}).items()
        if member is not None and not (name == "ok" and member == 0)
    }
    if (
        options.get("on_missing_data") == "default"
    ):  # [P] test_create_a_metric_monitor_with_a_custom_schedule_returns_ok_response
        del options["on_missing_data"]
    kept = {"thresholds": thresholds} if thresholds else {}
    found["options"] = {**_monitor_defaults(str(body["type"])), **options, **kept, "silenced": {}}
    for name in ("name", "query", "message"):  # [T] white space at the ends goes
        found[name] = str(found.get(name) or "").strip()
    if "escalation_message" in found["options"]:
        found["options"]["escalation_message"] = found["options"]["escalation_message"].strip()
    found["priority"] = found["priority"] or None  # [T] `priority: 0` becomes null
    found |= {
        "org_id": 1, "multi": " by {" in found["query"], "created": moment, "created_at": 1747758263000,
        "modified": moment, "deleted": None, "restricted_roles": None, "restriction_policy": None, "restricted": True,
        "draft_status": found.get("draft_status", "published"), "run_as": None, "assets": found.get("assets", []),
        "overall_state": "No Data", "overall_state_modified": None, "creator": _CREATOR,
    }  # fmt: skip
    return found


def _monitor_type(body: Mapping[str, Any]) -> str:
    """[P] test_create_a_metric_monitor_returns_ok_response, test_create_a_monitor_with_aggregate_*: the server writes the one of the two types that fits the query."""
    if body["type"] == "metric alert" and "(current_" in body["query"]:
        return "query alert"
    if body["type"] == "query alert" and body["query"].startswith("formula("):
        return "metric alert"
    return str(body["type"])


def _monitor_defaults(type_: str) -> dict[str, Any]:
    if type_ in {"composite", "service check", "event alert", "slo alert"}:
        return {"notify_audit": False}
    usual = {"notify_audit": False, "include_tags": True, "new_host_delay": 300, "notify_no_data": False}
    if type_.startswith(_LOGS):
        return {**usual, "groupby_simple_monitor": False, "avalanche_window": 20}
    return usual if not type_.startswith(_COST) else {**usual, "locked": False}


def slo(body: dict[str, Any], moment: str) -> dict[str, Any]:
    """[P] test_create_an_slo_object_returns_ok_response; tags: [T] issues 961 and 3638."""
    found = {
        "description": "",
        **body,
        "type_id": {"monitor": 0, "metric": 1}.get(body["type"], 2),
        "creator": _CREATOR,
    }
    found["description"] = (found["description"] or "").strip()
    found["tags"] = sorted({tag.lower().replace(" ", "_") for tag in body.get("tags") or []})
    found["monitor_tags"] = []
    found["thresholds"] = [_threshold(each) for each in body["thresholds"]]
    first = min(found["thresholds"], key=lambda each: int(each["timeframe"][:-1]))
    found.setdefault("timeframe", first["timeframe"])
    found.setdefault("target_threshold", first["target"])
    if "warning" in first:
        found.setdefault("warning_threshold", first["warning"])
    slice_ = found.get("sli_specification", {}).get("time_slice")
    if slice_ is not None:  # [P] test_create_a_timeslice_slo_object_returns_ok_response
        slice_.setdefault("query_interval_seconds", 300)
    if "count" in found.get("sli_specification", {}):  # [P] *_using_sli_specification_*: told back in both forms
        found["query"] = {"numerator": "of the specification", "denominator": "of the specification"}
    if found.get("monitor_ids") == []:
        del found["monitor_ids"]
    seconds = int(datetime.fromisoformat(moment).timestamp())
    return {**found, "created_at": seconds, "modified_at": seconds}


def _threshold(body: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"timeframe": body["timeframe"]}
    for name in ("target", "warning"):
        if body.get(name) is not None:
            found[name] = float(body[name])
            found[f"{name}_display"] = f"{body[name]:g}" + ("" if "." in f"{body[name]:g}" else ".")
    return found


def dashboard(body: dict[str, Any], moment: str, number: int) -> dict[str, Any]:
    """[P] test_create_a_new_dashboard_*: widgets are told back as they came, with identifiers."""
    found = {"description": None, "notify_list": None, "template_variables": None, "restricted_roles": [], **body}
    if found["notify_list"]:
        found["notify_list"] = sorted(found["notify_list"])
    if found.get("template_variable_presets"):  # [K] dashboard.rb
        found["template_variable_presets"] = sorted(found["template_variable_presets"], key=lambda each: each["name"])
    found["widgets"] = _numbered(found["widgets"], number)
    for tab in found.get("tabs") or []:
        places = {f"@{place}": each["id"] for place, each in enumerate(found["widgets"], 1)}
        tab["widget_ids"] = [places.get(each, each) for each in tab["widget_ids"]]
    return {
        **found, "is_read_only": False, "author_handle": "ann@example.com", "author_name": "Ann",
        "created_at": moment, "modified_at": moment, "url": "/dashboard/x/y",
    }  # fmt: skip


def _numbered(widgets: list[Any], number: int) -> list[Any]:
    found = []
    for place, widget in enumerate(widgets):
        own = {"id": number * 1000 + place, **copy.deepcopy(widget)}
        if "widgets" in own["definition"]:
            own["definition"]["widgets"] = _numbered(own["definition"]["widgets"], number * 1000 + place)
        found.append(own)
    return found


def synthetics(body: dict[str, Any], moment: str, number: int) -> dict[str, Any]:
    """[P] test_create_an_api_*, test_create_a_browser_test_*, test_create_a_mobile_test_*."""
    found = {"tags": [], "status": "paused" if body["type"] == "browser" else "live", **copy.deepcopy(body)}
    found["message"] = (found.get("message") or "").strip()
    if found["type"] == "mobile":
        found["locations"] = ["aws:us-west-2"]
        for step in found.get("steps", []):
            step.pop("hasNewStepElement", None)
    config = found.get("config", {})
    for place, step in enumerate(config.get("steps", [])):
        step["id"] = f"ste-p{number:02}-{place:03}"
    for place, step in enumerate(found.get("steps", [])):
        step["public_id"] = f"ste-p{number:02}-{place:03}"
    certificate = config.get("request", {}).get("certificate", {})
    for part in certificate.values():
        part.pop("content", None)
    for variable in [*config.get("variables", []), *config.get("configVariables", [])]:
        if variable.get("secure"):
            variable.pop("pattern", None)
            variable.pop("example", None)
    if "GLOBAL_VAR" in re.findall(r"{{ (\w+) }}", str(config.get("request"))):  # [T] issue 3675
        attached = {"id": "7865d47f", "name": "GLOBAL_VAR", "type": "global"}
        config["configVariables"] = [*config.get("configVariables", []), attached]
    if "monitor_options" in found.get("options", {}):
        usual = {"notify_audit": False, "new_host_delay": 300, "include_tags": True, "on_missing_data": "show_no_data"}
        found["options"]["monitor_options"] = {**usual, **found["options"]["monitor_options"]}
    if found.get("steps") == []:
        del found["steps"]
    person = {"handle": "ann@example.com", "email": "ann@example.com", "name": "Ann"}
    return {
        **found, "org_id": 1, "created_at": moment, "modified_at": moment, "deleted_at": None, "created_by": person,
        "modified_by": person, "creation_source": "api",
        "stepCount": {"assertions": 0, "subtests": 0, "total": len(found.get("steps", []))},
    }  # fmt: skip


def downtime(attributes: dict[str, Any], moment: str, now: datetime) -> dict[str, Any]:
    """[P] test_schedule_a_downtime_returns_ok_response and its like."""
    schedule = {"start": None, "end": None, **(attributes.get("schedule") or {})}
    if "recurrences" in schedule:
        schedule = {"timezone": "UTC", **attributes["schedule"], "current_downtime": {"start": moment, "end": moment}}
        status = "scheduled"
    else:
        schedule = {name: _moment(member) for name, member in schedule.items()}
        schedule["start"] = schedule["start"] or moment
        status = "active" if datetime.fromisoformat(schedule["start"]) <= now else "scheduled"
    return {
        "display_timezone": "UTC", "message": None, "mute_first_recovery_notification": False,
        "notify_end_types": ["expired"], **attributes,
        "notify_end_states": sorted(attributes.get("notify_end_states") or STATES, key=STATES.index),
        "schedule": schedule, "status": status, "created": moment, "modified": moment, "canceled": None,
    }  # fmt: skip


def _moment(text: str | None) -> str | None:
    """`Z` is told back as `+00:00`."""
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC).isoformat()


def log_pipeline(body: dict[str, Any]) -> dict[str, Any]:
    """[P] test_create_a_pipeline_with_array_map_processor_returns_ok_response and its like."""
    found = {"is_enabled": False, "processors": [], **copy.deepcopy(body), "is_read_only": False, "type": "pipeline"}
    if "tags" in found:
        found["tags"] = sorted(found["tags"])
    found["processors"] = [_processor(each) for each in found["processors"]]
    return found


def _processor(body: dict[str, Any]) -> dict[str, Any]:
    found = {"is_enabled": False, **body}
    if found["type"] == "attribute-remapper":
        found = {"override_on_conflict": False, "preserve_source": True, **found}
    if found["type"] == "grok-parser":
        found = {"samples": [], **found}
    if found["type"] == "string-builder-processor":
        found = {"is_replace_missing": False, **found}
    if found["type"] == "pipeline":
        found["processors"] = [_processor(each) for each in found.get("processors", [])]
    return found


def log_index(body: dict[str, Any]) -> dict[str, Any]:
    """[api] LogsIndex: what is not limited is null."""
    usual: dict[str, Any] = {
        "daily_limit": None,
        "num_retention_days": 15,
        "num_flex_logs_retention_days": 0,
        "exclusion_filters": [],
    }
    return {**usual, **copy.deepcopy(body), "is_rate_limited": False}
