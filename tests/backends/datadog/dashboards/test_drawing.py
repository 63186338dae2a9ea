"""PromQL of panels, and the queries and formulas that it becomes: in a graph, and where one number is shown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.backends.datadog.dashboards.boards import board, body, reasons, stops, widget


def panel(query: str, type_: str = "timeseries", **more: Any) -> str:
    """A panel of one query, as a line of a spec."""
    return json.dumps({"title": "P", "type": type_, "query": query, **more})


def drawn(query: str, type_: str = "timeseries") -> tuple[list[str], str]:
    """The queries, each with its name and how it becomes one number, and the formula."""
    request = widget(panel(query, type_))["requests"][0]
    queries = [
        f"{each['name']}: {each['query']}" + (f" ({each['aggregator']})" if "aggregator" in each else "")
        for each in request["queries"]
    ]
    (formula,) = request["formulas"]
    return queries, formula["formula"]


COUNT = "sum:shop.requests.count{*}.as_count()"
RATE = "sum:shop.requests.count{*}.as_rate()"
FAILED = "sum:shop.requests.count{status:500}.as_count()"
SHARE = 'sum(rate(requests_total{status="500"}[5m])) / sum(rate(requests_total[5m]))'


@pytest.mark.parametrize(
    ("query", "queries", "formula"),
    [
        ("queue_length", ["a: avg:shop.queue_length{*} by {queue,endpoint}"], "a"),
        ("max by (queue) (queue_length)", ["a: max:shop.queue_length{*} by {queue}"], "a"),
        ("sum(rate(requests_total[5m]))", [f"a: {RATE}"], "a"),
        ("sum(irate(requests_total[5m])) * 60", [f"a: {RATE}"], "a * 60"),
        ("sum(increase(requests_total[1d]))", [f"a: {COUNT}"], "moving_rollup(a, 86400, 'sum')"),
        (SHARE, [f"a: {FAILED}", f"b: {COUNT}"], "moving_rollup(a, 300, 'sum') / moving_rollup(b, 300, 'sum')"),
        (
            f"100 * (1 - {SHARE})",
            [f"a: {FAILED}", f"b: {COUNT}"],
            "100 * (1 - moving_rollup(a, 300, 'sum') / moving_rollup(b, 300, 'sum'))",
        ),
        (
            "sum(rate(errors_total[5m])) / sum(rate(requests_total[1h]))",
            ["a: sum:acme.errors{*}.as_rate()", f"b: {RATE}"],
            "a / b",
        ),
        ("sum(avg_over_time(queue_length[10m]))", ["a: sum:shop.queue_length{*}"], "moving_rollup(a, 600, 'avg')"),
        ("max(max_over_time(queue_length[1h]))", ["a: max:shop.queue_length{*}"], "moving_rollup(a, 3600, 'max')"),
        ("sum(queue_length) / sum(queue_limit)", ["a: sum:shop.queue_length{*}", "b: sum:shop.queue_limit{*}"], "a / b"),
        ("sum(queue_length) - sum(queue_length offset 1d)", ["a: sum:shop.queue_length{*}"], "a - day_before(a)"),
        ("sum(queue_length) or vector(0)", ["a: sum:shop.queue_length{*}"], "default_zero(a)"),
        ("sum(queue_length) or 0 * sum(queue_limit)", ["a: sum:shop.queue_length{*}"], "default_zero(a)"),
        ("clamp_max(sum(queue_length), 10)", ["a: sum:shop.queue_length{*}"], "clamp_max(a, 10)"),
        ("count(queue_length)", ["a: avg:shop.queue_length{*} by {queue,endpoint}"], "count_not_null(a)"),
        ("topk(10, sum by (queue) (queue_length))", ["a: sum:shop.queue_length{*} by {queue}"], "top(a, 10, 'mean', 'desc')"),
        ("bottomk(3, queue_limit)", ["a: avg:shop.queue_limit{*} by {queue,endpoint}"], "top(a, 5, 'mean', 'asc')"),
        ("sort_desc(sum(queue_length))", ["a: sum:shop.queue_length{*}"], "a"),
        (
            "histogram_quantile(0.95, sum by (le, service) (rate(latency_seconds_bucket[5m])))",
            ["a: p95:shop.latency_seconds{*} by {service}"],
            "a",
        ),
        (
            'sum(rate(latency_seconds_bucket{le="0.5"}[5m])) / sum(rate(latency_seconds_count[5m]))',
            ["a: count(v: v<=0.5):shop.latency_seconds{*}.as_count()", "b: count:shop.latency_seconds{*}.as_count()"],
            "moving_rollup(a, 300, 'sum') / moving_rollup(b, 300, 'sum')",
        ),
    ],
)  # fmt: skip
def test_in_a_graph(query: str, queries: list[str], formula: str) -> None:
    assert drawn(query) == (queries, formula)


@pytest.mark.parametrize(
    ("query", "queries", "formula", "time"),
    [
        ("sum(queue_length)", ["a: sum:shop.queue_length{*} (last)"], "a", None),
        ("sum(rate(requests_total[5m]))", [f"a: {COUNT} (sum)"], "a / 300", ("minute", 5)),
        ("sum(increase(requests_total[1w]))", [f"a: {COUNT} (sum)"], "a", ("week", 1)),
        (SHARE, [f"a: {FAILED} (sum)", f"b: {COUNT} (sum)"], "a / b", ("minute", 5)),
        ("sum(irate(requests_total[5m]))", [f"a: {RATE} (last)"], "a", None),
        ("min(min_over_time(queue_length[2h]))", ["a: min:shop.queue_length{*} (min)"], "a", ("hour", 2)),
        (
            "histogram_quantile(0.99, sum by (le) (rate(latency_seconds_bucket[1d])))",
            ["a: p99:shop.latency_seconds{*} (percentile)"],
            "a",
            ("day", 1),
        ),
        ("sum(increase(requests_total[90s]))", [f"a: {COUNT} (sum)"], "a", ("minute", 2)),
    ],
)
def test_as_one_number(query: str, queries: list[str], formula: str, time: tuple[str, int] | None) -> None:
    assert drawn(query, "stat") == (queries, formula)
    shown = widget(panel(query, "stat")).get("time")
    assert shown == (None if time is None else {"type": "live", "unit": time[0], "value": time[1]})


def test_a_rank_is_the_order_of_a_list() -> None:
    request = widget(panel("topk(7, queue_length)", "bargauge"))["requests"][0]
    assert request["formulas"][0]["formula"] == "a"
    assert request["sort"] == {"count": 7, "order_by": [{"type": "formula", "index": 0, "order": "desc"}]}


def test_queries_of_one_panel_have_names_of_their_own_and_one_name_for_the_same() -> None:
    text = "{title: P, query: [sum(queue_length), sum(queue_limit), sum(queue_limit) - sum(queue_length)]}"
    request = widget(text)["requests"][0]
    assert [each["name"] for each in request["queries"]] == ["a", "b"]
    assert [each["formula"] for each in request["formulas"]] == ["a", "b", "b - a"]


CHOICE = "variables: {region: {metric: requests_total, values_of: region}}"


@pytest.mark.parametrize(
    ("matchers", "filters"),
    [
        ('region=~"$region"', "$region"),
        ('region="${region}"', "$region"),
        ('region=~"${region:regex}"', "$region"),
        ('region=~"$region|"', "$region"),
        ('status="500", region=~"$region"', "$region,status:500"),
        ('region=~"$region", status=~"500|503"', "$region AND status IN (500,503)"),
    ],
)
def test_a_choice_is_a_filter(matchers: str, filters: str) -> None:
    found = widget(panel(f"sum(rate(requests_total{{{matchers}}}[5m]))"), CHOICE)
    assert found["requests"][0]["queries"][0]["query"] == f"sum:shop.requests.count{{{filters}}}.as_rate()"


def test_a_heatmap_of_buckets_shows_the_values_of_the_distribution() -> None:
    found = widget(panel('sum by (le) (rate(latency_seconds_bucket{service="web"}[5m]))', "heatmap"))
    assert found["requests"] == [
        {
            "request_type": "histogram",
            "query": {"data_source": "metrics", "name": "a", "query": "histogram:shop.latency_seconds{service:web}"},
        }
    ]


def test_a_heatmap_of_anything_else_shows_its_series() -> None:
    request = widget(panel("queue_length", "heatmap"))["requests"][0]
    assert (request["response_format"], request["formulas"][0]["formula"]) == ("timeseries", "a")


IN_DATADOG = (
    "write the query in Datadog's words, `datadog: {query: …}` in the panel, or say why it is left out there: "
    "`datadog: {omit: …}`"
)


@pytest.mark.parametrize(
    ("text", "reason", "instead"),
    [
        (
            panel("changes(queue_length[1h])"),
            "the panel `P`: `changes(queue_length[1h])`: Datadog has no `changes()`",
            IN_DATADOG,
        ),
        (
            panel("stddev(queue_length)"),
            "the panel `P`: `stddev(queue_length)`: Datadog aggregates by sum, avg, min and max, not by `stddev`",
            IN_DATADOG,
        ),
        (
            panel("sum(queue_length) > 3"),
            "the panel `P`: `sum(queue_length) > 3`: Datadog compares only at the end of a query",
            IN_DATADOG,
        ),
        (
            panel("sum by (queue) (queue_length) / sum(queue_limit)"),
            (
                "the panel `P`: `sum by (queue) (queue_length) / sum(queue_limit)`: Datadog calculates only between queries "
                "that are grouped by the same tags"
            ),
            f"aggregate both by them; or {IN_DATADOG}",
        ),
        (panel("vector(1)"), "the panel `P`: no metric is read, so that there is nothing to draw", IN_DATADOG),
        (
            panel("topk(200, queue_length)"),
            "the panel `P`: Datadog's graphs show the first 100 series at most, not 200",
            IN_DATADOG,
        ),
        (
            panel("topk by (queue) (1, queue_length)"),
            (
                "the panel `P`: `topk by (queue) (1, queue_length)`: Datadog ranks all series, by a number: not `topk` by "
                "groups"
            ),
            IN_DATADOG,
        ),
        (
            panel("sum(increase(requests_total[5m])) + sum(increase(requests_total[1h]))", "stat"),
            (
                "the panel `P`: a widget of Datadog that shows single numbers shows those of one time, and there are `[5m]` "
                "and `[1h]`"
            ),
            f"give all the same range, or write a panel for each; or {IN_DATADOG}",
        ),
        (panel('{app="web"}', "logs"), "the panel `P`: Datadog does not read LogQL", IN_DATADOG),
    ],
)
def test_what_datadog_cannot_say_has_its_place_and_a_way_out(text: str, reason: str, instead: str) -> None:
    assert stops(board(text)) == [("rows.0.panels.0.query", reason, instead)]


def test_every_panel_that_cannot_be_said_is_named() -> None:
    text = board("\n".join((panel("vector(1)"), panel("sum(queue_length)"), panel("vector(2)"))))
    assert [field for field, _, _ in stops(text)] == ["rows.0.panels.0.query", "rows.0.panels.2.query"]


def test_a_variable_stands_for_one_tag() -> None:
    ((_, reason, instead),) = stops(board(panel('sum(rate(requests_total{service=~"$region"}[5m]))'), CHOICE))
    assert reason == 'the panel `P`: `service=~"$region"`: a variable of Datadog stands for one tag, `region` here'
    assert instead == f"declare a variable of its own for `service`; or {IN_DATADOG}"


def test_a_list_of_options_stands_for_the_tag_that_is_compared_with_it() -> None:
    found = body(board(panel('sum(queue_length{queue=~"$which"})'), "variables: {which: {options: [mail, print]}}"))
    assert found["template_variables"] == [
        {"name": "which", "prefix": "queue", "available_values": ["mail", "print"], "defaults": ["*"]}
    ]


@pytest.mark.parametrize("matcher", ['region=~"eu-$region"', 'region=~"$region.*"', 'region!~"$region"'])
def test_a_variable_stands_alone(matcher: str) -> None:
    ((_, reason, _),) = stops(board(panel(f"sum(rate(requests_total{{{matcher}}}[5m]))"), CHOICE))
    assert reason == f"the panel `P`: `{matcher}`: a variable of Datadog stands for a tag with its value, alone"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (panel("sum(queue_length)"), ["a point of a graph stands for a part of the view (20 s of an hour, 5 min of a day), where Prometheus reads moments"]),
        (panel("sum(queue_length)", "stat"), []),
        (panel("sum(queue_length)", "gauge"), ["`P` is a number there: Datadog has no gauge"]),
        (panel("queue_length", "stat"), ["`P` is a table there: a number of Datadog's has one value"]),
        (panel("sum(increase(requests_total[90s]))", "stat"), [
            "Datadog counts what the Agent sent, where Prometheus extrapolates to the ends of its ranges",
            "a range of 1m30s becomes 2m: what a widget shows is whole minutes long",
        ]),
        (panel("bottomk(3, sum by (queue) (queue_limit))"), [
            "a point of a graph stands for a part of the view (20 s of an hour, 5 min of a day), where Prometheus reads moments",
            "series are ranked by their mean in the view, where Prometheus ranks at each moment",
            "the first 3 series become 5: Datadog leaves 5, 10, 25, 50 or 100",
        ]),
    ],
)  # fmt: skip
def test_what_differs_is_told(text: str, told: list[str]) -> None:
    assert reasons(board(text)) == told
