"""Queries of the right form that Datadog would not take: why, under which part, and what it takes instead."""

from __future__ import annotations

import pytest

from skillforge_mon.backends.datadog.query.limits import problems
from skillforge_mon.backends.datadog.query.parser import parse_monitor
from tests.backends.datadog.query.marked import unmarked

MONTH = "windows are `last_1m` to `last_730h`, which is a month"
SHIFTS = "there is: 5m_ago, 10m_ago, 15m_ago, 30m_ago, 1h_ago, 2h_ago, 4h_ago, 1d_ago, and windows such as `last_1h`"

PROBLEMS = [
    # words
    ("query alert", "avg(last_4h):«anomalys»(avg:a{*}, 'agile', 2) >= 1", "MON4371", "there is no function `anomalys`",
     "did you mean `anomalies`?"),
    ("query alert", "avg(last_4h):1 + «holt»(avg:a{*}) >= 1", "MON4371", "there is no function `holt`",
     "see “Functions” in Datadog's documentation"),
    ("query alert", "avg(last_4h):«autosmooth»(avg:a{*}) >= 1", "MON4371", "`autosmooth()` is for graphs only", ""),
    ("query alert", "«median»(last_5m):avg:a{*} > 1", "MON4371", "a window is not reduced by `median`",
     "there is: avg, sum, min, max, percentile"),
    ("query alert", "«avgs»(last_5m):avg:a{*} > 1", "MON4371", "a window is not reduced by `avgs`", "did you mean `avg`?"),
    ("query alert", "avg(last_5m):«mean»:a{*} > 1", "MON4371", "series are not put together by `mean`",
     "there is: avg, sum, min, max, count, p50 to p99.9"),
    ("query alert", "avg(last_5m):«p100»:a{*} > 1", "MON4371", "series are not put together by `p100`",
     "there is: avg, sum, min, max, count, p50 to p99.9"),
    ("query alert", "avg(last_5m):«system.load.1»{*} > 1", "MON4371", "`system.load.1` has no aggregator",
     "write `avg:system.load.1`, or another of: avg, sum, min, max, count, p95"),
    ("query alert", "avg(last_5m):«sum»(v: v<1):a{*} > 1", "MON4371", "values are counted, and this is `sum`",
     "write `count(v: v<…)`"),
    ("query alert", "avg(last_5m):avg:a{*}.«as_counts»() > 1", "MON4371", "metrics have no method `as_counts`",
     "did you mean `as_count`?"),
    ("log alert", 'logs("a").rollup("count").«filter»("b").last("5m") > 1', "MON4371",
     "queries of a log alert have no method `filter`", "there is: index, rollup, by, last, current"),
    ("service check", '"a".over("*").by("b").last(2).«count_by_state»()', "MON4371",
     "service checks have no method `count_by_state`", "did you mean `count_by_status`?"),
    # windows
    ("query alert", "avg(«last_5w»):avg:a{*} > 1", "MON4372", "`last_5w` is no window of a query alert", MONTH),
    ("query alert", "avg(«last_0m»):avg:a{*} > 1", "MON4372", "`last_0m` is no window of a query alert", MONTH),
    ("query alert", "avg(«current_2h»):avg:a{*} > 1", "MON4372", "`current_2h` is no cumulative window",
     "there is: current_1h, current_1d, current_1mo"),
    ("query alert", "avg(«next_1w»):avg:a{*} > 1", "MON4372", "`next_1w` is a window of forecasts",
     "windows are like `last_5m`, `last_4h`, `last_1d` and `last_1w`, or `current_1d`"),
    ("query alert", "max(«last_1w»):forecast(avg:a{*}, 'linear', 1) > 1", "MON4372",
     "a forecast looks ahead, and `last_1w` looks back", "write `next_1w`"),
    ("query alert", "max(«next_1h»):forecast(avg:a{*}, 'linear', 1) > 1", "MON4372", "`next_1h` is no window of a forecast",
     "forecasts look 12 hours to 3 months ahead"),
    ("query alert", "avg(«last_2d»):outliers(avg:a{*} by {host}, 'MAD', 3) > 0", "MON4372",
     "`last_2d` is no window of an outlier monitor", "outliers are looked for in 1 minute to 24 hours"),
    ("query alert", "change(avg(last_5m),«3h_ago»):avg:a{*} > 1", "MON4372", "changes are not measured against `3h_ago`",
     SHIFTS),
    ("log alert", 'logs("a").rollup("count").last(«"49h"») > 1', "MON4372", "`49h` is no window of a log alert",
     "windows are `1m` to `48h`"),
    ("log alert", 'logs("a").rollup("count").last(«"last_5m"») > 1', "MON4372", "`last_5m` is no window",
     "windows are like `5m` and `4h`"),
    ("log alert", 'logs("a").rollup("count").last(«"30s"») > 1', "MON4372", "`30s` is no window",
     "windows are like `5m` and `4h`"),
    ("event-v2 alert", 'events("a").rollup("count").current(«"5m"») > 1', "MON4372", "`5m` is no cumulative window",
     "there is: 1h, 1d, 1mo"),
    ("query alert", "avg(last_1h):anomalies(avg:a{*}, 'agile', 2, alert_window=«'last_4h'») >= 1", "MON4372",
     "`last_4h` is longer than the query's own window, `last_1h`",
     "the query's window should be about five times as long"),
    ("query alert", "avg(last_1h):anomalies(avg:a{*}, 'agile', 2, alert_window=«'15m'») >= 1", "MON4372",
     "`15m` is no window", "write `last_15m`"),
    ("log alert", 'logs("a").rollup("count").last(«5m») > 1', "MON4372", "the window `5m` stands without quotes",
     'write `.last("5m")`'),
    # arguments
    ("query alert", "avg(last_4h):anomalies(avg:a{*}, «'robst'», 2) >= 1", "MON4373",
     "`robst` is no algorithm of `anomalies()`", "did you mean `robust`?"),
    ("query alert", "avg(last_4h):anomalies(avg:a{*}, 'agile', 2, direction=«'up'») >= 1", "MON4373",
     "`up` is no direction of `anomalies()`", "there is: above, below, both"),
    ("query alert", "avg(last_4h):anomalies(avg:a{*}, 'agile', 2, «alert_windw»='last_5m') >= 1", "MON4373",
     "`anomalies()` takes no `alert_windw`", "did you mean `alert_window`?"),
    ("query alert", "avg(last_4h):«anomalies(avg:a{*}, 'agile')» >= 1", "MON4373", "`anomalies()` lacks its deviations",
     "it takes: algorithm, deviations"),
    ("query alert", "avg(last_4h):anomalies(avg:a{*}, 'basic', 2, seasonality=«'daily'») >= 1", "MON4373",
     "the algorithm `basic` knows no seasons", "leave it out, or write `agile` or `robust`"),
    ("query alert", "avg(last_4h):anomalies(avg:a{*}, 'basic', 2) «>= 5»", "MON4373",
     "what is compared is the share of the points that are anomalies", "compare it with a number from 0 to 1"),
    ("query alert", "avg(last_1h):«outliers»(avg:a{*}, 'DBSCAN', 3) > 0", "MON4373",
     "outliers are found among groups, and the query has none", "group it, such as `by {host}`"),
    ("query alert", "avg(last_1h):clamp_min(avg:a{*}, «'low'») > 0", "MON4373", "the threshold of `clamp_min()` is a number", ""),
    ("query alert", "avg(last_1h):abs(avg:a{*}, «2») > 0", "MON4373", "`abs()` takes no further argument", "it takes none"),
    ("query alert", "avg(last_1h):avg:a{*}.rollup(«mean», 60) > 0", "MON4373", "`mean` is no aggregator of `.rollup()`",
     "there is: avg, sum, min, max, count"),
    ("query alert", "avg(last_1h):avg:a{*}.fill(«nil») > 0", "MON4373", "`nil` is no method of `.fill()`",
     "there is: linear, last, zero, null"),
    ("log alert", 'logs("a").«rollup("avg")».last("5m") > 1', "MON4373", "`avg` is taken of a measure",
     'write `.rollup("avg", "@duration")`'),
    ("log alert", 'logs("a").rollup(«"p95"», "@b").last("5m") > 1', "MON4373", "`p95` is no method of `.rollup()`",
     "did you mean `pc95`?"),
    ("process alert", 'processes("a").over("*").rollup(«"avg"»).last("5m") > 1', "MON4373", "`avg` is no method of `.rollup()`",
     "there is: count"),
    # what is missing
    ("log alert", '«logs»("a").last("5m") > 1', "MON4304", "the query of a log alert has a `.rollup(…)`, and this one has none",
     'write `.rollup("count")`'),
    ("log alert", '«logs»("a").rollup("count") > 1', "MON4304", "the query of a log alert has a `.last(…)`, and this one has none",
     'write `.last("5m")`'),
    ("process alert", '«processes»("a").rollup("count").last("5m") > 1', "MON4304",
     "the query of a process alert has a `.over(…)`, and this one has none", 'write `.over("*")` for all hosts'),
    ("service check", '«"a"».by("host").last(2).count_by_status()', "MON4304",
     "the query of a service check has a `.over(…)`, and this one has none", 'write `.over("*")`'),
    ("service check", '«"a"».over("*").last(2).count_by_status()', "MON4304",
     "the query of a service check has a `.by(…)`, and this one has none", 'write `.by("host")`'),
    ("service check", '"a".over("*").by("host").last(2)«»', "MON4304",
     "the query of a service check does not end in `.count_by_status()`", "end it with `.count_by_status()`"),
    ("slo alert", '«burn_rate»("a").over("30d").long_window("1h") > 14.4', "MON4304",
     "the query of an slo alert has a `.short_window(…)`, and this one has none", 'write `.short_window("5m")`'),
    # numbers of other types
    ("service check", '"a".over("*").by("host").last(«101»).count_by_status()', "MON4375",
     "a service check does not look at 101 runs", "write a whole number from 1 to 100"),
    ("slo alert", 'error_budget("a").over(«"28d"») > 75', "MON4376", "SLOs have no timeframe of `28d`", "there is: 7d, 30d, 90d"),
    ("slo alert", 'error_budget("a").over("30d") «< 75»', "MON4376", "what is spent of a budget is not compared by `<`",
     "write `>` or `>=`"),
    ("slo alert", 'burn_rate("a").over("30d").long_window(«"72h"»).short_window("5m") > 1', "MON4376",
     "`72h` is no long window", "write `1h` to `48h`"),
    ("slo alert", 'burn_rate("a").over("30d").long_window("1h").short_window(«"60m"») > 1', "MON4376",
     "the short window `60m` is not shorter than `1h`", "a twelfth is usual: `5m`"),
    ("slo alert", 'burn_rate("a").over("30d").long_window("1h").short_window("5m") «> 0»', "MON4376",
     "the number is not above 0", ""),
    ("composite", "1&&2&&3&&4&&5&&6&&7&&8&&9&&10&&1&&«11»", "MON4374",
     "the query joins 11 monitors, and Datadog joins at most 10", ""),
    # a warning
    ("query alert", "avg(last_4h):anomalies(avg:a{*}, 'agile', 2, alert_window='last_15m', interval=«300») >= 1", "MON4378",
     "with a point every 300 s, `last_15m` has fewer than 5 points", "write `interval=180` or less"),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "marked", "code", "message", "help_"), PROBLEMS)
def test_a_problem_says_what_where_and_what_is_taken(
    type_: str, marked: str, code: str, message: str, help_: str
) -> None:
    text, start, end = unmarked(marked)
    found = list(problems(type_, parse_monitor(type_, text)))
    assert [(each.code.number, each.message, each.help) for each in found] == [(code, message, help_)]
    assert [text[slice(*each.place)] for each in found] == [text[start:end]]
    assert found[0].place == (start, end)


def test_all_problems_of_a_query_are_told() -> None:
    query = parse_monitor("query alert", "mean(last_9w):abss(p0:a{*}.rolup(avg)) > 1")
    assert [problem.message for problem in problems("query alert", query)] == [
        "a window is not reduced by `mean`",
        "`last_9w` is no window of a query alert",
        "there is no function `abss`",
        "series are not put together by `p0`",
        "metrics have no method `rolup`",
    ]
