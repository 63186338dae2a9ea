"""Alerts without a backend: the number in the unit of the value, and labels that take nothing away from the series."""

from __future__ import annotations

import pytest

from skillforge_mon.lower.alerts import alert_conditions
from skillforge_mon.query.promql import print_expr
from tests.projects import project

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {}
metrics:
  requests_total: {type: counter, labels: {service: bounded, code: bounded}}
  latency_seconds: {type: histogram, labels: {service: bounded}}
  free_percent: {type: gauge, unit: percent}
teams:
  shop: {webhook: "http://hooks:1/"}
services:
  web: {team: shop, scrape: ["web:80"], labels: {area: front}}
alerts:
  A:
    service: web
    labels: {kind: test}
"""


def conditions(severity: str, expr: str) -> list[tuple[str, str]]:
    """The condition at each severity, as text."""
    found = alert_conditions(project(f"{SPEC}    severity: {severity}\n    expr: '{expr}'\n"))
    return [(item.severity.severity, print_expr(item.condition)) for item in found]


@pytest.mark.parametrize(
    ("severity", "expr", "expected"),
    [
        (
            '{critical: "> 5%", warning: "> 1%"}',
            'sum(rate(requests_total{code="500"}[5m])) / sum(rate(requests_total[5m]))',
            [
                ("critical", 'sum(rate(requests_total{code="500"}[5m])) / sum(rate(requests_total[5m])) > 0.05'),
                ("warning", 'sum(rate(requests_total{code="500"}[5m])) / sum(rate(requests_total[5m])) > 0.01'),
            ],
        ),
        ('{warning: "< 5%"}', "free_percent", [("warning", "free_percent < 5")]),
        (
            '{warning: ">= 500ms"}',
            "histogram_quantile(0.9, sum by (le) (rate(latency_seconds_bucket[5m])))",
            [("warning", "histogram_quantile(0.9, sum by (le) (rate(latency_seconds_bucket[5m]))) >= 0.5")],
        ),
        ('{info: "== 0"}', "up or vector(1)", [("info", "(up or vector(1)) == 0")]),
        ("critical", "up == 0", [("critical", "up == 0")]),
    ],
)
def test_the_threshold_is_in_the_unit_of_the_value(severity: str, expr: str, expected: list[tuple[str, str]]) -> None:
    assert conditions(severity, expr) == expected


@pytest.mark.parametrize(
    ("expr", "service"),
    [
        ("sum(rate(requests_total[5m])) > 1", "web"),
        ("sum by (service) (rate(requests_total[5m])) > 1", None),
        ('sum by (service) (rate(requests_total{service="web"}[5m])) > 1', "web"),
        ("up == 0", None),
        ("free_percent > 1", None),
        ('up{service="web"} == 0', "web"),
    ],
)
def test_a_rule_does_not_take_the_service_from_series_that_differ_by_it(expr: str, service: str | None) -> None:
    (condition,) = alert_conditions(project(f"{SPEC}    severity: critical\n    expr: '{expr}'\n"))
    own = {"area": "front", "kind": "test", "severity": "critical", "priority": "P1", "team": "shop"}
    assert dict(condition.labels) == (own | {"service": service} if service else own)
