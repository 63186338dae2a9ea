"""An account to push to, and a push that is as simple as can be: every document in its order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from skillforge_mon.backends.pagerduty.api import PagerDutyApi, connect
from skillforge_mon.documents.document import Document, Reference
from skillforge_mon.documents.references import resolved
from skillforge_mon.model.project import Project
from skillforge_mon.remote.connection import Connection
from skillforge_mon.remote.live import Live, Owner
from tests.backends.pagerduty.specs import SPEC, documents
from tests.fakes.pagerduty import TOKEN, FakePagerDuty
from tests.projects import project

USERS = {
    "PANN": "Ann@example.com",
    "PBOB": "bob@example.com",
    "PBOB2": "not.bob@example.com",
    "PEM": "em@example.com",
    "PDAN": "dan@example.com",
    "PCTO": "cto@example.com",
    "PROBOT": "robot@example.com",
}


@dataclass
class Patience:
    """A clock that remembers for how long it was waited."""

    waited: list[float] = field(default_factory=list)

    def now(self) -> float:
        """As if waiting took time."""
        return sum(self.waited)

    def sleep(self, seconds: float) -> None:
        """Wait no time."""
        self.waited.append(seconds)


@dataclass
class Account:
    """A fake account, and the API as a project sees it. ``made`` are the live objects by kind and key."""

    fake: FakePagerDuty
    api: PagerDutyApi
    connection: Connection
    project: Project
    made: dict[tuple[str, str], Live] = field(default_factory=dict)

    def later(self) -> Account:
        """The same account in a later run, which remembers nothing but what was made."""
        return Account(self.fake, connect(self.project, self.connection), self.connection, self.project, self.made)

    def resolved(self, document: Document) -> dict[str, Any]:
        """What the document holds, with the account's identifiers."""
        found: dict[str, Any] = resolved(document.content, self._identifier)
        return found

    def push(self, spec: str = SPEC) -> None:
        """Make or change every object of the spec."""
        for document in documents(spec).values():
            resource = document.resource
            assert resource is not None
            owner = Owner("shop", "default", resource.key)
            live = self.made.get((resource.kind, resource.key))
            body = self.resolved(document)
            self.made[resource.kind, resource.key] = (
                self.api.create(resource.kind, body, owner, "r1")
                if live is None
                else self.api.update(live, body, owner, "r2")
            )

    def differences(self, spec: str = SPEC) -> list[tuple[str, str]]:
        """The objects that do not say what the spec says, as a new look at the account finds them."""
        found = []
        for document in documents(spec).values():
            resource = document.resource
            assert resource is not None
            (live,) = [each for each in self.api.list(resource.kind) if each.owner and each.owner.key == resource.key]
            whole = live if live.complete else self.api.read(resource.kind, live.id)
            assert whole is not None
            is_now, wanted = self.api.comparable(resource.kind, self.resolved(document), whole)
            if is_now != wanted:
                found.append((resource.kind, resource.key))
        return found

    def _identifier(self, reference: Reference) -> str:
        live = self.made.get((reference.kind, reference.key))
        found = live.id if live is not None else self.api.lookup(reference)
        assert isinstance(found, str), reference
        return found


@contextmanager
def account(spec: str = SPEC, users: Mapping[str, str] = USERS, token: str = TOKEN) -> Iterator[Account]:
    """A new account with ``users``."""
    fake = FakePagerDuty(users)
    with fake.started():
        here = spec.replace("{from: robot@example.com}", f'{{from: robot@example.com, url: "{fake.url}"}}')
        with Connection({}, {"PAGERDUTY_TOKEN": token}, clock=Patience()) as connection:
            found = project(here)
            yield Account(fake, connect(found, connection), connection, found)
