"""A composite monitor that names alerts of the spec: the numbers of their monitors are filled in on push."""

from __future__ import annotations

from pathlib import Path

from skillforge_mon.backends.datadog.emit import emit
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.push.planning import Target, plan_push
from skillforge_mon.push.session import last_state, open_session
from skillforge_mon.push.state import State
from skillforge_mon.push.systems import System
from skillforge_mon.remote.connection import Connection
from tests.backends.datadog.live import SPEC, Clock, datadog
from tests.projects import project

COMPOSITE = """\
  Stuck:
    service: worker
    severity: critical
    datadog: {type: composite, query: "%{monitor:alerts.Backlog} && !%{monitor:alerts.Deploying}"}
    summary: Nothing is done
    runbook: backlog
    escalation: page
  Deploying:
    service: worker
    severity: critical
    datadog: {type: event-v2 alert, query: 'events("source:deploy").rollup("count").last("5m") > 0'}
    summary: Somebody deploys
    runbook: backlog
    escalation: page
"""


def compiled() -> list[Document]:
    found = project(SPEC + COMPOSITE, "production")
    report = Report()
    documents = list(emit(found, Lowering(found, report), report))
    assert tuple(report) == ()
    return documents


def test_a_composite_of_alerts_of_the_spec_is_pushed_after_them(tmp_path: Path) -> None:
    with datadog(SPEC + COMPOSITE) as (server, api):
        connection = Connection({}, {}, clock=Clock())
        state = State(tmp_path / ".monmc", "shop", "production")
        system = System("datadog", "Datadog", api)
        record, _ = last_state(state)
        target = Target("shop", "production", compiled(), record, connection, True)
        with open_session(state) as session:
            session.apply(plan_push(target, [system]), [system], target, lambda _event: None)
        numbers = {body["name"].split()[-1]: body["id"] for body in server.objects["monitor"].values()}
        queries = {body["query"] for body in server.objects["monitor"].values()}
        assert f"{numbers['Backlog']} && !{numbers['Deploying']}" in queries
        record, _ = last_state(state)
        again = Target("shop", "production", compiled(), record, connection, True)
        assert plan_push(again, [system]).work == ()
        connection.close()
