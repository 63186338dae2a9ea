"""What Sentry refuses: bodies of another shape, and names of what the organisation does not have.

Sources: [server] getsentry/sentry, the files named at each rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

import jsonschema

from tests.fakes.sentry_rule_shapes import ALERT_RULE, ISSUE_RULE
from tests.fakes.sentry_shapes import DETECTORS, WORKFLOW

TABLES = {"pagerduty": ("service_table", "service"), "opsgenie": ("team_table", "team")}
"""Integration -> where its rows are in ``configData``, and the key of a row's name."""

SHAPES = {**DETECTORS, "workflow": WORKFLOW, "issue_rule": ISSUE_RULE, "alert_rule": ALERT_RULE}


@cache
def _validator(kind: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(SHAPES[kind])


def problems(kind: str, body: Any) -> dict[str, list[str]]:
    """What is wrong with ``body``, by its top key, as Sentry words it: ``{"config": ["…"]}``."""
    found: dict[str, list[str]] = {}
    shape = kind
    if kind == "detector":
        shape = str(body.get("type"))
        if shape not in DETECTORS:
            return {"type": [f"Unknown detector type '{shape}'. Must be one of: {sorted(DETECTORS)}"]}
    for error in _validator(shape).iter_errors(body):
        found.setdefault(str(next(iter(error.path), "nonFieldErrors")), []).append(error.message)
    return found


class Organisation(Protocol):
    """What there is to name."""

    teams: dict[str, str]
    integrations: dict[str, dict[str, Any]]
    tables: dict[str, dict[str, str]]
    system_detectors: dict[str, dict[str, Any]]
    channels_unknown: set[str]

    @property
    def objects(self) -> Mapping[str, Mapping[str, Any]]: ...


def refusals(server: Organisation, kind: str, body: Any) -> dict[str, list[str]]:
    """What only the organisation's own objects can tell."""
    if kind == "detector" and body["type"] != "metric_issue":
        return _wrong_probe(server, body) or _wrong_targets(server, body)
    if kind == "detector" and not any(each["conditionResult"] == 0 for each in body["conditionGroup"]["conditions"]):
        return {"conditionGroup": ["Resolution condition required for metric issue detector."]}
    if kind == "alert_rule":
        # [server] incidents.serializers.alert_rule: labels by place
        for place, (trigger, label) in enumerate(zip(body["triggers"], ("critical", "warning"), strict=False)):
            if trigger["label"] != label:
                return {"nonFieldErrors": [f'Trigger {place + 1} must be labeled "{label}"']}
    if kind == "workflow":
        known = {*server.objects["detector"], *server.system_detectors}
        if not {str(each) for each in body["detectorIds"]} <= known:
            return {"detectorIds": ["Some detectors do not exist"]}
    return _wrong_targets(server, body)


def _wrong_probe(server: Organisation, body: Any) -> dict[str, list[str]]:
    """[server] uptime.endpoints.validators: the size of a request; monitors.validators: slugs are unique."""
    (source,) = body["dataSources"]
    if body["type"] == "uptime_domain_failure":
        size = len(source["url"]) + len(source.get("body") or "") + sum(map(len, map("".join, source["headers"])))
        return {"dataSources": ["Request is too large, max size is 1000 bytes"]} if size > 1000 else {}
    others = [
        each.body["dataSources"][0]["queryObj"]
        for each in server.objects["detector"].values()
        if each.body["type"] == body["type"] and each.body["name"] != body["name"]
    ]
    taken = any(each["slug"] == source.get("slug") for each in others)
    return {"dataSources": [f'The slug "{source["slug"]}" is already in use.']} if taken else {}


def _wrong_targets(server: Organisation, body: Any) -> dict[str, list[str]]:
    """[server] notifications.notification_action.action_validation"""
    owner = str(body.get("owner") or "").removeprefix("team:")
    if owner and owner not in server.teams.values():
        return {"owner": ["Team does not exist"]}
    for each in _members(body):
        integration = each.get("integrationId") or each.get("workspace") or each.get("account")
        if integration is not None and str(integration) not in server.integrations:
            return {"actions": [f"integration {integration} is not installed"]}
        own = each.get("config")
        config: dict[str, Any] = own if isinstance(own, dict) else each
        channel = str(config.get("targetDisplay", each.get("channel", ""))).removeprefix("#")
        if channel in server.channels_unknown:
            return {"actions": [f'Slack: The resource "{channel}" does not exist or has not been granted access']}
        if each.get("type") in TABLES and "data" in each:
            rows = {*server.tables[str(integration)].values()}
            if config["targetIdentifier"] not in rows:
                return {"actions": ["this row is not in the table of the integration"]}
    return {}


def _members(value: Any) -> list[dict[str, Any]]:
    """Every object in ``value``, at every depth."""
    if isinstance(value, dict):
        return [value, *(found for member in value.values() for found in _members(member))]
    return [found for member in value for found in _members(member)] if isinstance(value, list) else []
