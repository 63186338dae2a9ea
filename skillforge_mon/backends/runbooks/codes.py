"""MON4320: runbooks that cannot be written as pages."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_SPEC = """\
version: 1
project: shop
targets:
  prometheus: {}
metrics:
  errors_total: {type: counter, help: Failed requests}
teams:
  shop: {webhook: "http://hooks:8080/"}
escalation:
  page: [{notify: shop}]
services:
  web: {team: shop}
alerts:
  TooManyErrors:
    service: web
    severity: critical
    expr: sum(rate(errors_total[5m])) > 10
    for: 5m
    summary: Requests fail
    escalation: page
"""

RESERVED_NAME = Code(
    "MON4320",
    "runbook-named-readme",
    Severity.ERROR,
    "A runbook has the name of the page that lists all runbooks, `README`.",
    "One of the two pages would overwrite the other.",
    bad=_SPEC + "    runbook: readme\nrunbooks:\n  readme: {resolve: [Add a worker.]}\n",
    good=_SPEC + "    runbook: errors\nrunbooks:\n  errors: {resolve: [Add a worker.]}\n",
)

CODES = (RESERVED_NAME,)
