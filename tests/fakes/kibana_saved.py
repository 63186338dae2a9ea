"""Kibana's saved objects: import, export and deletion in one space.

[src] elastic/kibana, ``src/core/packages/saved-objects/server-internal/src/routes/{import,export,delete}.ts`` and
``import-export-server-internal/src/import/lib``: references to data views and searches must lead somewhere, those to
anything else need not. An object is brought up to the forms of this version when it is imported.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.fakes.server import FakeServer, Reply, Request

NOW = "2026-11-20T10:00:00.000Z"
TYPES = ("tag", "index-pattern", "search", "lens", "dashboard")
_CHECKED = ("index-pattern", "search")
_BOUNDARY = "boundary="


class KibanaSaved:
    """``objects`` are by type and identifier; ``elsewhere`` are identifiers that another space has."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in TYPES}
        self.elsewhere: set[str] = set()

    def add_routes(self, server: FakeServer, space: str) -> None:
        """Answer below ``space``."""
        server.route("POST", f"{space}/api/saved_objects/_export", self._export)
        server.route("POST", f"{space}/api/saved_objects/_import", self._import)
        server.route("DELETE", f"{space}/api/saved_objects/{{kind}}/{{key}}", self._delete)

    def _export(self, request: Request) -> Reply:
        wanted = request.body["hasReference"]
        found = [
            {**each, "updated_at": NOW, "version": "WzEsMV0=", "managed": False}
            for kind in request.body["type"]
            for each in self.objects[kind].values()
            if any((own["type"], own["id"]) == (wanted["type"], wanted["id"]) for own in each["references"])
        ]
        assert request.body["excludeExportDetails"] is True
        lines = "\n".join(json.dumps(each, sort_keys=True) for each in found)
        return Reply(200, lines, {"Content-Type": "application/ndjson"})

    def _import(self, request: Request) -> Reply:
        sent = _file(request)
        overwrite = request.parameter("overwrite") == "true"
        errors: list[dict[str, Any]] = []
        results = []
        for each in sent:
            problem = self._problem(each, overwrite=overwrite)
            if problem is not None:
                errors.append({"id": each["id"], "type": each["type"], "meta": {}, "error": problem})
                continue
            key = each["id"]
            result = {"id": key, "type": each["type"], "meta": {}}
            if key in self.elsewhere:
                key = result["destinationId"] = "0b4f24a1-5d0c-4c8c-9d5f-000000000001"
            self.objects[each["type"]][key] = _migrated({**each, "id": key})
            results.append(result)
        answer = {"success": not errors, "successCount": len(results), "successResults": results, "warnings": []}
        return Reply(200, answer | ({"errors": errors} if errors else {}))

    def _problem(self, sent: Mapping[str, Any], *, overwrite: bool) -> dict[str, Any] | None:
        if sent["type"] not in TYPES:
            return {"type": "unsupported_type"}
        missing = [each for each in sent["references"] if each["type"] in _CHECKED
            and each["id"] not in self.objects[each["type"]]]  # fmt: skip
        if missing:
            return {"type": "missing_references", "references": missing}
        if sent["id"] in self.objects[sent["type"]] and not overwrite:
            return {"type": "conflict"}
        return None

    def _delete(self, _request: Request, kind: str, key: str) -> Reply:
        if key not in self.objects.get(kind, {}):
            message = f"Saved object [{kind}/{key}] not found"
            return Reply(404, {"statusCode": 404, "error": "Not Found", "message": message})
        del self.objects[kind][key]
        return Reply(200, {})


def _file(request: Request) -> list[dict[str, Any]]:
    """The lines of the one file of a form (RFC 7578)."""
    form = request.headers["content-type"]
    assert form.startswith("multipart/form-data; ")
    first, rest = request.body.split("\r\n", 1)
    boundary = f"--{form.partition(_BOUNDARY)[2]}"
    assert first == boundary
    head, _, content = rest.partition("\r\n\r\n")
    assert 'name="file"; filename="' in head
    assert '.ndjson"' in head
    text, end = content.split(f"\r\n{boundary}")
    assert end == "--\r\n"
    return [json.loads(line) for line in text.split("\n") if line]


def _migrated(body: dict[str, Any]) -> dict[str, Any]:
    """As a later version keeps it: with fields that nobody sent, and texts of JSON written otherwise."""
    attributes = dict(body["attributes"])
    if body["type"] == "lens":
        attributes["version"] = 2
    if body["type"] == "dashboard":
        panels = [{"embeddableConfig": {}, **each, "title": ""} for each in json.loads(attributes["panelsJSON"])]
        attributes["panelsJSON"] = json.dumps(panels)
    if body["type"] == "index-pattern":
        attributes["fieldAttrs"] = '{"level":{"count":3}}'
        attributes["runtimeFieldMap"] = json.dumps(json.loads(attributes["runtimeFieldMap"]))
    return {**body, "attributes": attributes, "coreMigrationVersion": "8.8.0", "typeMigrationVersion": "10.3.0"}
