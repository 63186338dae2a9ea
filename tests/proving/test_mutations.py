"""What is proved can fail: each change of the rules behind the back of the spec is caught."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import yaml

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.documents.document import Document
from skillforge_mon.proving.case import Skipped
from skillforge_mon.proving.promtool import Promtool, found_promtool
from skillforge_mon.proving.prove import Outcome, prove
from tests.backends.prometheus.emitting import Emitted, emitted
from tests.projects import project
from tests.real.tools import tools

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {}
metrics:
  requests_total: {type: counter, help: Requests, labels: {code: bounded}}
  orders_total: {type: counter, help: Orders, labels: {shop: bounded, result: bounded}}
  queue_length: {type: gauge, help: Jobs, labels: {queue: bounded}}
  request_duration_seconds: {type: histogram, help: Time, buckets: [0.1, 0.5, 1, 5]}
teams:
  shop: {webhook: "http://hooks:8080/"}
escalation:
  page:
    - {notify: shop, timeout: 10m}
    - {notify: shop}
services:
  web: {team: shop, escalation: page}
alerts:
  Backlog:
    service: web
    severity: {critical: "> 500", warning: "> 100"}
    expr: sum by (queue) (queue_length)
    for: 5m
    no_data: notify
    keep_firing_for: 12m
    summary: "{{ value }} jobs wait in {{ labels.queue }}, more than {{ threshold }}"
    runbook: https://runbooks.example.com/busy
    labels: {area: jobs}
  OrdersFail:
    service: web
    severity: {critical: "> 5%"}
    expr: >
      sum by (shop) (rate(orders_total{result="error"}[10m])) / sum by (shop) (rate(orders_total[10m]))
    for: 2m
    summary: "{{ value | percent }} of the orders of {{ labels.shop }} fail"
  Slow:
    service: web
    severity: {warning: "> 500ms"}
    expr: histogram_quantile(0.9, sum by (le) (rate(request_duration_seconds_bucket[5m])))
    for: 5m
    summary: "Answers take {{ value | duration }}"
slos:
  availability:
    service: web
    objective: 99.9%
    bad: requests_total{code="500"}
    total: requests_total
"""

ALERTS = "prometheus/rules/web.alerts.yml"
SLOS = "prometheus/rules/web.slos.yml"

TEXT_CHANGES = {
    "a threshold of a gauge": (ALERTS, "> 100", "> 101"),
    "a threshold, by a trifle": (ALERTS, "> 500", "> 500.5"),
    "a comparison": (ALERTS, "> 500", ">= 500"),
    "a threshold of a ratio": (ALERTS, "> 0.05", "> 0.0501"),
    "the direction of a comparison": (ALERTS, "> 0.05", "< 0.05"),
    "a threshold of a quantile": (ALERTS, "> 0.5\n", "> 0.51\n"),
    "a quantile": (ALERTS, "0.9,", "0.95,"),
    "a longer time to wait": (ALERTS, "for: 2m", "for: 2m15s"),
    "a shorter time to wait": (ALERTS, "for: 2m", "for: 1m30s"),
    "a level that comes at once": (ALERTS, "for: 15m", "for: 5m"),
    "a longer window on both sides": (ALERTS, "[10m]", "[12m]"),
    "a shorter window on both sides": (ALERTS, "[10m]", "[8m]"),
    "a window of a quantile": (ALERTS, "[5m]", "[10m]"),
    "a shorter time to go on": (ALERTS, "keep_firing_for: 12m", "keep_firing_for: 11m30s"),
    "a longer time to go on": (ALERTS, "keep_firing_for: 12m", "keep_firing_for: 12m30s"),
    "no time to go on": (ALERTS, "keep_firing_for: 12m", "labels: {}"),
    "a time to go on that nobody asked for": (ALERTS, "for: 2m", "for: 2m\n        keep_firing_for: 1m"),
    "an end that is late": (ALERTS, "sum by (queue) (queue_length)", "max_over_time(sum by (queue) (queue_length)[3m:30s])"),
    "an end that comes after the series are gone": (ALERTS, "(queue_length) >", "(last_over_time(queue_length[10m])) >"),
    "an end of missing data": (ALERTS, "expr: absent(sum by (queue) (queue_length))", "expr: absent(sum by (queue) (queue_length) offset 2m)"),
    "a severity": (ALERTS, "severity: critical", "severity: warning"),
    "a label of the user's own": (ALERTS, "area: jobs", "area: job"),
    "a level": (ALERTS, "level: '2'", "level: '3'"),
    "a selector": (ALERTS, 'result="error"', 'result!="error"'),
    "a grouping": (ALERTS, "sum by (shop)", "sum"),
    "a function": (ALERTS, "rate(orders_total{", "increase(orders_total{"),
    "a word of a text": (ALERTS, "jobs wait in", "jobs are in"),
    "a placeholder": (ALERTS, "{{ $labels.queue }}", "{{ $labels.shop }}"),
    "a format": (ALERTS, "humanizePercentage", "humanize"),
    "the address of a runbook": (ALERTS, "example.com/busy", "example.com/lazy"),
    "the name of an alert": (ALERTS, "alert: Slow", "alert: Slower"),
    "the query for missing data": (ALERTS, "absent(sum by (queue) (", "absent(sum by (queue) (0 < 0 * "),
    "a page's burn rate": (SLOS, "> 0.0144", "> 0.0147"),
    "a ticket's burn rate": (SLOS, "> 0.003", "> 0.002"),
    "a longer window of a page": (SLOS, "[1h]", "[2h]"),
    "windows of a page that are tiled": (SLOS, "[6h:5m]", "[12h:5m]"),
    "windows of a ticket": (SLOS, "[1d:5m]", "[12h:5m]"),
    "the slowest windows": (SLOS, "[3d:5m]", "[30h:5m]"),
    "bad events of the wrong code": (SLOS, 'code="500"', 'code="501"'),
    "counts that are filled with nothing": (SLOS, "or on () slo:events_total:rate5m", "or on () nothing:events_total:rate5m"),
    "a share of the budget": (SLOS, "/ 0.001", "/ 0.002"),
    "too few bad events": (SLOS, ">= 3 + 3 *", ">= 1 + 3 *"),
    "too many bad events": (SLOS, ">= 3 + 3 *", ">= 7 + 3 *"),
    "bad events by the wrong budget": (SLOS, "* 0.001)", "* 1)"),
    "the ticket for missing data": (SLOS, "offset 1d", "offset 2d"),
    "a label of an SLO": (SLOS, "team: shop", "team: shops"),
    "the priority of an SLO": (SLOS, "priority: P2", "priority: P3"),
    "the objective as recorded": (SLOS, "vector(0.999)", "vector(0.99)"),
    "a page that does not end": (SLOS, 'and slo:error_ratio:rate5m{slo="availability"} > 0.0144', "and vector(1) > 0.0144"),
    "a ticket that does not end": (SLOS, 'and slo:error_ratio:rate6h{slo="availability"} > 0.001', 'and slo:error_ratio:rate3d{slo="availability"} > 0.001'),
}  # fmt: skip
"""What is changed -> the file, a text in it, and what stands there instead, everywhere."""


@cache
def written() -> Emitted:
    """What the spec compiles to."""
    return emitted(SPEC)


def changed(path: str, change: Callable[[str], str]) -> list[Document]:
    """The documents, with one of them changed as a text."""
    text = written().text(path)
    other = change(text)
    assert other != text, text
    content: Any = yaml.safe_load(other)
    return [
        replace(document, content=content) if document.path == path else document
        for document in written().documents.values()
    ]


def promtool(generation: str = "new") -> Promtool:
    """The promtool of a generation."""
    found = found_promtool(tools(generation).promtool)
    assert not isinstance(found, Diagnostic)
    return found


def outcome(documents: list[Document], chosen: str, generation: str = "new") -> Outcome:
    """What becomes of them."""
    return prove(project(SPEC), documents, promtool(generation), chosen=chosen)


@pytest.mark.parametrize("generation", ["old", "new"])
def test_the_rules_as_they_are_written_pass_and_nothing_is_skipped(generation: str) -> None:
    result = outcome(list(written().documents.values()), "*", generation)
    assert [each for each in result.results if isinstance(each, Skipped) or each.unmet] == []


@pytest.mark.parametrize(("path", "old", "new"), TEXT_CHANGES.values(), ids=TEXT_CHANGES)
def test_a_change_is_caught(path: str, old: str, new: str) -> None:
    documents = changed(path, lambda text: text.replace(old, new))
    assert outcome(documents, "alerts.*" if path == ALERTS else "slos.*").failed


def test_a_rule_that_is_missing_is_caught() -> None:
    documents = changed(ALERTS, lambda text: re.sub(r"      - alert: OrdersFail\n(?:       .*\n)+", "", text))
    assert outcome(documents, "OrdersFail").failed


def test_a_rule_that_cannot_be_evaluated_fails_alone() -> None:
    """Two series with the same labels on both sides end a whole run of promtool; the others have their say all the same."""
    documents = changed(ALERTS, lambda text: text.replace("histogram_quantile(", "queue_length / queue_length / ("))
    result = outcome(documents, "alerts.*")
    failed = [each.case.subject for each in result.results if not isinstance(each, Skipped) and each.unmet]
    assert failed == ["alerts.Slow"]
