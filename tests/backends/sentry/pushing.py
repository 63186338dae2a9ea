"""Documents pushed to a stand-in for Sentry, through the API that push uses, and what is on it afterwards."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from skillforge_mon.backends.sentry.api import SentryApi, connect
from skillforge_mon.backends.sentry.emit import emit
from skillforge_mon.backends.sentry.values import plain
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Plain, Reference
from skillforge_mon.documents.references import key_parts, resolved
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.project import Project
from skillforge_mon.remote.connection import Connection
from skillforge_mon.remote.live import Live, Owner
from tests.backends.sentry.compiled import HERE
from tests.fakes.sentry import TOKEN, FakeSentry
from tests.projects import project

REVISION = "0123456789ab"


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass
class Pushing:
    """A project, its documents for Sentry, and the server that they go to."""

    project: Project
    fake: FakeSentry
    api: SentryApi
    documents: tuple[Document, ...]
    connection: Connection

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(kind.name for kind in self.api.kinds)

    def again(self) -> SentryApi:
        """The API as the next run has it."""
        return connect(self.project, self.connection)

    def of_kind(self, kind: str) -> tuple[Document, ...]:
        return tuple(each for each in self.documents if each.resource is not None and each.resource.kind == kind)

    def owner(self, document: Document) -> Owner:
        assert document.resource is not None
        return Owner(self.project.name, self.project.environment, document.resource.key)

    def body(self, document: Document) -> Plain:
        """The document with its references resolved: own detectors by their keys, all else by lookup."""
        ours = self.live("detector") if "detector" in self.kinds else []
        own = {live.owner.key: live.id for live in ours if live.owner}

        def identifier(reference: Reference) -> str | int:
            found = own.get(reference.key) if reference.kind == "detector" else self.api.lookup(reference)
            assert found is not None, reference
            return found

        return cast("Plain", resolved(document.content, identifier))

    def wire(self, document: Document) -> dict[str, Any]:
        """The body as JSON, without a marker: what a person would have made by hand to say the same."""
        found: dict[str, Any] = plain(self.body(document))
        return found

    def only(self, name: str, kind: str) -> tuple[Document, Live]:
        """The document of the alert ``name``, and what lives of it."""
        document = next(each for each in self.of_kind(kind) if each.objects == (f"alerts.{name}",))
        return document, next(live for live in self.live(kind) if live.owner == self.owner(document))

    def live(self, kind: str) -> list[Live]:
        return list(self.api.list(kind))

    def push(self) -> None:
        """Create everything, in the order of kinds."""
        for kind in self.kinds:
            for document in self.of_kind(kind):
                self.api.create(kind, self.body(document), self.owner(document), REVISION)

    def differences(self) -> dict[str, tuple[Any, Any]]:
        """What differs between each document and the object that is its own, by its path."""
        found: dict[str, tuple[Any, Any]] = {}
        for kind in self.kinds:
            by_owner = {live.owner: live for live in self.live(kind)}
            for document in self.of_kind(kind):
                live = by_owner.get(self.owner(document))
                assert live is not None, document.path
                if not live.complete:
                    live = self.api.read(kind, live.id)
                    assert live is not None
                    assert live.complete
                there, wanted = self.api.comparable(kind, self.body(document), live)
                if there != wanted:
                    found[document.path] = (there, wanted)
        return found


def connection(clock: Clock | None = None, **environ: str) -> Connection:
    return Connection({}, {"SENTRY_AUTH_TOKEN": TOKEN, **environ}, clock=clock or Clock())


@contextmanager
def pushing(spec: Project, mode: str = "workflows") -> Iterator[Pushing]:
    """The project ``spec`` in ``mode``, and a server that has everything its documents name, but none of its alerts."""
    fake = FakeSentry()
    with fake.started():
        target = spec.targets.sentry
        assert target is not None
        moved = target.model_copy(update={"url": fake.url, "organization": fake.slug, "mode": mode})
        here = dataclasses.replace(spec, targets=spec.targets.model_copy(update={"sentry": moved}))
        report = Report()
        documents = tuple(emit(here, Lowering(here, report), report))
        furnish(fake, documents)
        with connection() as opened:
            yield Pushing(here, fake, connect(here, opened), documents, opened)


def case(name: str) -> Project:
    """The project of a case under ``cases``."""
    return project((HERE / "cases" / f"{name}.yaml").read_text(encoding="utf-8"))


def furnish(fake: FakeSentry, documents: tuple[Document, ...]) -> None:
    """Make what the documents name: projects, teams, integrations with their rows, projects of Jira."""
    named = dict.fromkeys(
        (each.kind, key_parts(each.key))
        for document in documents
        if document.resource is not None
        for each in document.resource.references
    )
    slugs = {
        key[0] for kind, key in named if kind in {"project", "system_detector"} and not key[0].startswith("projects.")
    }
    for document in documents:
        if document.resource is not None and document.resource.kind == "issue_rule":
            slugs.add(document.resource.key.partition("/")[0])
        if document.resource is not None and document.resource.kind == "alert_rule":
            content: Any = document.content
            slugs.update(content["projects"])
    fake.set_up.people = {"ann@example.com", "bob@example.com", "carl@example.com"}
    made = {each.resource.key for each in documents if each.resource is not None and each.resource.kind == "project"}
    for slug in sorted(slug for slug in slugs if f"projects.{slug}" not in made):
        fake.add_project(slug)
    for slug in sorted({key[0] for kind, key in named if kind in {"team", "owner"}}):
        fake.add_team(slug)
    for provider, name in sorted(key for kind, key in named if kind == "integration" and len(key) == 2):
        rows = tuple(key[2] for kind, key in named if kind == "integration_row" and key[:2] == (provider, name))
        fake.add_integration(provider, name, rows)
    for kind, key in named:
        if kind == "jira_issue_type":
            fake.add_jira_project(key[1], "Task", key[2])
