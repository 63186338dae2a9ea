"""How Sentry lists what it was sent: identifiers, dates, labels, defaults, and what it writes otherwise.

Sources: [server] getsentry/sentry, the files named at each rule.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any, Protocol

KINDS = ("detector", "workflow", "issue_rule", "alert_rule")


class Numbers(Protocol):
    """Where identifiers and dates come from."""

    teams: dict[str, str]

    def number(self) -> str: ...

    def date(self) -> str: ...


@dataclass(slots=True)
class Listed:
    """One object. ``only_read`` are the keys that a listing leaves out; ``changed`` is the key of the last change, if any."""

    body: dict[str, Any]
    changed: str = "dateUpdated"
    only_read: tuple[str, ...] = ()

    def listed(self, unlisted: set[str]) -> dict[str, Any]:
        return {key: value for key, value in self.body.items() if key not in {*self.only_read, *unlisted}}

    def read(self, unlisted: set[str]) -> dict[str, Any]:
        return {key: value for key, value in self.body.items() if key not in unlisted}


def answered(server: Numbers, kind: str, number: str, body: Any, project: str, before: Listed | None) -> Listed:
    """What becomes of ``body`` under the identifier ``number``."""
    sent = copy.deepcopy(body)
    created = before.body["dateCreated"] if before is not None else server.date()
    dates = {"dateCreated": created, "dateUpdated": server.date()}
    match kind:
        case "detector":
            return Listed(_detector(server, number, sent, before, project) | dates)
        case "workflow":
            return Listed(_workflow(server, number, sent) | dates)
        case "issue_rule":
            return Listed(_issue_rule(server, number, sent, project, created), changed="")
    return Listed(
        _alert_rule(server, number, sent) | {"dateCreated": created, "dateModified": dates["dateUpdated"]},
        "dateModified",
        ("eventTypes",),
    )


def _detector(server: Numbers, number: str, sent: Any, before: Listed | None, project: str) -> dict[str, Any]:
    """[server] workflow_engine.endpoints.serializers.detector_serializer, snuba.models"""
    if sent["type"] != "metric_issue":
        return _probe_detector(server, number, sent, before, project)
    query = sent["dataSources"][0]
    conditions = sent["conditionGroup"]["conditions"]
    return {
        "id": number,
        # [server] validators.base.detector: an update does not move it
        "projectId": before.body["projectId"] if before is not None else project,
        "name": sent["name"],
        "description": sent.get("description"),
        "type": sent["type"],
        "workflowIds": [],
        "owner": _actor(server, sent.get("owner")),
        "createdBy": "12345",
        "dataSources": [
            {
                "id": server.number(),
                "organizationId": "1",
                "type": "snuba_query_subscription",
                "sourceId": server.number(),
                "queryObj": {
                    "id": server.number(),
                    "status": 1,
                    "subscription": None,
                    "snubaQuery": {
                        "id": server.number(),
                        "dataset": query["dataset"],
                        "query": query["query"],
                        # [server] incidents.logic.translate_aggregate_field
                        "aggregate": query["aggregate"].replace("(user)", "(tags[sentry:user])"),
                        "timeWindow": query["timeWindow"],
                        "environment": query["environment"],
                        "eventTypes": sorted(query["eventTypes"], reverse=True),
                        "extrapolationMode": "unknown",
                    },
                },
            }
        ],
        "conditionGroup": {
            "id": server.number(),
            "organizationId": "1",
            "logicType": "any",
            # [server] metric_issue_detector: every number becomes a float
            "conditions": [
                {"id": server.number(), **each, "comparison": float(each["comparison"])}
                for each in reversed(conditions)
            ],
            "actions": [],
        },
        "config": sent.get("config", {}),
        "enabled": sent.get("enabled", True),
        "alertRuleId": None,
        "ruleId": None,
        "latestGroup": None,
        "openIssues": 0,
    }


def _probe_detector(server: Numbers, number: str, sent: Any, before: Listed | None, project: str) -> dict[str, Any]:
    """[server] uptime.endpoints.serializers, monitors.serializers: headers come back in another order."""
    (source,) = sent["dataSources"]
    if sent["type"] == "uptime_domain_failure":
        kind, query = "uptime_subscription", {"body": None, "headers": [], "method": "GET", "assertion": None, **source}
        query["headers"] = list(reversed(query["headers"]))
    else:
        kind = "cron_monitor"
        query = {
            "id": server.number(), "name": source["name"], "slug": source["slug"], "status": "active", "isMuted": False,
            "isUpserting": False, "environments": [], "project": {"id": project}, "owner": None,
            "config": {**source["config"], "alert_rule_id": None},
        }  # fmt: skip
    return {
        "id": number,
        "projectId": before.body["projectId"] if before is not None else project,
        "name": sent["name"],
        "description": sent.get("description"),
        "type": sent["type"],
        "workflowIds": [],
        "owner": _actor(server, sent.get("owner")),
        "createdBy": "12345",
        "dataSources": [
            {"id": server.number(), "organizationId": "1", "type": kind, "sourceId": server.number(), "queryObj": query}
        ],
        "conditionGroup": {
            "id": server.number(),
            "organizationId": "1",
            "logicType": "any",
            "conditions": [{"id": server.number(), "type": "eq", "comparison": "failure", "conditionResult": 75}],
            "actions": [],
        },
        "config": sent.get("config", {}),
        "enabled": sent.get("enabled", True),
        "alertRuleId": None,
        "ruleId": None,
        "latestGroup": None,
        "openIssues": 0,
    }


def _actor(server: Numbers, owner: str | None) -> dict[str, Any] | None:
    """[server] api.serializers.models.actor"""
    if owner is None:
        return None
    kind, _, number = owner.partition(":")
    name = next(slug for slug, each in server.teams.items() if each == number)
    return {"type": kind, "id": number, "name": name}


def _workflow(server: Numbers, number: str, sent: Any) -> dict[str, Any]:
    """[server] workflow_engine.endpoints.serializers: workflow, data_condition_group, data_condition, action"""
    return {
        "id": number,
        "name": sent["name"],
        "organizationId": "1",
        "createdBy": "12345",
        "triggers": _group(server, sent["triggers"]),
        "actionFilters": [_group(server, group) for group in reversed(sent["actionFilters"])],
        "environment": sent.get("environment"),
        "config": sent["config"],
        "detectorIds": [str(each) for each in sent["detectorIds"]],
        "enabled": sent["enabled"],
        "owner": sent.get("owner"),
        "lastTriggered": None,
    }


def _group(server: Numbers, group: Any) -> dict[str, Any]:
    return {
        "id": server.number(),
        "organizationId": "1",
        "logicType": group["logicType"],
        "conditions": [_condition(server, each) for each in reversed(group["conditions"])],
        "actions": [_action(server, each) for each in reversed(group.get("actions", ()))],
    }


def _condition(server: Numbers, condition: Any) -> dict[str, Any]:
    comparison = condition["comparison"]
    if condition["type"] == "issue_category":
        comparison = {"include": True, **comparison}
    if condition["type"].endswith("frequency_count"):
        comparison = {"filters": [], **comparison}
    return {"id": server.number(), **condition, "comparison": comparison}


def _action(server: Numbers, action: Any) -> dict[str, Any]:
    """[server] action_validation: a channel is looked up, and written with its sign."""
    config = {"targetIdentifier": None, "targetDisplay": None, **action["config"]}
    if action["type"] in {"slack", "msteams"}:
        display = config["targetDisplay"]
        config["targetDisplay"] = display if display[0] in "#@" or action["type"] == "msteams" else f"#{display}"
        config["targetIdentifier"] = f"C{server.number()}"
    integration = action.get("integrationId")
    return {
        "id": server.number(),
        "type": action["type"],
        "integrationId": str(integration) if integration is not None else None,
        "data": action["data"],
        "config": config,
        "status": "active",
    }


def _issue_rule(server: Numbers, number: str, sent: Any, project: str, created: str) -> dict[str, Any]:
    """[server] api.serializers.models.rule: a label with each part, an identifier with each action."""

    def parts(key: str) -> list[Any]:
        return [{**each, "name": f"what {each['id']} does"} for each in sent.get(key, ())]

    actions = [{**each, "uuid": f"uuid-{server.number()}"} for each in parts("actions")]
    for action in actions:
        if "channel" in action:
            action["channel_id"] = f"C{server.number()}"
        if "account" in action:
            action["account"] = int(action["account"])
    return {
        "id": number,
        "conditions": parts("conditions"),
        "filters": parts("filters"),
        "actions": actions,
        "actionMatch": sent["actionMatch"],
        "filterMatch": sent.get("filterMatch", "all"),
        "frequency": sent["frequency"],
        "name": sent["name"],
        "dateCreated": created,
        "owner": sent.get("owner"),
        "createdBy": {"id": 12345, "name": "Ann", "email": "ann@example.com"},
        "environment": sent.get("environment"),
        "projects": [project],
        "status": "active",
        "snooze": False,
    }


def _alert_rule(server: Numbers, number: str, sent: Any) -> dict[str, Any]:
    """[server] incidents.endpoints.serializers.alert_rule: times are floats; types of events only in a single one."""
    delta = sent.get("comparisonDelta")
    return {
        "id": number,
        "name": sent["name"],
        "organizationId": "1",
        "status": 0,
        "queryType": sent.get("queryType", 0),
        "dataset": sent.get("dataset", "events"),
        "query": sent["query"],
        "aggregate": sent["aggregate"],
        "thresholdType": sent["thresholdType"],
        "resolveThreshold": float(sent["resolveThreshold"]),
        "timeWindow": float(sent["timeWindow"]),
        "environment": sent.get("environment"),
        "resolution": 1.0,
        "thresholdPeriod": 1,
        "triggers": [
            {
                "id": server.number(),
                "alertRuleId": number,
                "label": trigger["label"],
                "thresholdType": sent["thresholdType"],
                "alertThreshold": float(trigger["alertThreshold"]),
                "resolveThreshold": sent["resolveThreshold"],
                "dateCreated": server.date(),
                "actions": [_trigger_action(server, each) for each in trigger["actions"]],
            }
            for trigger in sorted(sent["triggers"], key=lambda trigger: str(trigger["label"]))
        ],
        "projects": sent["projects"],
        "owner": sent.get("owner"),
        "originalAlertRuleId": None,
        "comparisonDelta": float(delta) if delta else None,
        "createdBy": {"id": 12345, "name": "Ann", "email": "ann@example.com"},
        "description": sent.get("description", ""),
        "sensitivity": None,
        "seasonality": None,
        "detectionType": "percent" if delta else "static",
        "eventTypes": sorted(sent.get("eventTypes", ())),
        "snooze": False,
    }


def _trigger_action(server: Numbers, action: Any) -> dict[str, Any]:
    """[server] incidents.endpoints.serializers.alert_rule_trigger_action: a row of PagerDuty's as a number."""
    target = action["targetIdentifier"]
    return {
        "id": server.number(),
        "alertRuleTriggerId": server.number(),
        "type": action["type"],
        "targetType": action["targetType"],
        "targetIdentifier": int(target) if action["type"] == "pagerduty" else target,
        "inputChannelId": f"C{server.number()}" if action["type"] == "slack" else None,
        "integrationId": int(action["integrationId"]) if "integrationId" in action else None,
        "sentryAppId": None,
        "dateCreated": server.date(),
        "desc": "Tell somebody",
        "priority": action.get("priority"),
    }
