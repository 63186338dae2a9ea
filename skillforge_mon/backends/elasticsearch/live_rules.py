"""Rules in a space of Kibana, and the connectors that they act through.

[kbn] Kibana API reference, "Alerting" (``/api/alerting``) and "Connectors" (``/api/actions/connectors``). A rule is
made under the identifier that ``ownership.identifier`` gives it, so that a second request to make it is refused (409).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from skillforge_mon.backends.elasticsearch.normalise_rules import CHANGEABLE, ENABLED, FIXED, ID, normal, sendable
from skillforge_mon.backends.elasticsearch.ownership import owner_of_tags, tags_of, without_tags_of_owner
from skillforge_mon.backends.elasticsearch.rules import RULE, rule_id
from skillforge_mon.backends.elasticsearch.server import NO_KIBANA, Servers, found, segment
from skillforge_mon.documents.document import Plain
from skillforge_mon.remote.api import Kind
from skillforge_mon.remote.errors import ConflictError, NotFoundError, RefusedError
from skillforge_mon.remote.live import Live, Owner
from skillforge_mon.remote.service import Service

PAGE: Final = 1000
"""Rules on a page of a listing."""
_PATH: Final = "/api/alerting/rule"
_SHAPE: Final = f"{_PATH}/{{}}"


class LiveRules:
    """The rules of a space."""

    kind = Kind(RULE, 10, "rule of Kibana")

    def __init__(self, servers: Servers) -> None:
        self._project = servers.project
        self._kibana = servers.kibana

    def list(self) -> Iterator[Live]:
        """Every rule that the credentials may see; none where the spec does not say where Kibana is."""
        if self._kibana is None:
            return
        number, seen = 1, 0
        while True:
            answer = self._kibana.request(
                "GET", "/api/alerting/rules/_find", params={"page": number, "per_page": PAGE}
            ).body
            yield from map(self._live, answer["data"])
            seen += len(answer["data"])
            if not answer["data"] or seen >= answer["total"]:
                return
            number += 1

    def read(self, identifier: str) -> Live | None:
        """One rule."""
        body = found(self._kibana, _path(identifier)) if self._kibana is not None else None
        return self._live(body) if body is not None else None

    def create(self, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Make a rule; one of ours that is there was made by a request whose answer was lost."""
        identifier = str(body[ID]) if ID in body or owner is None else rule_id(self._project, owner.key)
        try:
            answer = self._server.request(
                "POST", _path(identifier), body=_marked(sendable(body), owner), shape=_SHAPE
            ).body
        except ConflictError:
            there = self.read(identifier)
            if there is None or there.owner != owner or self.must_replace(body, there):
                raise
            return self.update(there, body, owner, revision)
        return self._live(answer)

    def update(self, live: Live, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Change all that is said of a rule, and whether it runs. Kibana's requests carry no version."""
        there = self.read(live.id)
        if there is None or normal(there.body) != normal(live.body):
            raise ConflictError(f"the rule {live.name} has changed since it was read")
        said = _marked(sendable(body), owner)
        sent = {name: said[name] for name in CHANGEABLE if name in said}
        answer = self._server.request("PUT", _path(live.id), body=sent, shape=_SHAPE).body
        if said.get(ENABLED, True) == answer[ENABLED]:
            return self._live(answer)
        word = "_disable" if answer[ENABLED] else "_enable"
        self._server.request("POST", f"{_path(live.id)}/{word}", repeatable=True, shape=f"{_SHAPE}/{word}")
        return self._live({**answer, ENABLED: not answer[ENABLED]})

    def delete(self, live: Live) -> None:
        """Take it away, with its alerts."""
        try:
            self._server.request("DELETE", _path(live.id), shape=_SHAPE)
        except NotFoundError:
            return

    def comparable(self, body: Mapping[str, Any], live: Live) -> tuple[Plain, Plain]:
        """Both in one form."""
        return normal(live.body), normal(body)

    def must_replace(self, body: Mapping[str, Any], live: Live) -> str:
        """Where it is of another type, or of another application of Kibana."""
        other = next((name for name in FIXED if body.get(name) != live.body.get(name)), "")
        return f"its `{other}` cannot change" if other else ""

    def restorable(self, live: Live) -> Plain:
        """What a request may say of it, and its identifier."""
        return {ID: live.id, **sendable(live.body)}

    @property
    def _server(self) -> Service:
        if self._kibana is None:
            raise RefusedError(NO_KIBANA)
        return self._kibana

    def _live(self, body: Mapping[str, Any]) -> Live:
        owner = owner_of_tags(body.get("tags") or ())
        by, at = str(body.get("updated_by") or ""), str(body.get("updated_at") or "")
        return Live(RULE, str(body[ID]), str(body["name"]), body, owner, changed_by=by, changed_at=at)


class Connectors:
    """The connectors of a space, by name; asked for once."""

    def __init__(self, servers: Servers) -> None:
        self._kibana = servers.kibana
        self._ids: dict[str, list[str]] | None = None

    def find(self, name: str) -> str | None:
        """The identifier of the one connector called ``name``; None where there is none, or several."""
        ids = self._of(name)
        return ids[0] if len(ids) == 1 else None

    def absence(self, name: str) -> str:
        """Why there is no such one."""
        if self._kibana is None:
            return NO_KIBANA
        several = len(self._of(name))
        if several:
            return f"{several} connectors are called `{name}`: give each a name of its own"
        return (
            f"make a connector `{name}` in Kibana (Stack Management, Connectors), or correct `teams.NAME.kibana`: "
            "monmc makes none, because they hold credentials"
        )

    def _of(self, name: str) -> list[str]:
        if self._ids is None:
            ids: dict[str, list[str]] = {}
            for each in self._kibana.request("GET", "/api/actions/connectors").body if self._kibana else ():
                ids.setdefault(str(each["name"]), []).append(str(each["id"]))
            self._ids = ids
        return self._ids.get(name, [])


def _path(identifier: str) -> str:
    return f"{_PATH}/{segment(identifier)}"


def _marked(sent: dict[str, Any], owner: Owner | None) -> dict[str, Any]:
    if owner is None:
        return sent
    return {**sent, "tags": [*tags_of(owner), *without_tags_of_owner(sent.get("tags") or ())]}
