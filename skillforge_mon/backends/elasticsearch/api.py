"""The API of Elasticsearch and Kibana: templates, policies and pipelines, saved objects and rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skillforge_mon.backends.elasticsearch.health import checks
from skillforge_mon.backends.elasticsearch.live_named import PLACES, LiveNamed
from skillforge_mon.backends.elasticsearch.live_rules import Connectors, LiveRules
from skillforge_mon.backends.elasticsearch.live_saved import LiveSaved
from skillforge_mon.backends.elasticsearch.rule_actions import CONNECTOR
from skillforge_mon.backends.elasticsearch.saved_objects import KINDS
from skillforge_mon.backends.elasticsearch.server import CONCURRENCY, Objects, Servers, connected
from skillforge_mon.documents.document import Plain, Reference
from skillforge_mon.model.project import Project
from skillforge_mon.remote.api import Check
from skillforge_mon.remote.by_kind import ByKind, mapping
from skillforge_mon.remote.connection import Connection
from skillforge_mon.remote.errors import RefusedError
from skillforge_mon.remote.live import Live
from skillforge_mon.spec.models.log_targets import ElasticsearchTarget

TITLE: Final = "Elasticsearch"


class Elasticsearch(ByKind[Objects]):
    """One cluster and one space of Kibana; the methods are those of ``remote.api.Api``."""

    title = TITLE
    concurrency = CONCURRENCY

    def __init__(self, target: ElasticsearchTarget, servers: Servers) -> None:
        self._target = target
        self._servers = servers
        every: list[Objects] = [
            *(LiveNamed(place, servers.cluster) for place in PLACES),
            *(LiveSaved(kind, servers) for kind in KINDS),
            LiveRules(servers),
        ]
        super().__init__(every)
        self._connectors = Connectors(servers)

    def lookup(self, reference: Reference) -> str | int | None:
        """The identifier of a connector of Kibana."""
        return self._connectors.find(reference.key) if reference.kind == CONNECTOR else None

    def absence(self, reference: Reference) -> str:
        """Why there is no such connector."""
        return self._connectors.absence(reference.key)

    def must_replace(self, kind: str, body: Plain, live: Live) -> str:
        """For a rule, its type."""
        return self.objects[kind].must_replace(mapping(body), live)

    def health(self) -> Iterator[Check]:
        """Both servers, what the credentials may do, and the connectors of the spec."""
        return checks(self._servers, self._target, self._connectors)


def connect(project: Project, connection: Connection) -> Elasticsearch:
    """The cluster and the space of the project's target. Raises ``RefusedError`` where it does not say where that is.

    The address that ``url`` has without being said is that of a container beside others, and nobody's to push to.
    """
    target = project.targets.elasticsearch
    if target is None or "url" not in target.model_fields_set:
        raise RefusedError("the spec does not say where Elasticsearch is: write `url` under `targets.elasticsearch`")
    return Elasticsearch(target, connected(project, target, connection))
