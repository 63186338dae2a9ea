"""What an expression results in: unit, kind, labels, and what can be said of its values."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from skillforge_mon.query.promql import (
    Aggregate,
    Binary,
    Expr,
    Grouping,
    LabelName,
    NumberLiteral,
    Paren,
    VectorSelector,
    parse,
    transform,
)
from skillforge_mon.query.types import TypeInfo, infer
from tests.projects import project
from tests.query.catalogues import SHOP, catalogue_of
from tests.query.promql.strategies import expressions

CATALOGUE = catalogue_of()


def typed(text: str) -> TypeInfo:
    return infer(parse(text), CATALOGUE)


UNITS = {
    # selectors
    "memory_bytes": "bytes",
    "http_requests_total": "requests",
    "disk_used_ratio": "ratio",
    "up": "boolean",
    "unknown": "",
    "http_request_duration_seconds_bucket": "requests",
    "http_request_duration_seconds_count": "requests",
    "http_request_duration_seconds_sum": "seconds",
    "http_requests_created": "seconds",
    "errors_created": "seconds",
    'rpc_duration_seconds{quantile="0.99"}': "seconds",
    # rates
    "rate(http_requests_total[5m])": "requests_per_second",
    "increase(http_requests_total[5m])": "requests",
    "rate(network_bytes_total[5m])": "bytes_per_second",
    "rate(cpu_seconds_total[5m])": "ratio",
    "deriv(memory_bytes[5m])": "bytes_per_second",
    "delta(memory_bytes[5m])": "bytes",
    "predict_linear(memory_bytes[1h], 3600)": "bytes",
    "changes(up[1h])": "count",
    # quotients
    "sum(rate(errors_total[5m])) / sum(rate(http_requests_total[5m]))": "ratio",
    "rate(http_requests_total[5m]) / rate(http_requests_total[1h])": "ratio",
    "memory_bytes / memory_limit_bytes": "ratio",
    "memory_bytes / ignoring (user) memory_limit_bytes * 100": "percent",
    "memory_bytes * 100 / ignoring (user) memory_limit_bytes": "percent",
    "(100 * memory_bytes) / memory_limit_bytes": "percent",
    "humidity_percent / 100": "ratio",
    "rate(http_request_duration_seconds_sum[5m]) / rate(http_request_duration_seconds_count[5m])": "seconds",
    "rate(network_bytes_total[5m]) / rate(http_requests_total[5m])": "bytes",
    "rate(http_requests_total[5m]) / rate(cpu_seconds_total[5m])": "requests_per_second",
    "memory_bytes / rate(cpu_seconds_total[5m])": "bytes",
    "rate(cache_hits_total[5m]) / (rate(cache_hits_total[5m]) + rate(cache_misses_total[5m]))": "ratio",
    "queue_messages / rate(http_requests_total[5m])": "",
    "http_requests_total / queue_messages": "",
    # arithmetic
    "memory_limit_bytes - memory_bytes": "bytes",
    "memory_bytes + 5": "bytes",
    "0.9 * memory_bytes": "bytes",
    "memory_bytes / 1024": "",
    "memory_bytes * 8": "bits",
    "cpu_seconds_total * 1000": "milliseconds",
    "1 - disk_used_ratio": "ratio",
    "100 * (1 - disk_used_ratio)": "percent",
    "100 - humidity_percent": "percent",
    "memory_bytes + cpu_seconds_total": "",
    "memory_bytes ^ 2": "",
    "memory_bytes % 7": "bytes",
    "memory_bytes atan2 memory_bytes": "",
    "-memory_bytes": "bytes",
    "time() - started_timestamp_seconds": "seconds",
    "time()": "seconds",
    "1 + 1": "",
    # comparisons and sets
    "memory_bytes > 5": "bytes",
    "5 < memory_bytes": "bytes",
    "memory_bytes > bool 5": "boolean",
    "memory_bytes and up": "bytes",
    "memory_bytes unless up": "bytes",
    "memory_bytes or vector(0)": "bytes",
    "memory_bytes or up": "",
    # aggregations
    "sum(memory_bytes)": "bytes",
    "max by (user) (memory_bytes)": "bytes",
    "topk(3, memory_bytes)": "bytes",
    "quantile(0.9, memory_bytes)": "bytes",
    "stddev(memory_bytes)": "bytes",
    "stdvar(memory_bytes)": "",
    "count(memory_bytes)": "count",
    "group(memory_bytes)": "boolean",
    'count_values("x", memory_bytes)': "count",
    "avg(up)": "ratio",
    "avg(-up)": "",
    "avg(up * 3)": "",
    "avg(up or vector(5))": "",
    "avg(up or up)": "ratio",
    "avg(clamp(up, 5, 6))": "",
    "quantile(5, up)": "",
    "sum(up)": "count",
    "count(up == 0) / count(up)": "ratio",
    # functions over time
    "avg_over_time(memory_bytes[1h])": "bytes",
    "avg_over_time(up[1h])": "ratio",
    "sum_over_time(up[1h])": "count",
    "max_over_time(rate(http_requests_total[5m])[1h:])": "requests_per_second",
    "quantile_over_time(0.9, memory_bytes[1h])": "bytes",
    "count_over_time(memory_bytes[1h])": "count",
    "stddev_over_time(memory_bytes[1h])": "bytes",
    "absent(memory_bytes)": "boolean",
    "timestamp(memory_bytes)": "seconds",
    "hour()": "",
    "ln(memory_bytes)": "",
    "abs(memory_bytes)": "bytes",
    "clamp_max(disk_used_ratio, 0.5)": "ratio",
    "scalar(memory_bytes)": "bytes",
    "vector(1)": "",
    'label_replace(memory_bytes, "a", "$1", "user", "(.*)")': "bytes",
    # histograms
    "histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))": "seconds",
    "histogram_quantile(0.99, sum(rate(job_seconds[5m])))": "seconds",
    "histogram_avg(rate(job_seconds[5m]))": "seconds",
    "histogram_count(rate(job_seconds[5m]))": "observations_per_second",
    "histogram_sum(rate(job_seconds[5m])) / histogram_count(rate(job_seconds[5m]))": "seconds",
    "histogram_sum(job_seconds)": "seconds",
    "histogram_fraction(0, 0.5, rate(job_seconds[5m]))": "ratio",
}


@pytest.mark.parametrize("text", UNITS)
def test_the_unit_of_an_expression(text: str) -> None:
    assert typed(text).unit == UNITS[text]


KINDS = {
    "1": "scalar",
    "1 + time()": "scalar",
    "scalar(up)": "scalar",
    '"text"': "string",
    "up": "instant vector",
    "up + 1": "instant vector",
    "up[5m]": "range vector",
    "rate(up[5m])[1h:]": "range vector",
    "job_seconds": "histogram",
    "sum(rate(job_seconds[5m]))": "histogram",
    "rate(job_seconds[5m]) * 2": "histogram",
    "job_seconds[5m]": "range vector",
    "histogram_count(job_seconds)": "instant vector",
}


@pytest.mark.parametrize("text", KINDS)
def test_the_kind_of_an_expression(text: str) -> None:
    assert typed(text).value == KINDS[text]


ALL = "service code cache job instance"
LABELS = {
    "http_requests_total": ALL,
    "rate(http_requests_total[5m])": ALL,
    'http_requests_total{code=""}': "service cache job instance",
    'http_requests_total{extra="x"}': f"{ALL} extra",
    'http_requests_total{extra=~"x?"}': ALL,
    "started_timestamp_seconds": "",
    "http_request_duration_seconds_bucket": "service le job instance",
    "rpc_duration_seconds": "quantile job instance",
    "sum(http_requests_total)": "",
    "sum by (code, other) (http_requests_total)": "code",
    "sum without (code, job) (http_requests_total)": "service cache instance",
    "topk by (code) (2, http_requests_total)": ALL,
    'count_values by (code) ("value", http_requests_total)': "code value",
    "sum by (a) (unknown)": "a",
    "http_requests_total / errors_total": "service job instance",
    "http_requests_total / on (service) errors_total": "service",
    "http_requests_total / ignoring (code, cache) errors_total": "service job instance",
    "http_requests_total / on (service) group_left errors_total": ALL,
    "http_requests_total * on (instance) group_left (queue) queue_messages": f"{ALL} queue",
    "errors_total * on (instance) group_right (queue) http_requests_total": "service code cache job instance",
    "errors_total * on (service) group_left (code) sum by (service) (http_requests_total)": "service job instance",
    "http_requests_total > 5": ALL,
    "5 < http_requests_total": ALL,
    "http_requests_total > on (service) errors_total": "service",
    "http_requests_total and errors_total": ALL,
    "errors_total or queue_messages": "service queue job instance",
    "http_requests_total unless errors_total": ALL,
    'absent(up{job="a", instance=~"b"})': "job",
    'absent(up{job="a", job="b"})': "",
    'absent_over_time(up{job="a"}[5m])': "job",
    "absent(sum(up))": "",
    'label_replace(errors_total, "to", "$1", "service", "(.*)")': "service to job instance",
    'label_join(errors_total, "to", "-", "service", "job")': "service to job instance",
    "histogram_quantile(0.9, rate(http_request_duration_seconds_bucket[5m]))": "service job instance",
    "quantile_over_time(0.9, errors_total[1h])": "service job instance",
    "vector(1)": "",
    "scalar(up)": "",
    "time()": "",
    "hour()": "",
}


@pytest.mark.parametrize("text", LABELS)
def test_the_labels_of_an_expression(text: str) -> None:
    labels = typed(text).labels
    assert (labels.names, labels.open) == (frozenset(LABELS[text].split()), False)


@pytest.mark.parametrize("text", ["unknown", '{job="x"}', "slo:anything", "ALERTS", "rate(unknown[5m])", "unknown + 1"])
def test_labels_of_what_is_not_known_may_be_any(text: str) -> None:
    assert typed(text).labels.open


VALUES = {
    'http_requests_total{cache="hit"}': ("cache", "enum", ("hit",)),
    'http_requests_total{cache=~"h.*"}': ("cache", "enum", ("hit",)),
    'http_requests_total{cache!="hit"}': ("cache", "enum", ("hit", "miss")),
    'http_requests_total{code=~"500|503"}': ("code", "enum", ("500", "503")),
    'http_requests_total{code=~"5.."}': ("code", "bounded", ()),
    "sum by (user) (memory_bytes)": ("user", "unbounded", ()),
    'sum by (user) (memory_bytes{user="me"})': ("user", "enum", ("me",)),
    'memory_bytes{user="a"} or memory_bytes{user="b"}': ("user", "enum", ("a", "b")),
    'memory_bytes or memory_bytes{user="b"}': ("user", "unbounded", ()),
}


@pytest.mark.parametrize("text", VALUES)
def test_the_values_that_a_label_may_take(text: str) -> None:
    label, cardinality, values = VALUES[text]
    found = typed(text).labels.values[label]
    assert (found.cardinality, found.values) == (cardinality, values)


SHARES = {
    "sum(rate(http_requests_total{code=~'5..'}[5m])) / sum(rate(http_requests_total[5m]))": True,
    "rate(http_requests_total{cache='hit'}[5m]) / rate(http_requests_total[5m])": True,
    "rate(http_request_duration_seconds_bucket{le='0.5'}[5m]) / rate(http_request_duration_seconds_count[5m])": True,
    "rate(cache_hits_total[5m]) / (rate(cache_hits_total[5m]) + rate(cache_misses_total[5m]))": True,
    "count(up == 0) / count(up)": True,
    "1 - disk_used_ratio": True,
    "avg(up)": True,
    "max_over_time(disk_used_ratio[1h])": True,
    "disk_used_ratio * disk_used_ratio": True,
    "quantile(0.5, disk_used_ratio)": True,
    "quantile(5, disk_used_ratio)": False,
    "quantile_over_time(0.5, disk_used_ratio[1h])": True,
    "quantile_over_time(-1, disk_used_ratio[1h])": False,
    "sum(disk_used_ratio)": False,
    "2 - disk_used_ratio": False,
    "100 * disk_used_ratio": False,
    "rate(http_requests_total[5m]) / rate(http_requests_total[1h])": False,
    "rate(http_requests_total[5m]) / rate(http_requests_total[5m] offset 1d)": False,
    "rate(http_requests_total[5m]) / rate(http_requests_total{code='200'}[5m])": False,
    "rate(errors_total[5m]) / rate(http_requests_total[5m])": False,
    "rate(cpu_seconds_total[5m])": False,
    "memory_bytes / memory_limit_bytes": False,
}


@pytest.mark.parametrize("text", SHARES)
def test_what_lies_between_0_and_1_for_certain(text: str) -> None:
    assert typed(text).share is SHARES[text]


SIGNS = {
    "memory_bytes": False,
    "rate(http_requests_total[5m])": False,
    "queue_messages": True,
    "abs(queue_messages)": False,
    "memory_bytes - memory_limit_bytes": True,
    "deriv(memory_bytes[5m])": True,
    "-memory_bytes": True,
    "increase((-memory_bytes)[5m:])": True,
    "1 - disk_used_ratio": False,
    "count(queue_messages)": False,
    "5": False,
    "-5": True,
    "memory_bytes + 1": False,
    "queue_messages > bool 1": False,
    "stddev(queue_messages)": False,
    "quantile(0.5, memory_bytes)": False,
    "quantile(-1, memory_bytes)": True,
    "histogram_quantile(0.5, rate(http_request_duration_seconds_bucket[5m]))": False,
    "histogram_quantile(time(), rate(http_request_duration_seconds_bucket[5m]))": True,
}


@pytest.mark.parametrize("text", SIGNS)
def test_what_may_be_negative(text: str) -> None:
    assert typed(text).may_be_negative is SIGNS[text]


EMPTINESS = {
    "up": True,
    "sum(up)": True,
    "up > 0": True,
    "1": False,
    "vector(1)": False,
    "scalar(up)": False,
    "sum(up) or vector(0)": False,
    "up and vector(1)": True,
    "vector(1) > 0": True,
    "absent(vector(1))": True,
    "topk(0, vector(1))": True,
    "ceil(vector(1))": False,
    "rate(vector(1)[5m:])": True,
    "histogram_quantile(0.5, vector(1))": True,
    "time() - 5": False,
    "hour()": False,
}


@pytest.mark.parametrize("text", EMPTINESS)
def test_what_may_be_empty(text: str) -> None:
    assert typed(text).may_be_empty is EMPTINESS[text]


def test_running_totals_and_buckets_are_followed_through_aggregations() -> None:
    assert typed("sum by (le) (http_request_duration_seconds_bucket)").cumulative
    assert typed("sum by (le) (http_request_duration_seconds_bucket)").buckets == "classic"
    assert not typed("sum by (le) (rate(http_request_duration_seconds_bucket[5m]))").cumulative
    assert typed("rate(http_request_duration_seconds_bucket[5m]) * on (job) group_left up").buckets == "classic"
    assert typed("rate(job_seconds[5m])").buckets == "native"
    assert typed("count(http_requests_total)").cumulative is False


def test_the_metrics_that_are_read() -> None:
    expr = 'sum(rate(http_requests_total[5m])) / on () {__name__="up"} or {job="x"}'
    assert typed(expr).metrics == {"http_requests_total", "up"}


def test_asking_again_for_the_same_tree_gives_the_same_answer() -> None:
    expr = parse("sum(up) / count(up)")
    assert infer(expr, CATALOGUE) is infer(expr, CATALOGUE)


@given(expressions())
def test_every_expression_has_a_type(expr: Expr) -> None:
    info = infer(expr, catalogue_of(SHOP))
    assert info.value in {"instant vector", "histogram"}
    assert not (info.share and info.may_be_negative)


METRICS = (
    "http_requests_total", "memory_bytes", "job_seconds", "rpc_duration_seconds", "up", "disk_used_ratio",
    "http_request_duration_seconds_bucket",
)  # fmt: skip


def over_known_metrics(expr: Expr) -> Expr:
    def known(node: Expr) -> Expr:
        if isinstance(node, VectorSelector):
            return replace(node, name=METRICS[len(node.matchers) % len(METRICS)])
        return node

    return transform(expr, known)


@given(expressions())
def test_an_aggregation_leaves_no_label_that_it_does_not_name(expr: Expr) -> None:
    inside = over_known_metrics(expr)
    grouping = Grouping(without=False, labels=(LabelName("job"), LabelName("nowhere")))
    labels = infer(Aggregate("sum", inside, None, grouping), CATALOGUE).labels
    assert not labels.open
    assert labels.names <= {"job", "nowhere"}
    assert infer(inside, CATALOGUE).labels.may_have("job") is ("job" in labels.names)


@given(expressions())
def test_a_comparison_changes_neither_the_unit_nor_the_labels(expr: Expr) -> None:
    value = over_known_metrics(expr)
    kept, compared = infer(value, CATALOGUE), infer(Binary(">", Paren(value), NumberLiteral(1.0)), CATALOGUE)
    assert (compared.unit, compared.labels, compared.metrics) == (kept.unit, kept.labels, kept.metrics)
    assert compared.may_be_empty


def test_a_recorded_ratio_is_a_share_only_where_its_query_is() -> None:
    metrics = "  jobs_total: {type: counter, labels: {result: [ok, failed]}}\n"
    share, quotient = (
        'sum(rate(jobs_total{result="ok"}[5m])) / sum(rate(jobs_total[5m]))',
        "sum(rate(jobs_total[5m])) / 2",
    )
    recordings = (
        f"recordings:\n  a: {{expr: '{share}', record: a}}\n  b: {{expr: '{quotient}', record: b, unit: ratio}}\n"
    )
    catalogue = project(
        f"version: 1\nproject: shop\ntargets: {{prometheus: {{}}}}\nmetrics:\n{metrics}{recordings}"
    ).catalogue
    assert [(infer(parse(name), catalogue).unit, infer(parse(name), catalogue).share) for name in ("a", "b")] == [
        ("ratio", True),
        ("ratio", False),
    ]
