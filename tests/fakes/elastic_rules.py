"""Kibana's rules and connectors, with what it adds to a rule.

[kbn] Kibana API reference, "Alerting", "Connectors"; [src] elastic/kibana, ``x-pack/platform/plugins/shared/alerting/server/
routes/rule/apis``: unknown keys of a request are refused, and an update has no ``enabled``, ``consumer`` and type.
"""

from __future__ import annotations

import uuid
from copy import deepcopy
from typing import Any

from tests.fakes.server import FakeServer, Reply, Request

NOW = "2026-11-20T10:00:00.000Z"
_BOTH = {"name", "tags", "schedule", "throttle", "params", "actions", "notify_when", "alert_delay", "flapping"}
_ONCE = {"rule_type_id", "consumer", "enabled"}
_ACTION = {"group", "id", "params", "uuid", "frequency", "alerts_filter", "use_alert_data_for_template"}


class KibanaRules:
    """``rules`` are by identifier, ``connectors`` are what the space has."""

    def __init__(self) -> None:
        self.rules: dict[str, dict[str, Any]] = {}
        self.connectors = [
            {"id": "c-slack", "name": "Shop Slack", "connector_type_id": ".slack", "is_preconfigured": False},
            {"id": "c-pager", "name": "Pager", "connector_type_id": ".pagerduty", "is_preconfigured": False},
        ]
        self.login = "monmc"
        self.sound = True

    def add_routes(self, server: FakeServer, space: str) -> None:
        """Answer below ``space``."""
        rule = f"{space}/api/alerting/rule/{{key}}"
        server.route("GET", f"{space}/api/alerting/rules/_find", self._find)
        server.route("GET", rule, self._read)
        server.route("POST", rule, self._create)
        server.route("PUT", rule, self._update)
        server.route("DELETE", rule, self._delete)
        server.route("POST", f"{rule}/_enable", lambda _request, key: self._enabled(key, on=True))
        server.route("POST", f"{rule}/_disable", lambda _request, key: self._enabled(key, on=False))
        server.route("GET", f"{space}/api/actions/connectors", lambda _request: Reply(200, self.connectors))
        status = {"version": {"number": "9.1.3"}, "status": {"overall": {"level": "available"}}}
        server.route("GET", f"{space}/api/status", lambda _request: Reply(200, status))
        server.route("GET", f"{space}/api/alerting/_health", self._health)

    def _health(self, _request: Request) -> Reply:
        return Reply(200, {"is_sufficiently_secure": True, "has_permanent_encryption_key": self.sound})

    def _find(self, request: Request) -> Reply:
        size, page = int(request.parameter("per_page", "10")), int(request.parameter("page", "1"))
        found = list(self.rules.values())[(page - 1) * size : page * size]
        return Reply(200, {"page": page, "per_page": size, "total": len(self.rules), "data": found})

    def _read(self, _request: Request, key: str) -> Reply:
        return Reply(200, self.rules[key]) if key in self.rules else _missing(key)

    def _create(self, request: Request, key: str) -> Reply:
        problem = self._problem(request.body, _BOTH | _ONCE)
        if problem is not None:
            return problem
        if key in self.rules:
            return _refused(409, f"Saved object [alert/{key}] conflict")
        once = {name: request.body.get(name, True) for name in _ONCE}
        self.rules[key] = {"id": key, **once, "created_by": self.login, "created_at": NOW, "mute_all": False,
            "muted_alert_ids": [], "revision": -1, "running": False,
            "execution_status": {"status": "pending", "last_execution_date": NOW}}  # fmt: skip
        return self._written(key, request.body)

    def _update(self, request: Request, key: str) -> Reply:
        problem = self._problem(request.body, _BOTH)
        if problem is not None:
            return problem
        return self._written(key, request.body) if key in self.rules else _missing(key)

    def _written(self, key: str, body: dict[str, Any]) -> Reply:
        """What a request does not say is as by default."""
        types = {each["id"]: each["connector_type_id"] for each in self.connectors}
        found = self.rules[key]
        actions = [
            {
                "uuid": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{key}{number}")),
                "connector_type_id": types[each["id"]],
                **each,
            }
            for number, each in enumerate(deepcopy(body["actions"]))
        ]
        params = {"aggType": "count", "groupBy": "all", "searchType": "esQuery", **deepcopy(body["params"])}
        said: dict[str, Any] = {
            "throttle": None,
            "notify_when": None,
            "flapping": None,
            "alert_delay": {"active": 1},
            "tags": [],
        }
        found |= {**said, **deepcopy(body), "actions": actions, "params": params, "updated_by": self.login,
            "updated_at": NOW, "revision": found["revision"] + 1}  # fmt: skip
        return Reply(200, found)

    def _problem(self, body: dict[str, Any], known: set[str]) -> Reply | None:
        unknown = sorted(set(body) - known)
        unknown += sorted(f"actions.{name}" for each in body["actions"] for name in set(each) - _ACTION)
        if unknown:
            return _refused(400, f"[request body.{unknown[0]}]: definition for this key is missing")
        absent = [each["id"] for each in body["actions"] if each["id"] not in {own["id"] for own in self.connectors}]
        return _refused(400, f"Saved object [action/{absent[0]}] not found") if absent else None

    def _enabled(self, key: str, *, on: bool) -> Reply:
        if key not in self.rules:
            return _missing(key)
        self.rules[key]["enabled"] = on
        return Reply(204)

    def _delete(self, _request: Request, key: str) -> Reply:
        if key not in self.rules:
            return _missing(key)
        del self.rules[key]
        return Reply(204)


def _missing(key: str) -> Reply:
    return _refused(404, f"Saved object [alert/{key}] not found")


def _refused(status: int, message: str) -> Reply:
    words = {400: "Bad Request", 404: "Not Found", 409: "Conflict"}
    return Reply(status, {"statusCode": status, "error": words[status], "message": message})
