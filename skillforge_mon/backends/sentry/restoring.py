"""The body that makes an object of Sentry again: what its listing says, without what only the server writes.

Sources: [server] getsentry/sentry, the serializers named in ``normalise.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from skillforge_mon.backends.sentry.markers import unmarked
from skillforge_mon.backends.sentry.normalise import PARTS, SERVER_KEYS_OF_RULES, Body, source_as_written
from skillforge_mon.backends.sentry.normalise_probes import OF_PROBES, probe_source_as_written
from skillforge_mon.backends.sentry.values import owner_as_written


def restorable(kind: str, live: Body) -> dict[str, Any]:
    """The body that makes the object again."""
    found = unmarked(kind, live)
    if kind == "issue_rule":
        found |= {
            key: [
                {key: value for key, value in part.items() if key not in SERVER_KEYS_OF_RULES}
                for part in found.get(key) or ()
            ]
            for key in PARTS
        }
    elif kind == "alert_rule":
        found["triggers"] = [
            _only(trigger, "label", "alertThreshold", "actions") for trigger in live.get("triggers") or ()
        ]
    else:
        if kind == "workflow" and not found.get("triggers"):
            found["triggers"] = {"logicType": "any-short", "conditions": []}
        found |= {key: _only(found[key], "logicType", "conditions") for key in _GROUPS if found.get(key)}
    kept = {key: _without_server_keys(found[key]) for key in _WRITTEN[kind] if key in found}
    if kind == "detector":
        sources = live.get("dataSources") or ()
        if live.get("type") in OF_PROBES:
            kept.pop("conditionGroup", None)
            kept["dataSources"] = [probe_source_as_written(live["type"], source) for source in sources]
        else:
            kept["dataSources"] = [source_as_written(source) for source in sources]
    return {**kept, "owner": owner_as_written(found.get("owner"))} if "owner" in found else kept


_GROUPS: Final = ("triggers", "conditionGroup")
"""Groups of conditions in which the server lists actions as well, though there never are any."""


def _only(fields: Body, *keys: str) -> dict[str, Any]:
    return {key: fields[key] for key in keys}


def _without_server_keys(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            key: _without_server_keys(member)
            for key, member in value.items()
            if member is not None and key not in _SERVER_KEYS and not (key == "id" and str(member).isdecimal())
        }
    if isinstance(value, list):
        return [_without_server_keys(member) for member in value]
    return value


_SERVER_KEYS: Final = frozenset((
    "uuid", "organizationId", "status", "dateCreated", "alertRuleId", "alertRuleTriggerId", "desc", "sentryAppId",
    "inputChannelId",
))  # fmt: skip
"""[server] the serializers above; an ``id`` that is a number is one too, that of an old rule's part is a name."""

_WRITTEN: Final[Mapping[str, tuple[str, ...]]] = {
    "detector": (
        "type", "name", "description", "projectId", "owner", "enabled", "dataSources", "config", "conditionGroup",
    ),
    "workflow": ("name", "enabled", "environment", "owner", "detectorIds", "config", "triggers", "actionFilters"),
    "issue_rule": (
        "name", "environment", "owner", "frequency", "actionMatch", "filterMatch", "conditions", "filters", "actions",
    ),
    "alert_rule": (
        "name", "projects", "environment", "owner", "description", "aggregate", "dataset", "query", "queryType",
        "eventTypes", "timeWindow", "comparisonDelta", "thresholdType", "resolveThreshold", "triggers",
    ),
}  # fmt: skip
"""What each endpoint takes."""
