"""The spec that the codes of SLOs (MON31xx) are shown with."""

from __future__ import annotations

HEAD = """\
version: 1
project: shop
targets:
  prometheus: {retention: 30d}
metrics:
  requests_total: {type: counter, help: Requests, labels: {code: bounded, path: bounded}}
  request_duration_seconds: {type: histogram, help: Time to answer, buckets: [0.1, 0.5, 1]}
teams:
  shop: {webhook: "http://hooks:8080/"}
escalation:
  page: [{notify: shop}]
services:
  web: {team: shop, escalation: page, runbook: busy}
runbooks:
  busy: {resolve: [Add a worker.]}
slos:
"""
AVAILABILITY = """\
  availability:
    service: web
    objective: 99.9%
    bad: requests_total{code=~"5.."}
    total: requests_total
"""
GOOD = HEAD + AVAILABILITY
