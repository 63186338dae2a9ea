"""Grafana's API: folders, data sources and dashboards, and with ``alerting`` what tells people."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from skillforge_mon.backends.grafana.health import health
from skillforge_mon.backends.grafana.live_alerting import LiveContactPoints, LiveMuteTimings, LiveRuleGroups
from skillforge_mon.backends.grafana.live_dashboards import LiveDashboards
from skillforge_mon.backends.grafana.live_folders import LiveFolders
from skillforge_mon.backends.grafana.live_sources import LiveSources
from skillforge_mon.backends.grafana.objects import Server
from skillforge_mon.backends.grafana.sources import data_sources
from skillforge_mon.documents.document import Plain, Reference
from skillforge_mon.model.project import Project
from skillforge_mon.remote.api import Check
from skillforge_mon.remote.by_kind import ByKind, Objects, mapping
from skillforge_mon.remote.connection import Connection
from skillforge_mon.remote.errors import RefusedError
from skillforge_mon.remote.live import Live
from skillforge_mon.spec.models.targets import GrafanaTarget

TITLE = "Grafana"
TOKEN = "GRAFANA_TOKEN"  # noqa: S105 - the name of the variable


class Grafana(ByKind[Objects]):
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
        super().__init__(every)

    def lookup(self, reference: Reference) -> str | int | None:
        """None: whatever the documents name is among them."""
        return None

    def must_replace(self, kind: str, body: Plain, live: Live) -> str:
        """For a group of rules, its folder; everything else keeps the uid that it has, and can change in place."""
        return self._groups.must_replace(mapping(body), live) if kind == self._groups.kind.name else ""

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
