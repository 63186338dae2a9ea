"""A monitoring system that there is not, for the tests of the engine: policies, monitors that name one, boards of monitors.

It keeps state, paginates, adds ids, defaults and who changed what, lists boards only as summaries, refuses references
to what it does not have and the deletion of what is referred to, and cannot change a monitor's type.
"""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from skillforge_mon.documents.document import Document, Format, Plain, Reference, Resource
from skillforge_mon.documents.references import reference, references_in
from skillforge_mon.remote.api import Check, Difference, Kind
from skillforge_mon.remote.connection import Connection
from skillforge_mon.remote.errors import NotFoundError
from skillforge_mon.remote.live import Live, Owner
from skillforge_mon.remote.service import Service
from tests.fakes.server import FakeServer, Fault, Reply, Request

KINDS = (Kind("policy", 0, "policy"), Kind("monitor", 1, "monitor"), Kind("board", 2, "board"))
MARKER = "monmc:"
REVISION = "revision:"
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "policy": {"repeat": 0},
    "monitor": {"priority": 3},
    "board": {"layout": "auto"},
}
"""What the server adds to a body that does not say it."""
EARLY = "2026-11-01T00:00:00Z"


class ToyServer(FakeServer):
    """``objects`` are by kind and id; ``page`` is the size of a page of a listing.

    ``kill`` says when whoever sends requests is killed: ``before`` the request of that number (the first is 1), or
    ``after`` the effect of the change of that number. Whatever is sent at the same time may take place or not.
    """

    def __init__(self) -> None:
        super().__init__()
        self.objects: dict[str, dict[str, dict[str, Any]]] = {kind.name: {} for kind in KINDS}
        self.page = 100
        self.kill: tuple[int, str] | None = None
        self.hidden: set[str] = set()
        self.unique_names = False
        self._numbers = itertools.count(1)
        for kind in KINDS:
            path = f"/{kind.name}"
            self.route("GET", path, self._listing)
            self.route("POST", path, self._post)
            self.route("GET", f"{path}/{{id}}", self._get)
            self.route("PUT", f"{path}/{{id}}", self._put)
            self.route("DELETE", f"{path}/{{id}}", self._delete)
        self.route("GET", "/team/{name}", self._team)
        self.teams = {"ops": 77}

    def add(self, kind: str, body: Mapping[str, Any], *, by: str = "monmc", at: str = EARLY) -> str:
        """Put an object there, as if somebody had; the id is returned."""
        identifier = f"{kind[0]}{next(self._numbers)}"
        self.objects[kind][identifier] = {
            "id": identifier, **DEFAULTS[kind], **body, "version": 1, "changed_by": by, "changed_at": at,
        }  # fmt: skip
        return identifier

    def edit(self, kind: str, identifier: str, **fields: Any) -> None:
        """Let Ann change an object in the web page."""
        found = self.objects[kind][identifier]
        found.update(fields, version=found["version"] + 1)
        found.update(changed_by="ann@example.com", changed_at="2026-11-03T10:00:00Z")

    def named(self, name: str) -> dict[str, Any]:
        """The one object of that name."""
        (found,) = (each for of in self.objects.values() for each in of.values() if each["name"] == name)
        return found

    def state(self) -> dict[str, dict[str, Any]]:
        """Everything that lives there, by kind and name, without what only the server writes, and with names for ids."""
        names = {identifier: each["name"] for of in self.objects.values() for identifier, each in of.items()}
        own = {"id", "version", "changed_by", "changed_at", "name"}

        def readable(value: Any) -> Any:
            if isinstance(value, list):
                return [readable(member) for member in value]
            return names.get(value, value) if isinstance(value, str) else value

        found: dict[str, dict[str, Any]] = {}
        for kind, of in self.objects.items():
            for each in of.values():
                name = f"{kind} {each['name']}"
                assert name not in found, f"{name} is there twice"
                found[name] = {key: readable(value) for key, value in each.items() if key not in own}
        return dict(sorted(found.items()))

    def writes(self) -> list[str]:
        """The requests that change something, in order."""
        return [f"{each.method} {each.path}" for each in self.requests if each.method != "GET"]

    def _answer(self, request: Request, fault: Fault | None) -> Reply:
        if self.kill == (len(self.requests), "before"):
            os.kill(int(request.headers["x-process"]), signal.SIGKILL)
            return Reply(503)
        reply = super()._answer(request, fault)
        if request.method != "GET" and self.kill == (len(self.writes()), "after"):
            os.kill(int(request.headers["x-process"]), signal.SIGKILL)
        return reply

    def _listing(self, request: Request) -> Reply:
        kind = request.path[1:]
        start = int(request.parameter("start", "0"))
        found = [each for identifier, each in self.objects[kind].items() if identifier not in self.hidden]
        page = found[start : start + self.page]
        if kind == "board":
            page = [{key: each[key] for key in ("id", "name", "tags", "version")} for each in page]
        following = start + self.page if start + self.page < len(found) else None
        return Reply(200, {"objects": page, "next": following})

    def _get(self, request: Request, id: str) -> Reply:  # noqa: A002 - the name in the path
        found = self.objects[request.path.split("/")[1]].get(id)
        return Reply(200, found) if found is not None else Reply(404, {"error": "no such object"})

    def _post(self, request: Request) -> Reply:
        kind = request.path[1:]
        if (refused := self._refusal(kind, request.body)) is not None:
            return refused
        if self.unique_names and any(each["name"] == request.body["name"] for each in self.objects[kind].values()):
            return Reply(409, {"error": "the name is taken"})
        return Reply(200, self.objects[kind][self.add(kind, request.body)])

    def _put(self, request: Request, id: str) -> Reply:  # noqa: A002 - the name in the path
        kind = request.path.split("/")[1]
        found = self.objects[kind].get(id)
        if found is None:
            return Reply(404, {"error": "no such object"})
        if request.headers.get("if-match") != str(found["version"]):
            return Reply(412, {"error": "the object has changed"})
        if (refused := self._refusal(kind, request.body)) is not None:
            return refused
        if kind == "monitor" and request.body.get("type") != found.get("type"):
            return Reply(400, {"error": "the type cannot change"})
        version = found["version"] + 1
        self.objects[kind][id] = {
            "id": id, **DEFAULTS[kind], **request.body, "version": version, "changed_by": "monmc", "changed_at": EARLY,
        }  # fmt: skip
        return Reply(200, self.objects[kind][id])

    def _delete(self, request: Request, id: str) -> Reply:  # noqa: A002 - the name in the path
        kind = request.path.split("/")[1]
        if id not in self.objects[kind]:
            return Reply(404, {"error": "no such object"})
        if any(
            id in (each.get("policy"), *each.get("monitors", ()))
            for of in self.objects.values()
            for each in of.values()
        ):
            return Reply(400, {"error": "something refers to the object"})
        del self.objects[kind][id]
        return Reply(204)

    def _refusal(self, kind: str, body: Any) -> Reply | None:
        policies = [body["policy"]] if "policy" in body else []
        missing = [each for each in policies if each not in self.objects["policy"]]
        missing += [each for each in body.get("monitors", ()) if each not in self.objects["monitor"]]
        if missing:
            return Reply(400, {"error": f"{kind} refers to {missing[0]}, which is not there"})
        if body.get("name") == "refused":
            return Reply(400, {"error": "no object may be called so"})
        return None

    def _team(self, _request: Request, name: str) -> Reply:
        return Reply(200, {"id": self.teams[name]}) if name in self.teams else Reply(404)


class ToyApi:
    """The contract of an API, kept for the toy."""

    title: str = "Toy"
    kinds: tuple[Kind, ...] = KINDS

    def __init__(self, url: str, connection: Connection, concurrency: int = 4) -> None:
        self.concurrency = concurrency
        self._http: Service = connection.service("Toy", url, {"X-Process": str(os.getpid())}, concurrency=concurrency)

    def list(self, kind: str) -> Iterator[Live]:
        start: int | None = 0
        while start is not None:
            page = self._http.request("GET", f"/{kind}", params={"start": start}).body
            yield from (_live(kind, each, complete=kind != "board") for each in page["objects"])
            start = page["next"]

    def read(self, kind: str, identifier: str) -> Live | None:
        try:
            return _live(kind, self._http.request("GET", f"/{kind}/{identifier}").body)
        except NotFoundError:
            return None

    def create(self, kind: str, body: Plain, owner: Owner | None, revision: str) -> Live:
        return _live(kind, self._http.request("POST", f"/{kind}", body=_marked(body, owner, revision)).body)

    def update(self, live: Live, body: Plain, owner: Owner | None, revision: str) -> Live:
        answer = self._http.request(
            "PUT",
            f"/{live.kind}/{live.id}",
            body=_marked(body, owner, revision),
            headers={"If-Match": str(live.body["version"])},
        )
        return _live(live.kind, answer.body)

    def delete(self, live: Live) -> None:
        try:
            self._http.request("DELETE", f"/{live.kind}/{live.id}")
        except NotFoundError:
            return

    def lookup(self, reference: Reference) -> str | int | None:
        try:
            return int(self._http.request("GET", f"/team/{reference.key}").body["id"])
        except NotFoundError:
            return None

    def comparable(self, kind: str, body: Plain, live: Live) -> tuple[Plain, Plain]:
        assert isinstance(body, Mapping)
        wanted = {**DEFAULTS[kind], **body}
        return {key: live.body[key] for key in live.body if key in wanted}, wanted

    def must_replace(self, kind: str, body: Plain, live: Live) -> str:
        assert isinstance(body, Mapping)
        return "its type cannot change" if kind == "monitor" and body.get("type") != live.body.get("type") else ""

    def restorable(self, live: Live) -> Plain:
        return {
            key: live.body[key] for key in live.body if key not in {"id", "version", "changed_by", "changed_at", "tags"}
        }

    def health(self) -> Iterator[Check]:
        yield Check("toy", ok=True)


def _marked(body: Plain, owner: Owner | None, revision: str) -> dict[str, Any]:
    assert isinstance(body, Mapping)
    return {**body, "tags": [f"{MARKER}{owner}", f"{REVISION}{revision}"]}


def tags(key: str, revision: str = "", project: str = "shop", environment: str = "production") -> dict[str, Any]:
    """The marker of an object, as a field of its body."""
    return {"tags": [f"{MARKER}{project}/{environment}/{key}", *([f"{REVISION}{revision}"] if revision else [])]}


def _live(kind: str, body: Mapping[str, Any], *, complete: bool = True) -> Live:
    own = list(body.get("tags", ()))
    marker = next((each.removeprefix(MARKER) for each in own if each.startswith(MARKER)), None)
    revision = next((each.removeprefix(REVISION) for each in own if each.startswith(REVISION)), "")
    return Live(
        kind,
        body["id"],
        body["name"],
        body,
        Owner(*marker.split("/", 2)) if marker is not None else None,
        revision,
        body.get("changed_by", ""),
        body.get("changed_at", ""),
        complete,
    )


@dataclass
class ToyFiles:
    """A server that reads a file; ``delivered`` is what the file says, ``loaded`` what it has loaded."""

    loaded: dict[str, Any] = field(default_factory=dict)
    delivered: dict[str, Any] = field(default_factory=dict)
    reloads: int = 0
    title: str = "Files"

    def differences(self, documents: Any) -> Iterator[Difference]:
        wanted = {document.path: document.content for document in documents}
        for name in dict.fromkeys((*wanted, *self.loaded)):
            if wanted.get(name) != self.loaded.get(name):
                yield Difference("rule", name, self.loaded.get(name), wanted.get(name))

    def reload(self) -> None:
        self.reloads += 1
        self.loaded = dict(self.delivered)

    def health(self) -> Iterator[Check]:
        yield Check("files", ok=True)


def document(kind: str, key: str, *, was: str = "", adopt: str = "", **body: Any) -> Document:
    """The document of one object: its name is the key's."""
    content = {"name": key.partition(".")[2] or key, **body}
    resource = Resource("toy", kind, key, references_in(content), was, adopt)
    return Document(f"toy/{kind}/{key}.json", content, Format.JSON, (key,), resource=resource)


def policy(key: str, **body: Any) -> Document:
    """A policy."""
    return document("policy", key, **body)


def monitor(key: str, policy_key: str = "", **body: Any) -> Document:
    """A monitor, of a policy of the tree where one is named."""
    if policy_key:
        body["policy"] = reference("policy", policy_key)
    return document("monitor", key, **body)


def board(key: str, *monitors: str, **body: Any) -> Document:
    """A board of monitors of the tree."""
    return document("board", key, monitors=[reference("monitor", each) for each in monitors], **body)
