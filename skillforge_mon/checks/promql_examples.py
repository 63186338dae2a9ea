"""The spec in which the rules about PromQL show what they report, and how it is put right."""

from __future__ import annotations

_SPEC = """\
version: 1
project: shop
targets:
  prometheus: {{version: "{version}", retention: 30d}}
metrics:
  http_requests_total: {{type: counter, help: Requests served, labels: {{code: bounded, cache: [hit, miss], user: unbounded}}}}
  http_request_duration_seconds: {{type: histogram, help: Time to answer, buckets: [0.1, 0.5, 1], labels: {{code: bounded}}}}
  rpc_duration_seconds: {{type: summary, help: Time to answer, quantiles: [0.5, 0.99], labels: {{method: bounded}}}}
  queue_messages: {{type: gauge, help: Messages that wait, labels: {{queue: bounded}}}}
  memory_bytes: {{type: gauge, help: Memory in use}}
  disk_used_ratio: {{type: gauge, help: Share of the disk in use}}
{metrics}teams:
  shop: {{webhook: "http://hooks:8080/"}}
escalation:
  page: [{{notify: shop}}]
services:
  web: {{team: shop}}
runbooks:
  broken: {{resolve: [Roll back.]}}
alerts:
  ShopIsBroken:
    service: web
    severity: {severity}
    expr: {expr}
    for: 5m
    summary: "{summary}"
    runbook: broken
    escalation: page
"""


def alert_spec(
    expr: str,
    *,
    severity: str = "critical",
    summary: str = "The shop is broken",
    version: str = "3.5",
    metrics: str = "",
) -> str:
    """A whole spec with one alert on ``expr``; ``metrics`` are further lines of its catalogue."""
    return _SPEC.format(expr=expr, severity=severity, summary=summary, version=version, metrics=metrics)
