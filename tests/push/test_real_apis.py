"""The engine and every real API: pushed means nothing left to do; deleted means gone; nothing else is touched."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from skillforge_mon.backends.backend import emitter
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.project import Project
from skillforge_mon.push.changes import change_sets
from skillforge_mon.push.events import Outcome
from skillforge_mon.push.planning import Target, plan_push
from skillforge_mon.push.session import last_state, open_session
from skillforge_mon.push.state import State
from skillforge_mon.push.steps import Action, Plan
from skillforge_mon.push.systems import System
from skillforge_mon.remote.api import Api
from skillforge_mon.remote.connection import Connection
from tests.backends.datadog import live as datadog_live
from tests.backends.elasticsearch import live as elasticsearch_live
from tests.backends.grafana import live as grafana_live
from tests.backends.pagerduty.account import account
from tests.backends.pagerduty.specs import SPEC as PAGERDUTY_SPEC
from tests.backends.sentry.pushing import case, pushing
from tests.fakes.elastic import FakeElastic
from tests.fakes.server import FakeServer
from tests.projects import project


@dataclass
class Place:
    """One API with a server behind it, and what is to live there."""

    backend: str
    api: Api
    server: FakeServer
    project: Project
    documents: Sequence[Document]
    connection: Connection
    state: State

    def target(self, documents: Sequence[Document], *, prune: bool = False) -> Target:
        record, _ = last_state(self.state)
        name, environment = self.project.name, self.project.environment
        return Target(name, environment, documents, record, self.connection, prune)

    def plan(self, documents: Sequence[Document] | None = None, *, prune: bool = False) -> Plan:
        target = self.target(self.documents if documents is None else documents, prune=prune)
        return plan_push(target, [System(self.backend, self.api.title, self.api)])

    def push(self, documents: Sequence[Document] | None = None, *, prune: bool = False) -> Outcome:
        target = self.target(self.documents if documents is None else documents, prune=prune)
        systems = [System(self.backend, self.api.title, self.api)]
        with open_session(self.state) as session:
            target = replace(target, record=session.record)
            return session.apply(plan_push(target, systems), systems, target, lambda _event: None)


def documents_of(found: Project, backend: str) -> list[Document]:
    """What the backend emits for the project."""
    report = Report()
    return list(emitter(backend)(found, Lowering(found, report), report))


@contextmanager
def in_pagerduty(state: Path) -> Iterator[Place]:
    with account() as made:
        found = project(PAGERDUTY_SPEC)
        yield place("pagerduty", made.api, made.fake, found, made.connection, state)


@contextmanager
def in_sentry(state: Path, mode: str = "workflows") -> Iterator[Place]:
    with pushing(case(mode), mode) as made:
        yield place("sentry", made.api, made.fake, made.project, made.connection, state)


@contextmanager
def in_legacy_sentry(state: Path) -> Iterator[Place]:
    with in_sentry(state, "legacy") as made:
        yield made


@contextmanager
def in_sentry_with_projects(state: Path) -> Iterator[Place]:
    """Nothing lives there yet: the projects are made by the push that makes their alerts."""
    with pushing(case("projects")) as made:
        yield place("sentry", made.api, made.fake, made.project, made.connection, state)


@contextmanager
def in_datadog(state: Path) -> Iterator[Place]:
    with datadog_live.datadog() as (server, api):
        found = project(DATADOG_SPEC, "production")
        yield place("datadog", api, server, found, Connection({}, {}, clock=datadog_live.Clock()), state)


@contextmanager
def in_grafana(state: Path) -> Iterator[Place]:
    text = (Path(grafana_live.__file__).parent / "cases" / "alerting.yaml").read_text(encoding="utf-8")
    with grafana_live.running() as server:
        found = grafana_live.at(project(text), server)
        connection = grafana_live.connection(server, **SECRETS)
        api = importlib.import_module("skillforge_mon.backends.grafana.api").connect(found, connection)
        yield place("grafana", api, server, found, connection, state)


@contextmanager
def in_elasticsearch(state: Path, spec: str = elasticsearch_live.SPEC) -> Iterator[Place]:
    server = FakeElastic()
    with server.started(), Connection({}, elasticsearch_live.ENVIRON) as connection:
        found = project(spec.replace("http://elasticsearch:9200", server.url), "production")
        api = importlib.import_module("skillforge_mon.backends.elasticsearch.api").connect(found, connection)
        yield place("elasticsearch", api, server, found, connection, state)


@contextmanager
def in_elasticsearch_with_streams(state: Path) -> Iterator[Place]:
    """The lifecycle of data streams, and Elastic APM."""
    spec = elasticsearch_live.SPEC.replace("lifecycle: ilm", "apm: {}").replace("{logs: {", "{traces: 7d, logs: {")
    with in_elasticsearch(state, f"{spec}traces: {{}}\n") as made:
        yield made


def place(backend: str, api: Any, server: FakeServer, found: Project, connection: Connection, state: Path) -> Place:
    folder = State(state, found.name, found.environment)
    return Place(backend, api, server, found, documents_of(found, backend), connection, folder)


SECRETS = {
    name: f"https://hooks.example.com/{name.lower()}"
    for name in ("SLACK_WEBHOOK", "PAGERDUTY_KEY", "OPSGENIE_KEY", "HOOK")
}
DATADOG_SPEC = datadog_live.SPEC
PLACES: dict[str, Callable[[Path], AbstractContextManager[Place]]] = {
    "pagerduty": in_pagerduty,
    "sentry": in_sentry,
    "sentry-legacy": in_legacy_sentry,
    "sentry-projects": in_sentry_with_projects,
    "datadog": in_datadog,
    "grafana": in_grafana,
    "elasticsearch": in_elasticsearch,
    "elasticsearch-streams": in_elasticsearch_with_streams,
}


@pytest.fixture(params=PLACES)
def there(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with PLACES[request.param](tmp_path / ".monmc") as made:
        yield made


def shown(plan: Plan) -> list[tuple[str, str, Any]]:
    """The steps that change something, with what they change."""
    return [(step.action.value, step.label, step.fields or step.drift) for step in plan.work]


def writes(server: FakeServer) -> list[tuple[str, str]]:
    return [(each.method, each.path) for each in server.requests if each.method in {"PUT", "DELETE", "PATCH"}]


def test_after_a_push_nothing_is_left_to_do(there: Place) -> None:
    plan = there.plan()
    assert (plan.diagnostics, {step.action for step in plan.work}) == ((), {Action.CREATE})
    outcome = there.push()
    assert not outcome.failed, outcome.report()
    assert shown(there.plan()) == []
    assert all(of.empty for of in change_sets(there.plan()))


def test_what_is_pushed_twice_is_written_once(there: Place) -> None:
    there.push()
    there.server.requests.clear()
    there.push()
    assert writes(there.server) == []


def test_without_a_record_nothing_is_left_to_do_either(there: Place) -> None:
    there.push()
    there.state.pushed.unlink()
    assert shown(there.plan()) == []


def test_everything_of_ours_can_be_deleted_in_one_push(there: Place) -> None:
    there.push()
    outcome = there.push((), prune=True)
    assert not outcome.failed, outcome.report()
    assert [step.label for step in there.plan((), prune=True).of_ours() if step.live is not None] == []
    kept = {kind.name for kind in there.api.kinds if not kind.deletable}
    assert [each for each in json.loads(there.state.pushed.read_text())["objects"] if each["kind"] not in kept] == []


def test_everything_that_was_deleted_outside_comes_back(there: Place) -> None:
    there.push()
    there.push((), prune=True)
    assert not there.push().failed
    assert shown(there.plan()) == []
