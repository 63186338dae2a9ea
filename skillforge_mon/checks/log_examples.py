"""A spec to start examples about logs from."""

from __future__ import annotations

from typing import Final

from skillforge_mon.checks.examples import HEAD

LOGS: Final = (
    HEAD
    + """\
targets: {loki: {}}
services: {web: {}}
retention: {logs: 30d}
logs:
  web:
    service: web
    format: json
    index_by: [method]
    metadata: [request_id]
"""
)

METRICS: Final = (
    LOGS.replace("{loki: {}}", "{loki: {}, prometheus: {}}")
    + """\
    metrics:
      web_errors: {lines: {level: error}, by: [method]}
"""
)
"""The same with a metric of its lines."""
