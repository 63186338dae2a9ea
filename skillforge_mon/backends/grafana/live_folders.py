"""Folders on a server: ``/api/folders``.

A folder of the title that the spec gives, which somebody else has made, is used as it is: it counts as ours for what is
put into it, and is never changed or deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from skillforge_mon.backends.grafana import normalise
from skillforge_mon.backends.grafana.folders import folder_uid, rule_folder
from skillforge_mon.backends.grafana.identity import uid
from skillforge_mon.backends.grafana.objects import Server, segment
from skillforge_mon.backends.grafana.ownership import uid_prefix
from skillforge_mon.documents.document import Plain
from skillforge_mon.lower.panels import dashboard_folder
from skillforge_mon.remote.api import Kind
from skillforge_mon.remote.errors import ConflictError, RefusedError
from skillforge_mon.remote.live import Live, Owner


class LiveFolders:
    """The folders at the root, where ours are."""

    kind = Kind("folder", 0, "folder")

    def __init__(self, server: Server) -> None:
        self._server = server
        project = server.project
        boards = [each for each in project.dashboards.values() if "grafana" in each.backends]
        self._titles = {uid(project, each.name): dashboard_folder(project, each) for each in boards}
        self._wanted = {title.casefold() for title in self._titles.values()}
        target = project.targets.grafana
        if target is not None and target.alerting:
            self._wanted.add(rule_folder(project, target).casefold())
        self._uids: dict[str, str] | None = None

    def of_dashboard(self, key: str) -> str | None:
        """The uid of the folder that the dashboard ``key`` belongs in, as it is on the server; "" for the root.

        None for a dashboard that the spec does not have.
        """
        title = self._titles.get(key)
        return None if title is None else self.at(title)

    def at(self, title: str) -> str:
        """The uid of the folder called ``title``: of ours, or else of another's, or else of the one to be made."""
        own = folder_uid(self._server.project, title)
        if self._uids is None:
            list(self.list())
        return (self._uids or {}).get(title.casefold(), own) if own else ""

    def list(self) -> Iterator[Live]:
        """Every folder at the root, those that we use with an owner."""
        entries = list(self._server.pages("/api/folders"))
        found = {}
        # The last one counts: ours where there is one, else always the same one of several.
        for entry in sorted(entries, key=lambda entry: (self._is_ours(entry), str(entry["uid"]))):
            found[str(entry["title"]).strip().casefold()] = str(entry["uid"])
        self._uids = found
        for entry in entries:
            yield self._live(entry, complete=False)

    def read(self, identifier: str) -> Live | None:
        """One folder."""
        body = self._server.find(f"/api/folders/{segment(identifier)}")
        return None if body is None else self._live(body)

    def create(self, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Make a folder. One of its uid that is there already was made by a request whose answer was lost."""
        try:
            return self._live(self._server.write("POST", "/api/folders", dict(body)))
        except ConflictError:
            there = self.read(str(body["uid"]))
            if there is None:
                raise
            return there

    def update(self, live: Live, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Change its title, which it only can in the case of its letters: another title is another folder."""
        change = {"title": body["title"], "version": live.body["version"], "overwrite": False}
        return self._live(self._server.write("PUT", f"/api/folders/{segment(live.id)}", change))

    def delete(self, live: Live) -> None:
        """Delete a folder of ours that is empty. Grafana would delete what is in it as well."""
        if not self._is_ours(live.body):
            return
        if self._server.get("/api/search", folderUIDs=live.id, limit=1):
            raise RefusedError(
                f"the folder {live.name} is not deleted: it holds something that monmc did not make, "
                "which Grafana would delete with it"
            )
        self._server.delete(f"/api/folders/{segment(live.id)}")

    def comparable(self, body: Mapping[str, Any], live: Live) -> tuple[Plain, Plain]:
        """Their titles; a folder of another's is what it is."""
        wanted = normalise.folder(body)
        return (normalise.folder(live.body) if self._is_ours(live.body) else wanted), wanted

    def restorable(self, live: Live) -> Plain:
        """Its uid and title."""
        return {"uid": live.id, "title": live.name}

    def _is_ours(self, entry: Mapping[str, Any]) -> bool:
        return str(entry["uid"]).startswith(uid_prefix(self._server.project))

    def _live(self, entry: Mapping[str, Any], *, complete: bool = True) -> Live:
        project = self._server.project
        identifier, title = str(entry["uid"]), str(entry["title"]).strip()
        own = folder_uid(project, title)
        used = (self._uids or {}).get(title.casefold()) == identifier
        owner = None
        if self._is_ours(entry):
            owner = Owner(project.name, project.environment, identifier)
        elif used and title.casefold() in self._wanted:
            owner = Owner(project.name, project.environment, own)
        return Live(
            "folder",
            identifier,
            title,
            entry,
            owner,
            changed_by=str(entry.get("updatedBy") or ""),
            changed_at=str(entry.get("updated") or ""),
            complete=complete,
        )
