"""Specs to start examples about baselines and KPIs from."""

from __future__ import annotations

from typing import Final

from skillforge_mon.checks.examples import HEAD

_HEAD: Final = (
    HEAD
    + """\
targets: {prometheus: {}}
retention: {metrics: 40d}
metrics:
  request_duration_seconds: {type: histogram, buckets: [0.1, 1], help: How long requests take}
  jobs_total: {type: counter, labels: {result: [ok, failed]}, help: Jobs done}
  queue_length: {type: gauge, help: Jobs that wait}
"""
)
BASELINE: Final = (
    _HEAD
    + """\
baselines:
  latency:
    metric: request_duration_seconds
    short: 30m
    long: 6h
"""
)
KPI: Final = (
    _HEAD
    + """\
kpis:
  done:
    expr: sum(rate(jobs_total{result="ok"}[1h])) / sum(rate(jobs_total[1h]))
    target: "> 80%"
"""
)
