"""MON4330: what is wrong between Grafana's alerting and that of other systems."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_SPEC = """\
version: 1
project: shop
targets:
  prometheus: {}
  alertmanager: {smtp: {smarthost: "mail:25", from: monmc@example.com}}
  grafana: {alerting: true}
metrics:
  queue_length: {type: gauge, help: Jobs that wait, labels: {queue: bounded}}
teams:
  shop: {email: shop@example.com}
services:
  worker: {team: shop}
runbooks:
  backlog: {resolve: [Add a worker.]}
alerts:
  Backlog:
    service: worker
    severity: warning
    expr: sum by (queue) (queue_length) > 100
    for: 5m
    summary: Jobs wait
    runbook: backlog
"""

TOLD_TWICE = Code(
    "MON4330",
    "told-twice",
    Severity.WARNING,
    "Both Alertmanager and Grafana tell people of an alert.",
    "Every page comes twice, and acknowledging one of them does not stop the other.",
    bad=_SPEC,
    good=_SPEC + "    backends: [grafana]\n",
)
