"""A ruler takes merged groups within its limits, and has every rule afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from skillforge_mon.backends.ruler.api import connect
from skillforge_mon.backends.ruler.emit import emit
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.project import Project
from skillforge_mon.push.events import Outcome
from skillforge_mon.push.planning import Target, plan_push
from skillforge_mon.push.scheduler import Status
from skillforge_mon.push.session import open_session
from skillforge_mon.push.state import State
from skillforge_mon.push.systems import System
from skillforge_mon.remote.connection import Connection
from tests.backends.ruler.specs import slo_spec
from tests.fakes.ruler import FakeRuler
from tests.projects import project


def of_slos(slos: int, url: str) -> tuple[Project, list[Document]]:
    """A project of so many SLOs, and its groups."""
    text = slo_spec(slos).replace("https://mimir.example.com", url).replace("limits:", "tenant: shop-team, limits:")
    source = project(text)
    report = Report()
    found = list(emit(source, Lowering(source, report), report))
    assert list(report) == []
    return source, found


def pushed(api: Any, connection: Connection, documents: Sequence[Document], state: State) -> Outcome:
    """How a push with ``--prune`` goes."""
    systems = [System("ruler", api.title, api)]
    with open_session(state) as session:
        target = Target("shop", "default", documents, session.record, connection, prune=True)
        return session.apply(plan_push(target, systems), systems, target, lambda _event: None)


def failed(outcome: Outcome) -> list[str]:
    """Why steps failed."""
    return [event.reason for event in outcome.events if event.what == Status.FAILED]


def rules(fake: FakeRuler) -> int:
    """How many rules the ruler has."""
    return sum(len(group["rules"]) for group in fake.groups["shop-default"].values())


def test_an_slo_more_is_one_push_for_a_ruler_whose_groups_are_merged(tmp_path: Path) -> None:
    fake = FakeRuler()
    with fake.started(), Connection({}, {}) as connection:
        source, before = of_slos(50, fake.url)
        api, state = connect(source, connection), State(tmp_path, "shop", "default")
        assert failed(pushed(api, connection, before, state)) == []
        assert len(fake.groups["shop-default"]) == fake.most_groups - 3 == 67
        for slos in (51, 52):
            _, after = of_slos(slos, fake.url)
            assert failed(pushed(api, connection, after, state)) == []
            assert rules(fake) == 19 * slos
            assert len(fake.groups["shop-default"]) == 67


def test_the_first_merging_needs_a_limit_that_is_raised_for_it(tmp_path: Path) -> None:
    fake = FakeRuler()
    with fake.started(), Connection({}, {}) as connection:
        source, before = of_slos(35, fake.url)
        api, state = connect(source, connection), State(tmp_path, "shop", "default")
        assert failed(pushed(api, connection, before, state)) == []
        assert len(fake.groups["shop-default"]) == fake.most_groups == 70
        fake.most_groups = 80
        _, after = of_slos(36, fake.url)
        assert failed(pushed(api, connection, after, state)) == []
        fake.most_groups = 70
        assert (len(fake.groups["shop-default"]), rules(fake)) == (67, 19 * 36)


def test_what_a_full_ruler_refused_is_sent_by_the_next_push(tmp_path: Path) -> None:
    fake = FakeRuler()
    with fake.started(), Connection({}, {}) as connection:
        source, before = of_slos(35, fake.url)
        api, state = connect(source, connection), State(tmp_path, "shop", "default")
        assert failed(pushed(api, connection, before, state)) == []
        _, after = of_slos(36, fake.url)
        refused = failed(pushed(api, connection, after, state))
        assert refused
        assert all("per-user rule groups limit (limit: 70 actual: 71) exceeded" in reason for reason in refused)
        assert failed(pushed(api, connection, after, state)) == []
        assert (len(fake.groups["shop-default"]), rules(fake)) == (67, 19 * 36)
