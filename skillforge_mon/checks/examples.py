"""The spec that the examples of the checks start from: it builds without a problem."""

from __future__ import annotations

HEAD = "version: 1\nproject: shop\n"
GOOD = (
    HEAD
    + """\
targets:
  prometheus: {}
metrics:
  requests_total: {type: counter, help: Requests, labels: {code: bounded}}
  queue_length: {type: gauge, help: Jobs that wait, unit: jobs, labels: {queue: bounded}}
teams:
  shop: {webhook: "http://hooks:8080/"}
escalation:
  page: [{notify: shop}]
services:
  web: {team: shop}
runbooks:
  busy: {resolve: [Add a worker.]}
alerts:
  Backlog:
    service: web
    severity: warning
    expr: sum by (queue) (queue_length) > 100
    for: 5m
    summary: Jobs wait
    runbook: busy
    escalation: page
"""
)


def changed(*replacements: tuple[str, str], text: str = GOOD) -> str:
    """``text`` with each first text replaced by the second; every one must be there."""
    for old, new in replacements:
        assert old in text, old  # noqa: S101 - a slip in an example must not go unseen
        text = text.replace(old, new)
    return text
