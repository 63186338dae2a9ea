"""Baselines and KPIs become recordings and alerts, under what the user wrote."""

from __future__ import annotations

from typing import Any

from skillforge_mon.model.expansion.expand import expand
from skillforge_mon.model.project import Project
from skillforge_mon.spec.yaml.nodes import MappingNode, to_plain
from tests.projects import project, resolved

HEAD = """\
version: 1
project: shop
targets: {prometheus: {}, grafana: {}}
services: {web: {}}
metrics:
  request_duration_seconds: {type: histogram, buckets: [0.1, 1], labels: {endpoint: bounded}}
  render_seconds: {type: native_histogram}
  queue_length: {type: gauge}
"""
LATENCY = """\
baselines:
  api-latency:
    service: web
    metric: request_duration_seconds{endpoint!="/health"}
    by: [endpoint]
    quantiles: [50%]
    watch: 99.9%
    regression: {warning: 50%, critical: 1}
"""


def expanded(text: str, section: str) -> Any:
    """A section of the spec as it is after expansion."""
    found = project(HEAD + text)
    return to_plain(found.root.entries[section].node)


def test_a_baseline_of_a_histogram_is_its_quantiles_and_what_they_usually_are() -> None:
    buckets = 'sum by (le, endpoint) (rate(request_duration_seconds_bucket{endpoint!="/health"}'
    series = "baseline:api_latency:p99_9"
    assert expanded(LATENCY, "recordings") == {
        "baseline-api-latency-p50-30m": {
            "record": "baseline:api_latency:p50_30m",
            "expr": f"histogram_quantile(0.5, {buckets}[30m])))",
            "service": "web",
        },
        "baseline-api-latency-p50-usual": {
            "record": "baseline:api_latency:p50_usual",
            "expr": "quantile_over_time(0.5, baseline:api_latency:p50_30m[7d:5m] offset 1d)",
            "interval": "5m",
            "service": "web",
        },
        "baseline-api-latency-p99-9-30m": {
            "record": f"{series}_30m",
            "expr": f"histogram_quantile(0.999, {buckets}[30m])))",
            "service": "web",
        },
        "baseline-api-latency-p99-9-usual": {
            "record": f"{series}_usual",
            "expr": f"quantile_over_time(0.5, {series}_30m[7d:5m] offset 1d)",
            "interval": "5m",
            "service": "web",
        },
        "baseline-api-latency-p99-9-6h": {
            "record": f"{series}_6h",
            "expr": f"histogram_quantile(0.999, {buckets}[6h])))",
            "interval": "5m",
            "service": "web",
        },
        "baseline-api-latency-p99-9-regression": {
            "record": f"{series}_regression",
            "expr": f"(({series}_30m < {series}_6h or {series}_6h <= {series}_30m) / {series}_usual - 1)\n"
            'and sum by (endpoint) (increase(request_duration_seconds_count{endpoint!="/health"}[30m])) >= 50',
            "service": "web",
            "unit": "ratio",
        },
    }


def test_its_alert_says_what_is_worse_and_for_whom() -> None:
    assert expanded(LATENCY, "alerts") == {
        "ApiLatencyRegression": {
            "expr": "baseline:api_latency:p99_9_regression",
            "severity": {"warning": "> 50%", "critical": "> 1"},
            "for": "5m",
            "summary": "p99.9 of api latency of endpoint {{ labels.endpoint }} is {{ value | percent }} above what is usual",
            "description": "Both the last 30m and the last 6h are that much above the median of the last 7d, less the "
            "latest 1d.",
            "service": "web",
        }
    }


def test_a_native_histogram_and_a_query_have_their_own_quantiles() -> None:
    text = """\
baselines:
  render: {metric: render_seconds, quantiles: [95%], lag: 0s}
  queue: {expr: max(queue_length), quantiles: [95%]}
"""
    found = {entry["record"]: entry["expr"] for entry in expanded(text, "recordings").values()}
    assert found["baseline:render:p95_30m"] == "histogram_quantile(0.95, sum(rate(render_seconds[30m])))"
    assert found["baseline:render:p95_usual"] == "quantile_over_time(0.5, baseline:render:p95_30m[7d:5m])"
    assert found["baseline:render:p95_regression"].endswith(
        "\nand histogram_count(sum(increase(render_seconds[30m]))) >= 50"
    )
    assert found["baseline:queue:p95_6h"] == "quantile_over_time(0.95, (max(queue_length))[6h:1m])"
    assert "and histogram" not in found["baseline:queue:p95_regression"]


def test_without_a_regression_nobody_is_told() -> None:
    text = LATENCY.replace("    regression: {warning: 50%, critical: 1}\n", "")
    assert "alerts" not in project(HEAD + text).root.entries


def test_what_the_user_wrote_wins() -> None:
    text = LATENCY + "alerts: {ApiLatencyRegression: {for: 1h, labels: {kind: speed}}}\n"
    alert = expanded(text, "alerts")["ApiLatencyRegression"]
    assert (alert["for"], alert["labels"], alert["severity"]) == (
        "1h",
        {"kind": "speed"},
        {"warning": "> 50%", "critical": "> 1"},
    )


def test_defaults_are_laid_under_what_was_made_as_under_what_was_written() -> None:
    defaults = "defaults: {alerts: {for: 7m, tags: [a], labels: {from: defaults}}}\n"
    usual = {"for": "5m", "tags": ["a"], "labels": {"from": "defaults"}}
    written: dict[str, tuple[str, dict[str, Any]]] = {
        "nothing": ("", usual),
        "a label": ("{labels: {own: x}}", usual | {"labels": {"from": "defaults", "own": "x"}}),
        "for": ("{for: 1h}", usual | {"for": "1h"}),
        "null": ("{tags: null, for: null}", {"labels": {"from": "defaults"}}),
    }
    for text, expected in written.values():
        alerts = f"alerts: {{ApiLatencyRegression: {text}}}\n" if text else ""
        found = expanded(LATENCY + defaults + alerts, "alerts")["ApiLatencyRegression"]
        assert {key: found[key] for key in ("for", "tags", "labels") if key in found} == expected
        environment = f"environments: {{test: {{alerts: {{ApiLatencyRegression: {text or '{}'}}}}}}}\n"
        resolved_, problems = resolved(HEAD + LATENCY + defaults + environment, "test")
        assert (resolved_ is not None, problems) == (True, ())
        assert resolved_ is not None
        node = to_plain(resolved_.root.entries["alerts"].node)["ApiLatencyRegression"]
        assert {key: node[key] for key in ("for", "tags", "labels") if key in node} == expected


def test_null_leaves_out_what_is_not_wanted() -> None:
    assert expanded(LATENCY + "alerts: {ApiLatencyRegression: null}\n", "alerts") == {}


def test_what_was_made_stands_where_it_was_asked_for() -> None:
    place = project(HEAD + LATENCY).place_of("alerts.ApiLatencyRegression")
    assert place is not None
    assert str(place.span) == "spec.yaml:10:3"


def test_a_kpi_is_a_series_and_an_alert_where_it_is_missed() -> None:
    text = """\
kpis:
  queue:
    title: Waiting jobs
    service: web
    expr: sum(queue_length)
    target: "< 100"
    missed: warning
"""
    assert expanded(text, "recordings") == {
        "kpi-queue": {"record": "kpi:queue", "expr": "sum(queue_length)", "service": "web"}
    }
    assert expanded(text, "alerts") == {
        "QueueMissed": {
            "expr": "kpi:queue",
            "severity": {"warning": ">= 100"},
            "for": "1h",
            "summary": "Waiting jobs is {{ value }}, and should be < 100",
            "service": "web",
        }
    }


def test_numbers_about_alerts_share_what_counts_them() -> None:
    text = """\
kpis:
  mttd: {alerts: {what: detection}, target: "< 5m"}
  mttr: {alerts: {what: resolution, service: web}, target: "< 30m"}
  precision: {alerts: {what: precision, quickly: 90s}, target: "> 95%"}
"""
    found = expanded(text, "recordings")
    assert list(found) == [
        "alerts-started-count",
        "alerts-detection-seconds-sum",
        "alerts-ended-count",
        "alerts-resolution-seconds-sum",
        "alerts-ended-within-5m-count",
        "kpi-mttd",
        "kpi-mttr",
        "alerts-ended-within-1m30s-count",
        "kpi-precision",
    ]
    assert found["kpi-mttr"] == {
        "record": "kpi:mttr",
        "expr": 'sum(sum_over_time(alerts:resolution_seconds:sum{severity="critical", service="web"}[30d]))'
        ' / sum(sum_over_time(alerts:ended:count{severity="critical", service="web"}[30d]))',
        "interval": "5m",
        "unit": "seconds",
    }


def test_a_wrong_baseline_is_told_once_and_stands_for_nothing() -> None:
    found, diagnostics = resolved(HEAD + "baselines: {a: {metric: queue_length, over: soon}}\n")
    assert isinstance(found, Project)
    assert [(item.code, str(item.span)) for item in diagnostics] == [("MON1105", "spec.yaml:9:45")]
    assert "recordings" not in found.root.entries


def test_a_spec_without_either_stays_the_tree_that_it_is() -> None:
    root = project(HEAD).root
    assert isinstance(root, MappingNode)
    assert expand(root) is root
