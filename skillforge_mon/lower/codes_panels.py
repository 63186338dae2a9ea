"""MON34xx, the part that comes out when dashboards are laid out: ready-made sets and titles."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_HEAD = """\
version: 1
project: shop
targets:
  grafana: {}
metrics:
  http_requests_total: {type: counter, help: Requests, labels: {status: bounded}}
  http_request_duration_seconds: {type: histogram, help: Durations, buckets: [0.1, 0.5, 1]}
services:
  web: {scrape: ["web:8000"]}
"""
_RECORDED = _HEAD.replace("targets:\n", "targets:\n  prometheus: {}\n")
_SLO_ROW = "dashboards:\n  overview: {rows: [{use: slo, service: web}]}\n"
_RED = "dashboards:\n  overview: {rows: [{use: red, service: web}]}\n"

DUPLICATE_TITLE = Code(
    "MON3401",
    "duplicate-dashboard-title",
    Severity.ERROR,
    "Two dashboards have one title in one folder.",
    "Grafana then stops updating every dashboard of the providers involved, and says so only in its log.",
    bad=_HEAD
    + """\
dashboards:
  web: {title: Overview, rows: [{use: red, service: web}]}
  shop: {title: Overview, rows: [{use: alerts}]}
""",
    good=_HEAD
    + """\
dashboards:
  web: {title: Web, rows: [{use: red, service: web}]}
  shop: {title: Overview, rows: [{use: alerts}]}
""",
)
INCOMPLETE_SET = Code(
    "MON3402",
    "incomplete-panel-set",
    Severity.WARNING,
    "A ready-made set of panels does not find the metrics for one of its panels.",
    "The panel is left out: a dashboard of a service would not show its errors, and nobody would miss them.",
    bad=_HEAD.replace(", labels: {status: bounded}", "") + _RED,
    good=_HEAD + _RED,
)
EMPTY_SET = Code(
    "MON3410",
    "empty-panel-set",
    Severity.ERROR,
    "A ready-made set of panels finds nothing that it could show.",
    "The row would be empty.",
    bad=_RECORDED + _SLO_ROW,
    good=_RECORDED
    + """\
slos:
  availability:
    service: web
    objective: 99.9%
    bad: http_requests_total{job="web",status=~"5.."}
    total: http_requests_total{job="web"}
    alerting: false
"""
    + _SLO_ROW,
)
