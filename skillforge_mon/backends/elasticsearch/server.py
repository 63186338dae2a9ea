"""Elasticsearch and Kibana as a push reaches them, and the contract of ``remote.api`` for one kind of their objects.

Authentication: Elasticsearch reference, "HTTP/REST clients and security": ``Authorization: ApiKey`` or ``Basic``;
Kibana takes the same (Kibana reference, "API authentication"), and wants ``kbn-xsrf`` on every request that writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import quote

from skillforge_mon.backends.authorization import basic
from skillforge_mon.model.project import Project
from skillforge_mon.remote import by_kind
from skillforge_mon.remote.connection import Connection
from skillforge_mon.remote.errors import NotFoundError
from skillforge_mon.remote.live import Live
from skillforge_mon.remote.service import Service
from skillforge_mon.spec.models.log_targets import ElasticsearchTarget

CONCURRENCY: Final = 4
DEFAULT_SPACE: Final = "default"
NO_KIBANA: Final = "the spec does not say where Kibana is: write `kibana_url` under `targets.elasticsearch`"


@dataclass(frozen=True, slots=True, eq=False)
class Servers:
    """A cluster, the space of Kibana that shows it, and the project that is pushed there.

    ``kibana`` is None where the spec does not say where it is.
    """

    project: Project
    cluster: Service
    kibana: Service | None


class Objects(by_kind.Objects, Protocol):
    """The objects of one kind, some of which cannot be changed in place."""

    def must_replace(self, body: Mapping[str, Any], live: Live) -> str:
        """Why it cannot be changed in place; empty when it can."""
        ...


def connected(project: Project, target: ElasticsearchTarget, connection: Connection) -> Servers:
    """The servers of ``target``. Makes no request; raises ``MissingSecretError``."""
    headers = {"Accept": "application/json", **_credentials(target, connection)}
    cluster = connection.service("Elasticsearch", target.url, headers, concurrency=CONCURRENCY)
    if target.kibana_url is None:
        return Servers(project, cluster, None)
    base = target.kibana_url.rstrip("/")
    if target.space is not None and target.space != DEFAULT_SPACE:
        base += f"/s/{segment(target.space)}"
    kibana = connection.service("Kibana", base, {**headers, "kbn-xsrf": "monmc"}, concurrency=CONCURRENCY)
    return Servers(project, cluster, kibana)


def found(service: Service, path: str) -> Any:
    """The body of the answer to GET; None where there is nothing."""
    try:
        return service.request("GET", path).body
    except NotFoundError:
        return None


def segment(text: str) -> str:
    """``text`` as one segment of a path."""
    return quote(text, safe="")


def _credentials(target: ElasticsearchTarget, connection: Connection) -> dict[str, str]:
    """An API key comes first; nothing where the target names none, for a cluster without security."""
    if target.api_key is not None:
        return {"Authorization": f"ApiKey {connection.text(target.api_key)}"}
    return basic(target.username, target.password, connection)
