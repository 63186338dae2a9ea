"""Baselines and KPIs, as the real promtool of both generations evaluates them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.backends.prometheus.emitting import emitted
from tests.real.tools import Generation, promtool_test_rules

HEAD = """\
version: 1
project: shop
targets:
  prometheus: {version: "VERSION", evaluation_interval: 1m}
retention: {metrics: 40d}
teams: {shop: {webhook: "http://hooks:8080/"}}
escalation:
  page:
    - {notify: shop, timeout: 10m}
    - {notify: shop}
services: {web: {team: shop, escalation: page, runbook: "https://runbooks.example/web"}}
"""
BASELINE = (
    HEAD
    + """\
metrics:
  request_duration_seconds: {type: histogram, buckets: [0.1, 1, 5], labels: {endpoint: bounded}, help: Requests}
baselines:
  latency:
    service: web
    metric: request_duration_seconds
    by: [endpoint]
    over: 6h
    lag: 30m
    short: 10m
    long: 1h
    regression: {warning: 50%}
"""
)
MEAN = (
    BASELINE.replace("    by: [endpoint]\n", "")
    .replace("metric: request_duration_seconds\n", "expr: rate(seconds_total[5m]) / rate(queries_total[5m])\n")
    .replace(
        "  request_duration_seconds: {type: histogram, buckets: [0.1, 1, 5], labels: {endpoint: bounded}, help: Requests}\n",
        "  seconds_total: {type: counter, help: Time of queries}\n  queries_total: {type: counter, help: Queries}\n",
    )
)
KPIS = (
    HEAD
    + """\
metrics:
  queue_length: {type: gauge, help: Jobs that wait}
alerts:
  Long:
    service: web
    expr: queue_length
    severity: {critical: "> 10"}
    for: 5m
    summary: The queue is long
kpis:
  mttd: {alerts: {what: detection}, target: "< 8m", over: 1d}
  mttr: {alerts: {what: resolution}, target: "< 30m", over: 1d}
  accuracy: {alerts: {what: precision, quickly: 10m}, target: "> 95%", over: 1d}
"""
)


def run(
    generation: Generation,
    folder: Path,
    spec: str,
    series: dict[str, str],
    *expected: tuple[str, int, dict[str, float]],
) -> None:
    """At each minute its query has these values by label sets, and no others."""
    files = emitted(spec.replace("VERSION", f"{generation.prometheus.major}.{generation.prometheus.minor}"))
    files.write(folder)
    test: dict[str, Any] = {
        "rule_files": sorted(str(folder / path) for path in files.documents if "/rules/" in path),
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": name, "values": values} for name, values in series.items()],
                "promql_expr_test": [
                    {
                        "expr": query,
                        "eval_time": f"{minute}m",
                        "exp_samples": [{"labels": labels, "value": value} for labels, value in samples.items()],
                    }
                    for query, minute, samples in expected
                ],
            }
        ],
    }
    path = folder / "test.json"
    path.write_text(json.dumps(test), encoding="utf-8")
    result = promtool_test_rules(generation, path)
    assert result.exit_code == 0, result.output


def histogram(endpoint: str, *phases: tuple[int, int, int]) -> dict[str, str]:
    """Requests of one endpoint: phases of so many minutes, with so many quick (to 0.1 s) and slow (to 1 s) a minute."""
    quick: list[str] = []
    every: list[str] = []
    fast = total = 0
    for minutes, quickly, slowly in phases:
        quick.append(f"{fast}+{quickly}x{minutes - 1}")
        every.append(f"{total}+{quickly + slowly}x{minutes - 1}")
        fast, total = fast + quickly * minutes, total + (quickly + slowly) * minutes
    name, label = "request_duration_seconds", f'endpoint="{endpoint}"'
    return {
        f'{name}_bucket{{le="0.1",{label}}}': " ".join(quick),
        f'{name}_bucket{{le="1",{label}}}': " ".join(every),
        f'{name}_bucket{{le="+Inf",{label}}}': " ".join(every),
        f"{name}_count{{{label}}}": " ".join(every),
    }


FIRING = 'count by (alertname, endpoint) (ALERTS{alertstate="firing", level="1"})'
REGRESSION = "baseline:latency:p95_regression"
SLOW = {'{alertname="LatencyRegression", endpoint="/a"}': 1.0}
# p95 of requests that all take up to 0.1 s is 0.095 s, by the buckets' bounds; of requests half of which take up to
# 1 s, 0.1 + 0.9 * (0.95 - 0.5) / 0.5 = 0.91 s.
USUAL, LATE = 0.095, 0.91


def test_a_regression_that_lasts_is_told_and_ends_with_it(generation: Generation, tmp_path: Path) -> None:
    run(
        generation,
        tmp_path,
        BASELINE,
        histogram("/a", (480, 60, 0), (180, 30, 30), (120, 60, 0)) | histogram("/b", (780, 60, 0)),
        (
            "baseline:latency:p95_usual",
            475,
            {f'baseline:latency:p95_usual{{endpoint="{end}"}}': USUAL for end in ("/a", "/b")},
        ),
        (FIRING, 475, {}),
        # Within the hour's window the slow requests are a share of the hour: more than a twentieth after six minutes.
        (FIRING, 483, {}),
        (
            f'{REGRESSION}{{endpoint="/a"}} > 8',
            600,
            {f'{REGRESSION}{{endpoint="/a"}}': 8.578947368421051},
        ),
        (FIRING, 600, SLOW),
        # The short window is well again, though the long one is not yet.
        (FIRING, 675, {}),
    )


def test_a_short_spike_is_not_told(generation: Generation, tmp_path: Path) -> None:
    run(
        generation,
        tmp_path,
        BASELINE,
        histogram("/a", (480, 60, 0), (3, 30, 30), (120, 60, 0)),
        *((FIRING, minute, {}) for minute in range(480, 600, 5)),
    )


def test_few_requests_say_nothing(generation: Generation, tmp_path: Path) -> None:
    """Four a minute are 40 in the short window, and the baseline wants 50."""
    run(
        generation,
        tmp_path,
        BASELINE,
        histogram("/a", (480, 4, 0), (180, 2, 2)),
        (REGRESSION, 600, {}),
        (FIRING, 600, {}),
    )


def test_a_regression_does_not_become_usual_while_it_is_new(generation: Generation, tmp_path: Path) -> None:
    """What is usual is the median of six hours that end half an hour ago: after three more hours it has changed."""
    run(
        generation,
        tmp_path,
        BASELINE,
        histogram("/a", (480, 60, 0), (480, 30, 30)),
        (FIRING, 660, SLOW),
        (FIRING, 950, {}),
    )


def test_a_mean_of_nothing_is_no_regression(generation: Generation, tmp_path: Path) -> None:
    """After slow queries there are none at all: their mean is no number, and the long window is not alone to say."""
    run(
        generation,
        tmp_path,
        MEAN,
        {"seconds_total": "0+6x479 2880+60x59 6420x300", "queries_total": "0+60x479 28800+60x59 32340x300"},
        (f"{REGRESSION} > 8", 535, {f"{REGRESSION}{{}}": 9.0}),
        (FIRING, 535, {'{alertname="LatencyRegression"}': 1.0}),
        ("baseline:latency:p95_1h > 0.9", 560, {"baseline:latency:p95_1h{}": 1.0}),
        (REGRESSION, 560, {}),
        (FIRING, 560, {}),
    )


def test_times_and_precision_come_out_as_they_happened(generation: Generation, tmp_path: Path) -> None:
    """Two alerts: the first condition lasts 40 minutes, the second 8. Both are told 5 minutes after it began.

    At most a minute passes until an end is counted.
    """
    run(
        generation,
        tmp_path,
        KPIS,
        {"queue_length": "0x59 20x39 0x99 20x7 0x200"},
        ("sum(sum_over_time(alerts:started:count[1d]))", 300, {"{}": 2}),
        ("sum(sum_over_time(alerts:ended:count[1d]))", 300, {"{}": 2}),
        ("kpi:mttd", 300, {"kpi:mttd": 300}),
        ("kpi:mttr", 300, {"kpi:mttr": (40 * 60 + 8 * 60) / 2}),
        ("kpi:accuracy", 300, {"kpi:accuracy": 0.5}),
    )


def test_without_alerts_there_is_no_mean(generation: Generation, tmp_path: Path) -> None:
    run(
        generation,
        tmp_path,
        KPIS,
        {"queue_length": "0x300"},
        ("kpi:mttd", 300, {}),
        ("kpi:mttr", 300, {}),
        ("kpi:accuracy", 300, {}),
    )
