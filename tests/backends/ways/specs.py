"""A spec whose alerts lead everywhere, and what it is compiled to."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from skillforge_mon.backends.backend import emitter
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document
from skillforge_mon.lower.lowering import Lowering
from tests.projects import project

SPEC: Final = """\
version: 1
project: shop
targets:
  prometheus: {version: "3.5"}
  grafana: {version: "12.0", url: "https://grafana.example/", loki_url: "http://loki:3100"}
  loki: {}
  tempo: {}
metrics:
  requests_total: {type: counter, help: Requests, labels: {service: bounded, endpoint: bounded, status: bounded}}
services: {web: {}}
retention: {logs: 7d, traces: 7d}
logs:
  web: {service: web, index_by: [endpoint, level]}
traces: {}
slos:
  web-availability:
    service: web
    objective: 99.9%
    window: 30d
    bad: requests_total{service="web",status=~"5.."}
    total: requests_total{service="web"}
    group_by: [endpoint]
    runbook: errors
alerts:
  Errors:
    service: web
    severity: {critical: "> 5%"}
    expr: >
      sum by (endpoint) (rate(requests_total{service="web",endpoint!="",status=~"5.."}[5m]))
      / sum by (endpoint) (rate(requests_total{service="web",endpoint!=""}[5m]))
    for: 5m
    summary: Requests to {{ labels.endpoint }} fail
    runbook: errors
dashboards:
  web:
    service: web
    variables: {path: {metric: requests_total, values_of: endpoint}}
    rows:
      - panels:
          - title: Failed requests
            type: timeseries
            query: >
              sum by (endpoint) (rate(requests_total{service="web",endpoint!="",status=~"5.."}[5m]))
              / sum by (endpoint) (rate(requests_total{service="web",endpoint!=""}[5m]))
  overview:
    rows: [{use: alerts}]
runbooks:
  errors:
    description: Requests fail.
    impact: Nobody can buy.
    detection: The alert, and angry calls.
    mitigate: [Roll back.]
    root_cause: A release.
    prevent: Canaries.
"""


def compiled(
    text: str = SPEC, backends: tuple[str, ...] = ("prometheus", "grafana", "runbooks")
) -> dict[str, Document]:
    """Every document of ``backends`` by its path. The test fails where anything is reported."""
    report = Report()
    found = project(text)
    lowering = Lowering(found, report)
    documents = {each.path: each for name in backends for each in emitter(name)(found, lowering, report)}
    assert [each.headline for each in report] == []
    return documents


def carried_by(documents: dict[str, Document], file: str) -> list[dict[str, str]]:
    """The annotations of every alert in a file of rules."""
    content: Any = documents[f"prometheus/rules/{file}.yml"].content
    return [rule["annotations"] for group in content["groups"] for rule in group["rules"] if "alert" in rule]


def parameters(address: str) -> dict[str, str]:
    """What an address asks for, as a browser reads it."""
    found = parse_qs(urlsplit(address).query, strict_parsing=True)
    return {name: value for name, (value,) in found.items()}
