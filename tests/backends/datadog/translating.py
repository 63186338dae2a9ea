"""One project with metrics of every kind, and one condition translated for Datadog."""

from __future__ import annotations

from functools import lru_cache

from skillforge_mon.backends.datadog.names import Names
from skillforge_mon.backends.datadog.query.printer import print_query
from skillforge_mon.backends.datadog.query.tree import MonitorQuery
from skillforge_mon.backends.datadog.translate import Translation, translate
from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from skillforge_mon.model.conditions import split_comparison
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import PromQLSyntaxError, parse
from skillforge_mon.spec.quantities import Duration
from tests.projects import project

METRICS = """
metrics:
  requests_total: {type: counter, labels: {service: bounded, status: bounded}}
  errors_total: {type: counter, labels: {service: bounded}, datadog: acme.http.errors}
  hits_total: {type: counter, labels: {result: [hit, miss, stale]}}
  queue_length: {type: gauge, labels: {queue: bounded}}
  queue_limit: {type: gauge, labels: {queue: bounded}}
  temperature_celsius: {type: gauge, exported_by_push: true, labels: {room: bounded}}
  worker_ready: {type: gauge, unit: boolean, labels: {worker: bounded}}
  latency_seconds: {type: histogram, buckets: [0.1, 0.3, 1], labels: {service: bounded}}
  size_bytes: {type: native_histogram, labels: {service: bounded}}
  rpc_seconds: {type: summary, quantiles: [0.5, 0.99], labels: {service: bounded}}
recordings:
  error-ratio:
    record: service:errors:ratio
    expr: sum by (service) (rate(errors_total[5m])) / sum by (service) (rate(requests_total[5m]))
  circle: {record: "a:circle", expr: "a:circle * 2"}
"""


@lru_cache
def shop(datadog: str = "{}") -> Project:
    """The project, with ``targets.datadog`` as given."""
    return project(f"version: 1\nproject: shop\ntargets: {{prometheus: {{}}, datadog: {datadog}}}\n{METRICS}")


def translated(promql: str, hold: str = "0s", datadog: str = "{}") -> Translation:
    """The condition ``promql`` that must hold for ``hold``. Raises Untranslatable."""
    found = shop(datadog)
    value, comparison = split_comparison(parse(promql))
    return translate(found, Names(found), value, comparison, Duration.parse(hold))


def outcome(promql: str, hold: str = "0s", datadog: str = "{}") -> str:
    """The monitor's query, or ``untranslatable: `` and the reason."""
    try:
        return print_query(translated(promql, hold, datadog).query)
    except Untranslatable as stop:
        return f"untranslatable: {stop.reason}"


def translated_or_none(promql: str, hold: str) -> MonitorQuery | None:
    """The query of the monitor; None for what is no PromQL, or cannot be translated."""
    try:
        return translated(promql, hold).query
    except (PromQLSyntaxError, Untranslatable):
        return None
