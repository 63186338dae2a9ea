"""Specs of any size: as many services as SLOs, one alert for each, the metrics that all of them share."""

from __future__ import annotations

_HEAD = """\
version: 1
project: synthetic
targets:
  prometheus: {{version: "{prometheus}", retention: 90d}}
  alertmanager: {{version: "0.25"}}
metrics:
  http_requests_total:
    type: counter
    help: Requests
    labels: {{service: bounded, method: bounded, code: bounded}}
  http_request_duration_seconds:
    type: histogram
    help: Time of a request
    buckets: [0.1, 0.25, 0.5, 1, 2.5]
    labels: {{service: bounded, method: bounded}}
teams:
  platform: {{webhook: "http://hooks:8080/"}}
escalation:
  page: [{{notify: platform}}]
runbooks:
  burning: {{resolve: [Roll back.]}}
"""
_SERVICE = "  service-{0:05d}: {{team: platform, escalation: page, runbook: burning}}\n"
_RATIO = """\
  slo-{0:05d}:
    service: service-{0:05d}
    objective: 99.9%
    bad: http_requests_total{{service="service-{0:05d}", code=~"5.."}}
    total: http_requests_total{{service="service-{0:05d}"}}
"""
_LATENCY = """\
  slo-{0:05d}:
    service: service-{0:05d}
    objective: 99%
    latency: {{metric: 'http_request_duration_seconds{{service="service-{0:05d}"}}', below: 500ms}}
"""
_MONITORS_HEAD = """\
version: 1
project: synthetic
targets: {{datadog: {{url: "{url}"}}}}
environments: {{production: {{}}}}
teams: {{platform: {{datadog: "@slack-platform"}}}}
escalation: {{page: [{{notify: platform}}]}}
services: {{worker: {{team: platform}}}}
runbooks: {{backlog: {{resolve: [Add a worker.]}}}}
alerts:
"""
_MONITOR = """\
  Backlog{0:05d}:
    service: worker
    severity: {{critical: "> 100"}}
    datadog: {{query: "avg(last_5m):sum:queue.length{{queue:queue-{0:05d}}} by {{host}} > 100"}}
    summary: Jobs wait
    runbook: backlog
    escalation: page
"""


def monitors_spec(count: int, url: str) -> str:
    """A spec of ``count`` alerts, each a monitor of the Datadog at ``url``."""
    return _MONITORS_HEAD.format(url=url) + "".join(_MONITOR.format(number) for number in range(count))


def slo_spec(count: int, prometheus: str = "3.5") -> str:
    """A spec of ``count`` services with one SLO each; every fourth is about latency."""
    parts = [_HEAD.format(prometheus=prometheus), "services:\n"]
    parts += [_SERVICE.format(number) for number in range(count)]
    parts.append("slos:\n")
    parts += [(_LATENCY if number % 4 == 3 else _RATIO).format(number) for number in range(count)]
    return "".join(parts)


_ALERTS = (
    """\
  Backlog{0:05d}:
    service: service-{0:05d}
    severity: {{critical: "> 500", warning: "> 100"}}
    expr: sum by (queue) (queue_length{{service="service-{0:05d}"}})
    for: 5m
    summary: "{{{{ value }}}} jobs wait in {{{{ labels.queue }}}}"
    runbook: burning
""",
    """\
  HighErrorRate{0:05d}:
    service: service-{0:05d}
    severity: {{critical: "> 5%"}}
    expr: >
      sum by (method) (rate(http_requests_total{{service="service-{0:05d}", code=~"5.."}}[5m]))
      / sum by (method) (rate(http_requests_total{{service="service-{0:05d}"}}[5m]))
    for: 5m
    summary: "{{{{ value | percent }}}} of requests fail"
    runbook: burning
""",
    """\
  Slow{0:05d}:
    service: service-{0:05d}
    severity: {{warning: "> 500ms"}}
    expr: >
      histogram_quantile(0.95,
      sum by (le) (rate(http_request_duration_seconds_bucket{{service="service-{0:05d}"}}[5m])))
    for: 10m
    summary: "Answers take {{{{ value | duration }}}}"
    runbook: burning
""",
    """\
  Down{0:05d}:
    service: service-{0:05d}
    severity: critical
    expr: up{{job="service-{0:05d}"}} == 0
    for: 2m
    summary: "{{{{ labels.instance }}}} is down"
    runbook: burning
""",
)
_QUEUE = "  queue_length: {type: gauge, help: Jobs that wait, labels: {service: bounded, queue: bounded}}\n"


def alert_spec(count: int, prometheus: str = "3.5") -> str:
    """A spec of ``count`` alerts on as many services: thresholds of gauges, shares, quantiles, targets that are down."""
    head = _HEAD.format(prometheus=prometheus).replace("teams:\n", f"{_QUEUE}teams:\n")
    parts = [head, "services:\n"]
    parts += [_SERVICE.format(number) for number in range(count)]
    parts.append("alerts:\n")
    parts += [_ALERTS[number % len(_ALERTS)].format(number) for number in range(count)]
    return "".join(parts)
