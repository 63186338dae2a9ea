"""What Sentry adds, defaults and rewrites: forms of bodies that are equal when two bodies say the same.

A form holds the keys of its table and no others: identifiers, dates, names of people, labels and states are the
server's. Lists without an order of their own are sorted. A number is the same as the text that says it.
Sources: [server] getsentry/sentry, the serializers and validators named at each table; [provider]
jianyuan/terraform-provider-sentry, ``internal/apiclient/api.yaml``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from skillforge_mon.backends.sentry.markers import unmarked
from skillforge_mon.backends.sentry.normalise_probes import OF_PROBES, probe_detector
from skillforge_mon.backends.sentry.values import (
    camel,
    channel_name,
    in_order,
    number,
    owner_as_written,
    plain,
    said,
    text,
)

Body = Mapping[str, Any]

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


def _detector(body: Body) -> dict[str, Any]:
    """[server] workflow_engine DetectorSerializer, incidents.metric_issue_detector"""
    if body.get("type") in OF_PROBES:
        return probe_detector(body)
    group = body.get("conditionGroup") or {}
    return {
        "type": body.get("type"),
        "name": body.get("name"),
        "description": (body.get("description") or "").strip(),
        "projectId": text(body.get("projectId")),
        "owner": owner_as_written(body.get("owner")),
        "enabled": body.get("enabled", True),
        "dataSources": [_compared_source(source) for source in body.get("dataSources") or ()],
        "config": _config(body.get("config") or {}),
        "conditionGroup": {
            "logicType": group.get("logicType"),
            "conditions": in_order(_condition(condition) for condition in group.get("conditions") or ()),
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
    found = said(config)
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
        "detectorIds": in_order(text(each) for each in body.get("detectorIds") or ()),
        "config": said(body.get("config") or {}),
        "triggers": {
            "logicType": triggers.get("logicType", "any-short"),
            "conditions": in_order(_condition(each) for each in triggers.get("conditions") or ()),
        },
        "actionFilters": in_order(
            {
                "logicType": group.get("logicType"),
                "conditions": in_order(_condition(each) for each in group.get("conditions") or ()),
                "actions": in_order(_action(each) for each in group.get("actions") or ()),
            }
            for group in body.get("actionFilters") or ()
        ),
    }


def _condition(condition: Body) -> dict[str, Any]:
    comparison = condition.get("comparison")
    return {
        "type": condition.get("type"),
        "comparison": (said(comparison, CONDITION_DEFAULTS) if isinstance(comparison, Mapping) else number(comparison)),
        "conditionResult": plain(condition.get("conditionResult")),
    }


def _action(action: Body) -> dict[str, Any]:
    config = said(action.get("config") or {})
    if action.get("type") in FILLED_BY_CHANNEL:
        config.pop("targetIdentifier", None)
    if "targetIdentifier" in config:
        config["targetIdentifier"] = text(config["targetIdentifier"])
    if "targetDisplay" in config:
        config["targetDisplay"] = channel_name(config["targetDisplay"])
    return {
        "type": action.get("type"),
        "integrationId": text(action.get("integrationId")),
        "config": config,
        "data": camel(said(action.get("data") or {})),
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
        **{key: in_order(_rule_part(part) for part in body.get(key) or ()) for key in PARTS},
    }


PARTS: Final = ("conditions", "filters", "actions")


def _rule_part(part: Body) -> dict[str, Any]:
    found = said({key: value for key, value in part.items() if key not in SERVER_KEYS_OF_RULES})
    found = {key: text(value) for key, value in found.items()}
    found = {key: value for key, value in found.items() if value != RULE_DEFAULTS.get(key)}
    if isinstance(found.get("channel"), str):
        found["channel"] = channel_name(found["channel"])
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
                "actions": in_order(_trigger_action(action) for action in trigger.get("actions") or ()),
            }
            for trigger in sorted(body.get("triggers") or (), key=lambda trigger: str(trigger.get("label")))
        ],
    }


_RULE_NUMBERS: Final = (
    "dataset", "query", "queryType", "timeWindow", "comparisonDelta", "thresholdType", "resolveThreshold",
)  # fmt: skip


def _trigger_action(action: Body) -> dict[str, Any]:
    found = {key: text(action.get(key)) for key in ("type", "targetType", "targetIdentifier", "integrationId")}
    if action.get("type") in FILLED_BY_CHANNEL:
        found["targetIdentifier"] = channel_name(found["targetIdentifier"])
    return {**found, "priority": action.get("priority") or None}


_FORMS: Final[Mapping[str, Callable[[Body], dict[str, Any]]]] = {
    "detector": _detector,
    "workflow": _workflow,
    "issue_rule": _issue_rule,
    "alert_rule": _alert_rule,
}
