"""Saved objects in a space of Kibana: exported to be read, imported to be written.

[kbn] Kibana API reference, "Export saved objects", "Import saved objects" (an export may be imported into the same
version or a later one), "Delete a saved object": the last one is to go in a later version, and has no successor that
deletes every type.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from skillforge_mon.backends.elasticsearch.kibana import kibana_document
from skillforge_mon.backends.elasticsearch.saved_objects import KINDS, is_ours, made_of, tag_id
from skillforge_mon.backends.elasticsearch.server import NO_KIBANA, Servers, segment
from skillforge_mon.documents.document import Plain
from skillforge_mon.remote.errors import ConflictError, NotFoundError, RefusedError
from skillforge_mon.remote.live import Live, Owner
from skillforge_mon.remote.service import Service

_BOUNDARY: Final = "monmc-saved-object"
_FORM: Final = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
_SAID: Final = ("type", "id", "attributes", "references", "coreMigrationVersion", "typeMigrationVersion")
"""What of an exported object is imported again. The rest (``updated_at``, ``version``, ``managed``) is Kibana's own."""
_OF_VIEWS: Final = ("title", "name", "timeFieldName", "runtimeFieldMap")
"""What of a data view is said. Kibana keeps what it learns of fields beside (``fieldAttrs``: how often one is used)."""


class LiveSaved:
    """The objects of one type that bear our tag: no others are asked for."""

    def __init__(self, kind: str, servers: Servers) -> None:
        self.kind = KINDS[kind]
        self._type = kind
        self._servers = servers
        self._tag = tag_id(servers.project)
        self._keys: dict[str, str] | None = None

    def list(self) -> Iterator[Live]:
        """Every one that bears our tag; none where the spec does not say where Kibana is."""
        if self._servers.kibana is None:
            return
        body = {
            "type": [self._type],
            "hasReference": {"type": "tag", "id": self._tag},
            "excludeExportDetails": True,
        }
        answer = self._server.request("POST", "/api/saved_objects/_export", body=body, repeatable=True).body
        yield from map(self._live, answer or ())

    def read(self, identifier: str) -> Live | None:
        """The one of that identifier, where it bears our tag."""
        return next((live for live in self.list() if live.id == identifier), None)

    def create(self, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Import it where nothing is; its tag is in ``body``."""
        try:
            return self._import(body, overwrite=False)
        except ConflictError:
            there = self.read(str(body["id"]))
            if there is None:
                raise
            return self.update(there, body, owner, revision)

    def update(self, live: Live, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Import it over what was read, and no other."""
        there = self.read(live.id)
        if there is None or self.restorable(there) != self.restorable(live):
            raise ConflictError(f"the {self.kind.title} {live.name} has changed since it was read")
        return self._import(body, overwrite=True)

    def delete(self, live: Live) -> None:
        """Take it away."""
        path = f"/api/saved_objects/{self._type}/{segment(live.id)}"
        try:
            self._server.request("DELETE", path, shape=f"/api/saved_objects/{self._type}/{{}}")
        except NotFoundError:
            return

    def comparable(self, body: Mapping[str, Any], live: Live) -> tuple[Plain, Plain]:
        """Titles, what is referred to, and what both were made of; of a data view all that it says."""
        return self._normal(live.body), self._normal(body)

    def must_replace(self, body: Mapping[str, Any], live: Live) -> str:
        """Never."""
        return ""

    def restorable(self, live: Live) -> Plain:
        """What is imported again."""
        return {name: live.body[name] for name in _SAID if name in live.body}

    def _normal(self, body: Mapping[str, Any]) -> Plain:
        attributes, references = body["attributes"], body["references"]
        found: dict[str, Any] = {
            "title": attributes.get("title") or attributes.get("name"),
            "description": attributes.get("description") or "",
            "refers_to": sorted({f"{each['type']} {each['id']}" for each in references}),
            "made_of": made_of(references) or "what was saved in Kibana",
        }
        if self._type == "index-pattern":
            found |= {name: attributes.get(name) for name in _OF_VIEWS}
            found["runtimeFieldMap"] = json.loads(attributes.get("runtimeFieldMap") or "{}")
        return found

    @property
    def _server(self) -> Service:
        if self._servers.kibana is None:
            raise RefusedError(NO_KIBANA)
        return self._servers.kibana

    def _import(self, body: Mapping[str, Any], *, overwrite: bool) -> Live:
        """[kbn] "Import saved objects": 200 also where nothing was imported, with the reasons in ``errors``."""
        sent = {name: body[name] for name in _SAID if name in body}
        answer = self._server.request(
            "POST",
            "/api/saved_objects/_import",
            content=_form(sent),
            headers=_FORM,
            params={"overwrite": "true" if overwrite else "false"},
            repeatable=overwrite,
        ).body
        if not answer["success"]:
            reasons = [str(each["error"]["type"]) for each in answer["errors"]]
            if "conflict" in reasons:
                raise ConflictError(
                    f"there is a {self.kind.title} {body['id']} that does not bear our tag: delete it, or give it back"
                )
            raise RefusedError(f"Kibana did not import the {self.kind.title} {body['id']}: {', '.join(reasons)}")
        other = next((each.get("destinationId") for each in answer.get("successResults", ())), None)
        if other is not None and other != body["id"]:
            raise RefusedError(
                f"the {self.kind.title} {body['id']} lives in another space, and Kibana made a copy, {other}: "
                "delete both, or write the other `space`"
            )
        return self._live(sent)

    def _live(self, body: Mapping[str, Any]) -> Live:
        identifier = str(body["id"])
        project = self._servers.project
        owner = None
        if is_ours(body, self._tag):
            owner = Owner(project.name, project.environment, self._key(identifier))
        name = str(body["attributes"].get("title") or body["attributes"].get("name"))
        by, at = str(body.get("updated_by") or ""), str(body.get("updated_at") or "")
        return Live(self.kind.name, identifier, name, body, owner, changed_by=by, changed_at=at)

    def _key(self, identifier: str) -> str:
        """The key of the object that the spec makes under that identifier; the identifier, where it makes none."""
        if self._keys is None:
            parts = [part for document in kibana_document(self._servers.project) for part in document.parts]
            self._keys = {_id(part.content): part.resource.key for part in parts}
        return self._keys.get(identifier, identifier)


def _id(content: Plain) -> str:
    return str(content["id"]) if isinstance(content, Mapping) else ""


def _form(body: Mapping[str, Any]) -> str:
    """One file of one line. JSON has no line breaks in its texts, so that none of them is the boundary."""
    line = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return (
        f"--{_BOUNDARY}\r\n"
        'Content-Disposition: form-data; name="file"; filename="monmc.ndjson"\r\n'
        "Content-Type: application/ndjson\r\n\r\n"
        f"{line}\r\n--{_BOUNDARY}--\r\n"
    )
