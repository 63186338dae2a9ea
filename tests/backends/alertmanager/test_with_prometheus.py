"""The two halves meet: every rule that monmc writes for Prometheus finds the receiver that its object asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from skillforge_mon.compiler import compile_project
from tests.backends.alertmanager.routing import notifications

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {}
  alertmanager: {default_team: rest}
metrics:
  queue_length: {type: gauge, help: Jobs, unit: jobs, labels: {queue: bounded}}
  errors_total: {type: counter, help: Errors, labels: {path: bounded}}
  requests_total: {type: counter, help: Requests, labels: {path: bounded}}
teams:
  first: {webhook: "http://hooks:8080/first"}
  second: {webhook: "http://hooks:8080/second"}
  rest: {webhook: "http://hooks:8080/rest"}
escalation:
  page:
    levels: [{notify: first, timeout: 5m}, {notify: second}]
    approximate: [alertmanager]
services:
  web: {team: first, escalation: page, runbook: "https://runbooks.example.com/web"}
  jobs: {team: second, runbook: "https://runbooks.example.com/jobs"}
alerts:
  Errors:
    service: web
    severity: {critical: "> 10", warning: "> 5"}
    expr: sum by (path) (rate(errors_total[5m]))
    for: 5m
    summary: Requests fail
  Backlog:
    service: jobs
    severity: warning
    expr: sum by (queue) (queue_length) > 100
    for: 5m
    summary: Jobs wait
    no_data: notify
slos:
  availability:
    {service: web, objective: 99.9%, bad: errors_total, total: requests_total, description: Requests succeed}
maintenance:
  weekly: {services: [web], every: saturday, from: "02:00", for: 2h}
  jobs: {alerts: [Backlog], every: day, from: "02:00", for: 2h}
"""


def _rules(contents: list[Any]) -> Iterator[dict[str, Any]]:
    for content in contents:
        for group in content["groups"]:
            yield from (rule for rule in group["rules"] if "alert" in rule)


def test_every_alert_rule_finds_its_receiver_and_its_windows(tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text(SPEC, encoding="utf-8")
    result = compile_project(spec)
    assert [diagnostic.headline for diagnostic in result.diagnostics] == []
    contents = {document.path: cast("Any", document.content) for document in result.documents}
    root = contents["alertmanager/alertmanager.yml"]["route"]
    found = {
        (rule["alert"], rule["labels"]["severity"], rule["labels"].get("level", "")): [
            (item.receiver, item.muted_in)
            for item in notifications(root, {**rule["labels"], "alertname": rule["alert"]})
        ]
        for rule in _rules([content for path, content in contents.items() if path.startswith("prometheus/rules/")])
    }
    first, second = [("page-level-1", ("weekly",))], [("page-level-2", ("weekly",))]
    assert found == {
        ("Errors", "critical", "1"): first,
        ("Errors", "critical", "2"): second,
        ("Errors", "warning", "1"): first,
        ("Errors", "warning", "2"): second,
        ("Backlog", "warning", ""): [("team-second", ("jobs",))],
        ("BacklogNoData", "warning", ""): [("team-second", ("jobs",))],
        ("AvailabilityBudgetBurn", "critical", "1"): first,
        ("AvailabilityBudgetBurn", "critical", "2"): second,
        ("AvailabilityBudgetBurn", "warning", "1"): first,
        ("AvailabilityNoData", "warning", "1"): first,
    }
