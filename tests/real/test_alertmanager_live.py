"""A real Alertmanager with our configuration: who is told, who is silenced by a worse alert, and who by a window."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.backends.alertmanager.emitting import write
from tests.real.servers import alertmanager_server, listening
from tests.real.tools import Generation

PATIENCE = 20
LATE = 1.5  # more than the second for which the slowest group waits
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {}
  alertmanager: {version: "0.25", group_wait: 1s, default_team: rest}
metrics:
  errors_total: {type: counter, help: Errors, labels: {path: bounded}}
  requests_total: {type: counter, help: Requests, labels: {path: bounded}}
teams:
  first: {webhook: "http://127.0.0.1:PORT/first"}
  second: {webhook: "http://127.0.0.1:PORT/second"}
  rest: {webhook: "http://127.0.0.1:PORT/rest"}
escalation:
  page: [{notify: first, timeout: 5m}, {notify: second}]
services:
  web: {team: first, escalation: page}
alerts:
  Errors:
    service: web
    severity: {critical: "> 10", warning: "> 5", info: "> 1"}
    expr: sum by (path) (rate(errors_total[5m]))
slos:
  availability: {service: web, objective: 99.9%, bad: errors_total, total: requests_total}
maintenance:
  always: {severities: [info], every: day, from: "00:00", for: 24h}
"""
WEB = {"service": "web", "team": "first", "escalation": "page"}


class Sink(ThreadingHTTPServer):
    """A webhook that keeps what it is told: the path, and the labels that matter of every alert."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told: set[tuple[str, ...]] = set()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert isinstance(self.server, Sink)
        for alert in body["alerts"]:
            labels = alert["labels"]
            names = ("alertname", "severity", "path", "slo")
            self.server.told.add((self.path, *(labels.get(name, "") for name in names)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def sink() -> Iterator[Sink]:
    """A webhook on loopback."""
    server = Sink()
    with listening(server):
        yield server


def _fire(address: str, alerts: list[dict[str, str]]) -> None:
    body = json.dumps([{"labels": labels} for labels in alerts]).encode()
    request = urllib.request.Request(  # noqa: S310 - an address of this test
        f"{address}/api/v2/alerts", body, {"Content-Type": "application/json"}, method="POST"
    )
    with _DIRECT.open(request, timeout=5) as answer:
        assert answer.status == 200


def test_people_hear_of_what_is_worst_and_not_of_what_is_muted(generation: Generation, tmp_path: Path) -> None:
    errors = {"alertname": "Errors", **WEB}
    burn = {"alertname": "AvailabilityBudgetBurn", "slo": "availability", **WEB, "level": "1"}
    fired = [
        {**errors, "severity": "critical", "path": "/a", "level": "1"},
        {**errors, "severity": "critical", "path": "/a", "level": "2"},
        {**errors, "severity": "warning", "path": "/a", "level": "1"},
        {**errors, "severity": "warning", "path": "/b", "level": "1"},
        {**errors, "severity": "info", "path": "/c", "level": "1"},
        {**burn, "severity": "critical"},
        {**burn, "severity": "warning"},
        {"alertname": "Other", "severity": "warning"},
        {"alertname": "Other", "severity": "info", "path": "/d"},
    ]
    expected = {
        ("/first", "Errors", "critical", "/a", ""),
        ("/second", "Errors", "critical", "/a", ""),
        ("/first", "Errors", "warning", "/b", ""),
        ("/first", "AvailabilityBudgetBurn", "critical", "", "availability"),
        ("/rest", "Other", "warning", "", ""),
    }
    with sink() as webhook:
        config = write(SPEC.replace("PORT", str(webhook.server_port)), tmp_path)
        with alertmanager_server(generation, config, tmp_path) as address:
            _fire(address, fired)
            give_up = time.monotonic() + PATIENCE
            while not webhook.told >= expected and time.monotonic() < give_up:
                time.sleep(0.05)
            time.sleep(LATE)
    assert webhook.told == expected
