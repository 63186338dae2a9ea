"""The evaluator of Alertmanager configurations, held against amtool and a running Alertmanager of two generations."""

from __future__ import annotations

import datetime
import json
import time
import urllib.request
from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.routing.config import read_configuration
from skillforge_mon.routing.evaluate import inhibits, muted, routes_of
from tests.real.servers import alertmanager_server
from tests.real.test_alertmanager_live import sink
from tests.real.tools import Generation, Version, amtool_routes_test
from tests.routing.trees import configuration, labels, text

TREES = 120
LABEL_SETS = 8


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_thousands_of_trees_send_alerts_where_amtool_says(generation: Generation, tmp_path: Path, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - nothing is kept secret by it
    written = text(configuration(random, TREES, modern=generation.alertmanager >= Version(0, 27)))
    path = tmp_path / "alertmanager.yml"
    path.write_text(written, encoding="utf-8")
    report = Report()
    read = read_configuration(written, "alertmanager.yml", report)
    assert list(report) == []
    assert read is not None
    for _ in range(LABEL_SETS):
        asked = labels(random)
        result = amtool_routes_test(generation, path, asked)
        assert result.exit_code == 0, result.output
        said = result.output.strip().splitlines()[-1].split(",")
        assert said == [route.receiver for route in routes_of(read.root, asked)], asked


CONFIG = """\
route:
  receiver: rest
  group_by: [alertname]
  group_wait: 1s
  group_interval: 2s
  repeat_interval: 1h
  routes:
    - receiver: muted
      match: {team: a}
      mute_time_intervals: [always]
      continue: true
    - receiver: first
      matchers: ['team=~"a|b"']
      mute_time_intervals: [never]
      continue: true
      routes:
        - {receiver: inner, match_re: {service: "w.b"}, active_time_intervals: [always]}
        - {receiver: quiet, matchers: ['service="db"'], active_time_intervals: [never]}
    - {receiver: second, matchers: ['{severity!="info",team!=""}'], group_by: ['...']}
inhibit_rules:
  - {source_matchers: ['severity="critical"'], target_matchers: ['severity=~"warning|critical"', 'alertname!="Whole"'],
     equal: [alertname, nothing]}
receivers: [RECEIVERS]
time_intervals:
  - name: always
    time_intervals: [{weekdays: ["sunday:saturday"], location: Europe/Paris}]
  - name: never
    time_intervals: [{years: ["1999"]}, {days_of_month: ["1:-1"], times: []}]
"""
RECEIVERS = ("rest", "muted", "first", "inner", "quiet", "second")
FIRED = (
    {"alertname": "Errors", "team": "a", "severity": "critical"},
    {"alertname": "Errors", "team": "a", "severity": "warning"},
    {"alertname": "Errors", "team": "b", "severity": "info", "service": "web"},
    {"alertname": "Errors", "team": "b", "severity": "warning", "nothing": "else"},
    {"alertname": "Whole", "team": "b", "severity": "critical", "service": "db"},
    {"alertname": "Whole", "severity": "warning"},
)
ANY_MOMENT = datetime.datetime(2025, 1, 13, 12, tzinfo=datetime.UTC)
"""The intervals of CONFIG are the same at all times."""


def fire(address: str, alerts: Iterable[Mapping[str, str]]) -> None:
    """Send alerts to the Alertmanager at ``address``."""
    body = json.dumps([{"labels": dict(labels)} for labels in alerts]).encode()
    request = urllib.request.Request(  # noqa: S310 - an address of this test
        f"{address}/api/v2/alerts", body, {"Content-Type": "application/json"}, method="POST"
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=5) as answer:
        assert answer.status == 200


def test_a_running_alertmanager_tells_whom_the_evaluator_says(generation: Generation, tmp_path: Path) -> None:
    with sink() as webhook:
        listed = ", ".join(
            f'{{name: {name}, webhook_configs: [{{url: "http://127.0.0.1:{webhook.server_port}/{name}"}}]}}'
            for name in RECEIVERS
        )
        written = CONFIG.replace("RECEIVERS", listed)
        path = tmp_path / "alertmanager.yml"
        path.write_text(written, encoding="utf-8")
        read = read_configuration(written, path.name, Report())
        assert read is not None
        expected = {
            (f"/{route.receiver}", *(alert.get(name, "") for name in ("alertname", "severity", "path", "slo")))
            for alert in FIRED
            if not any(inhibits(rule, source, alert) for rule in read.inhibit_rules for source in FIRED)
            for route in routes_of(read.root, alert)
            if muted(route, ANY_MOMENT) is None
        }
        assert expected == {
            ("/first", "Errors", "critical", "", ""),
            ("/first", "Errors", "warning", "", ""),
            ("/inner", "Errors", "info", "", ""),
            ("/rest", "Whole", "warning", "", ""),
            ("/second", "Errors", "critical", "", ""),
            ("/second", "Errors", "warning", "", ""),
            ("/second", "Whole", "critical", "", ""),
        }
        with alertmanager_server(generation, path, tmp_path) as address:
            fire(address, FIRED)
            time.sleep(3.5)
        assert webhook.told == expected
