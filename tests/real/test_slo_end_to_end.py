"""A real service that fails, a real Prometheus that scrapes it and evaluates our rules, and whoever is paged."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from skillforge_mon.backends.prometheus.slo_rules import SloSeries
from skillforge_mon.backends.prometheus.slo_times import ends_after, fires_after
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.spec.quantities import Duration
from tests.backends.prometheus.emitting import emitted
from tests.projects import project
from tests.real.servers import asked, listening, prometheus_server
from tests.real.tools import tools

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {version: "VERSION", scrape_interval: 1s, evaluation_interval: 1s, alertmanagers: ["127.0.0.1:PORT"]}
metrics:
  requests_total: {type: counter, labels: {code: bounded}}
teams:
  shop: {webhook: "http://hooks:8080/"}
escalation:
  page: [{notify: shop}]
services:
  web: {team: shop, escalation: page, scrape: {targets: ["127.0.0.1:PORT"]}}
slos:
  availability:
    service: web
    objective: 99%
    window: 1h
    bad: requests_total{code="500"}
    total: requests_total
    burn: [{short: 4s, long: 10s, budget: 5%, severity: critical}]
"""
REQUESTS_PER_SECOND = 100
QUIET_SECONDS = 11
"""So long that the long window knows nothing else."""
SLACK_SECONDS = 6
"""For a machine that has other things to do, and for the sending."""


class Web(ThreadingHTTPServer):
    """A service that answers, or fails; and the Alertmanager that hears of it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.failing = False
        self.counted = {"200": 0.0, "500": 0.0}
        self.since = time.monotonic()
        self.told: dict[str, str] = {}
        self.lock = threading.Lock()

    def count(self) -> None:
        """Count the requests since the last time."""
        now = time.monotonic()
        self.counted["500" if self.failing else "200"] += REQUESTS_PER_SECOND * (now - self.since)
        self.since = now

    def turn(self, *, failing: bool) -> float:
        """Begin or end an outage; returns the moment."""
        with self.lock:
            self.count()
            self.failing = failing
            return self.since


class _Handler(BaseHTTPRequestHandler):
    server: Web

    def do_GET(self) -> None:
        with self.server.lock:
            self.server.count()
            lines = [f'requests_total{{code="{code}"}} {number:.0f}' for code, number in self.server.counted.items()]
        body = "\n".join(["# TYPE requests_total counter", *lines, ""]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        for alert in json.loads(self.rfile.read(int(self.headers["Content-Length"]))):
            self.server.told[alert["labels"]["alertname"]] = alert["endsAt"]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def web() -> Iterator[Web]:
    """A service on loopback."""
    server = Web()
    with listening(server):
        yield server


def seconds_until(true: Callable[[], bool], begin: float, most: float) -> float:
    """How long after ``begin`` it is true; the test fails where that takes longer than ``most``."""
    while not true():
        assert time.monotonic() - begin < most
        time.sleep(0.05)
    return time.monotonic() - begin


@pytest.mark.waits
def test_an_outage_pages_in_the_time_that_the_mathematics_says_and_resolves(tmp_path: Path) -> None:
    generation = tools("new")
    version = f"{generation.prometheus.major}.{generation.prometheus.minor}"
    with web() as service:
        text = SPEC.replace("VERSION", version).replace("PORT", str(service.server_port))
        [plan] = Lowering(project(text), Report()).slos
        second = Duration.of(seconds=1)
        series, [alert] = SloSeries(plan, second), plan.alerts
        fires, ends = (told(series, alert, Decimal(1), second) for told in (fires_after, ends_after))
        assert fires is not None
        assert ends is not None
        with prometheus_server(generation, emitted(text).write(tmp_path), tmp_path) as address:

            def firing() -> bool:
                alerts = asked(address, "alerts")["alerts"]
                return any(each["state"] == "firing" for each in alerts)

            counted = 'sum_over_time(slo:error_ratio:rate4s{slo="availability"}[1m])'
            seconds_until(lambda: bool(asked(address, "query", query=counted)["result"]), time.monotonic(), 30)
            time.sleep(QUIET_SECONDS)
            assert not firing()
            began = service.turn(failing=True)
            most = fires.latest.seconds + SLACK_SECONDS
            took = seconds_until(lambda: "AvailabilityBudgetBurn" in service.told, began, most)
            assert firing()
            assert took >= fires.earliest.seconds - 1
            time.sleep(plan.alerts[0].tiers[0].short.seconds)
            over = service.turn(failing=False)
            seconds_until(lambda: not firing(), over, ends.latest.seconds + SLACK_SECONDS)
    assert {*service.told} == {"AvailabilityBudgetBurn"}
