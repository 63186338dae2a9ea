"""An Elasticsearch with security, and a Kibana behind it under ``/kibana``, with one space ``ops``.

Sources: [es] elastic/elasticsearch, ``MetadataIndexTemplateService``, ``IngestService``, ``TransportDeleteLifecycleAction``
and the ``toXContent`` of what they keep; [spec] elastic/elasticsearch-specification; [kbn] Kibana API reference.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from tests.fakes.elastic_rules import KibanaRules
from tests.fakes.kibana_saved import KibanaSaved
from tests.fakes.server import FakeServer, Reply, Request

KEY = "RUxBU1RJQzpzZWNyZXQtYXBpLWtleQ=="
SPACE = "/kibana/s/ops"
_OPEN = ("/kibana/api/status", f"{SPACE}/api/status")
_KEPT = {
    "component_template": {"template", "version", "deprecated", "_meta"},
    "index_template": {
        "template", "version", "deprecated", "_meta", "index_patterns", "composed_of", "priority", "data_stream",
        "ignore_missing_component_templates", "allow_auto_create",
    },
    "ingest_pipeline": {"description", "processors", "on_failure", "version", "deprecated", "_meta"},
    "ilm_policy": {"policy"},
}  # fmt: skip


class FakeElastic(FakeServer):
    """``objects`` are by kind and name; ``streams`` are the names of data streams that there are."""

    def __init__(self) -> None:
        super().__init__()
        self.rules = KibanaRules()
        self.objects: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in _KEPT}
        self.objects["kibana_rule"] = self.rules.rules
        self.saved = KibanaSaved()
        self.objects |= self.saved.objects
        self.streams: set[str] = set()
        self.missing_privileges: set[str] = set()
        self.version = "9.1.3"
        for kind, path, listed in (
            ("component_template", "/_component_template", "component_templates"),
            ("index_template", "/_index_template", "index_templates"),
            ("ingest_pipeline", "/_ingest/pipeline", ""),
            ("ilm_policy", "/_ilm/policy", ""),
        ):
            self._routes_of(kind, path, listed)
        self.route("GET", "/", lambda _request: Reply(200, {"version": {"number": self.version}}))
        self.route("POST", "/_security/user/_has_privileges", self._privileges)
        self.rules.add_routes(self, SPACE)
        self.saved.add_routes(self, SPACE)

    def _routes_of(self, kind: str, path: str, listed: str) -> None:
        def answer(names: list[str]) -> Reply:
            shown = {name: _shown(kind, self.objects[kind][name]) for name in names}
            if not listed:
                return Reply(200, shown)
            return Reply(200, {listed: [{"name": name, kind: each} for name, each in shown.items()]})

        def one(_request: Request, name: str) -> Reply:
            return answer([name]) if name in self.objects[kind] else _missing(kind, name)

        self.route("GET", path, lambda _request: answer(sorted(self.objects[kind])))
        self.route("GET", f"{path}/{{name}}", one)
        self.route("PUT", f"{path}/{{name}}", lambda request, name: self._put(kind, request, name))
        self.route("DELETE", f"{path}/{{name}}", lambda _request, name: self._delete(kind, name))

    def authorised(self, request: Request) -> Reply | None:
        """[spec] ``_types/Errors``; Kibana asks for ``kbn-xsrf`` on requests that write."""
        if request.path in _OPEN:
            return None
        if request.headers.get("authorization") != f"ApiKey {KEY}":
            return _error(401, "security_exception", "unable to authenticate with provided credentials")
        if request.path.startswith("/kibana") and request.method != "GET" and "kbn-xsrf" not in request.headers:
            return Reply(
                400, {"statusCode": 400, "error": "Bad Request", "message": "Request must contain a kbn-xsrf header."}
            )
        return None

    def _privileges(self, request: Request) -> Reply:
        found = {name: name not in self.missing_privileges for name in request.body["cluster"]}
        return Reply(200, {"username": "monmc", "has_all_requested": all(found.values()), "cluster": found})

    def _put(self, kind: str, request: Request, name: str) -> Reply:
        body = deepcopy(request.body)
        unknown = sorted(set(body) - _KEPT[kind])
        if unknown:
            return _error(400, "x_content_parse_exception", f"[1:2] [{kind}] unknown field [{unknown[0]}]")
        there = name in self.objects[kind]
        if there and request.parameter("create") == "true":
            return _error(400, "illegal_argument_exception", f"{kind.replace('_', ' ')} [{name}] already exists")
        problem = self._problem(name, body) if kind == "index_template" else ""
        if problem:
            return _error(400, "illegal_argument_exception", problem)
        self.objects[kind][name] = kept(kind, body)
        return Reply(200, {"acknowledged": True})

    def _problem(self, name: str, body: Mapping[str, Any]) -> str:
        """[es] validateTemplate, findConflictingV2Templates."""
        absent = [each for each in body.get("composed_of", ()) if each not in self.objects["component_template"]]
        if absent:
            return f"index template [{name}] specifies component templates {absent} that do not exist"
        for other, each in self.objects["index_template"].items():
            shared = set(each["index_patterns"]) & set(body["index_patterns"])
            if other != name and shared and each.get("priority", 0) == body.get("priority", 0):
                return f"index template [{name}] has index patterns {sorted(shared)} matching patterns from [{other}]"
        return ""

    def _delete(self, kind: str, name: str) -> Reply:
        if name not in self.objects[kind]:
            return _missing(kind, name)
        users = self._users(kind, name)
        if users:
            return _error(400, "illegal_argument_exception", users)
        del self.objects[kind][name]
        return Reply(200, {"acknowledged": True})

    def _users(self, kind: str, name: str) -> str:
        """Why it cannot go."""
        templates = self.objects["index_template"]
        if kind == "index_template":
            used = sorted(each for each in self.streams if each in templates[name]["index_patterns"])
            start = f"unable to remove composable templates [{name}] as they are in use by a data streams"
            return f"{start} [{', '.join(used)}]" if used else ""
        if kind == "component_template":
            used = sorted(key for key, each in templates.items() if name in each.get("composed_of", ()))
            start = f"component templates [{name}] cannot be removed as they are still in use by index templates"
            return f"{start} [{', '.join(used)}]" if used else ""
        setting = {"ingest_pipeline": "default_pipeline", "ilm_policy": "lifecycle"}[kind]
        for key, each in templates.items():
            said = each.get("template", {}).get("settings", {}).get("index", {}).get(setting)
            if key in self.streams and name in (said, said.get("name") if isinstance(said, Mapping) else None):
                if kind == "ilm_policy":
                    return f"Cannot delete policy [{name}]. It is in use by one or more indices: [.ds-{key}-000001]"
                return f"pipeline [{name}] cannot be deleted because it is the default pipeline for 1 index(es)"
        return ""


def kept(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """What the cluster state has: settings as a tree of texts, defaults filled in."""
    if kind == "ilm_policy":
        for phase in body["policy"]["phases"].values():
            phase.setdefault("min_age", "0ms")
            if "delete" in phase["actions"]:
                phase["actions"]["delete"] = {"delete_searchable_snapshot": True} | phase["actions"]["delete"]
        return body
    template = body.get("template")
    if template is not None:
        if "settings" in template:
            template["settings"] = _settings(template["settings"])
        if "lifecycle" in template:
            template["lifecycle"] = {"enabled": True} | template["lifecycle"]
            if "data_retention" in template["lifecycle"]:
                template["lifecycle"]["effective_retention"] = template["lifecycle"]["data_retention"]
                template["lifecycle"]["retention_determined_by"] = "data_stream_configuration"
    if "data_stream" in body:
        body["data_stream"] = {"hidden": False, "allow_custom_routing": False} | body["data_stream"]
    return body


def _settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def add(value: Any, steps: tuple[str, ...]) -> None:
        if isinstance(value, Mapping):
            for key, member in value.items():
                add(member, (*steps, *re.split(r"\.", key)))
            return
        place = found
        whole = steps if steps[0] == "index" else ("index", *steps)
        for step in whole[:-1]:
            place = place.setdefault(step, {})
        place[whole[-1]] = str(value).lower() if isinstance(value, bool) else str(value)

    add(settings, ())
    return found


def _shown(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """A policy is shown with its number, its date and who uses it."""
    if kind != "ilm_policy":
        return body
    used: dict[str, Any] = {"indices": [], "data_streams": [], "composable_templates": []}
    return {"version": 1, "modified_date": "2026-11-20T10:00:00.000Z", **body, "in_use_by": used}


def _missing(kind: str, name: str) -> Reply:
    if kind == "ingest_pipeline":
        return Reply(404, {})
    return _error(404, "resource_not_found_exception", f"{kind.replace('_', ' ')} matching [{name}] not found")


def _error(status: int, kind: str, reason: str) -> Reply:
    cause = {"type": kind, "reason": reason}
    return Reply(status, {"error": {"root_cause": [cause], **cause}, "status": status})
