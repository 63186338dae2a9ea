"""`use: kpis` and `use: baselines`: what they show."""

from __future__ import annotations

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.lower.layout import ShownPanel, ThresholdStep
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.query.promql import print_expr
from tests.projects import project

HEAD = """\
version: 1
project: shop
targets: {prometheus: {}, grafana: {}}
services: {web: {}, worker: {}}
metrics:
  requests_total: {type: counter, labels: {code: bounded}}
  request_duration_seconds: {type: histogram, buckets: [0.1, 1], labels: {endpoint: bounded}}
"""
KPIS = """\
slos:
  availability: {service: web, objective: 99.9%, bad: 'requests_total{code=~"5.."}', total: requests_total}
kpis:
  mttr: {alerts: {what: resolution}, target: "< 30m", group: operational}
  uptime: {slo: availability, title: Uptime}
  errors:
    service: web
    description: Requests that fail.
    expr: sum(rate(requests_total{code=~"5.."}[5m])) / sum(rate(requests_total[5m]))
    target: "<= 1%"
"""


def panels(text: str) -> list[ShownPanel]:
    found = project(HEAD + text)
    report = Report()
    layouts = Lowering(found, report).dashboards
    assert [problem.headline for problem in report] == []
    return [panel for row in layouts[0].rows for panel in row.panels]


def shown(panel: ShownPanel) -> tuple[str, str, str, list[str], tuple[ThresholdStep, ...]]:
    queries = [f"{print_expr(query.expr)} ({query.legend})" for query in panel.queries if query.expr is not None]
    return panel.type, panel.title, panel.unit, queries, panel.thresholds


def test_each_kpi_is_shown_beside_its_target_and_the_window_before() -> None:
    well, late = ThresholdStep(None, "ok"), ThresholdStep(1800, "critical")
    promised = (ThresholdStep(None, "critical"), ThresholdStep(0.999, "ok"))
    few = (well, ThresholdStep(0.01, "critical"))
    kept = '1 - slo:error_ratio:rate30d{slo="availability"}'
    assert [shown(panel) for panel in panels(KPIS + "dashboards: {home: {rows: [{use: kpis}]}}\n")] == [
        ("stat", "Uptime", "ratio", [f"{kept} (now)", f"{kept} offset 30d (30d before)"], promised),
        ("timeseries", "Uptime over time", "ratio", [f"{kept} (Uptime)"], promised),
        ("stat", "Errors", "ratio", ["kpi:errors (now)", "kpi:errors offset 30d (30d before)"], few),
        ("timeseries", "Errors over time", "ratio", ["kpi:errors (Errors)"], few),
        ("stat", "Mttr", "seconds", ["kpi:mttr (now)", "kpi:mttr offset 30d (30d before)"], (well, late)),
        ("timeseries", "Mttr over time", "seconds", ["kpi:mttr (Mttr)"], (well, late)),
    ]


def test_an_slo_over_a_period_of_the_calendar_has_no_window_before() -> None:
    text = KPIS.replace("99.9%,", "99.9%, window: month,")
    assert shown(panels(text + "dashboards: {home: {rows: [{use: kpis}]}}\n")[0])[3] == [
        '1 - slo:error_ratio:month{slo="availability"} (now)'
    ]


def test_the_groups_of_an_slo_are_told_apart() -> None:
    text = KPIS.replace("99.9%,", "99.9%, group_by: [code],")
    number, course = panels(text + "dashboards: {home: {rows: [{use: kpis}]}}\n")[:2]
    kept = '1 - slo:error_ratio:rate30d{slo="availability"}'
    code = "{{ labels.code }}"
    assert shown(number)[3] == [f"{kept} ({code} now)", f"{kept} offset 30d ({code} 30d before)"]
    assert shown(course)[3] == [f"{kept} ({code})"]


def test_a_unit_of_the_users_own_stands_beside_the_number() -> None:
    text = "kpis: {sales: {expr: max(depth), unit: EUR, target: '> 5', description: Is it enough?}}\n"
    depth = "metrics:\n  depth: {type: gauge}\n"
    found = project(HEAD.replace("metrics:\n", depth) + text + "dashboards: {home: {rows: [{use: kpis}]}}\n")
    row = Lowering(found, Report()).dashboards[0].rows[0]
    assert [(panel.unit, panel.unit_written, panel.description) for panel in row.panels] == [
        ("EUR", True, "Is it enough? Target: > 5."),
        ("EUR", True, ""),
    ]


def test_a_service_has_its_own_kpis_and_those_of_its_slos() -> None:
    found = panels(KPIS + "dashboards: {home: {rows: [{use: kpis, service: web}]}}\n")
    assert [panel.title for panel in found] == ["Uptime", "Uptime over time", "Errors", "Errors over time"]


def test_a_baseline_shows_what_is_usual_and_where_it_is_told() -> None:
    text = """\
baselines:
  latency: {service: web, metric: request_duration_seconds, by: [endpoint], quantiles: [50%], regression: 50%}
dashboards: {home: {rows: [{use: baselines}]}}
"""
    found = [shown(panel) for panel in panels(text)]
    endpoint = "{{ labels.endpoint }}"
    assert found == [
        (
            "timeseries",
            "latency: p50",
            "seconds",
            [f"baseline:latency:p50_30m ({endpoint} now)", f"baseline:latency:p50_usual ({endpoint} usual)"],
            (),
        ),
        (
            "timeseries",
            "latency: p95",
            "seconds",
            [
                f"baseline:latency:p95_30m ({endpoint} now)",
                f"baseline:latency:p95_usual ({endpoint} usual)",
                f"baseline:latency:p95_usual * 1.5 ({endpoint} warning)",
            ],
            (),
        ),
        (
            "timeseries",
            "latency: above usual",
            "ratio",
            [f"baseline:latency:p95_regression ({endpoint})"],
            (ThresholdStep(None, "ok"), ThresholdStep(0.5, "warning")),
        ),
    ]


def test_a_baseline_shows_nothing_beside_what_nobody_has_said() -> None:
    text = """\
baselines:
  latency: {metric: request_duration_seconds, quantiles: [50%], usual: {p50: 1}}
dashboards: {home: {rows: [{use: baselines}]}}
"""
    assert [shown(panel) for panel in panels(text)] == [
        (
            "timeseries",
            "latency: p50",
            "seconds",
            ["baseline:latency:p50_30m (now)", "baseline:latency:p50_usual (usual)"],
            (),
        ),
        ("timeseries", "latency: p95", "seconds", ["baseline:latency:p95_30m (now)"], ()),
    ]


def test_a_row_without_any_says_what_to_declare() -> None:
    report = Report()
    found = project(HEAD + "dashboards: {home: {rows: [{use: kpis, service: worker}, {use: baselines}]}}\n")
    assert [row.panels for row in Lowering(found, report).dashboards[0].rows] == [(), ()]
    assert [(problem.headline, problem.help) for problem in report] == [
        ("`use: kpis` finds nothing to show", "declare a KPI of `worker` under `kpis`"),
        ("`use: baselines` finds nothing to show", "declare a baseline of any service under `baselines`"),
    ]
