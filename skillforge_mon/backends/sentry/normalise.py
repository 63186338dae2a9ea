"""What Sentry adds, defaults and rewrites: forms of bodies that are equal when two bodies say the same.

A form holds the keys of its table and no others: identifiers, dates, names of people, labels and states are the
server's. Lists without an order of their own are sorted. A number is the same as the text that says it.
Sources: [server] getsentry/sentry, the serializers and validators named at each table; [provider]
jianyuan/terraform-provider-sentry, ``internal/apiclient/api.yaml``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from skillforge_mon.backends.sentry.markers import unmarked

Body = Mapping[str, Any]

_WHOLE: Final = re.compile("0|[1-9][0-9]{0,17}")

QUERY_KEYS: Final = ("aggregate", "dataset", "query", "eventTypes", "timeWindow", "environment")
"""A detector's source, as ``dataSources[].queryObj.snubaQuery`` lists it back; ``queryType`` follows from the dataset
and is not among it. [server] snuba.models, QuerySubscriptionSerializer"""

CONDITION_DEFAULTS: Final[Body] = {"include": True, "filters": []}
"""What the comparison of a condition says where it says nothing. [provider] conditions ``issue_category``,
``event_frequency_count``"""

RULE_DEFAULTS: Final[Body] = {"comparisonType": "count", "include": "true", "fallthroughType": "ActiveMembers"}
"""What a condition or action of an old rule says where it says nothing. [server] rules.conditions.event_frequency,
rules.filters.issue_category, mail.forms.notify_email"""

FILLED_BY_CHANNEL: Final = frozenset(("slack", "msteams"))
"""Actions whose ``targetIdentifier`` Sentry looks up by ``targetDisplay``. [server]
notifications.notification_action.action_validation, ``update_action_data``; the identifier may be left out:
action_handler_registry.common"""

SERVER_KEYS_OF_RULES: Final = frozenset(("uuid", "name", "channel_id", "input_channel_id"))
"""What the server adds to conditions, filters and actions of old rules: a label, and what it has looked up.
[server] api.serializers.models.rule"""

NOT_ALWAYS_LISTED: Final[Mapping[str, tuple[str, ...]]] = {
    "detector": (),
    "workflow": ("owner",),
    "issue_rule": (),
    "alert_rule": ("queryType", "eventTypes"),
}
"""Keys that a server takes and may not list back, depending on its age: owners of workflows; types of events of a
metric alert rule, which only a single rule shows, and older servers only for errors and transactions.
[server] WorkflowSerializer, AlertRuleSerializer, incidents.serializers.alert_rule.validate_event_types"""


def comparable(kind: str, body: Body, live: Body) -> tuple[dict[str, Any], dict[str, Any]]:
    """``(live, wanted)`` in forms that are equal when ``live`` says what ``body`` says."""
    form = _FORMS[kind]
    found, wanted = form(unmarked(kind, live)), form(unmarked(kind, body))
    for key in NOT_ALWAYS_LISTED[kind]:
        if key not in live or live[key] == []:
            found.pop(key, None)
            wanted.pop(key, None)
    return found, wanted


def plain(value: Any) -> Any:
    """``value`` as JSON has it: whole numbers without a point, no decimals, lists for tuples."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float | Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, Mapping):
        return {key: plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [plain(member) for member in value]
    return value


def _detector(body: Body) -> dict[str, Any]:
    """[server] workflow_engine DetectorSerializer, incidents.metric_issue_detector"""
    group = body.get("conditionGroup") or {}
    return {
        "type": body.get("type"),
        "name": body.get("name"),
        "description": (body.get("description") or "").strip(),
        "projectId": _text(body.get("projectId")),
        "owner": owner_as_written(body.get("owner")),
        "enabled": body.get("enabled", True),
        "dataSources": [_compared_source(source) for source in body.get("dataSources") or ()],
        "config": _config(body.get("config") or {}),
        "conditionGroup": {
            "logicType": group.get("logicType"),
            "conditions": _sorted(_condition(condition) for condition in group.get("conditions") or ()),
        },
    }


def _compared_source(source: Body) -> dict[str, Any]:
    query = source_as_written(source)
    found = {key: plain(query.get(key)) for key in QUERY_KEYS}
    return {
        **found,
        "eventTypes": sorted(found["eventTypes"] or ()),
        "aggregate": _aggregate(found["aggregate"]),
        "query": found["query"] or "",
        "environment": found["environment"] or None,
    }


def source_as_written(source: Body) -> dict[str, Any]:
    """A source as it is written, also where it stands in the wrapping in which it is listed."""
    wrapped = source.get("queryObj")
    if wrapped is None:
        return dict(source)
    query = wrapped["snubaQuery"]
    return {key: query[key] for key in QUERY_KEYS if key in query}


def _aggregate(aggregate: str) -> str:
    """Sentry writes ``user`` as the tag that it is. [server] incidents.logic.translate_aggregate_field"""
    return aggregate.replace("(tags[sentry:user])", "(user)")


def _config(config: Body) -> dict[str, Any]:
    """A comparison makes it ``percent``. [server] DetectorSerializer._normalize_config"""
    found = _said(config)
    if found.get("detectionType") == "static" and found.get("comparisonDelta"):
        found["detectionType"] = "percent"
    found.pop("thresholdPeriod", None)
    return found


def _workflow(body: Body) -> dict[str, Any]:
    """[server] workflow_engine WorkflowSerializer, DataConditionGroupSerializer, ActionSerializer"""
    triggers = body.get("triggers") or {}
    return {
        "name": body.get("name"),
        "enabled": body.get("enabled", True),
        "environment": body.get("environment") or None,
        "owner": owner_as_written(body.get("owner")),
        "detectorIds": _sorted(_text(each) for each in body.get("detectorIds") or ()),
        "config": _said(body.get("config") or {}),
        "triggers": {
            "logicType": triggers.get("logicType", "any-short"),
            "conditions": _sorted(_condition(each) for each in triggers.get("conditions") or ()),
        },
        "actionFilters": _sorted(
            {
                "logicType": group.get("logicType"),
                "conditions": _sorted(_condition(each) for each in group.get("conditions") or ()),
                "actions": _sorted(_action(each) for each in group.get("actions") or ()),
            }
            for group in body.get("actionFilters") or ()
        ),
    }


def _condition(condition: Body) -> dict[str, Any]:
    comparison = condition.get("comparison")
    return {
        "type": condition.get("type"),
        "comparison": (
            _said(comparison, CONDITION_DEFAULTS) if isinstance(comparison, Mapping) else _number(comparison)
        ),
        "conditionResult": plain(condition.get("conditionResult")),
    }


def _action(action: Body) -> dict[str, Any]:
    config = _said(action.get("config") or {})
    if action.get("type") in FILLED_BY_CHANNEL:
        config.pop("targetIdentifier", None)
    if "targetIdentifier" in config:
        config["targetIdentifier"] = _text(config["targetIdentifier"])
    if "targetDisplay" in config:
        config["targetDisplay"] = _channel(config["targetDisplay"])
    return {
        "type": action.get("type"),
        "integrationId": _text(action.get("integrationId")),
        "config": config,
        "data": _camel(_said(action.get("data") or {})),
    }


def _issue_rule(body: Body) -> dict[str, Any]:
    """[server] api.serializers.models.rule.RuleSerializer, api.serializers.rest_framework.rule"""
    return {
        "name": body.get("name"),
        "environment": body.get("environment") or None,
        "owner": owner_as_written(body.get("owner")),
        "frequency": plain(body.get("frequency")),
        "actionMatch": body.get("actionMatch"),
        "filterMatch": body.get("filterMatch") or "all",
        **{key: _sorted(_rule_part(part) for part in body.get(key) or ()) for key in PARTS},
    }


PARTS: Final = ("conditions", "filters", "actions")


def _rule_part(part: Body) -> dict[str, Any]:
    found = _said({key: value for key, value in part.items() if key not in SERVER_KEYS_OF_RULES})
    found = {key: _text(value) for key, value in found.items()}
    found = {key: value for key, value in found.items() if value != RULE_DEFAULTS.get(key)}
    if isinstance(found.get("channel"), str):
        found["channel"] = _channel(found["channel"])
    return found


def _alert_rule(body: Body) -> dict[str, Any]:
    """[server] incidents.endpoints.serializers.alert_rule and .alert_rule_trigger(_action)"""
    return {
        "name": body.get("name"),
        "projects": sorted(body.get("projects") or ()),
        "environment": body.get("environment") or None,
        "owner": owner_as_written(body.get("owner")),
        "aggregate": _aggregate(body.get("aggregate", "")),
        "eventTypes": sorted(body.get("eventTypes") or ()),
        **{key: plain(body.get(key)) for key in _RULE_NUMBERS},
        "triggers": [
            {
                "label": trigger.get("label"),
                "alertThreshold": plain(trigger.get("alertThreshold")),
                "actions": _sorted(_trigger_action(action) for action in trigger.get("actions") or ()),
            }
            for trigger in sorted(body.get("triggers") or (), key=lambda trigger: str(trigger.get("label")))
        ],
    }


_RULE_NUMBERS: Final = (
    "dataset", "query", "queryType", "timeWindow", "comparisonDelta", "thresholdType", "resolveThreshold",
)  # fmt: skip


def _trigger_action(action: Body) -> dict[str, Any]:
    found = {key: _text(action.get(key)) for key in ("type", "targetType", "targetIdentifier", "integrationId")}
    if action.get("type") in FILLED_BY_CHANNEL:
        found["targetIdentifier"] = _channel(found["targetIdentifier"])
    return {**found, "priority": action.get("priority") or None}


def _said(fields: Body, defaults: Body = {}) -> dict[str, Any]:  # noqa: B006 - never changed
    """What is said: no nothings, and no more than ``defaults`` would say."""
    found = {key: _number(value) for key, value in fields.items()}
    return {
        key: value
        for key, value in found.items()
        if value not in (None, "", [], {}) and not (key in defaults and value == defaults[key])
    }


def _camel(data: Mapping[str, Any]) -> dict[str, Any]:
    """Sentry lists every key of an action's data in camel case, in whichever it was written. [server]
    api.serializers.rest_framework.base.convert_dict_key_case"""
    found = {}
    for key, value in data.items():
        head, *rest = key.split("_")
        name = head + "".join(part.title() for part in rest)
        found[name] = _camel(value) if isinstance(value, Mapping) and "$ref" not in value else _text(value)
    return found


def _number(value: Any) -> Any:
    """``40`` for ``"40"``, but ``"040"`` stays what it is."""
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    return plain(value)


def _text(value: Any) -> Any:
    """An identifier as text; a reference that stands for nothing yet stays what it is."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return str(plain(value))
    return str(value).lower() if isinstance(value, bool) else plain(value)


def owner_as_written(owner: Any) -> Any:
    """``team:12``, also where it is listed as an object. [server] api.serializers.models.actor"""
    if isinstance(owner, Mapping) and "id" in owner:
        return f"{owner['type']}:{owner['id']}"
    return owner or None


def _channel(name: Any) -> Any:
    """Sentry writes a channel with its sign, whether it was given or not. [server] integrations.slack.actions.form"""
    return name.removeprefix("#") if isinstance(name, str) else name


def _sorted(items: Iterable[Any]) -> list[Any]:
    return sorted(items, key=lambda item: json.dumps(item, sort_keys=True, default=str))


_FORMS: Final[Mapping[str, Callable[[Body], dict[str, Any]]]] = {
    "detector": _detector,
    "workflow": _workflow,
    "issue_rule": _issue_rule,
    "alert_rule": _alert_rule,
}
