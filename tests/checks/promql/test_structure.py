"""What the rules about how the parts of a query go together find, and what they leave alone."""

from __future__ import annotations

import pytest

from tests.checks.promql.projects import found, quoted, said

RATE = "rate(http_requests_total[5m])"
METRICS = """\
  jobs_total: {type: counter, help: Jobs, labels: {queue: bounded, result: [ok, failed]}}
  queue_build_info: {type: gauge, help: What runs, labels: {version: bounded}}
  limit_bytes: {type: gauge, help: "Limit of the memory, 0 for none"}
  hard_limit_bytes: {type: gauge, help: Limit of the memory}
  jobs_waiting: {type: gauge, help: Jobs that wait, unit: jobs}
  pushed_total: {type: counter, help: Pushed, labels: {queue: bounded}, exported_by_push: true}
"""

NEVER_MEET: dict[str, list[str]] = {
    # labels that only one side has
    f"sum by (code) ({RATE}) / sum({RATE}) > 1": ["MON2130 `/`"],
    f"sum({RATE}) / sum by (code) ({RATE}) > 1": ["MON2130 `/`"],
    f"sum by (code) ({RATE}) / sum by (code) ({RATE}) > 1": [],
    f"sum by (code) ({RATE}) / sum by (cache) ({RATE}) > 1": ["MON2130 `/`"],
    f"sum by (code) ({RATE}) / ignoring (code) group_left sum({RATE}) > 1": [],
    f"sum by (code) ({RATE}) / on () group_left sum({RATE}) > 1": [],
    f"sum by (code) ({RATE}) > vector(5)": ["MON2130 `>`"],
    f"sum by (code) ({RATE}) > scalar(sum({RATE}))": [],
    f"sum({RATE}) > vector(5)": [],
    "queue_messages and up == 0": ["MON2130 `and`"],
    "up == 0 and memory_bytes > 5": [],
    "up == 0 unless queue_messages": ["MON2130 `unless`"],
    "up == 0 unless on (job) queue_messages": [],
    "up == 0 or queue_messages > 5": [],
    "queue_messages > 5 and absent(up)": ["MON2130 `and`"],
    "queue_messages > 5 and on () absent(up)": [],
    "pushed_total / jobs_total > 1": ["MON2130 `/`"],
    "pushed_total > 5 and sum by (queue) (jobs_total) > 1": [],
    # values
    '{job="a"} / {job="b"} > 1': ["MON2130 `/`"],
    '{job="a"} / ignoring (job) {job="b"} > 1': [],
    '{job="a"} / on (instance) {job="b"} > 1': [],
    '{job="a"} / on (job) {job="b"} > 1': ["MON2130 `/`"],
    '{job="a"} / on (job) {job=~"a|b"} > 1': [],
    '{job="a"} / on (job) {job=~"b|c"} > 1': ["MON2130 `/`"],
    '{job="a"} / on (job) {job=~"b.*"} > 1': [],
    '{job="a"} / on (job) up{job!="a"} > 1': [],
    '{job="a"} / on (job) up{job=""} > 1': [],
    '{job="$job"} / on (job) {job="$other"} > 1': [],
    'up{job=~"$job"} / on (instance, job) up{job="a"} > 1': [],
    'sum by (job) ({job="a"}) / sum by (job) ({job="b"}) > 1': ["MON2130 `/`"],
    'sum by (job) ({job="a"} or {job="b"}) / sum by (job) ({job="b"}) > 1': [],
    'jobs_total{result="ok"} / jobs_total > 1': [],
    'jobs_total{result="ok"} / jobs_total{result="failed"} > 1': ["MON2130 `/`"],
    'jobs_total{result="ok"} / ignoring (result) jobs_total{result="failed"} > 1': [],
    'label_replace({job="a"}, "job", "b", "", "") / {job="b"} > 1': [],
    'label_replace({job="a"}, "zone", "b", "", "") / {job="b"} > 1': ["MON2130 `/`"],
    # what is on a side for certain, and what is not
    "kube_pod_info and on (pod) kube_pod_labels": [],
    "unknown_a / unknown_b > 1": [],
    f"sum by (code) ({RATE}) / (sum by (code) ({RATE}) or sum({RATE})) > 1": [],
    f"(sum by (code) ({RATE}) or sum({RATE})) / sum({RATE}) > 1": [],
    'ALERTS{alertname="A"} and up == 0': ["MON2130 `and`"],
    'ALERTS{alertname="A"} and on (job) up == 0': [],
    f"{RATE} * on (code) group_left sum by (code) ({RATE}) / on (code) group_left sum by (code) ({RATE}) > 1": [],
}

DEAD: dict[str, list[str]] = {
    "up or up": ["MON2131 `or`"],
    "up or (up)": ["MON2131 `or`"],
    "up unless up": ["MON2131 `unless`"],
    "up and up": ["MON2131 `and`"],
    "up and on (job) up": ["MON2131 `and`"],
    "up == 0 unless up offset 1h": [],
    'up or up{job="a"}': ["MON2131 `or`"],
    'up{job="a"} or up': [],
    'rate(http_requests_total[5m]) or rate(http_requests_total{code="5"}[5m])': ["MON2131 `or`"],
    'rate(http_requests_total[5m]) or rate(http_requests_total{code="5"}[1h])': [],
    'sum by (job) (up) or count by (job) (up{job="a"})': ["MON2131 `or`"],
    'sum by (job) (up) or count by (instance) (up{job="a"})': [],
    "topk(1, up) or up": [],
    "up or topk(1, up)": [],
    'absent(up) or absent(up{job="a"})': [],
    "memory_bytes > 5 or memory_bytes > 6": ["MON2131 `or`"],
    "memory_bytes > 5 or memory_bytes > 4": [],
    "memory_bytes > 5 or 6 < memory_bytes": ["MON2131 `or`"],
    "memory_bytes > 5 and memory_bytes > 4": ["MON2131 `and`"],
    "memory_bytes > 5 and memory_bytes < 9": [],
    "memory_bytes > 5 unless memory_bytes > 9": [],
    "memory_bytes > 9 unless memory_bytes > 5": ["MON2131 `unless`"],
    "memory_bytes == 5 and memory_bytes != 6": ["MON2131 `and`"],
    "memory_bytes >= 5 unless memory_bytes > 5": [],
    "memory_bytes > bool 5 or memory_bytes > bool 6": [],
    "memory_bytes or memory_bytes > 6": ["MON2131 `or`"],
    "memory_bytes > 6 or memory_bytes": [],
    "memory_bytes * 2 > 5 or memory_bytes > 6": [],
    "memory_bytes > 5 and (up and memory_bytes > 4)": [],
    "(memory_bytes > 5 and up) or memory_bytes": [],
    "memory_bytes or (memory_bytes > 5 and up)": ["MON2131 `or`"],
    "vector(0) or sum(up)": ["MON2131 `or`"],
    "sum(up) or vector(0)": [],
    "sum(up) or vector(0) or vector(1)": ["MON2131 `or`"],
    "sum(up) or vector(0) or up": [],
    "sum(up) or on () vector(0) or on () up": ["MON2131 `or`"],
    "sum(up) > 1 or vector(0)": [],
    "vector(0) > 1 or sum(up)": [],
    "sum by (job) (up) or vector(0)": [],
    "up == 0 and on () hour() > 8": [],
    "up == 0 and on () hour()": ["MON2131 `and`"],
    "up == 0 unless on () vector(1)": ["MON2131 `unless`"],
    "up == 0 unless on () (day_of_week() == 0)": [],
    "up == 0 and vector(1)": [],
}  # fmt: skip

SEVERAL: dict[str, list[str]] = {
    f"sum by (code, cache) ({RATE}) / on (cache) sum by (cache) ({RATE}) > 1": ["MON2132 `/`"],
    f"sum by (code, cache) ({RATE}) / ignoring (code) sum by (cache) ({RATE}) > 1": ["MON2132 `/`"],
    f"sum by (code, cache) ({RATE}) / ignoring (code) group_left sum by (cache) ({RATE}) > 1": [],
    f"sum by (code, cache) ({RATE}) / on (cache) group_right sum by (cache) ({RATE}) > 1": ["MON2132 `/`"],
    f"{RATE} * on (job) group_left sum by (job, code) ({RATE}) > 1": ["MON2132 `*`"],
    f"{RATE} * on (job) group_left (code) sum by (job, code) ({RATE}) > 1": [],
    f"sum by (code, cache) ({RATE}) and on (cache) sum by (cache) ({RATE}) > 1": [],
    f"{RATE} / on (instance) {RATE} > 1": ["MON2132 `/`", "MON2132 `/`"],
    'sum by (code) (rate(http_requests_total{code="5"}[5m])) / on () sum(up) > 1': [],
    'sum by (code) (rate(http_requests_total{code=~"5.*"}[5m])) / on () sum(up) > 1': ["MON2132 `/`"],
    'jobs_total{result=~"ok|failed"} / ignoring (result) jobs_total{result="ok"} > 1': ["MON2132 `/`"],
    "up * on (job) memory_bytes > 1": [],
    "sum by (job, instance) (up) * on (job) sum by (job) (memory_bytes) > 1": ["MON2132 `*`"],
    "abs(sum by (job, instance) (up) * 2 > 1) * on (job) sum by (job) (memory_bytes) > 1": ["MON2132 `*`"],
    "up * on (instance) group_left (version) queue_build_info > 1": [],
    "up * on (instance) group_left queue_build_info > 1": [],
    "up * on (instance) group_left max by (instance, version) (queue_build_info) > 1": [],
    "unknown * on (instance) other > 1": [],
    "unknown * on (instance) sum by (instance, zone) (other) > 1": [],
}


ERRORS = 'sum(rate(http_requests_total{code="500"}[5m]))'
BEFORE = "sum(rate(http_requests_total[5m] offset 1d))"
SUM = "sum(rate(http_requests_total[5m]))"
COUNT = "http_request_duration_seconds_count"

DIVISION: dict[str, list[str]] = {
    # the same at another time
    f"{SUM} / {BEFORE} > 3": ["MON2133 `/`"],
    f"3 < {SUM} / {BEFORE}": ["MON2133 `/`"],
    f"({SUM} / {BEFORE}) * 100 - 100 > 30": ["MON2133 `/`"],
    f"max by (job) (sum by (job) ({RATE}) / sum by (job) (rate(http_requests_total[5m] offset 1d))) > 3": [
        "MON2133 `/`"
    ],
    f"max({RATE} / rate(http_requests_total[5m] offset 1d)) > 3": ["MON2133 `/`"],
    f"min({RATE} / rate(http_requests_total[5m] offset 1d)) > 3": [],
    f"({SUM} - {BEFORE}) / {BEFORE} > 0.5": ["MON2133 `/`"],
    f"({BEFORE} - {SUM}) / {BEFORE} > 0.5": [],
    f"{SUM} / {BEFORE} < 0.5": [],
    f"{SUM} / {BEFORE} > bool 3": [],
    f"{SUM} / {BEFORE} > 3 and {BEFORE} > 0": [],
    f"{SUM} / {BEFORE} > 3 and {SUM} > 10": [],
    f"{SUM} / {BEFORE} > 3 and on () up == 0": ["MON2133 `/`"],
    f"{SUM} / {BEFORE} > 3 unless {BEFORE} == 0": [],
    f"up == 0 and on () ({SUM} / {BEFORE} > 3)": [],
    f"{SUM} / ({BEFORE} > 0) > 3": [],
    f"{SUM} / clamp_min({BEFORE}, 1) > 3": [],
    f"{SUM} / ({BEFORE} + 1) > 3": [],
    "queue_messages / queue_messages offset 1h > 3": [],
    "jobs_waiting / jobs_waiting offset 1h > 3": ["MON2133 `/`"],
    "memory_bytes / memory_bytes offset 1h > 3": [],
    f"{COUNT} / {COUNT} offset 1h > 3": ["MON2133 `/`"],
    "max(rpc_duration_seconds) / max(rpc_duration_seconds offset 1d) > 3": [],
    # a limit that may be none
    "memory_bytes / limit_bytes > 0.9": ["MON2133 `/`"],
    "memory_bytes / limit_bytes * 100 > 90": ["MON2133 `/`"],
    "max(memory_bytes) / max(limit_bytes) > 0.9": ["MON2133 `/`"],
    "memory_bytes / (limit_bytes > 0) > 0.9": [],
    "memory_bytes / limit_bytes > 0.9 and limit_bytes > 0": [],
    "1 - memory_bytes / limit_bytes < 0.1": [],
    "memory_bytes / hard_limit_bytes > 0.9": [],
    # parts of a whole, and what is counted together
    f"{ERRORS} / {SUM} > 0.05": [],
    f"{ERRORS} / {BEFORE} > 0.05": [],
    f"sum(rate(http_request_duration_seconds_sum[5m])) / sum(rate({COUNT}[5m])) > 1": [],
    f"queue_messages / on () group_left {SUM} > 600": [],
}

NEVER: dict[str, list[str]] = {
    "memory_bytes > 5 and up > 1": ["MON2134 `up > 1`"],
    "memory_bytes > 5 and up >= 1": [],
    "memory_bytes > 5 and memory_bytes < 0": ["MON2134 `memory_bytes < 0`"],
    "memory_bytes > 5 and on () count(up) == 0": ["MON2134 `count(up) == 0`"],
    "memory_bytes > 5 and on () (count(up) or vector(0)) == 0": [],
    "memory_bytes > 5 and on () count(up) < 2": [],
    "memory_bytes > 5 and on () hour() > 23": ["MON2134 `hour() > 23`"],
    "memory_bytes > 5 and on () hour() >= 23": [],
    "memory_bytes > 5 and on () day_of_week() == 7": ["MON2134 `day_of_week() == 7`"],
    "memory_bytes > 5 unless memory_bytes < 0": ["MON2134 `memory_bytes < 0`"],
    "memory_bytes > 5 and up > bool 1": [],
    "memory_bytes > 5 and delta(memory_bytes[5m]) < 0": [],
    "memory_bytes > memory_bytes": ["MON2134 `>`"],
    "memory_bytes < (memory_bytes)": ["MON2134 `<`"],
    "memory_bytes == memory_bytes": [],
    "memory_bytes != memory_bytes": [],
    "memory_bytes > memory_bytes offset 5m": [],
    "sum(memory_bytes < 0) > 1": ["MON2134 `memory_bytes < 0`"],
    "(memory_bytes > 5) < 4": [],
    "((memory_bytes > 5) < 4) and up": ["MON2134 `(memory_bytes > 5) < 4`"],
    "up and disk_used_ratio > 90": [],
    "up and disk_used_ratio * 100 > 120": ["MON2134 `disk_used_ratio * 100 > 120`"],
    "up and 1 - disk_used_ratio < 0": ["MON2134 `1 - disk_used_ratio < 0`"],
    "up and disk_used_ratio * 100 > 90": [],
    "unknown and unknown < 0": [],
    "up < 0": [],
}

RATIOS: dict[str, list[str]] = {
    f"avg({RATE} / {RATE}) > 1": ["MON2135 `avg`"],
    f"sum({RATE} / {RATE}) > 1": ["MON2135 `sum`"],
    f"max({RATE} / {RATE}) > 1": [],
    f"avg(100 * ({RATE} / {RATE}) > 1)": ["MON2135 `avg`"],
    f"avg(1 - {RATE} / {RATE}) > 1": ["MON2135 `avg`"],
    f"avg by (code) (sum by (code) ({RATE}) / sum by (code) ({RATE})) > 1": [],
    f"avg by (code) (sum by (code, cache) ({RATE}) / sum by (code, cache) ({RATE})) > 1": ["MON2135 `avg`"],
    "avg(memory_bytes / limit_bytes) > 1": [],
    f"avg(rate(http_request_duration_seconds_sum[5m]) / rate({COUNT}[5m])) > 1": ["MON2135 `avg`"],
    f"avg({RATE} / memory_bytes) > 1": [],
    f"avg({RATE}) / avg({RATE}) > 1": [],
}

SORTED: dict[str, list[str]] = {
    "sort(up) == 0": ["MON2136 `sort`"],
    "max(sort_desc(up)) == 0": ["MON2136 `sort_desc`"],
}


@pytest.mark.parametrize("expr", NEVER_MEET)
def test_sides_that_never_meet(expr: str) -> None:
    assert said(quoted(expr), ("sides_never_meet",), metrics=METRICS) == NEVER_MEET[expr]


@pytest.mark.parametrize("expr", DEAD)
def test_operands_that_change_nothing(expr: str) -> None:
    assert said(quoted(expr), ("dead_operand",), metrics=METRICS) == DEAD[expr]


@pytest.mark.parametrize("expr", SEVERAL)
def test_sides_with_several_series_for_one_match(expr: str) -> None:
    assert said(quoted(expr), ("several_per_match",), metrics=METRICS) == SEVERAL[expr]


@pytest.mark.parametrize("expr", DIVISION)
def test_what_fires_when_it_is_divided_by_zero(expr: str) -> None:
    assert said(quoted(expr), ("division_by_zero",), metrics=METRICS) == DIVISION[expr]


def test_a_threshold_beside_the_query_is_a_comparison_too() -> None:
    assert said(f"{SUM} / {BEFORE}", ("division_by_zero",), severity='{critical: "> 3"}') == ["MON2133 `/`"]
    assert said(f"{SUM} / {BEFORE}", ("division_by_zero",), severity='{critical: "< 3"}') == []


@pytest.mark.parametrize("expr", NEVER)
def test_comparisons_that_nothing_stands(expr: str) -> None:
    assert said(quoted(expr), ("never_true",), metrics=METRICS) == NEVER[expr]


@pytest.mark.parametrize("expr", RATIOS)
def test_averages_of_ratios(expr: str) -> None:
    assert said(quoted(expr), ("average_of_ratios",), metrics=METRICS) == RATIOS[expr]


@pytest.mark.parametrize("expr", SORTED)
def test_order_that_nobody_sees(expr: str) -> None:
    assert said(quoted(expr), ("needless_sort",)) == SORTED[expr]


SPEC = """\
version: 1
project: shop
targets: {prometheus: {}, grafana: {}}
metrics:
  hits_total: {type: counter, help: Hits, labels: {code: bounded}}
  used_ratio: {type: gauge, help: Share in use}
  used_percent: {type: gauge, help: Share in use}
  size_bytes: {type: gauge, help: Size}
  wait_seconds: {type: gauge, help: Time}
"""


def told(text: str, *rules: str) -> list[str]:
    """Headlines of what ``rules`` say of a spec."""
    return [diagnostic.headline for diagnostic in found(SPEC + text, rules)]


def test_the_average_of_a_recorded_ratio_is_one_of_ratios() -> None:
    ratio = "{expr: \"sum by (job) (rate(hits_total{code='5'}[5m])) / sum by (job) (rate(hits_total[5m]))\"}"
    recordings = f"recordings:\n  ratio: {ratio}\n  most: {{expr: max(ratio)}}\n  mean: {{expr: avg(ratio)}}\n"
    assert told(recordings, "average_of_ratios") == ["`avg` of ratios of events, each with the same weight"]


def panel(fields: str) -> str:
    return f"dashboards:\n  home:\n    rows:\n      - panels:\n          - {{title: A, {fields}}}\n"


UNITS = {
    "query: used_ratio, unit: percent": "the unit is `percent`, and the query returns ratio",
    "query: used_ratio, unit: percentunit": "",
    "query: used_ratio, unit: ratio": "",
    "query: used_ratio * 100, unit: percent": "",
    "query: used_percent, unit: percentunit": "the unit is `percentunit`, and the query returns percent",
    "query: wait_seconds, unit: ms": "the unit is `ms`, and the query returns seconds",
    "query: wait_seconds * 1000, unit: ms": "",
    "query: wait_seconds * 1000, unit: s": "the unit is `s`, and the query returns milliseconds",
    "query: size_bytes, unit: decbits": "the unit is `decbits`, and the query returns bytes",
    "query: size_bytes, unit: decbytes": "",
    "query: hits_total, unit: percent": "",
    "query: unknown, unit: percent": "",
    "query: used_ratio": "",
}


@pytest.mark.parametrize("fields", UNITS)
def test_a_declared_unit_is_on_the_scale_of_the_query(fields: str) -> None:
    expected = [UNITS[fields]] if UNITS[fields] else []
    assert told(panel(fields), "declared_unit") == expected


def test_units_of_alerts_and_recordings_are_held_against_their_queries_too() -> None:
    text = (
        "alerts:\n  Full: {severity: info, expr: used_ratio > 5, unit: percent}\n"
        "recordings:\n  used: {expr: max(used_percent), unit: ratio}\n"
    )
    assert told(text, "declared_unit") == [
        "the unit is `percent`, and the query returns ratio",
        "the unit is `ratio`, and the query returns percent",
    ]


def test_a_table_may_be_sorted() -> None:
    assert told(panel("type: table, query: sort_desc(size_bytes)"), "needless_sort") == []
    assert told(panel("type: table, query: sort_desc(size_bytes) * 2"), "needless_sort") == [
        "`sort_desc` changes nothing here"
    ]
