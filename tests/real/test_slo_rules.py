"""The rules of an SLO, run over made-up traffic by the real promtool of both generations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.backends.prometheus.emitting import emitted
from tests.real.tools import Generation, promtool_test_rules

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {{version: "{version}", evaluation_interval: {evaluation}}}
metrics:
  requests_total: {{type: counter, labels: {{code: bounded}}}}
  request_duration_seconds: {{type: histogram, buckets: [0.1, 1, 5]}}
teams:
  shop: {{webhook: "http://hooks:8080/"}}
escalation:
  page:
    - {{notify: shop, timeout: 10m}}
    - {{notify: shop}}
services:
  web: {{team: shop, escalation: page}}
slos:
  availability:
    service: web
    objective: 99.9%
    bad: requests_total{{code=~"5.."}}
    total: requests_total
  success:
    service: web
    objective: 99.9%
    good: requests_total{{code="200"}}
    total: requests_total
  latency:
    service: web
    objective: 99%
    latency: {{metric: request_duration_seconds, below: 1s}}
"""
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


def run(
    generation: Generation,
    folder: Path,
    inputs: list[dict[str, str]],
    *expectations: dict[str, Any],
    evaluation: str = "1m",
    alerts: tuple[dict[str, Any], ...] = (),
) -> None:
    """Run the rules over ``inputs``, one sample a minute; the test fails where an expectation is not met."""
    version = f"{generation.prometheus.major}.{generation.prometheus.minor}"
    emitted(SPEC.format(version=version, evaluation=evaluation)).write(folder)
    case = {"interval": "1m", "input_series": inputs, "promql_expr_test": list(expectations)}
    test = {
        "rule_files": ["prometheus/rules/web.slos.yml"],
        "evaluation_interval": evaluation,
        "tests": [case | {"alert_rule_test": list(alerts)}],
    }
    path = folder / "test.yml"
    path.write_text(json.dumps(test), encoding="utf-8")
    result = promtool_test_rules(generation, path)
    assert result.exit_code == 0, result.output


def test_good_health_keeps_the_whole_budget(generation: Generation, tmp_path: Path) -> None:
    run(
        generation,
        tmp_path,
        series(c200="0+600x120", c500="0+0x120"),
        value('slo:error_ratio:rate1h{slo="availability"}', 90, {f"slo:error_ratio:rate1h{{{WHO}}}": 0}),
        value('slo:current_burn_rate:ratio{slo="availability"}', 90, {f"slo:current_burn_rate:ratio{{{WHO}}}": 0}),
        remaining(90, 1),
        firing(90),
    )


def test_half_an_hour_without_requests_leaves_no_trace(generation: Generation, tmp_path: Path) -> None:
    run(
        generation,
        tmp_path,
        series(c200="0+0x30 0+600x120", c500="0+0x150"),
        value('slo:error_ratio:rate5m{slo="availability"}', 20, {}),
        remaining(20, 1),
        remaining(60, 1),
        remaining(140, 1),
        value('slo:error_ratio:rate5m{slo="availability"}', 60, {f"slo:error_ratio:rate5m{{{WHO}}}": 0}),
        firing(20),
        firing(140),
    )


def test_errors_that_never_happened_are_zero_and_not_unknown(generation: Generation, tmp_path: Path) -> None:
    run(
        generation,
        tmp_path,
        series(c200="0+600x120"),
        value('slo:events_bad:rate5m{slo="availability"}', 60, {f"slo:events_bad:rate5m{{{WHO}}}": 0}),
        value('slo:error_ratio:rate1h{slo="availability"}', 60, {f"slo:error_ratio:rate1h{{{WHO}}}": 0}),
        remaining(60, 1),
        firing(60),
    )


def test_successes_that_never_happened_are_an_outage(generation: Generation, tmp_path: Path) -> None:
    run(
        generation,
        tmp_path,
        series(c500="0+600x60"),
        value('slo:error_ratio:rate5m{slo="success"}', 30, {'slo:error_ratio:rate5m{service="web", slo="success"}': 1}),
    )


def test_a_busy_minute_weighs_as_much_as_its_requests(generation: Generation, tmp_path: Path) -> None:
    """Ten minutes of 1,000 requests with 10 % errors in a day of 10 a minute: 1,000 of 24,300 are bad.

    A mean of ratios would say 0.07 %, and hide that the budget of the month is spent.
    """
    bad = value('round(slo:error_ratio:rate30d{slo="availability"} / (1000 / 24300), 0.01)', 1439, {f"{{{WHO}}}": 1})
    run(
        generation,
        tmp_path,
        series(c200="0+10x600 6900+900x9 15010+10x829", c500="0+0x600 100+100x9 1000+0x829"),
        bad,
        evaluation="5m",
    )


def test_one_failed_request_of_two_wakes_nobody(generation: Generation, tmp_path: Path) -> None:
    run(
        generation,
        tmp_path,
        series(c200="0x100 1x200", c500="0x110 1x190"),
        value('slo:error_ratio:rate1h{slo="availability"} > 0.4', 115, {f"slo:error_ratio:rate1h{{{WHO}}}": 0.5}),
        *(firing(minute) for minute in (105, 112, 114, 120, 150, 200, 290)),
    )


def test_an_outage_pages_in_minutes_escalates_and_ends(generation: Generation, tmp_path: Path) -> None:
    """30 % of the requests fail from minute 60 to 80: the budget burns 300 times too fast."""
    run(
        generation,
        tmp_path,
        series(c200="0+600x60 36420+420x19 45000+600x220", c500="0+0x60 180+180x19 3600+0x220"),
        firing(60),
        firing(67, "critical 1", "warning 1"),
        firing(79, "critical 1", "critical 2", "warning 1"),
        firing(125, "warning 1"),
    )


def test_the_page_says_what_burns_in_numbers(generation: Generation, tmp_path: Path) -> None:
    page: dict[str, Any] = {
        "exp_labels": {
            "severity": "critical", "priority": "P1", "slo": "availability", "service": "web", "team": "shop",
            "escalation": "page", "level": "1",
        },
        "exp_annotations": {
            "summary": "availability burns its error budget too fast: 100% of events are bad, 0.1% may be",
            "description": "The budget of 43m 12s per 30d burns 14.4 times as fast as it may over 1h and 5m (more than 1.44% bad "
            "events; 2% of the budget in 1h), or 6 times as fast as it may over 6h and 30m (more than 0.6% bad events; 5% of the "
            "budget in 6h).",
        },
    }  # fmt: skip
    ticket_text = (
        "The budget of 43m 12s per 30d burns 3 times as fast as it may over 1d and 2h (more than 0.3% bad events; 10% of the "
        "budget in 1d), or faster than it may over 3d and 6h (more than 0.1% bad events; 10% of the budget in 3d)."
    )
    ticket = {
        "exp_labels": page["exp_labels"] | {"severity": "warning", "priority": "P2"},
        "exp_annotations": page["exp_annotations"] | {"description": ticket_text},
    }
    told = {"eval_time": "6m", "alertname": "AvailabilityBudgetBurn", "exp_alerts": [page, ticket]}
    run(generation, tmp_path, series(c500="0+600x60"), alerts=(told,))


def test_a_restart_of_the_service_counts_no_errors_twice(generation: Generation, tmp_path: Path) -> None:
    run(
        generation,
        tmp_path,
        series(c200="0+600x60 0+600x60", c500="5000x60 0x60"),
        value('slo:error_ratio:rate1h{slo="availability"}', 100, {f"slo:error_ratio:rate1h{{{WHO}}}": 0}),
        remaining(100, 1),
        firing(62),
        firing(100),
    )


def test_an_slo_that_is_no_longer_measured_is_told(generation: Generation, tmp_path: Path) -> None:
    """The metrics vanish after a day and an hour. Before that, and for an SLO that never had any, nobody is told."""
    run(
        generation,
        tmp_path,
        series(c200="0+60x1500"),
        value('ALERTS{alertname=~".*NoData"}', 1500, {}),
        value(
            'count by (alertname) (ALERTS{alertname=~".*NoData", alertstate="firing"})',
            1540,
            {'{alertname="AvailabilityNoData"}': 1, '{alertname="SuccessNoData"}': 1},
        ),
        evaluation="4m",
    )


@pytest.mark.parametrize("spelling", ["1", "1.0"])
def test_a_bucket_is_found_however_it_is_written(generation: Generation, tmp_path: Path, spelling: str) -> None:
    """Prometheus 2 stores what the exporter writes; Prometheus 3 always stores ``1.0``."""
    stored = "1.0" if generation.prometheus.major > 2 else spelling
    run(
        generation,
        tmp_path,
        [
            {"series": f'request_duration_seconds_bucket{{le="{stored}"}}', "values": "0+90x60"},
            {"series": 'request_duration_seconds_bucket{le="+Inf"}', "values": "0+100x60"},
            {"series": "request_duration_seconds_count", "values": "0+100x60"},
        ],
        value('round(slo:error_ratio:rate5m{slo="latency"}, 0.0001)', 30, {'{service="web", slo="latency"}': 0.1}),
    )
