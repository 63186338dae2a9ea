"""A spec whose people are in PagerDuty, and what is made of it."""

from __future__ import annotations

from typing import Any, cast

from skillforge_mon.backends.pagerduty.emit import emit
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document
from skillforge_mon.lower.lowering import Lowering
from tests.projects import project

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {}
  alertmanager: {slack_api_url: "${secret:SLACK_URL}", default_team: chat}
  pagerduty: {from: robot@example.com}
metrics:
  queue_length: {type: gauge, help: Jobs that wait, labels: {queue: bounded}}
  requests_total: {type: counter, help: Requests}
  errors_total: {type: counter, help: Failed requests}
teams:
  on-call:
    pagerduty:
      schedule:
        timezone: Europe/Paris
        start: 2026-01-01
        handoff: monday 09:00
        users: [ann@example.com, bob@example.com]
  managers:
    description: Who decide.
    pagerduty: {users: [em@example.com, dan@example.com]}
  chat: {slack: "#alerts"}
  cto: {pagerduty: {users: cto@example.com}}
escalation:
  critical:
    - {notify: [on-call, chat], timeout: 15m}
    - {notify: [managers, on-call], timeout: 30m}
    - {notify: cto}
services:
  web: {team: on-call, escalation: critical}
  db: {team: on-call}
alerts:
  Backlog: {service: web, severity: critical, expr: sum by (queue) (queue_length) > 100}
  Odd: {severity: critical, escalation: critical, expr: queue_length > 1}
slos:
  availability: {service: web, objective: 99%, bad: errors_total, total: requests_total}
"""


def documents(spec: str = SPEC, environment: str | None = None) -> dict[str, Document]:
    """The documents of a spec without problems, by path."""
    found = project(spec, environment)
    report = Report()
    made = {document.path: document for document in emit(found, Lowering(found, report), report)}
    assert list(report) == []
    return made


def content(path: str, spec: str = SPEC) -> dict[str, Any]:
    """What one document holds."""
    return cast("dict[str, Any]", documents(spec)[path].content)


def replaced(*pairs: tuple[str, str]) -> str:
    """SPEC with each first text replaced by the second; every one must be there."""
    text = SPEC
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text
