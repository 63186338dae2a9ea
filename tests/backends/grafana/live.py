"""A fake Grafana and a spec pushed to it: the least that an engine does, so that these tests need none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from skillforge_mon.backends.grafana.api import Grafana, connect
from skillforge_mon.documents.document import Document, Plain, Reference
from skillforge_mon.documents.references import resolved
from skillforge_mon.documents.render import render
from skillforge_mon.model.project import Project
from skillforge_mon.push.secret_values import without_values
from skillforge_mon.remote.connection import Connection
from skillforge_mon.remote.live import Live, Owner
from tests.backends.grafana.compiled import compiled
from tests.fakes.grafana import TOKEN, FakeGrafana
from tests.fakes.grafana_alerting import FakeGrafanaAlerting
from tests.projects import project

SPEC = """\
version: 1
project: shop
targets: {grafana: {url: "${env:GRAFANA_ENDPOINT}", FURTHER}}
environments: {production: {}}
metrics: {depth: {type: gauge, help: Waiting jobs}}
dashboards:
  queue: {title: Queue, tags: [jobs], rows: [{panels: [{title: Depth, query: depth}]}]}
"""


def spec(further: str = "", old: str = "", new: str = "") -> str:
    """SPEC with ``further`` settings of the target, and ``new`` in place of ``old``."""
    assert old in SPEC
    return SPEC.replace("FURTHER", further).replace(old, new) if old else SPEC.replace("FURTHER", further)


def at(found: Project, server: FakeGrafana) -> Project:
    """``found`` with its Grafana at ``server``."""
    target = found.targets.grafana
    assert target is not None
    moved = found.targets.model_copy(update={"grafana": target.model_copy(update={"url": server.url})})
    return replace(found, targets=moved)


class Clock:
    """Time that passes at once."""

    def now(self) -> float:
        """Always the same."""
        return 0.0

    def sleep(self, seconds: float) -> None:
        """Not at all."""


def connection(server: FakeGrafana, **secrets: str) -> Connection:
    """A connection with the token, where the server is, and ``secrets``."""
    environ = {"GRAFANA_TOKEN": TOKEN, "GRAFANA_ENDPOINT": server.url, **secrets}
    made = Connection({}, environ, clock=Clock())
    _OPEN.append(made)
    return made


_OPEN: list[Connection] = []


@contextmanager
def running(**settings: Any) -> Iterator[FakeGrafanaAlerting]:
    """A server until the end of the block, at which connections to it are closed."""
    server = FakeGrafanaAlerting(**settings)
    with server.started():
        try:
            yield server
        finally:
            while _OPEN:
                _OPEN.pop().close()


def revision(body: Plain) -> str:
    """What a push fingerprints a body with."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:12]


@dataclass
class Pushing:
    """One spec and the API that it is pushed to. ``done`` says what the last push did."""

    api: Grafana
    project: Project
    documents: tuple[Document, ...]
    connection: Connection
    ids: dict[Reference, str] = field(default_factory=dict)

    def owner(self, key: str) -> Owner:
        """Whose an object of this project is."""
        return Owner(self.project.name, self.project.environment, key)

    def resources(self, kind: str) -> Iterator[tuple[Document, Any]]:
        """The documents of a kind, with their bodies as they stand in their files."""
        for document in self.documents:
            if document.resource is not None and document.resource.kind == kind:
                yield document, json.loads(render(document))

    def push(self) -> list[str]:
        """Make the server say what the documents say; what was done, in its order."""
        done: list[str] = []
        for kind in self.api.kinds:
            live = {each.owner.key: each for each in self.api.list(kind.name) if each.owner is not None}
            for document, content in self.resources(kind.name):
                resource = document.resource
                assert resource is not None
                body = resolved(content, lambda reference: self.ids[reference])
                sent = self.connection.filled(body)
                there = live.get(resource.key) or live.get(resource.was)
                if there is None and resource.adopt:
                    there = self.api.read(kind.name, resource.adopt)
                found = self.whole(there) if there is not None else None
                if found is not None and self.api.must_replace(kind.name, body, found):
                    done.append(f"replace {kind.name} {found.name}")
                    found = None
                if found is None:
                    made = self.api.create(kind.name, sent, self.owner(resource.key), revision(body))
                    done.append(f"create {kind.name} {made.name}")
                else:
                    found_form, wanted_form = self.compared(body, found)
                    made = found
                    key = found.owner.key if found.owner is not None else ""
                    if found_form != wanted_form or key != resource.key:
                        made = self.api.update(found, sent, self.owner(resource.key), revision(body))
                        done.append(f"update {kind.name} {made.name}")
                self.ids[Reference(kind.name, resource.key)] = made.id
        return done

    def prune(self) -> list[str]:
        """Delete what is ours and in no document, in the order in which that is safe."""
        done = []
        for kind in sorted(self.api.kinds, key=lambda each: -each.order):
            keys = {document.resource.key for document, _ in self.resources(kind.name) if document.resource is not None}
            for each in list(self.api.list(kind.name)):
                if each.owner is not None and each.owner.key not in keys:
                    self.api.delete(self.whole(each))
                    done.append(f"delete {kind.name} {each.name}")
        return done

    def compared(self, body: Any, live: Live) -> tuple[Any, Any]:
        """``(live, wanted)`` in comparable forms, secrets behind their references."""
        found, wanted = self.api.comparable(live.kind, body, live)
        return without_values(found, wanted, self.connection), wanted

    def whole(self, live: Live) -> Live:
        """``live`` with its body."""
        if live.complete:
            return live
        read = self.api.read(live.kind, live.id)
        assert read is not None
        return replace(read, owner=read.owner or live.owner)

    def differences(self) -> list[tuple[str, Any, Any]]:
        """Every object that is otherwise than its document says, in comparable forms."""
        found = []
        for kind in self.api.kinds:
            live = {each.owner.key: each for each in self.api.list(kind.name) if each.owner is not None}
            for document, body in self.resources(kind.name):
                assert document.resource is not None
                there = self.whole(live[document.resource.key])
                self.ids[Reference(kind.name, document.resource.key)] = there.id
                forms = self.compared(resolved(body, lambda reference: self.ids[reference]), there)
                if forms[0] != forms[1]:
                    found.append((document.path, *forms))
        return found


def pushing(server: FakeGrafana, text: str, environment: str | None = None, **secrets: str) -> Pushing:
    """``text`` compiled, and ready to be pushed to ``server``."""
    documents, _ = compiled(text, environment)
    found = project(text, environment)
    reached = connection(server, **secrets)
    return Pushing(connect(found, reached), found, documents, reached)
