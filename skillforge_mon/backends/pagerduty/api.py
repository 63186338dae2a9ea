"""PagerDuty's REST API v2, as push, live diff, backup and health use it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from skillforge_mon.backends.pagerduty import normalise
from skillforge_mon.backends.pagerduty.capabilities import INTEGRATION_NAME
from skillforge_mon.backends.pagerduty.health import checks
from skillforge_mon.backends.pagerduty.kinds import ENDPOINTS, INTEGRATION, KINDS
from skillforge_mon.backends.pagerduty.markers import marked, owner_of
from skillforge_mon.documents.document import Plain, Reference
from skillforge_mon.documents.references import key_parts
from skillforge_mon.remote.api import Check
from skillforge_mon.remote.errors import ConflictError, NotFoundError, RefusedError
from skillforge_mon.remote.live import Live, Owner
from skillforge_mon.remote.service import Service

if TYPE_CHECKING:
    from skillforge_mon.model.project import Project
    from skillforge_mon.remote.connection import Connection

CONCURRENCY = 4
PAGE = 100
"""The most that ``limit`` takes: https://developer.pagerduty.com/docs/pagination, "Classic pagination"."""
LAST_OFFSET = 10_000
"""``offset`` and ``limit`` together are at most this."""
ACCEPT = "application/vnd.pagerduty+json;version=2"


def connect(project: Project, connection: Connection) -> PagerDutyApi:
    """The API of ``targets.pagerduty``. Raises ``MissingSecretError`` without its token."""
    target = project.targets.pagerduty
    assert target is not None  # noqa: S101 - asked for only where there is such a target
    headers = {
        "Authorization": f"Token token={connection.credential('PAGERDUTY_TOKEN', target.token)}",
        "Accept": ACCEPT,
    }
    if target.sender is not None:
        headers["From"] = target.sender
    service = connection.service("PagerDuty", target.api_url, headers, concurrency=CONCURRENCY)
    return PagerDutyApi(project, connection, service)


class PagerDutyApi:
    """One account, as one project and environment see it. The key of an integration is kept nowhere."""

    title = "PagerDuty"
    concurrency = CONCURRENCY
    kinds = KINDS

    def __init__(self, project: Project, connection: Connection, service: Service) -> None:
        self._project = project
        self._connection = connection
        self._service = service
        self._addresses: dict[str, str] = {}  # of users who were looked up, by identifier

    def list(self, kind: str) -> Iterator[Live]:
        """Every object of the kind; schedules as summaries, which ``read`` completes."""
        if kind == INTEGRATION:
            for service in self._pages("service", {"include[]": "integrations"}):
                for body in service.get("integrations") or ():
                    yield self._integration(service, body)
            return
        for body in self._pages(kind, {}):
            yield _live(kind, body, complete=ENDPOINTS[kind].whole)

    def read(self, kind: str, identifier: str) -> Live | None:
        """One object; the identifier of an integration is that of its service, ``/``, and its own."""
        try:
            if kind == INTEGRATION:
                of, own = identifier.split("/")
                service = self._service.request("GET", f"/services/{of}").body["service"]
                body = self._service.request("GET", f"/services/{of}/integrations/{own}").body
                return self._integration(service, body["integration"])
            endpoint = ENDPOINTS[kind]
            answer = self._service.request("GET", f"{endpoint.path}/{identifier}").body
        except NotFoundError:
            return None
        return _live(kind, answer[endpoint.one])

    def create(self, kind: str, body: Plain, owner: Owner | None, revision: str) -> Live:
        """Make it. A name that is taken by something that is not ours is refused, and said to be."""
        wanted = _object(body)
        if kind == INTEGRATION:
            of = wanted["service"]["id"]
            service = self._service.request("GET", f"/services/{of}").body["service"]
            answer = self._service.request("POST", f"/services/{of}/integrations", body={"integration": wanted}).body
            return self._integration(service, answer["integration"])
        endpoint = ENDPOINTS[kind]
        sent = {**wanted, "description": marked(wanted.get("description") or "", owner, revision)}
        try:
            answer = self._service.request("POST", endpoint.path, body={endpoint.one: sent}).body
        except RefusedError as error:
            if "already been taken" not in str(error):
                raise
            raise RefusedError(
                f"PagerDuty has a {endpoint.kind.title} called `{wanted['name']}` that is not ours, and names are "
                f"unique there: rename one of the two. {error}",
                error.status,
            ) from None
        return _live(kind, answer[endpoint.one])

    def update(self, live: Live, body: Plain, owner: Owner | None, revision: str) -> Live:
        """Change it; ``ConflictError`` when somebody else did since it was read, which is asked just before."""
        kind, wanted = live.kind, _object(body)
        now = self.read(kind, live.id)
        if now is None:
            raise ConflictError(f"{self._named(live)} is gone", 404)
        if live.complete and not normalise.same(kind, live.body, now.body):
            raise ConflictError(f"{self._named(live)} has changed since it was read", 409)
        if kind == INTEGRATION:
            of, own = live.id.split("/")
            path = f"/services/{of}/integrations/{own}"
            answer = self._service.request("PUT", path, body={"integration": wanted}).body
            service = self._service.request("GET", f"/services/{of}").body["service"]
            return self._integration(service, answer["integration"])
        endpoint = ENDPOINTS[kind]
        sent = {**wanted, "description": marked(wanted.get("description") or "", owner, revision)}
        if kind == "schedule":
            sent["schedule_layers"] = _layers(wanted["schedule_layers"], now)
        answer = self._service.request("PUT", f"{endpoint.path}/{live.id}", body={endpoint.one: sent}).body
        return _live(kind, answer[endpoint.one])

    def delete(self, live: Live) -> None:
        """Take it away. With a service go its integrations; what is still used is refused."""
        if live.kind == INTEGRATION:
            of, own = live.id.split("/")
            path = f"/services/{of}/integrations/{own}"
        else:
            path = f"{ENDPOINTS[live.kind].path}/{live.id}"
        try:
            self._service.request("DELETE", path)
        except NotFoundError:
            return

    def lookup(self, reference: Reference) -> str | int | None:
        """A user by e-mail address, anything else by its exact name."""
        (name,) = key_parts(reference.key)
        if reference.kind == "user":
            return self._user(name)
        if reference.kind not in ENDPOINTS:
            return None
        found = [live.id for live in self.list(reference.kind) if live.name == name]
        return found[0] if len(found) == 1 else None

    def comparable(self, kind: str, body: Plain, live: Live) -> tuple[Plain, Plain]:
        """``(live, wanted)``: order of targets, times in other zones and what answers add are no difference."""
        return normalise.comparable(kind, _object(body), live.body, self._addresses)

    def must_replace(self, kind: str, body: Plain, live: Live) -> str:
        """``its service cannot change`` of an integration: its address has the service in it."""
        if kind != INTEGRATION:
            return ""
        wanted = _object(body)
        if wanted["type"] != live.body["type"]:
            return "its type cannot change"
        return "its service cannot change" if wanted["service"]["id"] != live.body["service"]["id"] else ""

    def restorable(self, live: Live) -> Plain:
        """What makes the object again; an integration that is made again has another key."""
        return normalise.said(live.kind, live.body)

    def health(self) -> Iterator[Check]:
        """The token, the account's abilities, and every user that the spec names."""
        return checks(self._service, self._project, self._user)

    def _pages(self, kind: str, params: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        endpoint = ENDPOINTS[kind]
        yield from self._listed(endpoint.path, endpoint.many, params)

    def _listed(self, path: str, many: str, params: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        for offset in range(0, LAST_OFFSET, PAGE):
            answer = self._service.request("GET", path, params={**params, "limit": PAGE, "offset": offset}).body
            yield from answer[many]
            if not answer["more"]:
                return

    def _user(self, address: str) -> str | None:
        """``query`` finds parts of names and addresses: only an equal address will do."""
        wanted = address.casefold()
        for user in self._listed("/users", "users", {"query": address}):
            if str(user["email"]).casefold() == wanted:
                self._addresses[str(user["id"])] = address
                return str(user["id"])
        return None

    def _integration(self, service: Mapping[str, Any], body: Mapping[str, Any]) -> Live:
        key = body.get("integration_key")
        if key:
            self._connection.redactor.hide(str(key))
        kept = {name: value for name, value in body.items() if name != "integration_key"}
        kept["service"] = {"type": "service_reference", "id": service["id"]}
        owner = owner_of(service)[0] if body.get("name") == INTEGRATION_NAME else None
        return Live(INTEGRATION, f"{service['id']}/{body['id']}", f"{service['name']}: {body['name']}", kept, owner)

    def _named(self, live: Live) -> str:
        return f"{self.title}: the {live.kind.replace('_', ' ')} {live.id} “{live.name}”"


def _live(kind: str, body: Mapping[str, Any], *, complete: bool = True) -> Live:
    owner, revision = owner_of(body)
    return Live(kind, str(body["id"]), str(body["name"]), body, owner, revision, complete=complete)


def _layers(wanted: Any, now: Live) -> list[Any]:
    """``wanted`` with the identifiers of the live layers of the same names; those that are no longer wanted end now.

    A layer can be ended, never removed ([terraform] schedule).
    """
    live = {str(layer["name"]): layer for layer in normalise.current_layers(now.body)}
    found = [
        {**layer, "end": None, **({"id": live[layer["name"]]["id"]} if layer["name"] in live else {})}
        for layer in wanted
    ]
    ended = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    names = {layer["name"] for layer in wanted}
    over = [
        {**normalise.written_layer(layer), "id": layer["id"], "end": ended}
        for name, layer in live.items()
        if name not in names
    ]
    return [*found, *over]


def _object(body: Plain) -> Mapping[str, Any]:
    assert isinstance(body, Mapping)  # noqa: S101 - every document of PagerDuty's is an object
    return body
