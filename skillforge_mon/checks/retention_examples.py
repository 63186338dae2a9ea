"""A spec to start examples about retention from."""

from __future__ import annotations

from typing import Final

from skillforge_mon.checks.examples import HEAD

RETENTION: Final = (
    HEAD
    + """\
targets:
  prometheus: {}
  grafana: {}
metrics:
  requests_total: {type: counter, help: Requests}
dashboards:
  home:
    time_from: 7d
    rows:
      - panels:
          - {title: Requests, query: "sum(rate(requests_total[5m]))"}
retention: {metrics: 30d}
"""
)
