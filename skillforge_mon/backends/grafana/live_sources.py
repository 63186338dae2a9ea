"""Data sources on a server: ``/api/datasources``. Their secrets can be written, and are never read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from skillforge_mon.backends.grafana import normalise
from skillforge_mon.backends.grafana.objects import Server, segment
from skillforge_mon.backends.grafana.ownership import SETTING, owner_of_setting, setting
from skillforge_mon.documents.document import Plain
from skillforge_mon.remote.api import Kind
from skillforge_mon.remote.errors import ConflictError, RefusedError
from skillforge_mon.remote.live import Live, Owner


class LiveSources:
    """The data sources of an organisation."""

    kind = Kind("datasource", 1, "data source")

    def __init__(self, server: Server) -> None:
        self._server = server

    def list(self) -> Iterator[Live]:
        """Every data source; the list has no pages, and neither versions nor the names of secrets."""
        for entry in self._server.get("/api/datasources"):
            yield self._live(entry, complete=False)

    def read(self, identifier: str) -> Live | None:
        """One data source."""
        body = self._server.find(f"/api/datasources/uid/{segment(identifier)}")
        return None if body is None else self._live(body)

    def create(self, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Make a data source; one of ours that is there was made by a request whose answer was lost."""
        try:
            answer = self._server.write("POST", "/api/datasources", _sent(body, owner, revision))
        except ConflictError:
            there = self.read(str(body["uid"]))
            if there is None:
                raise
            if there.owner != owner:
                raise _taken(there) from None
            return self.update(there, body, owner, revision)
        return self._live(answer["datasource"])

    def update(self, live: Live, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Make it say what ``body`` says; its secrets are written anew, since those that it has cannot be kept."""
        if live.body.get("readOnly"):
            raise _taken(live)
        sent = {**_sent(body, owner, revision), "uid": live.id, "version": live.body["version"]}
        answer = self._server.write("PUT", f"/api/datasources/uid/{segment(live.id)}", sent)
        return self._live(answer["datasource"])

    def delete(self, live: Live) -> None:
        """Take it away."""
        if live.body.get("readOnly"):
            raise _taken(live)
        self._server.delete(f"/api/datasources/uid/{segment(live.id)}")

    def comparable(self, body: Mapping[str, Any], live: Live) -> tuple[Plain, Plain]:
        """Without secrets, but for their names."""
        return normalise.data_source(live.body), normalise.data_source(body)

    def restorable(self, live: Live) -> Plain:
        """What it says. Its secrets stay on the server."""
        kept = normalise.without(live.body, normalise.SOURCE_SERVER_FIELDS)
        return {**kept, "jsonData": normalise.without(kept.get("jsonData") or {}, [SETTING])}

    def _live(self, entry: Mapping[str, Any], *, complete: bool = True) -> Live:
        identifier = str(entry["uid"])
        owner, revision = owner_of_setting(entry.get("jsonData") or {}, identifier, self._server.project)
        return Live("datasource", identifier, str(entry["name"]), entry, owner, revision, complete=complete)


def _sent(body: Mapping[str, Any], owner: Owner | None, revision: str) -> dict[str, Any]:
    if owner is None:
        return dict(body)
    return {**body, "jsonData": {**body.get("jsonData", {}), SETTING: setting(owner, revision)}}


def _taken(live: Live) -> RefusedError:
    if live.body.get("readOnly"):
        return RefusedError(
            f"the data source {live.name} comes from a file on the server, and only that file can change it: "
            "take it out of there, or leave data sources to files"
        )
    return RefusedError(f"there is a data source {live.name} with the uid {live.id} that monmc did not make")
