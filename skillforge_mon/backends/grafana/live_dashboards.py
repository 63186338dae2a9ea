"""Dashboards on a server: ``/api/dashboards``, which takes the classic format on every version.

A dashboard keeps the uid that it was made with. When it is renamed in the spec, or adopted, its address, its stars and
its permissions stay; a tag says which of ours it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from skillforge_mon.backends.grafana import normalise
from skillforge_mon.backends.grafana.live_folders import LiveFolders
from skillforge_mon.backends.grafana.objects import Server, segment
from skillforge_mon.backends.grafana.ownership import message, owner_of_tags, revision_of, tags_of_owner, without_marks
from skillforge_mon.documents.document import Plain
from skillforge_mon.remote.api import Kind
from skillforge_mon.remote.errors import ConflictError, RefusedError, RemoteError
from skillforge_mon.remote.live import Live, Owner

VERSIONS = 20
"""How far back a save of ours is looked for: as many versions as Grafana keeps (``versions_to_keep``)."""


class LiveDashboards:
    """The dashboards of an organisation."""

    kind = Kind("dashboard", 5, "dashboard", secrets=False)

    def __init__(self, server: Server, folders: LiveFolders) -> None:
        self._server = server
        self._folders = folders

    def list(self) -> Iterator[Live]:
        """Every dashboard, as the search shows it."""
        for hit in self._server.pages("/api/search", type="dash-db"):
            identifier = str(hit["uid"])
            owner = owner_of_tags(hit.get("tags") or (), identifier, self._server.project)
            yield Live("dashboard", identifier, str(hit["title"]), hit, owner, complete=False)

    def read(self, identifier: str) -> Live | None:
        """One dashboard, and for one of ours what we last saved it as."""
        body = self._server.find(f"/api/dashboards/uid/{segment(identifier)}")
        if body is None:
            return None
        live = self._live(body["dashboard"], body["meta"])
        return live if live.owner is None else self._live(body["dashboard"], body["meta"], self._revision(live))

    def create(self, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Make a dashboard; one of ours that is there was made by a request whose answer was lost."""
        try:
            return self._save({**body, "id": None}, str(body["uid"]), owner, revision)
        except (ConflictError, RefusedError):
            there = self.read(str(body["uid"]))
            if there is None:
                raise
            if there.owner != owner:
                raise _taken(there) from None
            return self.update(there, body, owner, revision)

    def update(self, live: Live, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Save it over the version that was read, and no other."""
        if live.body["meta"].get("provisioned"):
            raise _taken(live)
        saved = live.body["dashboard"]
        sent = {**body, "id": saved.get("id"), "version": saved["version"]}
        return self._save(sent, live.id, owner, revision, _folder_of(live))

    def delete(self, live: Live) -> None:
        """Take it away."""
        if live.body.get("meta", {}).get("provisioned"):
            raise _taken(live)
        self._server.delete(f"/api/dashboards/uid/{segment(live.id)}")

    def comparable(self, body: Mapping[str, Any], live: Live) -> tuple[Plain, Plain]:
        """The whole dashboards, and the folders that they are in."""
        there = _folder_of(live)
        return normalise.dashboard(live.body["dashboard"], there), normalise.dashboard(body, self._folder(body, there))

    def restorable(self, live: Live) -> Plain:
        """The dashboard, with the folder that it is in."""
        return normalise.restorable_dashboard(live.body["dashboard"], _folder_of(live))

    def _folder(self, body: Mapping[str, Any], there: str) -> str:
        """A body that was kept on disk says its folder; a document's is in the spec.

        That of a dashboard which has left the spec, or has another name there now, is ``there``, where it is.
        """
        kept = body.get("folderUid")
        found = self._folders.of_dashboard(str(body["uid"])) if kept is None else str(kept)
        return there if found is None else found

    def _save(self, body: Mapping[str, Any], uid: str, owner: Owner | None, revision: str, there: str = "") -> Live:
        folder = self._folder(body, there)
        tags = list(body.get("tags") or ())
        if owner is not None:
            tags = [*without_marks(tags), *tags_of_owner(owner, uid)]
        dashboard = {**normalise.without(body, ["folderUid"]), "uid": uid, "tags": tags}
        # Without `folderUid` a dashboard that exists would move to the root.
        sent = {"dashboard": dashboard, "folderUid": folder, "message": message(revision), "overwrite": False}
        answer = self._server.write("POST", "/api/dashboards/db", sent)
        saved = {**dashboard, "id": answer["id"], "uid": answer["uid"], "version": answer["version"]}
        return self._live(saved, {"folderUid": folder, "version": answer["version"]}, revision)

    def _revision(self, live: Live) -> str:
        """The revision of our last save.

        The list of versions shows "Initial save" for the first one whatever was said (``GetDashboardVersions`` in
        ``pkg/api/dashboard.go``), so that the newest is asked for by itself; where somebody has saved since, the list
        is read. Where it cannot be read, nobody knows.
        """
        path = f"/api/dashboards/uid/{segment(live.id)}/versions"
        try:
            newest = self._server.get(f"{path}/{live.body['dashboard']['version']}")
            found = revision_of(str(newest.get("message") or ""))
            if found:
                return found
            answer = self._server.get(path, limit=VERSIONS)
        except RemoteError:
            return ""
        versions = answer["versions"] if isinstance(answer, Mapping) else answer
        return next((own for each in versions if (own := revision_of(str(each.get("message") or "")))), "")

    def _live(self, dashboard: Mapping[str, Any], meta: Mapping[str, Any], revision: str = "") -> Live:
        identifier = str(dashboard["uid"])
        return Live(
            "dashboard",
            identifier,
            str(dashboard["title"]),
            {"dashboard": dashboard, "meta": meta},
            owner_of_tags(dashboard.get("tags") or (), identifier, self._server.project),
            revision,
            str(meta.get("updatedBy") or ""),
            str(meta.get("updated") or ""),
        )


def _folder_of(live: Live) -> str:
    return str(live.body["meta"].get("folderUid") or "")


def _taken(live: Live) -> RefusedError:
    """Why a dashboard that exists cannot be made or changed."""
    meta = live.body["meta"]
    if meta.get("provisioned"):
        file = meta.get("provisionedExternalId")
        return RefusedError(
            f"the dashboard {live.name} comes from a file on the server{f' ({file})' if file else ''}, and only that "
            "file can change it: take it out of the server's folder, or leave dashboards to files"
        )
    return RefusedError(
        f"there is a dashboard {live.name} with the uid {live.id} that is not this project's; to take it over, write "
        f'`adopt: {{grafana: "{live.id}"}}` in the spec'
    )
