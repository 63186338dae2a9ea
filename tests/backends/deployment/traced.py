"""A spec whose services send traces through a collector to both stores, and the files by which they are run."""

from __future__ import annotations

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {version: "3.5"}
  loki: {version: "3.7"}
  jaeger: {public_url: "http://localhost:16687", storage: badger}
  tempo:
    storage:
      bucket: traces
      endpoint: minio:9000
      access_key: "${secret:TEMPO_KEY}"
      secret_key: "${secret:TEMPO_SECRET}"
  collector: {}
retention: {traces: 14d}
services:
  web: {workload: {name: web, version: "1.2"}}
  api: {workload: api}
  idle: {workload: idle}
traces: {services: [web, api], span_metrics: {}, attributes: {team: "${secret:TEAM}"}}
deploy:
"""
SAMPLED = """\
version: 1
project: shop
targets:
  jaeger: {}
services:
  web: {workload: {name: web, version: "1.2"}}
traces: {sampling: 10%, attributes: {team: "${secret:TEAM}"}}
deploy:
"""
"""Without a collector: Jaeger says itself what clients keep, and attributes are those of the services."""
