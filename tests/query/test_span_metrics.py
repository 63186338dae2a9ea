"""Alerts and dashboards on span metrics are typed like any other."""

from __future__ import annotations

import pytest

from skillforge_mon.compiler import compile_project
from skillforge_mon.query.catalogue import MetricEntry
from skillforge_mon.query.promql import parse
from skillforge_mon.query.span_metrics import has_exemplars
from tests.query.catalogues import catalogue_of

SPEC = """\
version: 1
project: shop
targets: {prometheus: {}, tempo: {}, collector: {}}
services: {web: {}}
traces: {span_metrics: {dimensions: [http.route], buckets: [100ms, 1s]}}
"""


def entry(name: str, text: str = SPEC) -> MetricEntry | None:
    return catalogue_of(text).lookup(name)


def test_calls_are_a_counter_with_the_labels_of_spans_and_dimensions() -> None:
    found = entry("traces_span_metrics_calls_total")
    assert found is not None
    assert (found.type, found.series, found.origin, sorted(found.labels)) == (
        "counter",
        "counter",
        "traces",
        [
            "collector_instance_id",
            "http_route",
            "instance",
            "job",
            "service_name",
            "span_kind",
            "span_name",
            "status_code",
        ],
    )


def test_durations_are_a_histogram_in_seconds_with_the_buckets_of_the_spec() -> None:
    found = entry("traces_span_metrics_duration_seconds_bucket")
    assert found is not None
    assert (found.type, found.series, found.observed_unit, found.buckets) == (
        "histogram",
        "bucket",
        "seconds",
        (0.1, 1.0),
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [(", collector: {}", ""), ("prometheus: {}, ", ""), ("traces: {span_metrics", "kpis: {}\n#")],
)
def test_what_nobody_counts_is_not_known(old: str, new: str) -> None:
    assert old in SPEC
    assert entry("traces_span_metrics_calls_total", SPEC.replace(old, new)) is None


def test_a_graph_is_counted_unless_it_is_not_wanted() -> None:
    assert entry("traces_service_graph_request_total") is not None
    assert entry("traces_service_graph_request_total", SPEC.replace("{dimensions", "{graph: false, dimensions")) is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("rate(traces_span_metrics_duration_seconds_bucket[5m])", True),
        ("rate(traces_span_metrics_calls_total[5m])", False),
        ("vector(1)", False),
    ],
)
def test_only_durations_name_a_trace(query: str, expected: bool) -> None:
    assert has_exemplars(parse(query)) == expected


ALERT = """\
metrics: {jobs: {type: gauge, help: Jobs, unit: jobs}}
teams: {shop: {webhook: "http://hooks:8080/"}}
escalation: {page: [{notify: shop}]}
runbooks: {busy: {resolve: Add a worker.}}
alerts:
  WebFails:
    service: web
    severity: critical
    expr: |
      sum(rate(traces_span_metrics_calls_total{service_name="web", status_code="STATUS"}[5m]))
      / sum(rate(traces_span_metrics_calls_total{service_name="web"}[5m])) > 0.05
    for: 5m
    summary: Requests fail
    runbook: busy
    escalation: page
"""


@pytest.mark.parametrize(("status", "codes"), [("STATUS_CODE_ERROR", []), ("ERROR", ["MON2109"])])
def test_an_alert_on_spans_is_checked_by_the_values_that_labels_have(
    tmp_path: object, status: str, codes: list[str]
) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "shop.yaml"
    path.write_text(
        (SPEC + ALERT)
        .replace('"STATUS"', f'"{status}"')
        .replace("services: {web: {}}", "services: {web: {team: shop}}")
    )
    assert [problem.code for problem in compile_project(path).diagnostics] == codes
