"""A spec with two replicas of Prometheus, and Thanos over them."""

from __future__ import annotations

SPEC = """\
version: 1
project: shop
targets:
  prometheus:
    version: "3.5"
    replicas: 2
    external_labels: {cluster: eu}
    thanos: {object_store: "${secret:THANOS_BUCKET}", retention: 400d}
  grafana: {prometheus_url: "http://thanos-query:10902"}
deploy:
"""
READING = SPEC.replace('{object_store: "${secret:THANOS_BUCKET}", retention: 400d}', "{}")
"""Without an object store, Thanos only reads."""
