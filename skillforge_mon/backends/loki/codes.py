"""MON445x: Loki."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_SPEC = """\
version: 1
project: shop
targets:
  prometheus: {}
  loki: {}
metrics:
  errors_total: {type: counter, help: Failed requests}
teams:
  shop: {webhook: "http://hooks:8080/"}
escalation:
  page: [{notify: shop}]
services:
  web: {team: shop}
runbooks:
  busy: {resolve: [Add a worker.]}
logs:
  web: {service: web}
alerts:
  ManyErrors:
    service: web
    severity: {critical: "> 10"}
    for: 5m
    summary: Requests fail
    runbook: busy
    escalation: page
    loki: 'sum(count_over_time({service="web", level="error"}[5m]))'
"""
TOLD_TWICE = Code(
    "MON4450",
    "told-by-prometheus-and-loki",
    Severity.WARNING,
    "An alert is a rule of Prometheus and a rule of Loki.",
    "Both tell Alertmanager of the same alert with the same labels: while one fires and the other does not, it is told "
    "that the alert goes on and that it is over.",
    bad=_SPEC + "    expr: sum(increase(errors_total[5m]))\n",
    good=_SPEC,
)
WITHOUT_LOKI = Code(
    "MON4451",
    "collector-without-loki",
    Severity.ERROR,
    "A project is compiled for Alloy or Promtail, and not for Loki.",
    "What they read would have nowhere to go: no file is written for them.",
    bad="version: 1\nproject: shop\ntargets: {alloy: {}}\n",
    good="version: 1\nproject: shop\ntargets: {alloy: {}, loki: {}}\n",
)
REFERENCE_UNREAD = Code(
    "MON4640",
    "reference-that-nothing-fills-in",
    Severity.ERROR,
    "Where Loki is, or whose lines they are, is a reference, and what is written for it cannot hold one.",
    "Alloy and Promtail would take the reference for the address or the tenant itself, and the folder of a tenant's "
    "rules would be called after it. Passwords and keys may be references: they are read from files or variables.",
    bad='version: 1\nproject: shop\ntargets:\n  loki: {tenant: "${secret:TENANT}"}\n  alloy: {}\n',
    good="version: 1\nproject: shop\ntargets:\n  loki: {tenant: shop}\n  alloy: {}\n",
)
