"""Documents pushed into a fake Datadog by the engine, with what it keeps on disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from skillforge_mon.documents.document import Document
from skillforge_mon.push.events import Outcome
from skillforge_mon.push.planning import Target, plan_push
from skillforge_mon.push.session import last_state, open_session
from skillforge_mon.push.state import State
from skillforge_mon.push.steps import Plan
from skillforge_mon.push.systems import System
from skillforge_mon.remote.connection import Connection
from tests.backends.datadog.live import Clock, datadog
from tests.fakes.datadog import FakeDatadog


class Place:
    """A fake Datadog, and a state folder. What is no longer among the documents is deleted."""

    def __init__(self, server: FakeDatadog, system: System, folder: Path, connection: Connection) -> None:
        self.server = server
        self.system = system
        self.connection = connection
        self.state = State(folder / ".monmc", "shop", "production")

    def target(self, documents: list[Document]) -> Target:
        """What is wanted, with what is known of the last push."""
        record, _ = last_state(self.state)
        return Target("shop", "production", documents, record, self.connection, prune=True)

    def plan(self, documents: list[Document]) -> Plan:
        """What a push would do."""
        return plan_push(self.target(documents), [self.system])

    def push(self, documents: list[Document]) -> Outcome:
        """Do it."""
        with open_session(self.state) as session:
            target = self.target(documents)
            return session.apply(plan_push(target, [self.system]), [self.system], target, lambda _event: None)


@contextmanager
def placed(folder: Path) -> Iterator[Place]:
    """An empty Datadog, whose state folder is below ``folder``, until the end of the block."""
    with datadog() as (server, api), Connection({}, {}, clock=Clock()) as connection:
        yield Place(server, System("datadog", "Datadog", api), folder, connection)


def writes(server: FakeDatadog) -> list[tuple[str, str]]:
    """What was made, changed or deleted, and where."""
    paths = ((request.method, request.path.split("/")[3]) for request in server.requests)
    return [(method, path) for method, path in paths if method != "GET"]
