"""Catalogues of specs given as text."""

from __future__ import annotations

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.query.catalogue import Catalogue, build_catalogue
from skillforge_mon.spec.validate import validate
from skillforge_mon.spec.yaml.loader import load_text

FILE = "shop.yaml"
SHOP = """\
version: 1
project: shop
metrics:
  http_requests_total: {type: counter, help: Requests, labels: {service: bounded, code: bounded, cache: [hit, miss]}}
  errors_total: {type: counter, labels: {service: bounded}}
  cache_hits_total: {type: counter}
  cache_misses_total: {type: counter}
  network_bytes_total: {type: counter}
  cpu_seconds_total: {type: counter, labels: {mode: [idle, user]}}
  http_request_duration_seconds: {type: histogram, buckets: [0.1, 0.5], labels: {service: bounded}}
  job_seconds: {type: native_histogram, labels: {queue: bounded}}
  rpc_duration_seconds: {type: summary, quantiles: [0.5, 0.99]}
  memory_bytes: {type: gauge, labels: {user: unbounded}}
  memory_limit_bytes: {type: gauge}
  disk_used_ratio: {type: gauge}
  humidity_percent: {type: gauge}
  queue_messages: {type: gauge, labels: {queue: bounded}}
  started_timestamp_seconds: {type: gauge, exported_by_push: true}
"""


def catalogue_of(text: str = SHOP) -> Catalogue:
    """The catalogue of a spec without a problem."""
    report = Report()
    root = load_text(text, FILE, report)
    assert root is not None
    spec = validate(root, report)
    assert spec is not None
    catalogue = build_catalogue(spec, root, report)
    assert list(report) == []
    return catalogue
