"""MON43xx: how well a backend says what an object means (law 1: nothing is dropped in silence)."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_SPEC = """\
version: 1
project: shop
targets:
  datadog: {}
metrics:
  queue_length: {type: gauge, help: Jobs that wait, labels: {queue: bounded}}
teams:
  shop: {slack: "#shop", datadog: "@slack-acme-shop"}
services:
  worker: {team: shop}
runbooks:
  backlog: {resolve: [Add a worker.]}
alerts:
  Backlog:
    service: worker
    severity: critical
    summary: Jobs wait
    runbook: backlog
    for: 5m
    backends: [datadog]
"""

APPROXIMATE = Code(
    "MON4301",
    "approximate",
    Severity.WARNING,
    "A backend can say what an object means only nearly.",
    "Copies of an alert that differ a little are found out in an outage; monmc says where they differ, and by how much.",
    bad=_SPEC + "    expr: sum by (queue) (queue_length) > 100\n",
    good=_SPEC + "    expr: sum by (queue) (queue_length) > 100\n    approximate: [datadog]\n",
)
UNTRANSLATABLE = Code(
    "MON4302",
    "untranslatable",
    Severity.ERROR,
    "A backend cannot say what an object means, although the object names it.",
    "The alert would not exist there, and nobody would know.",
    bad=_SPEC + "    expr: changes(queue_length[1h]) > 10\n",
    good=_SPEC + "    datadog: 'sum(last_1h):sum:shop.queue_changes{*}.as_count() > 10'\n",
)
ACCEPTED_IN_VAIN = Code(
    "MON4316",
    "accepted-in-vain",
    Severity.WARNING,
    "`approximate` accepts a difference that there is not.",
    "An acceptance that outlives its reason would one day accept another difference, unseen.",
    bad=_SPEC + "    datadog: 'sum(last_1h):sum:shop.queue_changes{*}.as_count() > 10'\n    approximate: [datadog]\n",
    good=_SPEC + "    datadog: 'sum(last_1h):sum:shop.queue_changes{*}.as_count() > 10'\n",
)
