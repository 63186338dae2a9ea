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


def slo_spec(count: int, prometheus: str = "3.5") -> str:
    """A spec of ``count`` services with one SLO each; every fourth is about latency."""
    parts = [_HEAD.format(prometheus=prometheus), "services:\n"]
    parts += [_SERVICE.format(number) for number in range(count)]
    parts.append("slos:\n")
    parts += [(_LATENCY if number % 4 == 3 else _RATIO).format(number) for number in range(count)]
    return "".join(parts)
