"""Dashboards laid out: what is filled in by itself, and what is said where something is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillforge_mon.compiler import compile_project
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.lower.layout import ShownPanel
from skillforge_mon.lower.lowering import Lowering
from tests.projects import project, resolved

HEAD = """\
version: 1
project: shop
targets: {prometheus: {}, grafana: {}}
metrics:
  requests_total: {type: counter, labels: {service: bounded, status: bounded}}
  latency_seconds: {type: histogram, buckets: [0.1, 1], labels: {service: bounded}}
  depth: {type: gauge, unit: jobs, labels: {queue: bounded}}
teams: {shop: {webhook: "http://hooks:8080/"}}
escalation: {page: [{notify: shop}]}
runbooks: {busy: {url: "https://wiki.example/busy"}}
services: {web: {team: shop, escalation: page, runbook: busy}, api: {}}
alerts:
  Deep: {service: web, severity: {critical: "> 10", warning: "> 5"}, expr: max by (queue) (depth), summary: Deep}
"""


def shown(panel: str) -> ShownPanel:
    """The only panel of a dashboard."""
    text = f"{HEAD}dashboards: {{home: {{rows: [{{panels: [{panel}]}}]}}}}\n"
    report = Report()
    found = project(text)
    panels = Lowering(found, report).dashboards[0].panels
    assert tuple(report) == ()
    return panels[0]


def said(dashboards: str, head: str = HEAD) -> list[tuple[str, str, str, str]]:
    """Code, place, headline and help of all that the layout reports."""
    found, _ = resolved(f"{head}dashboards:\n{dashboards}")
    assert found is not None
    report = Report()
    layouts = Lowering(found, report).dashboards
    assert len(layouts) == len(found.dashboards)
    return [(each.code, str(each.span).removeprefix("spec.yaml:"), each.headline, each.help) for each in report]


@pytest.mark.parametrize(
    ("panel", "unit", "written"),
    [
        ("{title: A, query: depth}", "jobs", False),
        ("{title: A, unit: jobs, query: depth}", "jobs", True),
        ("{title: A, query: [depth, 'sum(rate(requests_total[5m]))']}", "", False),
        ("{title: A, query: 'sum(rate(requests_total[5m]))'}", "requests_per_second", False),
        ("{title: A, type: heatmap, query: 'sum by (le) (rate(latency_seconds_bucket[5m]))'}", "seconds", False),
        ("{title: A, type: text, content: x}", "", False),
    ],
)
def test_the_unit_is_what_the_queries_return(panel: str, unit: str, *, written: bool) -> None:
    found = shown(panel)
    assert (found.unit, found.unit_written) == (unit, written)


@pytest.mark.parametrize(
    ("panel", "states"),
    [
        ("{title: A, query: max by (queue) (depth)}", [(None, "ok"), (5, "warning"), (10, "critical")]),
        ("{title: A, query: max(depth), thresholds: {warning: 1}}", [(None, "ok"), (1, "warning")]),
        ("{title: A, query: sum(depth)}", []),
        ("{title: A, query: [max by (queue) (depth), 'sum(rate(requests_total[5m]))']}", []),
    ],
)
def test_thresholds_are_those_of_the_alerts_on_the_same_value(panel: str, states: list[tuple[int | None, str]]) -> None:
    assert [(step.start, step.state) for step in shown(panel).thresholds] == states


def test_the_runbook_of_the_alert_is_linked_after_the_links_of_the_user() -> None:
    panel = shown("{title: A, query: max(depth), links: [{url: 'https://a.example'}]}")
    assert [(link.title, link.url) for link in panel.links] == [
        ("https://a.example", "https://a.example"),
        ("Runbook: busy", "https://wiki.example/busy"),
    ]


def test_two_dashboards_of_one_title_in_one_folder_are_an_error() -> None:
    rows = "rows: [{use: alerts}]"
    text = f'  a: {{title: Home, {rows}}}\n  b: {{title: Home, folder: " shop ", {rows}}}\n'
    assert said(text) == [
        (
            "MON3401",
            "16:14",
            "two dashboards in the folder `shop` are called `Home`",
            "give one of them another `title`",
        )
    ]
    assert said(text.replace('" shop "', "Shops")) == []
    assert said(f"  a: {{{rows}}}\n  b: {{{rows}}}\n") == []


def test_a_set_that_finds_only_a_part_says_what_is_missing() -> None:
    head = HEAD.replace("  latency_seconds: {type: histogram, buckets: [0.1, 1], labels: {service: bounded}}\n", "")
    assert said("  home: {rows: [{use: red, service: web}]}\n", head) == [
        (
            "MON3402",
            "14:17",
            "`use: red` finds no metric for the panel `Duration`",
            "declare a histogram such as `http_request_duration_seconds`",
        )
    ]


def test_a_set_that_finds_nothing_is_an_error() -> None:
    assert said("  home: {rows: [{use: slo, service: web}]}\n") == [
        ("MON3410", "15:17", "`use: slo` finds nothing to show", "declare an SLO of `web` under `slos`")
    ]


def test_an_slo_with_an_error_of_its_own_is_reported_once(tmp_path: Path) -> None:
    """A latency between two buckets cannot be measured, which is no fault of the row that would show it."""
    spec = tmp_path / "spec.yaml"
    slo = "  fast: {service: web, objective: 99%, latency: {metric: latency_seconds, below: 500ms}}\n"
    spec.write_text(f"{HEAD}slos:\n{slo}dashboards: {{home: {{rows: [{{use: slo}}]}}}}\n", encoding="utf-8")
    found = [problem.code for problem in compile_project(spec).diagnostics]
    assert [code for code in found if code.startswith(("MON31", "MON34"))] == ["MON3102"]


def test_logs_without_loki_are_an_error_at_the_type_of_the_panel(tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    panel = "{title: Errors, type: logs, query: '{app=\"web\"}'}"
    rows = f"dashboards:\n  home:\n    rows:\n      - panels:\n        - {panel}\n"
    spec.write_text(f"version: 1\nproject: shop\ntargets: {{grafana: {{}}}}\n{rows}", encoding="utf-8")
    found = compile_project(spec)
    assert [(each.code, each.span and each.span.line, each.headline, each.help) for each in found.diagnostics] == [
        (
            "MON3406",
            8,
            "the panel `Errors` shows logs, and Grafana has no Loki to ask",
            "write `loki_url` under `targets.grafana`",
        )
    ]
    assert found.documents == ()
