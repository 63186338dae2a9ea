"""Alerts at each of their severities and levels, and the texts that they carry, on every backend with Go templates."""

from __future__ import annotations

import pytest

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.lower.alerts import alert_conditions
from skillforge_mon.lower.annotations import alert_annotations
from skillforge_mon.lower.fired_alerts import fired_alerts, has_a_result_when_well
from skillforge_mon.lower.go_templates import value_template
from skillforge_mon.query.promql import parse
from tests.projects import project

SPEC = """\
version: 1
project: shop
targets: {prometheus: {}}
metrics: {depth: {type: gauge, help: Waiting jobs, labels: {queue: bounded}}}
teams: {web: {slack: "#web"}, boss: {email: boss@example.com}}
escalation:
  page: [{notify: web, timeout: 5m}, {notify: boss, timeout: 15m}, {notify: web}]
alerts:
  Deep:
    severity: {critical: {when: "> 9", escalation: page}, warning: "> 5"}
    expr: depth
    for: 2m
    summary: "{{ labels.queue }} is {{ value | humanize }} deep, {{ severity }}"
    annotations: {owner: "{{ labels.severity }}"}
"""


def test_an_alert_fires_once_per_severity_and_level_each_later_than_the_one_before() -> None:
    found = project(SPEC)
    fired = [
        (each.condition.severity.severity, each.labels.get("level"), str(each.hold))
        for each in fired_alerts(found, alert_conditions(found))
    ]
    assert fired == [
        ("critical", "1", "2m"),
        ("critical", "2", "7m"),
        ("critical", "3", "22m"),
        ("warning", None, "2m"),
    ]


@pytest.mark.parametrize(
    ("value", "written"),
    [("$value", "{{ $value | humanize }}"), ("$values.A.Value", "{{ $values.A.Value | humanize }}")],
)
def test_texts_call_the_value_as_the_backend_does(value: str, written: str) -> None:
    found = project(SPEC)
    condition = alert_conditions(found)[0]
    report = Report()
    assert alert_annotations(found, condition, condition.labels, "prometheus", report, value) == {
        "summary": f"{{{{ $labels.queue }}}} is {written} deep, critical",
        "owner": "critical",
    }
    assert tuple(report) == ()


@pytest.mark.parametrize(
    ("format_", "unit", "written"),
    [
        ("", "", "{{ $v }}"),
        ("", "ratio", "{{ $v | humanizePercentage }}"),
        ("", "percent", '{{ printf "%.4g" $v }}%'),
        ("", "milliseconds", '{{ printf "%.4g" $v }}ms'),
        ("", "bytes", "{{ $v | humanize1024 }}B"),
        ("duration", "", "{{ $v | humanizeDuration }}"),
        ("humanize", "seconds", "{{ $v | humanize }}"),
    ],
)
def test_a_value_is_written_as_its_format_or_its_unit_says(format_: str, unit: str, written: str) -> None:
    assert value_template(format_, unit, "$v") == written


@pytest.mark.parametrize(
    ("query", "result"),
    [
        ("depth", True),
        ("sum by (queue) (depth)", True),
        ("depth > bool 5", True),
        ("depth > 5", False),
        ("depth unless depth", False),
        ("absent(depth)", False),
        ("scalar(depth)", False),
    ],
)
def test_only_a_query_that_keeps_every_series_can_miss_its_data(query: str, *, result: bool) -> None:
    assert has_a_result_when_well(parse(query)) is result
