"""Working hours on a real Alertmanager: a message is held outside them, sent inside, and sent when they begin."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.routing.config import read_configuration
from skillforge_mon.routing.evaluate import muted, routes_of
from tests.backends.alertmanager.emitting import write
from tests.backends.alertmanager.hours import SPEC
from tests.projects import project
from tests.real.servers import alertmanager_server
from tests.real.test_alertmanager_live import Sink, sink
from tests.real.test_routing import fire
from tests.real.tools import Generation, amtool_check_config, amtool_routes_test, tools

NOW_AND_NOT_NOW = """\
version: 1
project: shop
targets:
  prometheus: {}
  alertmanager: {version: "0.25", group_wait: 1s, group_interval: 2s}
metrics:
  queue_length: {type: gauge, help: Jobs, labels: {queue: bounded}}
teams:
  dev-team: {webhook: "http://127.0.0.1:PORT/dev"}
  on-call: {webhook: "http://127.0.0.1:PORT/on-call"}
escalation:
  open: [{notify: dev-team, hours: NOW, otherwise: on-call}]
  closed: [{notify: dev-team, hours: NOT_NOW, otherwise: on-call}]
  waiting: [{notify: dev-team, hours: NOT_NOW}]
alerts:
  Open: {severity: warning, expr: queue_length > 1, escalation: open}
  Closed: {severity: warning, expr: queue_length > 1, escalation: closed}
  Waiting: {severity: warning, expr: queue_length > 1, escalation: waiting}
"""
FIRED = [
    {"alertname": name.capitalize(), "severity": "warning", "escalation": name, "level": "1"}
    for name in ("open", "closed", "waiting")
]
ZONE = "Europe/Paris"


def hours(first: datetime.datetime, last: datetime.datetime) -> str:
    """From the minute of ``first`` to that of ``last``, both in UTC; the two are on one day or on neighbouring ones."""
    days = [moment.strftime("%A").lower() for moment in (first, last)]
    if days[0] == days[1]:
        return f'{{days: {days[0]}, from: "{first:%H:%M}", to: "{last:%H:%M}"}}'
    return f'[{{days: {days[0]}, from: "{first:%H:%M}"}}, {{days: {days[1]}, to: "{last:%H:%M}"}}]'


def spec(port: int, now: str, not_now: str) -> str:
    """The spec, with these hours."""
    return NOW_AND_NOT_NOW.replace("PORT", str(port)).replace("NOT_NOW", not_now).replace("NOW", now)


def told(webhook: Sink) -> set[tuple[str, str]]:
    """Who was told of which alert."""
    return {(path, name) for path, name, *_ in webhook.told}


def awaited(holds: Callable[[], bool], seconds: float) -> None:
    """Wait until ``holds`` does; fails after ``seconds``."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "in vain"
        time.sleep(0.1)


def test_amtool_takes_the_hours_and_sends_an_alert_to_all_shifts(generation: Generation, tmp_path: Path) -> None:
    config = write(project(SPEC), tmp_path)
    checked = amtool_check_config(generation, config)
    assert checked.exit_code == 0, checked.output
    labels = {"alertname": "Backlog", "service": "web", "escalation": "page", "level": "1", "severity": "warning"}
    asked = amtool_routes_test(generation, config, labels)
    assert asked.output.strip().splitlines()[-1] == "page-level-1,page-level-1-otherwise"
    read = read_configuration(config.read_bytes(), config.name, Report())
    assert read is not None
    for day in range(13, 27):
        for hour in range(24):
            moment = datetime.datetime(2025, 1, day, hour, tzinfo=datetime.UTC)
            sending = [route.receiver for route in routes_of(read.root, labels) if muted(route, moment) is None]
            assert len(sending) == 1 or (day in (18, 25) and hour in (2, 3))


def test_a_message_is_held_outside_the_hours_and_sent_inside(generation: Generation, tmp_path: Path) -> None:
    moment = datetime.datetime.now(datetime.UTC)
    away = datetime.timedelta(hours=6)
    now, later = hours(moment - away, moment + away), hours(moment + away, moment + 2 * away)
    with sink() as webhook:
        config = write(project(spec(webhook.server_port, now, later)), tmp_path)
        with alertmanager_server(generation, config, tmp_path) as address:
            fire(address, FIRED)
            awaited(lambda: len(told(webhook)) >= 2, 10)
            time.sleep(3)
    assert told(webhook) == {("/dev", "Open"), ("/on-call", "Closed")}


@pytest.mark.waits
def test_what_waited_is_sent_when_the_hours_begin(tmp_path: Path) -> None:
    moment = datetime.datetime.now(datetime.UTC)
    # At least five seconds to be held in; at most a minute and five seconds to wait.
    begin = moment.replace(second=0, microsecond=0) + datetime.timedelta(minutes=1 if moment.second < 55 else 2)
    ahead = hours(begin, begin + datetime.timedelta(hours=6))
    behind = hours(moment - datetime.timedelta(hours=6), begin)
    with sink() as webhook:
        config = write(project(spec(webhook.server_port, behind, ahead)), tmp_path)
        with alertmanager_server(tools("new"), config, tmp_path) as address:
            fire(address, FIRED)
            awaited(lambda: len(told(webhook)) >= 2, 4)
            assert datetime.datetime.now(datetime.UTC) < begin
            assert told(webhook) == {("/dev", "Open"), ("/on-call", "Closed")}
            awaited(lambda: len(told(webhook)) >= 5, 75)
            assert datetime.datetime.now(datetime.UTC) >= begin
    assert told(webhook) == {(path, name) for path in ("/dev", "/on-call") for name in ("Open", "Closed")} | {
        ("/dev", "Waiting")
    }
