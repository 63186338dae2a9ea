"""From an outage to the last level, through a real Prometheus and a real Alertmanager, at the planned moments.

All durations are divided by FACTOR. A message may come LATE after the last planned moment: one evaluation (a second)
that a busy machine misses, and a second in which four processes on its two cores must be let run. Levels are six seconds
apart, so none can be taken for another. No message may come before the first planned moment.
"""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from skillforge_mon.cli.main import main
from tests.real.escalation import FACTOR, Message, Servers, World, quicken, until, world
from tests.real.tools import Generation

pytestmark = pytest.mark.waits
EVALUATION = 30 / FACTOR
RESENT = 3.0
LATE = EVALUATION + 1.0
NOTED = 0.2  # in which an Alertmanager that has had an answer writes it into its log
CRITICAL, WARNING, WELL = 20.0, 7.0, 0.0
SPEC = """\
version: 1
project: shop
targets:
  prometheus:
    version: "2.42"
    scrape_interval: 15s
    evaluation_interval: 30s
    scrape_self: false
    alertmanagers: ["127.0.0.1:{alertmanager}"]
  alertmanager: {{version: "0.25", default_team: first, group_interval: 1m}}
metrics:
  failures: {{type: gauge, help: What fails}}
  stuck: {{type: gauge, help: Jobs that are stuck}}
teams:
  first: {{webhook: "http://127.0.0.1:{world}/first"}}
  second: {{webhook: "http://127.0.0.1:{world}/second"}}
  third: {{webhook: "http://127.0.0.1:{world}/third"}}
escalation:
  page:
    levels: [{{notify: first, timeout: 3m}}, {{notify: second, timeout: 3m}}, {{notify: third}}]
    approximate: [alertmanager]
services:
  web: {{team: first, escalation: page, scrape: {{targets: ["127.0.0.1:{world}"]}}}}
  batch: {{team: first, escalation: page}}
alerts:
  Broken:
    service: web
    severity: {{critical: "> 10", warning: "> 5"}}
    expr: sum(failures)
    for: 1m
    summary: It fails
    runbook: https://runbooks/broken
  Stuck:
    service: batch
    severity: critical
    expr: sum(min_over_time(stuck[1m])) > 0
    for: 1m
    summary: Jobs are stuck
    runbook: https://runbooks/stuck
maintenance:
  batch-work: {{services: [batch], on: "{day}", from: "{clock}", for: 3h, reason: a night of work}}
"""
PEOPLE = ("/first", "/second", "/third")


@dataclass(frozen=True, slots=True)
class Planned:
    """Seconds after the outage, as ``monmc route`` says them, divided by FACTOR; ``over`` after its end."""

    earliest: float
    latest: float
    over: float


@dataclass(frozen=True, slots=True)
class Stage:
    """A world that is well, with both servers watching it, and what is planned for each level."""

    world: World
    servers: Servers
    planned: tuple[Planned, ...]

    def breaks(self) -> float:
        """Begin the outage; the moment at which it began."""
        moment = time.monotonic()
        self.world.metrics |= {"failures": CRITICAL, "stuck": 1.0}
        return moment

    def told(self, severity: str, status: str, path: str) -> list[Message]:
        """The messages of Broken."""
        return [
            each
            for each in self.world.told
            if (each.labels["alertname"], each.labels["severity"], each.status, each.path)
            == ("Broken", severity, status, path)
        ]

    def hears(self, path: str) -> bool:
        """Whether the critical Broken was told there."""
        return bool(self.told("critical", "firing", path))

    def remembers(self) -> bool:
        """Whether Alertmanager knows, soon, that what was heard was heard; then it takes its log along anywhere."""
        answered = until(lambda: not self.servers.is_calling(), LATE)
        time.sleep(NOTED)
        return answered

    def heard(self, severity: str) -> dict[str, list[str]]:
        """What everybody was told of Broken, in order."""
        own = [each for each in self.world.told if each.labels["severity"] == severity]
        return {path: [each.status for each in own if each.path == path] for path in PEOPLE}

    def stuck(self) -> set[str]:
        """The levels at which Alertmanager knows that Stuck fires."""
        alerts = (each["labels"] for each in self.servers.alerts())
        return {labels["level"] for labels in alerts if labels["alertname"] == "Stuck"}


@pytest.fixture
def stage(generation: Generation, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Stage]:
    """The built project, quickened, running and healthy. A window mutes the service `batch` for the next hours."""
    with world() as people:
        servers = Servers(generation, tmp_path / "quick", tmp_path)
        began = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1)
        spec = tmp_path / "shop.yaml"
        ports = {"alertmanager": servers.alertmanager_port, "world": people.server_port}
        spec.write_text(SPEC.format(**ports, day=began.date(), clock=f"{began:%H:%M}"), encoding="utf-8")
        assert main(["build", str(spec), "--out", str(tmp_path / "out")]) == 0
        quicken(tmp_path / "out/shop/default", servers.tree)
        capsys.readouterr()
        assert main(["route", str(spec), "--alert", "Broken", "--format", "json"]) == 0
        planned = tuple(_planned(each) for each in json.loads(capsys.readouterr().out)["notifications"])
        people.metrics |= {"failures": WELL, "stuck": 0.0}
        with _running(servers):
            assert until(lambda: len(servers.query("up == 1")) == 1, 20), "the service is never scraped"
            yield Stage(people, servers, planned)


@contextmanager
def _running(servers: Servers) -> Iterator[None]:
    try:
        servers.start_alertmanager()
        servers.start_prometheus()
        yield
    finally:
        servers.stop_prometheus()
        servers.stop_alertmanager()


def _planned(notification: dict[str, Any]) -> Planned:
    told = notification["told"]
    return Planned(told["earliest"] / FACTOR, told["latest"] / FACTOR, notification["end_told_within"] / FACTOR)


def test_an_outage_is_told_level_by_level_when_the_timeline_says(stage: Stage) -> None:
    assert [(round(each.earliest, 2), round(each.latest, 2)) for each in stage.planned] == [
        (2.33, 3.83),
        (8.33, 9.83),
        (14.33, 15.83),
    ]
    began = stage.breaks()
    for path, planned in zip(PEOPLE, stage.planned, strict=True):
        left = began + planned.latest + LATE - time.monotonic()
        assert until(partial(stage.hears, path), left), f"{path} is told too late"
    arrived = [stage.told("critical", "firing", path)[0].at - began for path in PEOPLE]
    for planned, after in zip(stage.planned, arrived, strict=True):
        assert planned.earliest <= after <= planned.latest + LATE
    assert {each.labels["severity"] for each in stage.world.told} == {"critical"}, (
        "the warning waits for its worse self"
    )
    window = 60 / FACTOR  # of its query, which must be full of what is wrong
    assert until(lambda: stage.stuck() == {"1", "2", "3"}, window + EVALUATION + LATE), "Stuck fires at all levels"
    assert {each.labels["alertname"] for each in stage.world.told} == {"Broken"}, "and maintenance mutes it"

    better = time.monotonic()
    stage.world.metrics["failures"] = WARNING
    left = stage.planned[0].over + LATE
    assert until(lambda: all(stage.told("critical", "resolved", path) for path in PEOPLE), left), "the end is not told"
    for path in PEOPLE:
        assert stage.told("critical", "resolved", path)[0].at - better <= stage.planned[0].over + LATE
    # A flush of the group, which comes every minute, finds the warning no longer inhibited.
    flush = 60 / FACTOR
    assert until(lambda: all(stage.told("warning", "firing", path) for path in PEOPLE), flush + LATE), (
        "the warning is told once nothing worse fires"
    )
    assert [len(stage.told("critical", "firing", path)) for path in PEOPLE] == [1, 1, 1]


def test_restarts_and_reloads_lose_nothing_and_call_nobody_twice(stage: Stage) -> None:
    first, second, third = stage.planned
    began = stage.breaks()
    assert until(partial(stage.hears, "/first"), first.latest + LATE)
    assert stage.remembers()
    stage.servers.reload()
    stage.servers.stop_alertmanager()
    # Nobody listens when level 2 becomes due.
    time.sleep(max(0.0, began + second.latest - time.monotonic()))
    assert not stage.hears("/second")
    stage.servers.start_alertmanager()
    # Prometheus tells it again of whatever fires.
    assert until(partial(stage.hears, "/second"), RESENT + EVALUATION + LATE)
    stopped = time.monotonic()
    stage.servers.stop_prometheus()
    stage.servers.start_prometheus()
    down = time.monotonic() - stopped
    # Level 3 counts on from where it was: the time without evaluations is added, and it takes the first two evaluations
    # to remember. A Prometheus that has just started finds its Alertmanagers after 5 s, which no setting makes quicker:
    # what it had to tell meanwhile, it tells at the next resend.
    latest = third.latest + down + 3 * EVALUATION + RESENT + EVALUATION + LATE
    assert until(partial(stage.hears, "/third"), began + latest - time.monotonic())
    assert stage.told("critical", "firing", "/third")[0].at - began >= third.earliest
    assert stage.remembers()
    stage.servers.reload()
    time.sleep(RESENT + EVALUATION)
    assert stage.heard("critical") == {path: ["firing"] for path in PEOPLE}, "nobody was called twice"

    stage.world.metrics["failures"] = WELL
    assert until(lambda: all(stage.told("critical", "resolved", path) for path in PEOPLE), first.over + LATE)
    time.sleep(60 / FACTOR + EVALUATION)
    assert stage.heard("critical") == {path: ["firing", "resolved"] for path in PEOPLE}
    # An Alertmanager that has just read its file looks at its alerts before all of those are known that silence others:
    # on a busy machine the warning slips through. It is told once, and its end too.
    assert all(said in ([], ["firing", "resolved"]) for said in stage.heard("warning").values())
