"""What PagerDuty takes in a request, as a schema of our own making, from the API's reference and the Terraform provider.

Stricter than the server where that finds slips of ours: unknown keys are refused.
"""

from __future__ import annotations

from typing import Any


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [*required],
        "additionalProperties": False,
        "properties": {**required, **(optional or {})},
    }


def _reference(*kinds: str) -> dict[str, Any]:
    """``{"type": "user_reference", "id": "PABC"}``; the id is one that the server gave, and no placeholder."""
    return _object(
        {"type": {"enum": [f"{kind}_reference" for kind in kinds]}, "id": {"type": "string", "minLength": 2}}
    )


_NAME = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$"}
_TEXT = {"type": "string"}
_TIMEOUT = {"anyOf": [{"type": "null"}, {"type": "integer", "minimum": 60}]}
_INSTANT = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$"}
_CLOCK = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$"}

_RESTRICTION = {
    "oneOf": [
        # [terraform] schedule: shorter than a day, and without a day of the week
        _object(
            {
                "type": {"const": "daily_restriction"},
                "start_time_of_day": _CLOCK,
                "duration_seconds": {"type": "integer", "minimum": 1, "maximum": 24 * 3600 - 1},
            }
        ),
        # [terraform] schedule: 1 to 7, and shorter than a week
        _object(
            {
                "type": {"const": "weekly_restriction"},
                "start_day_of_week": {"type": "integer", "minimum": 1, "maximum": 7},
                "start_time_of_day": _CLOCK,
                "duration_seconds": {"type": "integer", "minimum": 1, "maximum": 7 * 24 * 3600 - 1},
            }
        ),
    ]
}
_LAYER = _object(
    {
        "name": _NAME,
        "start": _INSTANT,
        "rotation_virtual_start": _INSTANT,
        # [terraform] schedule: an hour to a year
        "rotation_turn_length_seconds": {"type": "integer", "minimum": 3600, "maximum": 365 * 24 * 3600},
        "users": {"type": "array", "minItems": 1, "items": _object({"user": _reference("user")})},
    },
    {
        "id": _TEXT,
        "end": {"anyOf": [{"type": "null"}, _INSTANT]},
        "restrictions": {"type": "array", "items": _RESTRICTION},
    },
)
_TEAMS = {"type": "array", "maxItems": 1, "items": _reference("team")}

SCHEMAS: dict[str, dict[str, Any]] = {
    "team": _object({"type": {"const": "team"}, "name": _NAME}, {"description": {"type": "string", "maxLength": 1024}}),
    "schedule": _object(
        {
            "type": {"const": "schedule"},
            "name": _NAME,
            "time_zone": {"type": "string", "pattern": r"^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$"},
            "schedule_layers": {"type": "array", "minItems": 1, "items": _LAYER},
        },
        {"description": _TEXT, "teams": _TEAMS},
    ),
    "escalation_policy": _object(
        {
            "type": {"const": "escalation_policy"},
            "name": _NAME,
            "escalation_rules": {
                "type": "array",
                "minItems": 1,
                "items": _object(
                    {
                        # [terraform] escalation_policy: at least a minute
                        "escalation_delay_in_minutes": {"type": "integer", "minimum": 1},
                        "targets": {
                            "type": "array",
                            "minItems": 1,
                            "maxItems": 10,
                            "items": _reference("user", "schedule"),
                        },
                    }
                ),
            },
        },
        {
            "description": _TEXT,
            "num_loops": {"type": "integer", "minimum": 0, "maximum": 9},  # [terraform] escalation_policy
            "on_call_handoff_notifications": {"enum": ["if_has_services", "always"]},
            "teams": _TEAMS,
        },
    ),
    "service": _object(
        {"type": {"const": "service"}, "name": _NAME, "escalation_policy": _reference("escalation_policy")},
        {
            "description": _TEXT,
            "auto_resolve_timeout": _TIMEOUT,
            "acknowledgement_timeout": _TIMEOUT,
            "alert_creation": {"enum": ["create_alerts_and_incidents", "create_incidents"]},
            "incident_urgency_rule": _object(
                {"type": {"const": "constant"}, "urgency": {"enum": ["high", "low", "severity_based"]}}
            ),
            "support_hours": {"type": "null"},
            "scheduled_actions": {"type": "array", "maxItems": 0},
            "alert_grouping_parameters": {"type": ["object", "null"]},
            "auto_pause_notifications_parameters": {"type": ["object", "null"]},
        },
    ),
    "integration": _object(
        {
            "type": {"const": "events_api_v2_inbound_integration"},
            "name": _NAME,
        },
        {"service": _reference("service")},
    ),
}
"""Kind -> what its request wraps."""
