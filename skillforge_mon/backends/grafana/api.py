"""Grafana's API: folders, data sources and dashboards, and with ``alerting`` what tells people."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import cast

from skillforge_mon.backends.grafana.health import health
from skillforge_mon.backends.grafana.live_alerting import LiveContactPoints, LiveMuteTimings, LiveRuleGroups
from skillforge_mon.backends.grafana.live_dashboards import LiveDashboards
from skillforge_mon.backends.grafana.live_folders import LiveFolders
from skillforge_mon.backends.grafana.live_sources import LiveSources
from skillforge_mon.backends.grafana.objects import Objects, Server
from skillforge_mon.backends.grafana.sources import data_sources
from skillforge_mon.documents.document import Plain, Reference
from skillforge_mon.model.project import Project
from skillforge_mon.remote.api import Check
from skillforge_mon.remote.connection import Connection
from skillforge_mon.remote.errors import RefusedError
from skillforge_mon.remote.live import Live, Owner
from skillforge_mon.spec.models.targets import GrafanaTarget

TITLE = "Grafana"
TOKEN = "GRAFANA_TOKEN"  # noqa: S105 - the name of the variable


class Grafana:
    """One organisation of one server; the methods are those of ``remote.api.Api``."""

    title = TITLE
    concurrency = 8

    def __init__(self, target: GrafanaTarget, server: Server) -> None:
        self._target = target
        self._server = server
        folders = LiveFolders(server)
        every: list[Objects] = [folders, LiveSources(server), LiveDashboards(server, folders)]
        self._groups = LiveRuleGroups(server)
        if target.alerting:
            every += (LiveContactPoints(server), LiveMuteTimings(server), self._groups)
        self._objects = {objects.kind.name: objects for objects in every}
        self.kinds = tuple(objects.kind for objects in every)

    def list(self, kind: str) -> Iterator[Live]:
        """Every object of the kind."""
        return self._objects[kind].list()

    def read(self, kind: str, identifier: str) -> Live | None:
        """One object, whole."""
        return self._objects[kind].read(identifier)

    def create(self, kind: str, body: Plain, owner: Owner | None, revision: str) -> Live:
        """Make one."""
        return self._objects[kind].create(_mapping(body), owner, revision)

    def update(self, live: Live, body: Plain, owner: Owner | None, revision: str) -> Live:
        """Change one."""
        return self._objects[live.kind].update(live, _mapping(body), owner, revision)

    def delete(self, live: Live) -> None:
        """Take one away."""
        self._objects[live.kind].delete(live)

    def lookup(self, reference: Reference) -> str | int | None:
        """None: whatever the documents name is among them."""
        return None

    def comparable(self, kind: str, body: Plain, live: Live) -> tuple[Plain, Plain]:
        """``(live, wanted)`` in forms that are equal when the live object says what ``body`` says."""
        return self._objects[kind].comparable(_mapping(body), live)

    def must_replace(self, kind: str, body: Plain, live: Live) -> str:
        """For a group of rules, its folder; everything else keeps the uid that it has, and can change in place."""
        return self._groups.must_replace(_mapping(body), live) if kind == self._groups.kind.name else ""

    def restorable(self, live: Live) -> Plain:
        """The body that makes it again."""
        return self._objects[live.kind].restorable(live)

    def health(self) -> Iterator[Check]:
        """The server, the token, and the data sources of the project."""
        sources = data_sources(self._server.project, self._target)
        return health(self._server, sources.values(), alerting=self._target.alerting)


def connect(project: Project, connection: Connection) -> Grafana:
    """The Grafana of the project's target. Raises ``RefusedError`` where the spec does not say where it is."""
    target = project.targets.grafana
    if target is None or target.url is None:
        raise RefusedError("the spec does not say where Grafana is: write `url` under `targets.grafana`")
    headers = {"Authorization": f"Bearer {connection.credential(TOKEN, target.token)}", "Accept": "application/json"}
    if target.org_id is not None:
        headers["X-Grafana-Org-Id"] = str(target.org_id)
    service = connection.service(TITLE, target.url, headers, concurrency=Grafana.concurrency)
    return Grafana(target, Server(project, service, threading.Lock()))


def _mapping(body: Plain) -> Mapping[str, Plain]:
    """Every document that is pushed is an object of JSON."""
    return cast("Mapping[str, Plain]", body)
