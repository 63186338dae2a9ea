"""Ranges that Grafana chooses."""

from __future__ import annotations

import pytest

from skillforge_mon.query.adaptive_window import ADAPTIVE_WINDOW, with_adaptive_windows
from skillforge_mon.query.promql import parse, print_expr
from tests.projects import project, resolved

SPEC = """\
version: 1
project: shop
targets: {prometheus: {scrape_interval: 5m}, grafana: {}}
metrics: {requests_total: {type: counter, labels: {code: bounded}}}
dashboards: {home: {rows: [{panels: [{title: Requests, query: '%s'}]}]}}
"""


@pytest.mark.parametrize(
    "name", ["$__rate_interval", "$__interval", "$__range", "${__rate_interval}", " $__interval ", "${__range}"]
)
def test_they_are_read_as_a_range_that_nobody_writes(name: str) -> None:
    text = f"sum(rate(requests_total[{name}])) / 2"
    found = with_adaptive_windows(text)
    assert len(found) == len(text)
    assert print_expr(parse(found)) == f"sum(rate(requests_total[{ADAPTIVE_WINDOW}])) / 2"


@pytest.mark.parametrize("text", ["x[$__range_s]", "x[$w]", 'x{a="[$__range]b"}', "x * $__interval", "x[5m]"])
def test_all_else_stays(text: str) -> None:
    assert with_adaptive_windows(text).replace("299999ms", "$__range") == text


def test_a_panel_may_have_them_and_its_text_stays() -> None:
    text = "sum(rate(requests_total[$__rate_interval]))"
    query = project(SPEC % text).dashboards["home"].rows[0].panels[0].queries[0]
    assert query.text == text
    assert query.expr is not None


def test_what_is_wrong_stands_at_its_place() -> None:
    _, diagnostics = resolved(SPEC % "rate(requests_total[$__rate_interval]) + +")
    [problem] = diagnostics
    assert problem.span is not None
    assert (problem.code, problem.span.column) == ("MON2001", SPEC.splitlines()[4].index("%s") + 43)


def test_an_alert_has_none() -> None:
    alert = "alerts: {Much: {severity: info, summary: x, expr: 'rate(requests_total[$__rate_interval]) > 5'}}\n"
    _, diagnostics = resolved(SPEC % "requests_total" + alert)
    assert [(problem.code, problem.headline) for problem in diagnostics] == [("MON2001", "unexpected `$`")]
