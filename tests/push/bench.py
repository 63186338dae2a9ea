"""The engine set up for a test: a toy server, a state folder, and what a user does with them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from skillforge_mon.diff.render.text import render_text
from skillforge_mon.documents.document import Document
from skillforge_mon.push.changes import change_sets
from skillforge_mon.push.events import Event, Outcome, line
from skillforge_mon.push.planning import Target, plan_push
from skillforge_mon.push.session import last_state, open_session
from skillforge_mon.push.state import State
from skillforge_mon.push.steps import Action, Plan
from skillforge_mon.push.systems import System
from skillforge_mon.remote.connection import Connection
from tests.push.toy import ToyApi, ToyFiles, ToyServer


@dataclass
class NoWaiting:
    """A clock that does not make anybody wait."""

    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@dataclass
class Bench:
    """A toy server and the state folder of the project ``shop`` in ``production``."""

    server: ToyServer
    folder: Path
    files: ToyFiles | None = None
    concurrency: int = 4
    environ: dict[str, str] = field(default_factory=lambda: {"TOKEN": "s3cr3t-value"})

    @property
    def state(self) -> State:
        return State(self.folder / ".monmc", "shop", "production")

    def systems(self, connection: Connection) -> list[System]:
        return [System("toy", "Toy", ToyApi(self.server.url, connection, self.concurrency), self.files)]

    def plan(self, *documents: Document, prune: bool = False) -> Plan:
        """What a push would do now."""
        record, _ = last_state(self.state)
        with Connection({}, self.environ, clock=NoWaiting()) as connection:
            target = Target("shop", "production", documents, record, connection, prune)
            return plan_push(target, self.systems(connection))

    def shown(self, *documents: Document, prune: bool = False) -> str:
        """What ``monmc diff --against live`` prints."""
        return render_text(change_sets(self.plan(*documents, prune=prune)))

    def push(self, *documents: Document, prune: bool = False, plan: Plan | None = None) -> Outcome:
        """Plan (unless there is a plan) and apply."""
        with (
            open_session(self.state) as session,
            Connection({}, self.environ, clock=NoWaiting()) as connection,
        ):
            systems = self.systems(connection)
            target = Target("shop", "production", documents, session.record, connection, prune)
            return session.apply(plan or plan_push(target, systems), systems, target, lambda _event: None, clock=noon)

    def kept(self) -> list[dict[str, Any]]:
        """The bodies that were kept, oldest first."""
        return [json.loads(path.read_text()) for path in sorted(self.state.kept.glob("*.json"))]


def noon() -> datetime:
    """A moment."""
    return datetime(2026, 11, 4, 12, 0, 0, 5, tzinfo=UTC)


def actions(plan: Plan) -> list[tuple[str, str]]:
    """The steps that change something, as ``(action, label)``."""
    return [(step.action.value, step.label) for step in plan.work]


def told(outcome: Outcome) -> list[str]:
    """What became of each step, sorted."""
    return sorted(line(event) for event in outcome.events)


def done(events: Sequence[Event]) -> list[Action]:
    """The actions in the order in which they ended."""
    return [event.step.action for event in events]


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """A running toy server and an empty folder."""
    server = ToyServer()
    with server.started():
        yield Bench(server, folder)
