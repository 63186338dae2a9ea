"""MON2050: LogQL that does not parse."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_SPEC = """\
version: 1
project: shop
targets:
  loki: {}
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
  ManyTimeouts:
    service: web
    severity: {critical: "> 10"}
    loki: 'sum(count_over_time({service="web"} |= "timeout" [5m]))'
    for: 5m
    summary: Many requests time out
    runbook: busy
    escalation: page
"""
LOGQL_SYNTAX = Code(
    "MON2050",
    "logql-syntax",
    Severity.ERROR,
    "A query is not LogQL.",
    "Loki would refuse the rule and go on without it, and a panel would show an error.",
    bad=_SPEC.replace('"timeout" [5m]', '"timeout"'),
    good=_SPEC,
)
