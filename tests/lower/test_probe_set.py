"""`use: probes`: what it shows of what Prometheus asks."""

from __future__ import annotations

import pytest

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.lower.layout import ShownPanel, ThresholdStep
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.query.promql import print_expr
from tests.projects import project

SPEC = """\
version: 1
project: shop
targets: {prometheus: {}, blackbox: {}, grafana: {}}
services: {web: {}, db: {}}
probes:
  home: {service: web, http: {url: "https://shop.example/", certificate: 14d}}
  api.v1: {service: web, http: {url: "https://shop.example/api", certificate: {warning: 21d, critical: 7d}}}
  ping: {service: web, icmp: {host: shop.example}}
  port: {service: db, tcp: {address: "db:5432"}, every: 10m}
dashboards: {probes: {rows: [{use: probes, service: web}]}}
"""


def panels(text: str) -> list[ShownPanel]:
    found = project(text)
    report = Report()
    layouts = Lowering(found, report).dashboards
    assert [problem.headline for problem in report] == []
    return list(layouts[0].panels)


def shown(panel: ShownPanel) -> tuple[str, str, str, list[str]]:
    queries = [f"{print_expr(query.expr)} ({query.legend})" for query in panel.queries if query.expr is not None]
    return panel.type, panel.title, panel.unit, queries


def test_the_probes_of_a_service_are_shown_together() -> None:
    all_, https, legend = r'{probe=~"home|api\\.v1|ping"}', r'{probe=~"home|api\\.v1"}', "({{ labels.probe }})"
    assert [shown(panel) for panel in panels(SPEC)] == [
        ("stat", "Answers", "boolean", [f"min by (probe) (probe_success{all_}) {legend}"]),
        (
            "timeseries",
            "Good answers",
            "ratio",
            [f"avg by (probe) (avg_over_time(probe_success{all_}[1h])) {legend}"],
        ),
        ("timeseries", "Duration", "seconds", [f"max by (probe) (probe_duration_seconds{all_}) {legend}"]),
        (
            "timeseries",
            "Duration by phase",
            "seconds",
            [
                f"avg by (phase) (probe_http_duration_seconds{https}) (http {{{{ labels.phase }}}})",
                'avg by (phase) (probe_icmp_duration_seconds{probe="ping"}) (icmp {{ labels.phase }})',
            ],
        ),
        (
            "stat",
            "Certificates end in",
            "d",
            [f"(min by (probe) (probe_ssl_earliest_cert_expiry{https}) - time()) / 86400 {legend}"],
        ),
        ("stat", "HTTP status", "", [f"max by (probe) (probe_http_status_code{https}) {legend}"]),
    ]


def test_colours_are_those_of_a_good_answer_and_of_the_days_on_which_people_are_told() -> None:
    found = {panel.title: panel.thresholds for panel in panels(SPEC) if panel.thresholds}
    bad = ThresholdStep(None, "critical")
    assert found == {
        "Answers": (bad, ThresholdStep(1, "ok")),
        "Certificates end in": (bad, ThresholdStep(7, "warning"), ThresholdStep(21, "ok")),
        "HTTP status": (
            bad,
            ThresholdStep(200, "ok"),
            ThresholdStep(400, "warning"),
            ThresholdStep(500, "critical"),
        ),
    }


@pytest.mark.parametrize(
    ("certificate", "steps"),
    [
        ("36h", (ThresholdStep(None, "warning"), ThresholdStep(1.5, "ok"))),
        ("{critical: 7d}", (ThresholdStep(None, "critical"), ThresholdStep(7, "ok"))),
        ("{warning: 3d, critical: 7d}", (ThresholdStep(None, "critical"), ThresholdStep(7, "ok"))),
    ],
)
def test_a_severity_alone_has_its_colour(certificate: str, steps: tuple[ThresholdStep, ...]) -> None:
    text = SPEC.replace("{warning: 21d, critical: 7d}", certificate).replace("certificate: 14d", "")
    (found,) = [panel.thresholds for panel in panels(text) if panel.title == "Certificates end in"]
    assert found == steps


def test_a_status_that_is_meant_to_be_an_error_has_no_colour() -> None:
    text = SPEC.replace('/api", ', '/api", status: [401], ')
    (found,) = [panel.thresholds for panel in panels(text) if panel.title == "HTTP status"]
    assert found == ()


def test_what_is_asked_seldom_is_read_as_far_back_as_it_takes() -> None:
    found = panels(SPEC.replace("service: web}]}}", "service: db}]}}"))
    assert [shown(panel)[3][0].removesuffix(" ({{ labels.probe }})") for panel in found] == [
        'min by (probe) (last_over_time(probe_success{probe="port"}[20m]))',
        'avg by (probe) (avg_over_time(probe_success{probe="port"}[2h]))',
        'max by (probe) (last_over_time(probe_duration_seconds{probe="port"}[20m]))',
    ]


def test_a_service_without_probes_has_nothing_to_show() -> None:
    report = Report()
    found = project(
        SPEC.replace("services: {", "services: {other: {}, ").replace("service: web}]}}", "service: other}]}}")
    )
    assert Lowering(found, report).dashboards[0].panels == ()
    assert [problem.code for problem in report] == ["MON3410"]
