"""Made-up traffic for the rules of SLOs, and what must come of it, as the test files of promtool."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.backends.prometheus.emitting import emitted
from tests.real.tools import Generation, promtool_test_rules

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {version: "{version}", evaluation_interval: {evaluation}}
metrics:
  requests_total: {type: counter, labels: {code: bounded}}
  request_duration_seconds: {type: histogram, buckets: [0.1, 1, 5]}
teams:
  shop: {webhook: "http://hooks:8080/"}
escalation:
  page:
    - {notify: shop, timeout: 10m}
    - {notify: shop}
services:
  web: {team: shop, escalation: page}
slos:
  availability:
    service: web
    objective: 99.9%
    bad: requests_total{code=~"5.."}
    total: requests_total
  success:
    service: web
    objective: 99.9%
    good: requests_total{code="200"}
    total: requests_total
  latency:
    service: web
    objective: 99%
    latency: {metric: request_duration_seconds, below: 1s}
"""
RULES = "prometheus/rules/web.slos.yml"
WHO = 'service="web", slo="availability"'
FIRING = 'count by (slo, severity, level) (ALERTS{alertstate="firing", slo="availability"})'
REMAINING = 'slo:error_budget_remaining:ratio{slo="availability"}'


def series(**values: str) -> list[dict[str, str]]:
    """Input series of the counter of requests, by their codes (``c200``)."""
    return [{"series": f'requests_total{{code="{code[1:]}"}}', "values": text} for code, text in values.items()]


def value(query: str, minute: int, expected: dict[str, float]) -> dict[str, Any]:
    """At ``minute`` the query has these values by label sets, and no others."""
    samples = [{"labels": labels, "value": number} for labels, number in expected.items()]
    return {"expr": query, "eval_time": f"{minute}m", "exp_samples": samples}


def remaining(minute: int, left: float) -> dict[str, Any]:
    """At ``minute`` this much of the budget is left."""
    return value(REMAINING, minute, {f"slo:error_budget_remaining:ratio{{{WHO}}}": left})


def firing(minute: int, *alerts: str) -> dict[str, Any]:
    """At ``minute`` exactly these alerts of the SLO fire, each a severity and a level (``critical 1``)."""
    expected = {}
    for alert in alerts:
        severity, level = alert.split()
        expected[f'{{slo="availability", severity="{severity}", level="{level}"}}'] = 1.0
    return value(FIRING, minute, expected)


def named(minute: int, *names: str) -> dict[str, Any]:
    """At ``minute`` alerts of exactly these names fire."""
    query = 'count by (alertname) (ALERTS{alertstate="firing"})'
    return value(query, minute, {f'{{alertname="{name}"}}': 1.0 for name in names})


def filled(spec: str, version: str = "3.5", evaluation: str = "1m") -> str:
    """``spec`` for a version of Prometheus that evaluates its rules so often."""
    return spec.replace("{version}", version).replace("{evaluation}", evaluation)


def run(
    generation: Generation,
    folder: Path,
    inputs: list[dict[str, str]],
    *expectations: dict[str, Any],
    evaluation: str = "1m",
    every: str = "1m",
    alerts: Sequence[dict[str, Any]] = (),
    spec: str = SPEC,
) -> None:
    """Run the rules of ``spec`` over ``inputs``, a sample ``every`` so often; fails where an expectation is not met.

    The groups are evaluated in the order of the file. In another one, which promtool would draw by lot, the slow group
    reads the base recordings of the minute before at each whole minute; a server's groups have moments of their own.
    """
    version = f"{generation.prometheus.major}.{generation.prometheus.minor}"
    emitted(filled(spec, version, evaluation)).write(folder)
    case = {"interval": every, "input_series": inputs, "promql_expr_test": list(expectations)}
    groups = yaml.safe_load((folder / RULES).read_text(encoding="utf-8"))["groups"]
    test = {
        "rule_files": [RULES],
        "group_eval_order": [group["name"] for group in groups],
        "evaluation_interval": evaluation,
        "tests": [case | {"alert_rule_test": list(alerts)}],
    }
    path = folder / "test.yml"
    path.write_text(json.dumps(test), encoding="utf-8")
    result = promtool_test_rules(generation, path)
    assert result.exit_code == 0, result.output
