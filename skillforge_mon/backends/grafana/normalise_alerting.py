"""What Grafana adds to alert rules, contact points and mute timings, or writes in another way."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from typing import Any, Final

from skillforge_mon.backends.grafana.normalise import plain, without
from skillforge_mon.spec.quantities import Duration, QuantityError

RULE_SERVER_FIELDS: Final = ("id", "orgID", "folderUID", "ruleGroup", "updated", "provenance", "guid", "metadata")
"""What the server writes of a rule (``ProvisionedAlertRule``, ``provisioning_alert_rules.go``)."""

RULE_DEFAULTS: Final[Mapping[str, Any]] = {
    "keep_firing_for": "0s",
    "record": None,
    "notification_settings": None,
    "missingSeriesEvalsToResolve": None,
    "annotations": {},
    "labels": {},
    "isPaused": False,
}
"""What the server answers for what it was not told (the zero values of that type)."""

REDACTED: Final = "[REDACTED]"
"""What stands in place of a secret setting (``RedactedValue``, ``provisioning_contactpoints.go``)."""

_DURATIONS: Final = ("for", "keep_firing_for", "group_wait", "group_interval", "repeat_interval")
_MONTHS: Final = {str(number): name.lower() for number, name in enumerate(calendar.month_name) if number}
"""Months go in as numbers and come out as names (``MonthRange.MarshalText``, Alertmanager's ``timeinterval``)."""


def rule_group(body: Mapping[str, Any]) -> dict[str, Any]:
    """A group; its rules in the order in which they are evaluated, which has no meaning, by their uids."""
    rules = sorted(body.get("rules") or (), key=lambda rule: str(rule.get("uid")))
    return {
        "title": body["title"],
        "folderUid": body["folderUid"],
        "interval": int(body["interval"]),
        "rules": [_rule(rule) for rule in rules],
    }


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in without(rule, RULE_SERVER_FIELDS).items() if value != RULE_DEFAULTS.get(key)}
    found: dict[str, Any] = plain(_durations(kept))
    if "notification_settings" in found:
        found["notification_settings"] = {
            key: value for key, value in _durations(found["notification_settings"]).items() if value not in ([], "")
        }
    return found


def _durations(members: Mapping[str, Any]) -> dict[str, Any]:
    """``5m0s`` and ``300s`` as ``5m``."""
    return {key: _duration(value) if key in _DURATIONS else value for key, value in members.items()}


def _duration(text: Any) -> Any:
    try:
        return str(Duration.parse(str(text)))
    except QuantityError:
        return text


def contact_point(body: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """A receiver; a secret that the server does not show counts as the one that is ``wanted``."""
    settings = {
        key: wanted.get("settings", {}).get(key, value) if value == REDACTED else value
        for key, value in (body.get("settings") or {}).items()
    }
    return {
        "name": body["name"],
        "type": body["type"],
        "settings": plain(settings),
        "disableResolveMessage": bool(body.get("disableResolveMessage")),
    }


def mute_timing(body: Mapping[str, Any]) -> dict[str, Any]:
    """A mute timing, its months by their names."""
    intervals = [
        {
            key: [_month(each) for each in value] if key == "months" else value
            for key, value in interval.items()
            if value
        }
        for interval in body.get("time_intervals") or ()
    ]
    return {"name": body["name"], "time_intervals": intervals}


def _month(text: str) -> str:
    return ":".join(_MONTHS.get(part, part.lower()) for part in text.split(":"))
