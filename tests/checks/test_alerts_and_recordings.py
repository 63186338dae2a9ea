"""Rules about how long alerts wait, which alerts never fire alone, how messages write values, and what rules read."""

from __future__ import annotations

import pytest

from skillforge_mon.checks import (
    alert_absent_too_quick,
    alert_always_or_never,
    alert_for_below_interval,
    alert_overlap,
    alert_sampling_function,
    alert_value_format,
    alert_without_comparison,
    promql_label_aggregated_away,
    recording_order,
    recording_too_seldom,
)
from skillforge_mon.diagnostics.diagnostic import Diagnostic
from tests.projects import project

HEAD = """\
version: 1
project: shop
targets:
  prometheus: {scrape_interval: 30s, evaluation_interval: 30s}
metrics:
  requests_total: {type: counter, labels: {code: bounded}}
  depth: {type: gauge, unit: jobs, labels: {queue: bounded}}
  used_ratio: {type: gauge}
  used_percent: {type: gauge}
  wait_seconds: {type: gauge}
  size_bytes: {type: gauge}
teams:
  a: {webhook: "http://hooks/"}
  b: {webhook: "http://hooks/"}
escalation:
  page: [{notify: a}]
  mail: [{notify: b}]
services:
  web: {team: a}
  api: {team: a}
"""


def alerts(*texts: str) -> str:
    """A spec with alerts ``A``, ``B``, …, each the inside of a map in braces."""
    names = "ABC"
    return f"{HEAD}alerts:\n" + "".join(f"  {names[index]}: {{{text}}}\n" for index, text in enumerate(texts))


def headlines(found: list[Diagnostic]) -> list[str]:
    return [f"{item.code} {item.headline}" for item in found]


ABSENT = {
    "severity: info, expr: absent(depth), for: 0s": ["MON3020 `A` waits 0s, and data come every 30s"],
    "severity: info, expr: absent(depth), for: 59s": ["MON3020 `A` waits 59s, and data come every 30s"],
    "severity: info, expr: absent(depth), for: 1m": [],
    "severity: info, expr: absent(depth)": [],
    "severity: {info: {for: 10s}}, expr: absent(depth)": ["MON3020 `A` waits 10s, and data come every 30s"],
    "severity: info, expr: 'depth > 5 or absent(depth)', for: 0s": ["MON3020 `A` waits 0s, and data come every 30s"],
    "severity: info, expr: 'absent_over_time(depth[1h])', for: 0s": [],
    "severity: info, expr: depth > 5, for: 0s": [],
}


@pytest.mark.parametrize("alert", ABSENT)
def test_an_alert_on_missing_data_waits_for_two_scrapes(alert: str) -> None:
    assert headlines(list(alert_absent_too_quick.check(project(alerts(alert))))) == ABSENT[alert]


FOR = {
    "severity: info, expr: depth > 5, for: 29s": ["MON3023 `A` waits 29s, and its rule is evaluated every 30s"],
    "severity: info, expr: depth > 5, for: 30s": [],
    "severity: info, expr: depth > 5, for: 45s": [],
    "severity: info, expr: depth > 5, for: 0s": [],
    "severity: info, expr: depth > 5": [],
    "severity: info, expr: depth > 5, for: 1m, interval: 2m": [
        "MON3023 `A` waits 1m, and its rule is evaluated every 2m"
    ],
    "severity: info, expr: depth > 5, for: 10s, interval: 10s": [],
    "severity: {critical: {when: '> 9', for: 5s}, warning: '> 5'}, expr: depth, for: 5m": [
        "MON3023 `A` waits 5s, and its rule is evaluated every 30s"
    ],
}


@pytest.mark.parametrize("alert", FOR)
def test_what_an_alert_waits_is_no_shorter_than_an_interval(alert: str) -> None:
    assert headlines(list(alert_for_below_interval.check(project(alerts(alert))))) == FOR[alert]


def test_the_place_is_that_of_the_time_that_is_too_short() -> None:
    text = alerts("severity: {critical: {when: '> 9', for: 5s}, warning: '> 5'}, expr: depth, for: 5m")
    (found,) = alert_for_below_interval.check(project(text))
    assert found.span is not None
    assert text.splitlines()[found.span.line - 1][found.span.column - 1 : found.span.end_column - 1] == "5s"
    assert [label.text for label in found.secondary] == ["evaluated this often"]


BASE = "severity: warning, service: web, for: 5m"
INSIDE = "MON3021 `B` fires only while `A` does, with the same severity"
OVERLAPS = {
    (f"{BASE}, expr: depth > 5", f"{BASE}, expr: depth > 9"): [INSIDE],
    (f"{BASE}, expr: depth > 9", f"{BASE}, expr: depth > 5"): [
        "MON3021 `A` fires only while `B` does, with the same severity"
    ],
    (f"{BASE}, expr: depth > 5", f"{BASE}, expr: 9 < depth"): [INSIDE],
    (f"{BASE}, expr: depth > 5", f"{BASE}, expr: depth >= 5"): [
        "MON3021 `A` fires only while `B` does, with the same severity"
    ],
    (f"{BASE}, expr: depth > 5", f"{BASE}, expr: depth < 9"): [],
    (f"{BASE}, expr: depth > 5", f"{BASE}, expr: depth > 5"): [],  # reported as MON3008
    (f"{BASE}, expr: depth > 5", "severity: {warning: '> 5'}, service: web, for: 5m, expr: depth"): [INSIDE],
    (f"{BASE}, expr: used_ratio > 0.5", "severity: {warning: '> 60%'}, service: web, for: 5m, expr: used_ratio"): [
        INSIDE
    ],
    (f"{BASE}, expr: depth > 5", "severity: critical, service: web, for: 5m, expr: depth > 9"): [],
    (f"{BASE}, expr: depth > 5", "severity: warning, service: web, for: 1m, expr: depth > 9"): [],
    (f"{BASE}, expr: depth > 5", "severity: warning, service: web, for: 10m, expr: depth > 9"): [INSIDE],
    (f"{BASE}, expr: depth > 5", "severity: warning, service: api, for: 5m, expr: depth > 9"): [],
    (f"{BASE}, expr: depth > 5, escalation: page", f"{BASE}, expr: depth > 9, escalation: mail"): [],
    (f"{BASE}, expr: depth > 5", f"{BASE}, expr: max(depth) > 9"): [],
    (f"{BASE}, expr: depth > 5", f"{BASE}, expr: depth > 9, enabled: false"): [],
    (f"{BASE}, expr: depth > 5", f"{BASE}, expr: depth > 9 and depth < 20"): [],
}


@pytest.mark.parametrize("pair", OVERLAPS)
def test_an_alert_that_never_fires_alone_is_told(pair: tuple[str, str]) -> None:
    assert headlines(list(alert_overlap.check(project(alerts(*pair))))) == OVERLAPS[pair]


FORMATS = {
    ("depth > 5", "{{ value | percent }}"): ["MON3022 the summary writes a value in jobs as a percentage"],
    ("depth > 5", "{{ value | duration }}"): ["MON3022 the summary writes a value in jobs as a length of time"],
    ("depth > 5", "{{ value | humanize }}"): [],
    ("depth > 5", "{{ value }}"): [],
    ("used_ratio > 0.5", "{{ value | percent }}"): [],
    ("used_percent > 50", "{{ value | percent }}"): [],
    ("up == 0", "{{ value | percent }}"): [],
    ("wait_seconds > 5", "{{ value | duration }}"): [],
    ("wait_seconds * 1000 > 5", "{{ value | duration }}"): [],
    ("wait_seconds > 5", "{{ value | bytes }}"): ["MON3022 the summary writes a value in seconds as a size in bytes"],
    ("size_bytes > 5", "{{ value | bytes }}"): [],
    ("deriv(size_bytes[5m]) > 5", "{{ value | bytes }}"): [],
    ("size_bytes > 5", "{{ value | percent }}"): ["MON3022 the summary writes a value in bytes as a percentage"],
    ("sum(rate(requests_total[5m])) > 5", "{{ value | percent }}"): [
        "MON3022 the summary writes a value in requests per second as a percentage"
    ],
    ("sum(rate(requests_total{code='5'}[5m])) / sum(rate(requests_total[5m])) > 0.1", "{{ value | percent }}"): [],
    ("unknown > 5", "{{ value | percent }}"): [],
    ("ln(size_bytes) > 5", "{{ value | percent }}"): [],
    ("depth > 5", "{{ threshold | percent }}"): [],
}


@pytest.mark.parametrize("case", FORMATS)
def test_messages_write_values_in_their_own_form(case: tuple[str, str]) -> None:
    expr, summary = case
    text = alerts(f"severity: info, expr: \"{expr}\", summary: '{summary}'")
    assert headlines(list(alert_value_format.check(project(text)))) == FORMATS[case]


def test_the_declared_unit_counts_and_every_text_is_looked_at() -> None:
    text = alerts(
        "severity: info, expr: depth > 5, unit: seconds, summary: '{{ value | duration }}',"
        " description: 'up to {{ value | bytes }}', annotations: {cost: '{{ value | percent }}'}"
    )
    assert headlines(list(alert_value_format.check(project(text)))) == [
        "MON3022 the description writes a value in seconds as a size in bytes",
        "MON3022 the annotation `cost` writes a value in seconds as a percentage",
    ]


def test_annotations_name_labels_that_the_query_returns() -> None:
    text = alerts(
        "severity: info, service: web, escalation: page, expr: sum by (queue) (depth) > 5,"
        " annotations: {of: '{{ labels.queue }} {{ labels.level }} {{ labels.escalation }}', on: '{{ labels.job }}'}"
    )
    assert headlines(list(promql_label_aggregated_away.check(project(text)))) == [
        "MON2107 the annotation `on` names `job`, which `sum by (queue)` has dropped"
    ]


def test_without_a_policy_there_is_no_label_of_its_level() -> None:
    text = alerts("severity: info, expr: sum by (queue) (ALERTS) > 5, summary: '{{ labels.level }}'")
    assert headlines(list(promql_label_aggregated_away.check(project(text)))) == [
        "MON2107 the summary names `level`, which `sum by (queue)` has dropped"
    ]


CERTAIN = {
    "count(depth) == 0": ["MON3006 `A` can never be true"],
    "count(depth) < 1": ["MON3006 `A` can never be true"],
    "count(depth) > 0": [],
    "count(depth) - 1 < 0": ["MON3006 `A` can never be true"],
    "(count(depth) or vector(0)) == 0": [],
    "sum(count by (queue) (depth)) == 0": ["MON3006 `A` can never be true"],
    "absent(depth) == 1": [],
    "absent(depth) > 1": ["MON3006 `A` can never be true"],
    "up > 1": ["MON3006 `A` can never be true"],
    "up >= 0": ["MON3005 `A` is always true"],
    "sum(up) > 1": [],
    "(depth > 5) > 3": [],
    "(depth > 5) < 3": ["MON3006 `A` can never be true"],
    "used_ratio * 100 > 120": ["MON3006 `A` can never be true"],
    "100 - used_ratio * 100 < 0": ["MON3006 `A` can never be true"],
    "used_ratio * 100 > 90": [],
    "vector(1) > 0": ["MON3005 `A` is always true"],
}


@pytest.mark.parametrize("expr", CERTAIN)
def test_conditions_that_cannot_change_are_told(expr: str) -> None:
    text = alerts(f"severity: info, expr: '{expr}'")
    assert headlines(list(alert_always_or_never.check(project(text)))) == CERTAIN[expr]


CONDITIONS = {
    "min by (queue) (depth == 0)": False,
    "count(depth > 5)": False,
    "max(depth > bool 5)": True,
    "count(depth > 5) or vector(0)": True,
    "sum(depth unless up)": False,
    "(depth > 5) * 2": False,
    "max(depth)": True,
}


@pytest.mark.parametrize("expr", CONDITIONS)
def test_a_comparison_anywhere_inside_is_a_condition(expr: str) -> None:
    text = alerts(f"severity: info, expr: '{expr}'")
    assert bool(list(alert_without_comparison.check(project(text)))) is CONDITIONS[expr]


CHOICES = {
    "topk(3, depth) > 5": True,
    "topk by (queue) (1, depth) > 5": True,
    "depth * on (queue) group_left topk by (queue) (1, up_by_queue) > 5": False,
    "depth * on (queue) group_left () (topk by (queue) (1, up_by_queue > 0)) > 5": False,
    "topk by (queue) (1, depth) / on (queue) group_left max by (queue) (depth) > 5": False,
    "topk by (job) (1, depth) / on (queue) group_left max by (queue) (depth) > 5": True,
    "depth * on (queue) group_left topk by (queue) (2, up_by_queue) > 5": True,
    "sum by (queue) (topk by (queue, instance) (1, depth)) > 5": False,
    "sum(topk(3, depth)) > 5": True,
    'count_values("v", depth) > 5': True,
    'count(count_values("v", depth)) > 5': False,
    'count by (v) (count_values("v", depth)) > 5': True,
}


@pytest.mark.parametrize("expr", CHOICES)
def test_functions_whose_result_jumps_are_told(expr: str) -> None:
    text = alerts(f"severity: info, expr: '{expr}'")
    assert bool(list(alert_sampling_function.check(project(text)))) is CHOICES[expr]


def recordings(*texts: str) -> str:
    names = "abc"
    return f"{HEAD}recordings:\n" + "".join(f"  {names[index]}: {{{text}}}\n" for index, text in enumerate(texts))


ORDERS: dict[tuple[str, ...], list[str]] = {
    ("expr: max(b)", "expr: max(depth)"): ["MON2137 `a` reads `b`, which is recorded after it"],
    ("expr: max(depth)", "expr: max(a)"): [],
    ("expr: max(b offset 5m)", "expr: max(depth)"): [],
    ("expr: 'max_over_time(b[5m])'", "expr: max(depth)"): [],
    ("expr: 'max_over_time(b[5m:1m])'", "expr: max(depth)"): [],
    ("expr: max(b), interval: 1m", "expr: max(depth)"): [],
    ("expr: max(b), interval: 1m", "expr: max(depth), interval: 1m"): [
        "MON2137 `a` reads `b`, which is recorded after it"
    ],
    ("expr: a + 1",): [],
}


@pytest.mark.parametrize("texts", ORDERS)
def test_recordings_of_a_group_are_read_after_they_are_made(texts: tuple[str, ...]) -> None:
    assert headlines(list(recording_order.check(project(recordings(*texts))))) == ORDERS[texts]


SELDOM = {
    ("10m", "max(a)"): ["MON2138 `a` is recorded every 10m, and is looked for in the last 5m"],
    ("5m", "max(a)"): [],
    ("10m", "last_over_time(a[10m])"): [],
    ("10m", "last_over_time(a[9m])"): ["MON2138 `a` is recorded every 10m, and is looked for in the last 9m"],
    ("10m", "max_over_time(a[1h:10m])"): [],
    ("2m", "deriv(a[3m])"): ["MON2138 `a` is recorded every 2m, and needs two samples in 3m"],
    ("2m", "deriv(a[4m])"): [],
    ("2m", "avg_over_time(a[3m])"): [],
}


@pytest.mark.parametrize("case", SELDOM)
def test_what_is_recorded_is_there_when_it_is_read(case: tuple[str, str]) -> None:
    interval, expr = case
    text = recordings(f"expr: max(depth), interval: {interval}", f"expr: '{expr}'")
    assert headlines(list(recording_too_seldom.check(project(text)))) == SELDOM[case]


def test_alerts_and_panels_read_recordings_too() -> None:
    text = f"{recordings('expr: max(depth), interval: 10m')}alerts:\n  A: {{severity: info, expr: a > 5}}\n"
    assert headlines(list(recording_too_seldom.check(project(text)))) == [
        "MON2138 `a` is recorded every 10m, and is looked for in the last 5m"
    ]
