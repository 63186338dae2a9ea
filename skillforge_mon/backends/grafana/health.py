"""Whether a Grafana answers, takes the token with what a push needs, and reaches the data sources of the project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from skillforge_mon.backends.grafana.objects import Server, segment
from skillforge_mon.backends.grafana.sources import DataSource
from skillforge_mon.remote.api import Check
from skillforge_mon.remote.errors import NotFoundError, RemoteError

PERMISSIONS: Final = (
    "folders:read", "folders:create", "folders:write", "folders:delete",
    "datasources:read", "datasources:create", "datasources:write", "datasources:delete",
    "dashboards:read", "dashboards:create", "dashboards:write", "dashboards:delete",
)  # fmt: skip
"""What the requests of a push ask for (Grafana, "RBAC permissions, actions, and scopes"). An Admin has them all."""

ALERTING_PERMISSIONS: Final = ("alert.provisioning:read", "alert.provisioning:write")

_WITHOUT_CHECK: Final = frozenset(("alertmanager",))
"""Types of data sources whose check runs in the browser: the server has none (their plugins have no backend)."""


def health(server: Server, sources: Iterable[DataSource], *, alerting: bool) -> Iterator[Check]:
    """The server, the token, and each of ``sources``."""
    about = server.get("/api/health")
    database = str(about.get("database", "ok"))
    yield Check("server", ok=database == "ok", detail=f"Grafana {about.get('version', '?')}, database {database}")
    yield _permissions(server, (*PERMISSIONS, *ALERTING_PERMISSIONS) if alerting else PERMISSIONS)
    for source in sources:
        yield _source(server, source)


def _permissions(server: Server, needed: Iterable[str]) -> Check:
    try:
        granted = server.get("/api/access-control/user/permissions")
    except NotFoundError:
        return Check("token", ok=True, detail="this server does not say what the token may do", skipped=True)
    missing = [action for action in needed if action not in granted]
    if not missing:
        return Check("token", ok=True, detail="accepted, with every permission that a push needs")
    return Check(
        "token",
        ok=False,
        detail=f"accepted, without {', '.join(missing)}",
        help="give its service account the role Admin, or these permissions",
    )


def _source(server: Server, source: DataSource) -> Check:
    subject = f"data source {source.name}"
    if source.kind in _WITHOUT_CHECK:
        return Check(subject, ok=True, detail="only a browser can check this type", skipped=True)
    try:
        answer = server.get(f"/api/datasources/uid/{segment(source.uid)}/health")
    except NotFoundError:
        return Check(subject, ok=False, detail=f"there is none with the uid {source.uid}", help="run `monmc push`")
    except RemoteError as error:
        return Check(subject, ok=False, detail=str(error), help=f"see whether Grafana reaches {source.url}")
    return Check(subject, ok=True, detail=str(answer.get("message") or "answers"))
