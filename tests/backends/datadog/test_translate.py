"""What each PromQL condition becomes in Datadog: a query, or the reason why there is none."""

from __future__ import annotations

import pytest

from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from tests.backends.datadog.translating import outcome, translated

TRANSLATED = [
    # Rates and increases of counters
    (
        "sum by (service) (rate(requests_total[5m])) > 10",
        "0s",
        "avg(last_5m):sum:shop.requests.count{*} by {service}.as_rate() > 10",
    ),
    (
        "sum(increase(requests_total[1h])) > 10",
        "0s",
        "sum(last_1h):sum:shop.requests.count{*}.as_count() > 10",
    ),
    (
        "sum(increase(requests_total[1h])) > 10",
        "10m",
        "sum(last_1h):sum:shop.requests.count{*}.as_count() > 10",
    ),
    (
        "sum(increase(requests_total[1h])) > 10",
        "2h",
        "avg(last_3h):sum:shop.requests.count{*}.as_rate() * 3600 > 10",
    ),
    (
        "sum(rate(requests_total[3d])) > 10",
        "6d",
        "avg(last_144h):sum:shop.requests.count{*}.as_rate() > 10",
    ),
    (
        "sum(rate(requests_total[5m])) < 0.5",
        "10m",
        "avg(last_15m):sum:shop.requests.count{*}.as_rate() < 0.5",
    ),
    (
        "max by (service) (rate(requests_total[5m])) > 1",
        "0s",
        "avg(last_5m):max:shop.requests.count{*} by {service}.as_rate() > 1",
    ),
    (
        "rate(errors_total[5m]) > 1",
        "0s",
        "avg(last_5m):sum:acme.http.errors{*} by {service,endpoint}.as_rate() > 1",
    ),
    (
        "sum(irate(errors_total[5m])) > 1",
        "5m",
        "min(last_5m):sum:acme.http.errors{*}.as_rate() > 1",
    ),
    (
        "sum(rate(errors_total[30s])) > 1",
        "0s",
        "avg(last_1m):sum:acme.http.errors{*}.as_rate() > 1",
    ),
    (
        "sum(rate(errors_total[5m])) * 60 > 1",
        "0s",
        "avg(last_5m):sum:acme.http.errors{*}.as_rate() * 60 > 1",
    ),
    (
        "sum(rate(requests_total[5m])) - 2 * sum(rate(errors_total[5m])) > 0",
        "0s",
        "avg(last_5m):sum:shop.requests.count{*}.as_rate() - 2 * sum:acme.http.errors{*}.as_rate() > 0",
    ),
    (
        "sum(queue_length + queue_limit) > 5",
        "0s",
        "max(last_1m):sum:shop.queue_length{*} + sum:shop.queue_limit{*} > 5",
    ),
    (
        "(sum(rate(errors_total[5m])) or vector(0)) > 1",
        "5m",
        "avg(last_10m):default_zero(sum:acme.http.errors{*}.as_rate()) > 1",
    ),
    (
        "sum((sum by (queue) (queue_length)) or vector(0)) > 1",
        "5m",
        "min(last_5m):default_zero(sum:shop.queue_length{*}) > 1",
    ),
    ("sum(rate((requests_total[5m]))) > 1", "0s", "avg(last_5m):sum:shop.requests.count{*}.as_rate() > 1"),
    ("sum(queue_length) * vector(2) > 1", "5m", "min(last_5m):sum:shop.queue_length{*} * 2 > 1"),
    (
        "sum by (queue) (queue_length) * on () group_left () vector(2) > 1",
        "5m",
        "min(last_5m):sum:shop.queue_length{*} by {queue} * 2 > 1",
    ),
    # Quotients of counters: both sums are taken over one window
    (
        'sum by (service) (rate(requests_total{status=~"5.."}[5m])) / sum by (service) (rate(requests_total[5m])) > 0.05',
        "0s",
        (
            "sum(last_5m):sum:shop.requests.count{status:5*} by {service}.as_count()"
            " / sum:shop.requests.count{*} by {service}.as_count() > 0.05"
        ),
    ),
    (
        "sum(rate(errors_total[5m])) / sum(rate(requests_total[5m])) * 100 > 5",
        "5m",
        "sum(last_10m):sum:acme.http.errors{*}.as_count() / sum:shop.requests.count{*}.as_count() * 100 > 5",
    ),
    (
        "1 - sum(increase(errors_total[1h])) / sum(increase(requests_total[1h])) < 0.99",
        "0s",
        "sum(last_1h):1 - sum:acme.http.errors{*}.as_count() / sum:shop.requests.count{*}.as_count() < 0.99",
    ),
    (
        "(sum(rate(errors_total[5m])) or vector(0)) / sum(rate(requests_total[5m])) > 0.05",
        "0s",
        "sum(last_5m):sum:acme.http.errors{*}.as_count() / sum:shop.requests.count{*}.as_count() > 0.05",
    ),
    (
        "sum(rate(errors_total[5m])) / (sum(rate(requests_total[5m])) + 1) > 0.05",
        "0s",
        "sum(last_5m):sum:acme.http.errors{*}.as_count() / 300 / (sum:shop.requests.count{*}.as_count() / 300 + 1) > 0.05",
    ),
    (
        "sum(increase(errors_total[5m])) / (sum(increase(requests_total[5m])) + 1) > 0.05",
        "5m",
        (
            "sum(last_10m):sum:acme.http.errors{*}.as_count() * 0.5"
            " / (sum:shop.requests.count{*}.as_count() * 0.5 + 1) > 0.05"
        ),
    ),
    # What is over a limit in each of two ranges need not be in both together: no longer window then
    (
        "sum(rate(errors_total[5m])) * sum(rate(requests_total[5m])) > 1",
        "5m",
        "sum(last_5m):sum:acme.http.errors{*}.as_count() / 300 * (sum:shop.requests.count{*}.as_count() / 300) > 1",
    ),
    (
        "sum(rate(errors_total[5m])) / sum(rate(requests_total[5m])) + sum(rate(hits_total[5m])) > 1",
        "5m",
        (
            "sum(last_5m):sum:acme.http.errors{*}.as_count() / 300 / (sum:shop.requests.count{*}.as_count() / 300)"
            " + sum:shop.hits.count{*}.as_count() / 300 > 1"
        ),
    ),
    (
        "clamp_min(sum(rate(errors_total[5m])), 2) / sum(rate(requests_total[5m])) > 3",
        "0s",
        "avg(last_5m):clamp_min(sum:acme.http.errors{*}.as_rate(), 2) / sum:shop.requests.count{*}.as_rate() > 3",
    ),
    (
        "service:errors:ratio > 0.1",
        "0s",
        (
            "sum(last_5m):sum:acme.http.errors{*} by {service}.as_count()"
            " / sum:shop.requests.count{*} by {service}.as_count() > 0.1"
        ),
    ),
    # Gauges
    ("queue_length > 100", "5m", "min(last_5m):avg:shop.queue_length{*} by {queue,endpoint} > 100"),
    ("queue_length > 100", "0s", "max(last_1m):avg:shop.queue_length{*} by {queue,endpoint} > 100"),
    ("queue_length < 1", "2h", "max(last_2h):avg:shop.queue_length{*} by {queue,endpoint} < 1"),
    ("100 < queue_length", "1d", "min(last_1d):avg:shop.queue_length{*} by {queue,endpoint} > 100"),
    ("temperature_celsius >= 30.5", "5m", "min(last_5m):avg:shop.temperature_celsius{*} by {room} >= 30.5"),
    ("sum by (queue) (queue_length) > 1", "5m", "min(last_5m):sum:shop.queue_length{*} by {queue} > 1"),
    ("sum without (queue) (queue_length) > 1", "5m", "min(last_5m):sum:shop.queue_length{*} by {endpoint} > 1"),
    ("max(queue_length) > 1", "5m", "min(last_5m):max:shop.queue_length{*} > 1"),
    ("max(1 - queue_length / 100) > 1", "5m", "min(last_5m):1 - min:shop.queue_length{*} / 100 > 1"),
    ("sum(sum by (queue) (queue_length)) > 1", "5m", "min(last_5m):sum:shop.queue_length{*} > 1"),
    (
        "queue_length / queue_limit > 0.9",
        "10m",
        "min(last_10m):avg:shop.queue_length{*} by {queue,endpoint} / avg:shop.queue_limit{*} by {queue,endpoint} > 0.9",
    ),
    (
        "sum by (queue) (queue_length) / on (queue) max by (queue) (queue_limit) > 0.9",
        "10m",
        "min(last_10m):sum:shop.queue_length{*} by {queue} / max:shop.queue_limit{*} by {queue} > 0.9",
    ),
    ("-sum(queue_length) < -3", "5m", "max(last_5m):-1 * sum:shop.queue_length{*} < -3"),
    (
        "sum(queue_length) > sum(queue_limit)",
        "5m",
        "min(last_5m):sum:shop.queue_length{*} - sum:shop.queue_limit{*} > 0",
    ),
    (
        "sum(queue_length) - sum(queue_length offset 1d) > 10",
        "5m",
        "min(last_5m):sum:shop.queue_length{*} - day_before(sum:shop.queue_length{*}) > 10",
    ),
    (
        "sum(queue_length) / sum(queue_length offset 1w) > 2",
        "5m",
        "min(last_5m):sum:shop.queue_length{*} / week_before(sum:shop.queue_length{*}) > 2",
    ),
    ("abs(sum(queue_length)) > 3", "5m", "min(last_5m):abs(sum:shop.queue_length{*}) > 3"),
    ("worker_ready == 0", "5m", "max(last_5m):avg:shop.worker_ready{*} by {worker,endpoint} <= 0"),
    ("worker_ready == 1", "5m", "min(last_5m):avg:shop.worker_ready{*} by {worker,endpoint} >= 1"),
    ("worker_ready != 1", "5m", "max(last_5m):avg:shop.worker_ready{*} by {worker,endpoint} < 1"),
    ("sum(queue_length) == 7", "5m", "max(last_5m):abs(sum:shop.queue_length{*} - 7) <= 0"),
    ("sum(queue_length) != 7", "5m", "min(last_5m):abs(sum:shop.queue_length{*} - 7) > 0"),
    # Gauges over time
    (
        "avg_over_time(temperature_celsius[10m]) > 5",
        "0s",
        "avg(last_10m):avg:shop.temperature_celsius{*} by {room} > 5",
    ),
    (
        "avg_over_time(temperature_celsius[10m]) > 5",
        "5m",
        "avg(last_10m):avg:shop.temperature_celsius{*} by {room} > 5",
    ),
    (
        "min_over_time(temperature_celsius[10m]) > 5",
        "5m",
        "min(last_15m):avg:shop.temperature_celsius{*} by {room} > 5",
    ),
    (
        "max_over_time(temperature_celsius[10m]) > 5",
        "5m",
        "max(last_10m):avg:shop.temperature_celsius{*} by {room} > 5",
    ),
    (
        "max_over_time(temperature_celsius[10m]) < 5",
        "5m",
        "max(last_15m):avg:shop.temperature_celsius{*} by {room} < 5",
    ),
    (
        "100 - min_over_time(temperature_celsius[10m]) > 5",
        "5m",
        "max(last_10m):100 - avg:shop.temperature_celsius{*} by {room} > 5",
    ),
    (
        "sum_over_time(temperature_celsius[10m]) > 5",
        "0s",
        "avg(last_10m):avg:shop.temperature_celsius{*} by {room} * 40 > 5",
    ),
    (
        "last_over_time(temperature_celsius[10m]) > 5",
        "5m",
        "min(last_5m):avg:shop.temperature_celsius{*} by {room} > 5",
    ),
    (
        "sum(rate(requests_total[5m])) / sum(queue_limit) > 0.5",
        "5m",
        "avg(last_10m):sum:shop.requests.count{*}.as_rate() / sum:shop.queue_limit{*} > 0.5",
    ),
    # Histograms and summaries
    (
        "histogram_quantile(0.95, sum by (le, service) (rate(latency_seconds_bucket[5m]))) > 0.5",
        "10m",
        "percentile(last_15m):p95:shop.latency_seconds{*} by {service} > 0.5",
    ),
    (
        "histogram_quantile(0.99, rate(latency_seconds_bucket[5m])) > 0.5",
        "0s",
        "percentile(last_5m):p99:shop.latency_seconds{*} by {service,endpoint} > 0.5",
    ),
    (
        "1000 * histogram_quantile(0.5, sum(rate(size_bytes[5m]))) > 500",
        "0s",
        "avg(last_5m):1000 * p50:shop.size_bytes{*} > 500",
    ),
    (
        'sum(rate(latency_seconds_bucket{le="0.3"}[5m])) / sum(rate(latency_seconds_count[5m])) < 0.95',
        "0s",
        (
            "sum(last_5m):count(v: v<=0.3):shop.latency_seconds{*}.as_count()"
            " / count:shop.latency_seconds{*}.as_count() < 0.95"
        ),
    ),
    (
        'sum(rate(latency_seconds_bucket{le="+Inf"}[5m])) > 5',
        "0s",
        "avg(last_5m):count:shop.latency_seconds{*}.as_rate() > 5",
    ),
    (
        "sum(rate(latency_seconds_sum[5m])) / sum(rate(latency_seconds_count[5m])) > 1",
        "0s",
        "sum(last_5m):sum:shop.latency_seconds{*}.as_count() / count:shop.latency_seconds{*}.as_count() > 1",
    ),
    (
        'max by (service) (rpc_seconds{quantile="0.99"}) > 1',
        "5m",
        "min(last_5m):max:shop.rpc_seconds.quantile{quantile:0.99} by {service} > 1",
    ),
    (
        "sum(rate(rpc_seconds_sum[5m])) / sum(rate(rpc_seconds_count[5m])) > 1",
        "0s",
        "sum(last_5m):sum:shop.rpc_seconds.sum{*}.as_count() / sum:shop.rpc_seconds.count{*}.as_count() > 1",
    ),
    # What nobody declared is named as the Agent would
    ("sum(rate(jobs_total[5m])) > 1", "0s", "avg(last_5m):sum:shop.jobs.count{*}.as_rate() > 1"),
    ("max by (job) (jobs_waiting) > 1", "1m", "min(last_1m):max:shop.jobs_waiting{*} by {job} > 1"),
]

UNTRANSLATABLE = [
    ("absent(queue_length)", "`absent(queue_length)`: Datadog's monitors have no `absent()`"),
    ("up == 0", "`up` is made by Prometheus, and Datadog does not have it"),
    (
        "topk(5, queue_length) > 1",
        "`topk(5, queue_length)`: Datadog's monitors aggregate by sum, avg, min and max, not by `topk`",
    ),
    (
        "count(queue_length) > 1",
        "`count(queue_length)`: Datadog's monitors aggregate by sum, avg, min and max, not by `count`",
    ),
    ("sum without (a) (b) > 1", "`sum without (a) (b)`: Datadog groups `by` tags only; it does not know `without`"),
    ("queue_length > 1 and queue_limit > 3", "`queue_length > 1 and queue_limit > 3`: Datadog's queries have no `and`"),
    ("queue_length unless queue_limit", "`queue_length unless queue_limit`: Datadog's queries have no `unless`"),
    ("(queue_length > 1) > 2", "`queue_length > 1`: Datadog compares only at the end of a query"),
    ("queue_length % 2 > 1", "`queue_length % 2`: Datadog calculates with + - * / only, not with `%`"),
    (
        "queue_length / on (queue) group_left () queue_limit > 1",
        (
            "`queue_length / on (queue) group_left () queue_limit`: Datadog joins series with the same tags only; it does not "
            "know `group_left`"
        ),
    ),
    (
        "queue_length / ignoring (queue) queue_limit > 1",
        (
            "`queue_length / ignoring (queue) queue_limit`: Datadog joins series with the same tags only; it does not know "
            "`ignoring`"
        ),
    ),
    (
        "sum by (queue) (queue_length) / sum(queue_limit) > 1",
        (
            "`sum by (queue) (queue_length) / sum(queue_limit)`: Datadog calculates only between queries that are grouped by "
            "the same tags"
        ),
    ),
    (
        "max(unknown or vector(0)) > 1",
        ("`max(unknown or vector(0))`: Prometheus aggregates the 0 too, as one more series, and Datadog has none"),
    ),
    (
        "service:errors:ratio @ 5 > 1",
        "`service:errors:ratio @ 5`: Prometheus records it, and Datadog reads it only whole",
    ),
    ("rate(requests_total[5m:]) > 1", "`rate(requests_total[5m:])`: Datadog has no subqueries"),
    (
        "quantile_over_time(0.9, queue_length[1h]) > 1",
        "`quantile_over_time(0.9, queue_length[1h])`: Datadog's monitors have no `quantile_over_time()`",
    ),
    (
        "(queue_length - avg_over_time(queue_length[1d])) / stddev_over_time(queue_length[1d]) > 3",
        (
            "`(queue_length - avg_over_time(queue_length[1d])) / stddev_over_time(queue_lengt…`: Datadog tells what is "
            "unusual by models of its own, not in standard deviations"
        ),
    ),
    ("changes(queue_length[1h]) > 10", "`changes(queue_length[1h])`: Datadog's monitors have no `changes()`"),
    (
        "predict_linear(queue_length[1h], 3600) > 10",
        "`predict_linear(queue_length[1h], 3600)`: Datadog's monitors have no `predict_linear()`",
    ),
    ("time() - queue_length > 3", "`time()`: Datadog's monitors have no `time()`"),
    (
        "max_over_time(rate(requests_total[5m])[1h:]) > 3",
        "`max_over_time(rate(requests_total[5m])[1h:])`: Datadog has no subqueries",
    ),
    (
        "sum(rate(requests_total[5m])) > sum(rate(requests_total[1h]))",
        "a Datadog monitor has one window, and the query has `[5m]` and `[1h]`",
    ),
    ("sum(rate(requests_total[30d])) > 3", "the window of 30d is longer than a week, and Datadog's windows are not"),
    (
        "queue_length offset 5m > 3",
        "`queue_length offset 5m`: Datadog looks back an hour, a day or a week: `offset 1h`, `1d` or `1w`",
    ),
    ("queue_length @ 1609746000 > 3", "`queue_length @ 1609746000`: Datadog's queries have no `@`"),
    ('{job="x"} > 3', '`{job="x"}`: Datadog\'s queries name the metric'),
    ("requests_total > 3", "`requests_total`: Datadog does not keep running totals"),
    ("rate(queue_length[5m]) > 3", "`queue_length`: Datadog keeps it as a gauge, and has rates of counters only"),
    ("unknown > 1", "`unknown` alerts for each series, and its labels are not known"),
    ("sum(queue_length)", "`sum(queue_length)`: it has no comparison at its end, so that there is no threshold"),
    ("vector(1) > 0", "no metric is read, so that there is nothing to watch"),
    ("a:circle > 1", "`a:circle`: it records itself"),
    (
        'service:errors:ratio{service="a"} > 1',
        '`service:errors:ratio{service="a"}`: Prometheus records it, and Datadog reads it only whole',
    ),
    (
        "max(sum by (queue) (queue_length)) > 1",
        "`max(sum by (queue) (queue_length))`: Datadog aggregates over series once, not a second time",
    ),
    (
        "max(queue_length / queue_limit) > 1",
        "`max(queue_length / queue_limit)`: Datadog aggregates over series before it calculates, not after",
    ),
    (
        "max((sum by (queue) (queue_length)) or vector(0)) > 1",
        (
            "`max((sum by (queue) (queue_length)) or vector(0))`: Prometheus aggregates the 0 too, as one more series, and "
            "Datadog has none"
        ),
    ),
    (
        "sum by (queue) (queue_length) * vector(2) > 1",
        (
            "`sum by (queue) (queue_length) * vector(2)`: `vector()` has no labels, so that Prometheus finds no series for "
            "it but one without labels"
        ),
    ),
    (
        "sum by (queue) (queue_length) > vector(2)",
        (
            "`sum by (queue) (queue_length) - vector(2)`: `vector()` has no labels, so that Prometheus finds no series for "
            "it but one without labels"
        ),
    ),
    (
        "avg(1 + vector(2) * unknown) > 1",
        (
            "`vector(2) * unknown`: `vector()` has no labels, so that Prometheus finds no series for it but one without "
            "labels"
        ),
    ),
    (
        "sum(queue_length + 1) > 1",
        "`sum(queue_length + 1)`: Datadog aggregates over series before it calculates, not after",
    ),
    (
        "max_over_time(queue_length[5m]) / max_over_time(queue_limit[5m]) > 1",
        "the least or greatest over time can only be scaled in Datadog",
    ),
    (
        "histogram_quantile(0.42, sum by (le) (rate(latency_seconds_bucket[5m]))) > 1",
        (
            "`histogram_quantile(0.42, sum by (le) (rate(latency_seconds_bucket[5m])))`: Datadog's distributions keep the "
            "quantiles 0.5, 0.75, 0.9, 0.95, 0.99"
        ),
    ),
    (
        "sum(rate(latency_seconds_bucket[5m])) > 1",
        '`latency_seconds_bucket`: buckets can be read in Datadog one at a time, as `{le="0.5"}`',
    ),
    (
        'sum(rate(requests_total{status=~"5[^0].|x{3}"}[5m])) > 1',
        '`status=~"5[^0].|x{3}"`: Datadog filters by values, lists of values and `*` at their ends, not by patterns',
    ),
    (
        "clamp_min(queue_length, scalar(queue_limit)) > 1",
        "`clamp_min(queue_length, scalar(queue_limit))`: the limit must be a number",
    ),
]


@pytest.mark.parametrize(("promql", "hold", "expected"), TRANSLATED)
def test_a_condition_becomes_a_monitor_query(promql: str, hold: str, expected: str) -> None:
    assert outcome(promql, hold) == expected


@pytest.mark.parametrize(("promql", "reason"), UNTRANSLATABLE)
def test_what_datadog_cannot_say_is_refused_by_name(promql: str, reason: str) -> None:
    assert outcome(promql) == f"untranslatable: {reason}"


@pytest.mark.parametrize(
    ("promql", "instead"),
    [
        ("changes(queue_length[1h]) > 10", "write the monitor's query yourself: `datadog: {query: …}`"),
        (
            "(queue_length - avg_over_time(queue_length[1d])) / stddev_over_time(queue_length[1d]) > 3",
            "write an anomaly monitor: `datadog: {query: \"avg(last_4h):anomalies(…, 'agile', 3) >= 1\"}`",
        ),
        ("absent(queue_length)", "alert on the metric itself with `no_data: notify`, or write `datadog: {query: …}`"),
        (
            "up == 0",
            (
                "watch the Agent's own check: `datadog: {type: service check, query: "
                '\'"shop.openmetrics.health".over("*").by("endpoint").last(4).count_by_status()\', '
                "options: {thresholds: {critical: 3}}}`"
            ),
        ),
        ("unknown > 1", "aggregate it `by (…)`, or declare the metric with its labels under `metrics`"),
    ],
)
def test_the_way_out_is_said(promql: str, instead: str) -> None:
    with pytest.raises(Untranslatable) as stop:
        translated(promql)
    assert stop.value.instead == instead


AGENT = "Datadog counts what the Agent sent within the window, Prometheus extrapolates to its ends"


@pytest.mark.parametrize(
    ("promql", "hold", "differences"),
    [
        ("sum(rate(requests_total[5m])) > 1", "0s", (AGENT,)),
        (
            "sum(rate(requests_total[5m])) > 1",
            "10m",
            (
                AGENT,
                (
                    "`[5m]` held `for: 10m` becomes one window of 15m: a short and violent peak can fire it that Prometheus "
                    "would wait out"
                ),
            ),
        ),
        (
            "sum(rate(requests_total[5m])) > 1",
            "2m",
            (
                AGENT,
                "`for: 2m` is left out: a Datadog monitor has one window, `[5m]` here, and notifies up to 2m sooner",
            ),
        ),
        (
            "sum(queue_length) > 1",
            "5m",
            ("`for: 5m` becomes `min(last_5m)`: Datadog judges all points of the window, Prometheus each evaluation",),
        ),
        (
            "sum(queue_length) > 1",
            "0s",
            ("Datadog judges the points of the last minute, Prometheus the last one at each evaluation",),
        ),
        (
            "max(max_over_time(queue_length[10m])) > 1",
            "5m",
            (
                (
                    "`for: 5m` is left out: one extreme point counts for as long as it is in `[10m]`, and Datadog notifies up "
                    "to 5m sooner"
                ),
            ),
        ),
        (
            'sum by (job, instance) (queue_length{job="x"}) > 1',
            "90s",
            (
                "the Agent must be told to send the tag `job`: Prometheus adds it itself",
                "`instance` is the Agent's tag `endpoint`: the URL that it reads",
                "`for: 1m30s` becomes `min(last_2m)`: Datadog judges all points of the window, Prometheus each evaluation",
                "the window of 1m30s becomes 2 min: Datadog's windows are whole minutes",
            ),
        ),
        (
            "sum(sum_over_time(queue_length[10m])) > 1",
            "0s",
            (
                "`sum_over_time` over 10m becomes 40 times the average: so many samples are scraped, one every 15s",
                "Datadog averages what it keeps of the Agent's points, Prometheus every sample",
            ),
        ),
        (
            "sum(avg_over_time(queue_length[5m])) / sum(queue_limit) > 1",
            "0s",
            (
                "`queue_limit` is averaged over the window too, where Prometheus takes the last value",
                "Datadog calculates with single points and averages that, Prometheus calculates with averages",
                "Datadog averages what it keeps of the Agent's points, Prometheus every sample",
            ),
        ),
        (
            "max(avg_over_time(queue_length[5m])) > 1",
            "0s",
            (
                (
                    "Datadog takes `max` over series at each moment and `avg` over time after that, Prometheus the other way "
                    "round"
                ),
                "Datadog averages what it keeps of the Agent's points, Prometheus every sample",
            ),
        ),
        (
            "sum(queue_length - queue_limit) > 1",
            "5m",
            (
                (
                    "Datadog aggregates each side for itself: a series that only one of them has is counted, and Prometheus "
                    "leaves it out"
                ),
                "`for: 5m` becomes `min(last_5m)`: Datadog judges all points of the window, Prometheus each evaluation",
            ),
        ),
        (
            "min by (service) (rate(requests_total[5m])) > 1",
            "0s",
            (
                (
                    "Datadog takes `min` over series at each moment and `rate` over time after that, Prometheus the other "
                    "way round"
                ),
                AGENT,
            ),
        ),
        (
            "max(increase(requests_total[5m])) > 1",
            "0s",
            (
                (
                    "Datadog takes `max` over series at each moment and `increase` over time after that, Prometheus the "
                    "other way round"
                ),
                AGENT,
            ),
        ),
        (
            "histogram_quantile(0.95, sum by (le) (rate(latency_seconds_bucket[5m]))) > 1",
            "0s",
            (
                (
                    "Datadog measures percentiles, where they are switched on for `shop.latency_seconds`; Prometheus estimates "
                    "them from buckets"
                ),
            ),
        ),
        (
            "sum(rate(jobs_total[5m])) > 1",
            "0s",
            ("`jobs_total` is not declared under `metrics`, so its name `shop.jobs.count` is a guess", AGENT),
        ),
        (
            "(sum by (queue) (avg_over_time(queue_length[5m])) or vector(0)) > 1",
            "0s",
            (
                (
                    "`or vector(0)` is one more series in Prometheus, without labels; in Datadog each group is 0 where "
                    "points are missing"
                ),
                "Datadog averages what it keeps of the Agent's points, Prometheus every sample",
            ),
        ),
        (
            "(sum(avg_over_time(queue_length[5m])) or on () vector(0)) > 1",
            "0s",
            (
                "`or vector(0)` is 0 in Datadog where single points are missing, not where all of the window is",
                "Datadog averages what it keeps of the Agent's points, Prometheus every sample",
            ),
        ),
        (
            "sum(queue_length) == 7",
            "0s",
            (
                "Datadog watches, and shows as the value, the distance from 7",
                "Datadog judges the points of the last minute, Prometheus the last one at each evaluation",
            ),
        ),
    ],
)
def test_the_differences_are_said_with_their_numbers(promql: str, hold: str, differences: tuple[str, ...]) -> None:
    assert translated(promql, hold).differences == differences


@pytest.mark.parametrize(
    ("promql", "expected"),
    [
        (
            "histogram_quantile(0.95, sum by (le) (rate(latency_seconds_bucket[5m]))) > 1",
            (
                "untranslatable: `histogram_quantile(0.95, sum by (le) (rate(latency_seconds_bucket[5m])))`: quantiles need a "
                "distribution, and the Agent sends `web.latency_seconds.bucket` as counts"
            ),
        ),
        (
            'sum(rate(latency_seconds_bucket{le="1"}[5m])) / sum(rate(latency_seconds_count[5m])) < 0.95',
            (
                "sum(last_5m):sum:web.latency_seconds.bucket{upper_bound:1.0}.as_count()"
                " / sum:web.latency_seconds.count{*}.as_count() < 0.95"
            ),
        ),
        (
            'sum(rate(latency_seconds_bucket{le="+Inf"}[5m])) > 1',
            "avg(last_5m):sum:web.latency_seconds.count{*}.as_rate() > 1",
        ),
    ],
)
def test_histograms_as_buckets_have_other_names(promql: str, expected: str) -> None:
    assert outcome(promql, datadog="{openmetrics: {namespace: web, histograms: buckets}}") == expected


def test_what_the_message_may_name_is_known() -> None:
    found = translated('sum by (service, instance) (rate(requests_total{status="500"}[5m])) > 1')
    assert (found.by, found.fixed) == (("service", "endpoint"), {"status": "500"})
