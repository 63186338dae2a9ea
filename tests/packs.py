"""Specs that use the packaged packs, for the tests: each pack alone, with its defaults and with everything that it has."""

from __future__ import annotations

from collections.abc import Mapping

from skillforge_mon.spec.packing.packaged import packaged_pack_names

PACKS = packaged_pack_names()

EVERYTHING: Mapping[str, str] = {
    "ai-model": (
        "objective: 99%, queue: ai_queue_seconds, accuracy: ai_accuracy, drift: ai_drift, gpu_utilization: gpu_busy, "
        "gpu_memory_used: gpu_used_bytes, gpu_memory_total: gpu_all_bytes, cache_hits: ai_hits_total, "
        "cache_misses: ai_misses_total"
    ),
    "alertmanager": "members: 2",
    "celery": "objective: 99%",
    "database": "objective: 99%, in_use: db_in_use, pool_size: db_pool_size, errors: db_errors_total",
    "django": "objective: 99%",
    "elasticsearch": "nodes: 3",
    "fastapi": "objective: 99%, latency_objective: 95%",
    "grpc": "objective: 99%",
    "http": "objective: 99.9%, latency_objective: 95%, route: route",
    "postgres": "objective: 99%",
    "prometheus": "heartbeat: page",
    "redis": "objective: 99%",
    "websocket": "errors: ws_errors_total, limit: 1000",
}
"""The parameters without a default of each pack that has any, all given."""

HEAD = """\
version: 1
project: shop
targets:
  prometheus: {retention: 30d}
  alertmanager: {smtp: {smarthost: "smtp.example.com:587", from: a@example.com}}
  grafana: {alerting: GRAFANA_ALERTING}
  datadog: {site: datadoghq.com}
  sentry: {organization: shop}
  pagerduty: {}
teams:
  shop: {pagerduty: {routing_key: "${secret:KEY}"}, email: a@example.com}
escalation:
  page: [{notify: shop}]
"""


def using(pack: str, parameters: str = "", *, grafana_alerting: bool = False) -> str:
    """A spec for every target, whose service ``web-api`` uses ``pack`` with ``parameters``.

    With ``grafana_alerting`` Grafana evaluates the alerts, and Prometheus does otherwise.
    """
    head = HEAD.replace("GRAFANA_ALERTING", "true" if grafana_alerting else "false")
    head += "defaults:\n  alerts: {backends: [grafana]}\n" if grafana_alerting else ""
    use = f"[{{pack: {pack}, with: {{{parameters}}}}}]"
    return f'{head}services:\n  web-api: {{team: shop, escalation: page, scrape: ["web:8000"], use: {use}}}\n'
