"""What the rules about PromQL find in queries, and what they leave alone: a query, and the codes with their carets."""

from __future__ import annotations

import pytest

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from tests.checks.promql.projects import described, found, quoted, said

RATE = "rate(http_requests_total[5m])"
BUCKETS = "http_request_duration_seconds_bucket"

QUERIES: dict[str, list[str]] = {
    # metrics
    "absent(nothing)": ["MON2101 `nothing`"],
    '{__name__="nothing"} > 0': ['MON2101 `"nothing"`'],
    '{__name__=~"http_.*"} > 0': [],
    '{job="web"} > 0': [],
    "http_request_duration_seconds > 0": ["MON2101 `http_request_duration_seconds`"],
    "slo:burn:1h > 1": [],
    "ALERTS > 0": [],
    # labels of matchers
    'up{job="web", instance!~"a.*"} == 0': [],
    'up{zone="a"} == 0': ["MON2104 `zone`"],
    'up{zone!="a"} == 0': ["MON2104 `zone`"],
    'up{zone=""} == 0': [],
    'up{exported_job="a"} == 0': [],
    'ALERTS{anything="a"} > 0': [],
    f'sum(rate({BUCKETS}{{le="0.5"}}[5m])) > 1': [],
    'sum(rate(http_request_duration_seconds_count{le="0.5"}[5m])) > 1': ["MON2104 `le`"],
    # values of matchers
    'sum(rate(http_requests_total{cache=~"hit|miss"}[5m])) > 1': [],
    'sum(rate(http_requests_total{cache=~"hit|mist"}[5m])) > 1': ['MON2109 `"hit|mist"`'],
    'sum(rate(http_requests_total{cache=~"h.+"}[5m])) > 1': [],
    'sum(rate(http_requests_total{cache=~"x.+"}[5m])) > 1': ['MON2109 `"x.+"`'],
    'sum(rate(http_requests_total{cache=~"x.*|"}[5m])) > 1': [],
    'sum(rate(http_requests_total{cache!="none"}[5m])) > 1': ['MON2109 `"none"`'],
    'sum(rate(http_requests_total{cache=""}[5m])) > 1': [],
    'sum(rate(http_requests_total{cache="$cache"}[5m])) > 1': [],
    # rates
    "increase(queue_messages[5m]) > 1": ["MON2102 `increase`"],
    "irate(rpc_duration_seconds[5m]) > 1": ["MON2102 `irate`"],
    "rate(rpc_duration_seconds_sum[5m]) > 1": [],
    "rate(sum(queue_messages)[5m:]) > 1": [],
    "delta(http_requests_total[5m]) > 1": ["MON2105 `delta`"],
    "predict_linear(http_requests_total[1h], 60) > 1": ["MON2105 `predict_linear`"],
    "delta(queue_messages[5m]) > 1": [],
    # totals
    "http_requests_total > 100": ["MON2103 `http_requests_total`"],
    "avg_over_time(http_requests_total[1h]) > 100": ["MON2103 `http_requests_total`"],
    f"sum({BUCKETS}) > 100": [f"MON2103 `{BUCKETS}`"],
    "rate(http_requests_total[5m]) > 100": [],
    "sum(increase(http_requests_total[1h])) > 100": [],
    "changes(http_requests_total[1h]) > 100": [],
    "absent(http_requests_total)": [],
    "count(http_requests_total) > 100": [],
    "count by (code) (http_requests_total > 5) > 1": [],
    "time() - timestamp(http_requests_total) > 100": [],
    "up == 0 unless http_requests_total": [],
    "up == 0 and on (job) http_requests_total": [],
    "http_requests_total > 0": [],
    "http_requests_total == 0": [],
    "http_requests_total - http_requests_total offset 1h > 100": [],
    "sum(http_requests_total) - sum(http_requests_total offset 1h) > 100": [],
    "rate(sum(http_requests_total)[5m:]) > 1": [],
    # quantiles
    f"histogram_quantile(0.9, sum by (le) (rate({BUCKETS}[5m]))) > 1": [],
    f"histogram_quantile(0.9, rate({BUCKETS}[5m])) > 1": [],
    f"histogram_quantile(0.9, sum without (code) (rate({BUCKETS}[5m]))) > 1": [],
    f"histogram_quantile(0.9, sum without (le) (rate({BUCKETS}[5m]))) > 1": ["MON2106 `histogram_quantile`"],
    f"histogram_quantile(0.9, sum(rate({BUCKETS}[5m]))) > 1": ["MON2106 `histogram_quantile`"],
    "histogram_quantile(0.9, rate(http_request_duration_seconds_sum[5m])) > 1": ["MON2106 `histogram_quantile`"],
    f"histogram_quantile(0.9, {BUCKETS}) > 1": ["MON2106 `histogram_quantile`"],
    f"histogram_quantile(0.9, rate({BUCKETS}[5m]) * on (job) group_left up) > 1": [],
    "avg(histogram_quantile(0.9, rate(http_request_duration_seconds_bucket[5m]))) > 1": ["MON2116 `avg`"],
    "sum(rpc_duration_seconds) > 1": ["MON2116 `sum`"],
    "max(rpc_duration_seconds) > 1": [],
    "avg(rate(rpc_duration_seconds_sum[5m])) > 1": [],
    # labels of groups
    f"sum by (code) (sum by (code, cache) ({RATE})) > 1": [],
    f"sum by (code) (sum by (cache) ({RATE})) > 1": ["MON2107 `code`"],
    f"sum by (code) (sum without (code) ({RATE})) > 1": ["MON2107 `code`"],
    f"sum by (zone) (sum by (zone) ({RATE})) > 1": ["MON2108 `zone`"],
    f"sum without (zone) ({RATE}) > 1": ["MON2108 `zone`"],
    f"sum without (code) (sum by (cache) ({RATE})) > 1": [],
    f"sum by (zone) ({RATE} or {{job='x'}}) > 1": [],
    f"max({RATE}) / on (code) sum by (code) ({RATE}) > 1": ["MON2107 `code`"],
    f"sum by (code) ({RATE}) / on (code) sum by (code) ({RATE}) > 2": ["MON2110 `2`"],
    f"{RATE} / on (zone) up > 1": ["MON2108 `zone`"],
    f"{RATE} / ignoring (zone) up > 1": ["MON2108 `zone`"],
    f"{RATE} / ignoring (code, cache, user) up > 1": [],
    f"{RATE} * on (job) group_left (queue) queue_messages > 1": [],
    f"{RATE} * on (job) group_left (queue) sum by (job) (queue_messages) > 1": ["MON2107 `queue`"],
    f"{RATE} * on (job) group_left (zone) queue_messages > 1": ["MON2108 `zone`"],
    'label_replace(sum by (code) (up), "a", "$1", "job", "(.*)") > 1': ["MON2108 `code`", 'MON2107 `"job"`'],
    'label_replace(sum(up), "a", "b", "job", ".*") > 1': [],
    'label_replace(sum(up), "a", "b", "", "") > 1': [],
    'label_join(up, "a", "-", "job", "zone") > 1': ['MON2108 `"zone"`'],
    # unbounded labels
    f"sum by (user) ({RATE}) > 1": ["MON2111 `user`"],
    f"count(sum by (user) ({RATE}) > 1) > 5": [],
    'sum by (user) (rate(http_requests_total{user="me"}[5m])) > 1': [],
    f"topk by (user) (2, {RATE}) > 1": ["MON2111 `user`"],
    # windows
    "rate(http_requests_total[29s]) > 1": ["MON2112 `29s`"],
    "rate(http_requests_total[30s]) > 1": [],
    "max_over_time(queue_messages[15s]) > 1": [],
    "rate(http_requests_total[31d]) > 1": ["MON2113 `31d`"],
    "rate(http_requests_total[15d] offset 16d) > 1": ["MON2113 `16d`"],
    "max_over_time(rate(http_requests_total[5m])[30d:]) > 1": ["MON2113 `30d`"],
    "rate(http_requests_total[30d]) > 1": [],
    # shares
    "disk_used_ratio > 90": ["MON2110 `90`"],
    "90 < disk_used_ratio": ["MON2110 `90`"],
    "disk_used_ratio > 0.9": [],
    "disk_used_ratio * 100 > 90": [],
    "sum(disk_used_ratio) > 3": [],
    "avg(up) < 95": ["MON2110 `95`"],
    f"{RATE} > 95": [],
    'rate(http_requests_total{code="503"}[5m]) > 0.05': ['MON2114 `rate(http_requests_total{code="503"}[5m]) > 0.05`'],
    'sum(rate(http_requests_total{code="503"}[5m])) > 0.05': [],
    'rate(http_requests_total{code="503"}[5m]) > 5': [],
    'rate(http_requests_total{code="200"}[5m]) > 0.05': [],
    # regular expressions
    'up{job=~"web"} == 0': ['MON2118 `job=~"web"`'],
    'up{job!~"web"} == 0': ['MON2118 `job!~"web"`'],
    'up{job=~"^web-.*$"} == 0': ['MON2118 `"^web-.*$"`'],
    'up{job=~"web-.*"} == 0': [],
    'up{job=~"web|api"} == 0': [],
    'up{job=~"$job"} == 0': [],
    'up{job=~""} == 0': [],
    # functions
    "mad_over_time(queue_messages[1h]) > 1": ["MON2004 `mad_over_time`"],
    "limitk(3, queue_messages) > 1": ["MON2004 `limitk`"],
    "holt_winters(queue_messages[1h], 0.5, 0.5) > 1": ["MON2003 `holt_winters`"],
    "first_over_time(queue_messages[1h]) > 1": ["MON2002 `first_over_time`"],
    "queue_messages offset -5m > 1": [],
}


@pytest.mark.parametrize("expr", QUERIES)
def test_what_is_said_about_a_query(expr: str) -> None:
    carets = [caret.replace("''", "'") for caret in said(quoted(expr))]
    assert carets == QUERIES[expr]


THRESHOLDS = {
    ("memory_bytes", "> 500ms"): True,
    ("memory_bytes", "> 5%"): True,
    ("memory_bytes", "> 2GiB"): False,
    ("memory_bytes", "> 2000000"): False,
    ("max(rpc_duration_seconds)", "> 500ms"): False,
    ("max(rpc_duration_seconds) * 1000", "> 500ms"): False,
    ("max(rpc_duration_seconds)", "> 5%"): True,
    (f"sum({RATE})", "> 5%"): True,
    ("disk_used_ratio", "> 90%"): False,
    ("disk_used_ratio", "> 90"): True,
    ("disk_used_ratio", "> 0.9"): False,
    ("disk_used_ratio * 100", "> 90%"): False,
    ("disk_used_ratio * 100", "> 90"): False,
    ("queue_messages", "> 5s"): False,
    ("ln(memory_bytes)", "> 5%"): False,
}


@pytest.mark.parametrize(("expr", "threshold"), THRESHOLDS)
def test_a_threshold_is_in_the_unit_of_the_value(expr: str, threshold: str) -> None:
    wrong = [f'MON2110 `"{threshold}"`'] if THRESHOLDS[expr, threshold] else []
    assert said(expr, severity=f'{{critical: "{threshold}"}}') == wrong


def test_a_declared_unit_counts_more_than_the_inferred_one() -> None:
    assert said("memory_bytes\n    unit: s", severity='{critical: "> 500ms"}') == []


def test_a_small_threshold_on_a_bare_rate_of_failures_is_no_share() -> None:
    rate = 'rate(http_requests_total{code=~"5.."}[5m])'
    assert said(rate, severity='{critical: "> 0.05"}') == [f"MON2114 `{rate}`"]


MESSAGES = {
    "{{ labels.code }}": [],
    "{{ labels.service }} {{ labels.severity }} {{ labels.team }} {{ labels.alertname }}": [],
    "{{ labels.job }}": ["MON2107 `{{ labels.job }}`"],
    "{{ labels.zone }}": ["MON2108 `{{ labels.zone }}`"],
}


@pytest.mark.parametrize("summary", MESSAGES)
def test_messages_name_labels_that_the_query_returns(summary: str) -> None:
    assert said(f"sum by (code) ({RATE}) > 1", summary=summary) == MESSAGES[summary]


HEAD = """\
version: 1
project: shop
targets:
  prometheus: {scrape_interval: 30s}
  grafana: {}
metrics:
  requests_total: {type: counter, help: Requests, labels: {code: bounded, user: unbounded}}
  request_duration_seconds: {type: histogram, help: Time, buckets: [0.1], labels: {code: bounded}}
  slow_jobs_total: {type: counter, help: Jobs, service: worker}
services:
  web: {scrape: {targets: ["web:80"], interval: 10s}}
  worker: {scrape: {targets: ["worker:80"], interval: 2m, job: jobs}}
"""


def told(text: str) -> list[str]:
    whole = HEAD + text
    return [described(diagnostic, whole).splitlines()[0] for diagnostic in found(whole)]


def test_an_slo_takes_the_rate_of_its_counters_itself() -> None:
    assert told(
        "slos:\n"
        '  a: {objective: 99%, bad: \'requests_total{code=~"5.."}\', total: requests_total}\n'
        "  b: {objective: 99%, latency: {metric: request_duration_seconds, below: 100ms}}\n"
    ) == []  # fmt: skip


def test_the_selectors_of_an_slo_are_held_against_the_catalogue() -> None:
    assert told(
        "slos:\n"
        '  a: {objective: 99%, bad: \'requests_total{cod=~"5.."}\', total: request_total}\n'
        "  b: {objective: 99%, latency: {metric: 'request_duration_seconds{zone=\"a\"}', below: 100ms}}\n"
    ) == [
        "error MON2104: label `cod` is not on metric `requests_total`",
        "error MON2101: there is no metric `request_total`",
        "error MON2104: label `zone` is not on metric `request_duration_seconds`",
    ]  # fmt: skip


def test_recordings_and_panels_are_looked_at_too() -> None:
    assert told(
        "recordings:\n"
        "  per_user: {expr: 'sum by (user) (rate(requests_total[5m]))'}\n"
        "dashboards:\n"
        "  home:\n"
        "    rows:\n"
        "      - panels:\n"
        "          - {title: All, query: 'sum by (user) (rate(requests_total[5m]))'}\n"
        "          - {title: Sum, query: requests_total}\n"
        "          - {title: Logs, type: logs, query: '{app=\"web\"} |= \"error\"'}\n"
    ) == [
        "warning MON2111: one series for each value of `user`, whose values have no bound",
        "warning MON2103: the counter `requests_total` is used without `rate`",
    ]  # fmt: skip


def test_a_recorded_sum_of_counters_is_left_to_those_who_read_it() -> None:
    assert told("recordings:\n  all: {record: 'requests:sum', expr: sum(requests_total)}\n") == []


WINDOWS = {
    "rate(slow_jobs_total[3m])": "error MON2112: `rate` over 3m, and the metric is scraped every 2m",
    "rate(slow_jobs_total[4m])": "",
    "rate(requests_total[15s])": "error MON2112: `rate` over 15s, and the metric is scraped every 10s",
    "rate(requests_total[20s])": "",
    'rate(requests_total{job="jobs"}[1m])': "error MON2112: `rate` over 1m, and the metric is scraped every 2m",
}


@pytest.mark.parametrize("query", WINDOWS)
def test_a_window_is_held_against_the_scrape_interval_of_the_metrics_service(query: str) -> None:
    expected = [WINDOWS[query]] if WINDOWS[query] else []
    assert told(f"recordings:\n  quick: {{expr: '{query}'}}\n") == expected


def test_a_spec_without_metrics_says_nothing_of_unknown_ones() -> None:
    text = "version: 1\nproject: shop\nrecordings:\n  a: {expr: sum(anything)}\n"
    assert found(text) == []


def test_a_metric_of_a_packaged_catalogue_is_found_there() -> None:
    text = HEAD + "recordings:\n  a: {expr: sum(node_load1)}\n"
    (diagnostic,) = found(text)
    assert diagnostic.help == "it is in the packaged catalogue `node`: add it to `use`"


def test_nothing_is_said_of_versions_where_there_is_no_prometheus() -> None:
    text = (
        "version: 1\nproject: shop\ntargets: {datadog: {}}\n"
        "recordings:\n  a: {expr: 'holt_winters(up[1s], 1, 1) + mad_over_time(up[90d])'}\n"
    )
    assert found(text) == []


def place_and_caret(diagnostic: Diagnostic) -> tuple[int, int, int]:
    assert diagnostic.span is not None
    return diagnostic.span.line, diagnostic.span.column, diagnostic.span.end_column


def test_the_caret_stands_under_the_label_inside_a_folded_block() -> None:
    text = HEAD + 'recordings:\n  a:\n    expr: >\n      sum(\n        rate(requests_total{cod="5"}[5m]))\n'
    assert [place_and_caret(diagnostic) for diagnostic in found(text)] == [(17, 29, 32)]
