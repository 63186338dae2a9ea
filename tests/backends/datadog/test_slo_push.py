"""SLOs and their monitors, pushed: the SLO first, and then nothing is left to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from skillforge_mon.backends.datadog.emit import emit
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.remote.errors import RefusedError
from tests.backends.datadog.bodies import SLO
from tests.backends.datadog.live import datadog, made
from tests.backends.datadog.objectives import HEAD, measured, slo
from tests.backends.datadog.pushing import Place, placed, writes
from tests.projects import project

SLOS = {
    "counted": slo("datadog: {error_budget: {warning: 75%}}; escalation: ladder; tickets: tickets"),
    "seven days": slo("window: 7d"),
    "a quarter": slo("window: quarter; group_by: [tenant]"),
    "a small budget": slo("objective: 99.99992%; bad: errors_total"),
    "own pairs": slo("burn: [{short: 60h, long: 5d, budget: 33%, severity: warning}]; objective: 99.95%"),
    "latency": measured("latency: {metric: latency_seconds, below: 500ms}; objective: 95%"),
    "time": measured("slices: {expr: sum(queue_length) / sum(queue_limit), good: '<= 0.8'}"),
}


def compiled(slos: str) -> list[Document]:
    """The documents of ``slos``, in production."""
    found = project(f"{HEAD}slos:\n{slos}" if slos else HEAD, "production")
    report = Report()
    documents = list(emit(found, Lowering(found, report), report))
    assert tuple(report) == ()
    return documents


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with placed(tmp_path) as found:
        yield found


@pytest.mark.parametrize("what", SLOS)
def test_pushed_means_nothing_left_to_do(place: Place, what: str) -> None:
    outcome = place.push(compiled(SLOS[what]))
    assert {event.what for event in outcome.events} == {"done"}
    assert len(place.server.objects["slo"]) == 1
    assert place.plan(compiled(SLOS[what])).work == ()


def test_the_slo_is_made_before_its_monitors_which_name_it(place: Place) -> None:
    place.push(compiled(slo()))
    assert writes(place.server) == [("POST", "slo"), *[("POST", "monitor")] * 4]
    (identifier,) = place.server.objects["slo"]
    assert sorted(monitor["query"] for monitor in place.server.objects["monitor"].values()) == [
        f'burn_rate("{identifier}").over("30d").long_window("1h").short_window("5m") > 14.4',
        f'burn_rate("{identifier}").over("30d").long_window("24h").short_window("120m") > 3',
        f'burn_rate("{identifier}").over("30d").long_window("48h").short_window("360m") > 1',
        f'burn_rate("{identifier}").over("30d").long_window("6h").short_window("30m") > 6',
    ]


def test_another_window_changes_the_slo_before_its_monitors(place: Place) -> None:
    """The server holds the timeframe of a monitor against that of its SLO as it is then."""
    fields = "burn: [{short: 5m, long: 1h, budget: 2%, severity: critical}]"
    place.push(compiled(slo(fields)))
    place.server.requests.clear()
    place.push(compiled(slo(f"{fields}; window: 7d")))
    assert writes(place.server) == [("PUT", "slo"), ("PUT", "monitor")]
    assert place.plan(compiled(slo(f"{fields}; window: 7d"))).work == ()


def test_a_renamed_slo_stays_the_same_object(place: Place) -> None:
    place.push(compiled(slo()))
    before = {kind: set(place.server.objects[kind]) for kind in ("slo", "monitor")}
    place.push(compiled(slo("was: api", "front")))
    assert {kind: set(place.server.objects[kind]) for kind in ("slo", "monitor")} == before
    assert [each["name"] for each in place.server.objects["slo"].values()] == ["[shop/production] front"]


def test_what_is_taken_out_of_the_spec_is_deleted_monitors_first(place: Place) -> None:
    place.push(compiled(slo("burn: [{short: 5m, long: 1h, budget: 2%, severity: critical}]")))
    place.server.requests.clear()
    place.push(compiled(""))
    assert writes(place.server) == [("DELETE", "monitor"), ("DELETE", "slo")]
    assert (place.server.objects["slo"], place.server.objects["monitor"]) == ({}, {})


@pytest.mark.parametrize(
    "asked",
    [
        '.over("30d").long_window("72h").short_window("360m") > 1',
        '.over("30d").long_window("1h").short_window("60m") > 1',
        '.over("30d").long_window("1h").short_window("5m") > 1001',
        '.over("7d").long_window("1h").short_window("5m") > 14.4',
    ],
)
def test_the_fake_refuses_what_datadog_refuses(asked: str) -> None:
    with datadog() as (_server, api):
        live = made(api, "slo", {**SLO, "thresholds": [{"timeframe": "30d", "target": 99.9}]}, "slos.api")
        query = f'burn_rate("{live.id}"){asked}'
        with pytest.raises(RefusedError):
            made(api, "monitor", {"name": "a", "type": "slo alert", "query": query, "message": ""}, "slos.api.a")
