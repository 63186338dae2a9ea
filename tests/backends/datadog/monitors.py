"""Specs for the tests of monitors, and what they are compiled to."""

from __future__ import annotations

from typing import Any

from skillforge_mon.backends.datadog.emit import emit
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report
from skillforge_mon.documents.document import Document
from skillforge_mon.lower.lowering import Lowering
from tests.projects import project

HEAD = """\
version: 1
project: shop
targets:
  datadog: {tags: {cost: web}}
  prometheus: {}
  runbooks: {url: "https://docs.example/runbooks"}
metrics:
  requests_total: {type: counter, labels: {service: bounded, status: bounded}}
  queue_length: {type: gauge, labels: {queue: bounded}}
teams:
  on-call: {pagerduty: {routing_key: "${secret:KEY}", service: Primary}}
  manager: {email: em@example.com}
  cto: {datadog: ["@cto@example.com", slack-acme-cto]}
  chat: {slack: "#chat"}
escalation:
  page: [{notify: on-call}]
  mail: [{notify: manager}]
  chat: [{notify: chat}]
  ladder:
    - {notify: on-call, timeout: 10m}
    - {notify: [manager, on-call]}
services:
  web: {team: manager, labels: {tier: "1"}}
runbooks:
  busy: {resolve: [Add a worker.]}
environments:
  staging: {}
alerts:
"""


def documents(
    alerts: str, environment: str | None = None, head: str = HEAD
) -> tuple[tuple[Document, ...], tuple[Diagnostic, ...]]:
    """What ``alerts`` (a section's text, each name indented by two) are compiled to, and what is reported."""
    found = project(head + alerts, environment)
    report = Report()
    return tuple(emit(found, Lowering(found, report), report)), tuple(report)


def only(alerts: str, environment: str | None = None, head: str = HEAD) -> Document:
    """The one document of ``alerts``, about which nothing must be reported."""
    found, problems = documents(alerts, environment, head)
    assert problems == ()
    assert len(found) == 1
    return found[0]


def payload(alerts: str, environment: str | None = None, head: str = HEAD) -> dict[str, Any]:
    """The one monitor of ``alerts``."""
    content = only(alerts, environment, head).content
    assert isinstance(content, dict)
    return content


def alert(fields: str, name: str = "Busy") -> str:
    """An alert on the queue with ``fields`` (lines, joined by ``; ``) instead of its own."""
    lines = {
        "service": "web",
        "severity": '{critical: "> 100"}',
        "expr": "sum by (queue) (queue_length)",
        "for": "5m",
        "summary": "Jobs wait",
        "runbook": "busy",
        "escalation": "page",
        "backends": "[datadog]",
    }
    for line in filter(None, fields.split("; ")):
        key, _, value = line.partition(": ")
        lines[key] = value
        if not value:
            del lines[key]
    return f"  {name}:\n" + "".join(f"    {key}: {value}\n" for key, value in lines.items())
