"""What reaches Datadog finds what Prometheus finds, as far as the translation says so, and no further apart.

Both systems see the same series: Prometheus's side is the algebra, which ``test_algebra_against_prometheus`` holds
against promtool; Datadog's is the translated query, by the rules of its documentation.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillforge_mon.backends.datadog.query.tree import Arithmetic, Number, last
from skillforge_mon.backends.datadog.translate import Translation
from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from skillforge_mon.model.conditions import split_comparison
from skillforge_mon.query.algebra import Condition, read
from skillforge_mon.query.promql import parse
from tests.interpreters.agreement import Judged, judged
from tests.interpreters.algebra import Dialect, Interpreter
from tests.interpreters.series import Labels, RawSeries
from tests.interpreters.translations import conditions, datadog, translated, worlds
from tests.interpreters.worlds import STEP, STEPS

MINUTE = 60_000
MOMENTS = (12 * MINUTE, 17 * MINUTE)


def translation_of(promql: str, hold: int) -> Translation | None:
    try:
        return translated(promql, hold)
    except Untranslatable:
        return None


def verdicts(promql: str, hold: int, series: list[RawSeries], time: int) -> list[Judged]:
    """Every group of a condition that is translated, none of one that is not."""
    translation = translation_of(promql, hold)
    if translation is None:
        return []
    value, comparison = split_comparison(parse(promql))
    assert comparison is not None
    return judged(translation, read(value), comparison.op, comparison.number, hold, series, datadog(series), time)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(worlds(), st.lists(conditions(), min_size=6, max_size=6))
def test_no_evaluation_is_further_from_prometheus_than_the_reasons_allow(
    series: list[RawSeries], conditions: list[tuple[str, int]]
) -> None:
    for promql, hold in conditions:
        for time in MOMENTS:
            for verdict in verdicts(promql, hold, series, time):
                assert verdict.agrees, (promql, hold, time, verdict, translated(promql, hold))


@settings(max_examples=200)
@given(conditions())
def test_no_translation_calls_itself_exact(condition: tuple[str, int]) -> None:
    """Metrics are read in two ways, so there is always a reason; what has none must be equal, and none is."""
    translation = translation_of(*condition)
    assert translation is None or translation.differences


def straight(name: str, labels: Labels, start: float, slope: float) -> RawSeries:
    return RawSeries({"__name__": name, **labels}, tuple(start + slope * index for index in range(STEPS)), STEP)


Q1 = {"queue": "q1", "zone": "a"}
Q2 = {"queue": "q2", "zone": "a"}
STEADY = [
    straight("depth", Q1, 10.0, 0.5),
    straight("depth", Q2, 30.0, -0.25),
    straight("limit", Q1, 50.0, 0.0),
    straight("limit", Q2, 40.0, 0.0),
    straight("requests_total", Q1, 0.0, 30.0),
    straight("requests_total", Q2, 0.0, 15.0),
    straight("errors_total", Q1, 0.0, 3.0),
    straight("errors_total", Q2, 0.0, 0.0),
]
RISING = [
    straight("depth", Q1, 1.0, 2.0),
    straight("depth", Q2, 3.0, 1.0),
    RawSeries({"__name__": "requests_total", **Q1}, tuple(float(n * n) for n in range(STEPS)), STEP),
]
SHAPES = """\
depth > 20
sum by (queue) (depth) > 20
sum(depth) / sum(limit) > 0.4
max(depth) - min(depth) < 10
rate(requests_total[5m]) > 0.7
sum(rate(requests_total[5m])) > 2
sum by (queue) (increase(requests_total[5m])) < 200
sum by (queue) (rate(errors_total[5m])) / sum by (queue) (rate(requests_total[5m])) > 0.05
1 - sum(rate(errors_total[5m])) / sum(rate(requests_total[5m])) < 0.99
avg by (queue) (avg_over_time(depth[4m])) > 20
max_over_time(depth[4m]) > 25
min_over_time(depth[4m]) > 25
sum(sum_over_time(depth[5m])) > 300
clamp_min(sum(depth), 35) > 40
abs(depth - limit) < 15
depth / limit > 0.5
(sum(rate(errors_total[5m])) or vector(0)) > 0.01
sum(irate(requests_total[5m])) > 1
""".splitlines()


@pytest.mark.parametrize("hold", [0, 3 * MINUTE, 10 * MINUTE])
def test_where_series_are_steady_nearly_every_alert_is_decided_and_the_same(hold: int) -> None:
    """The bounds are narrow: of the usual shapes over steady series, most leave only one answer, and that is given."""
    counted: Counter[str] = Counter()
    for promql in SHAPES:
        for time in MOMENTS:
            for verdict in verdicts(promql, hold, STEADY, time):
                assert verdict.agrees, (promql, verdict)
                counted["decided" if verdict.must or not verdict.may else "open"] += 1
    assert counted["decided"] >= 9 * counted["open"]


def fires(promql: str, hold: int, series: list[RawSeries], time: int) -> tuple[set[str], set[str]]:
    """The queues for which Prometheus and Datadog alert at ``time``; "" for an alert without a queue."""
    value, comparison = split_comparison(parse(promql))
    assert comparison is not None
    moments = range(0, time + 1, STEP)
    prometheus = Interpreter(series, Dialect(left_open=True)).fires(
        Condition(read(value), comparison.op, comparison.number, hold), moments
    )[-1]
    found = datadog(series).evaluate(translated(promql, hold).query, time)
    return {dict(key).get("queue", "") for key in prometheus}, {dict(key).get("queue", "") for key in found.alerting}


def steps(name: str, labels: Labels, *stretches: tuple[int, float]) -> RawSeries:
    """A gauge at one value after the other, each for a number of scrapes; or a counter that grows by them."""
    values = [float(value) for count, value in stretches for _ in range(count)]
    if name.endswith("_total"):
        values = list(accumulate(values))
    return RawSeries({"__name__": name, **labels}, tuple(values), STEP)


@pytest.mark.parametrize(
    ("promql", "wrong"),
    [
        ("sum by (queue) (depth) > 20", "twice"),
        ("sum(rate(requests_total[5m])) > 2", "minutes"),
        ("avg by (queue) (avg_over_time(depth[4m])) > 20", "minutes"),
        ("max_over_time(depth[4m]) > 25", "aggregator"),
        ("sum(increase(requests_total[5m])) < 200", "minutes"),
        ("sum(increase(requests_total[5m])) < 200", "op"),
    ],
)
def test_a_wrong_translation_is_noticed(promql: str, wrong: str) -> None:
    right = translated(promql, 0)
    query = {
        "twice": replace(right.query, expression=Arithmetic("*", right.query.expression, Number(Decimal(2)))),
        "minutes": replace(right.query, window=last(3 * right.query.window.minutes)),
        "aggregator": replace(right.query, aggregator="min"),
        "op": replace(right.query, limit=replace(right.query.limit, op=">")),
    }[wrong]
    value, comparison = split_comparison(parse(promql))
    assert comparison is not None
    agree = [
        verdict.agrees
        for translation in (right, replace(right, query=query))
        for verdict in judged(
            translation, read(value), comparison.op, comparison.number, 0, RISING, datadog(RISING), 17 * MINUTE
        )
    ]
    half = len(agree) // 2
    assert all(agree[:half])
    assert not all(agree[half:])


PEAK = [steps("errors_total", Q1, (25, 0), (4, 60), (11, 0))]


@pytest.mark.parametrize(
    ("promql", "hold", "series", "time", "alerts"),
    [
        pytest.param(
            "sum(rate(errors_total[5m])) > 0.3", 5 * MINUTE, PEAK, 15 * MINUTE, (set(), {""}),
            id="a short and violent peak fires the joined window, and Prometheus waits it out",
        ),
        pytest.param(
            "sum(rate(errors_total[5m])) > 0.3", 2 * MINUTE, PEAK, 13 * MINUTE + STEP, (set(), {""}),
            id="where for is left out, Datadog is sooner",
        ),
        pytest.param(
            "sum(rate(errors_total[5m])) > 0.3", 2 * MINUTE, PEAK, 16 * MINUTE, ({""}, {""}),
            id="and Prometheus follows within for",
        ),
        pytest.param(
            "depth > 20", 0, [steps("depth", Q1, (20, 5), (1, 50), (20, 5))], 10 * MINUTE + STEP, (set(), {"q1"}),
            id="a point of the last minute",
        ),
        pytest.param(
            "max_over_time(depth[2m]) > 20", 3 * MINUTE, [steps("depth", Q1, (20, 5), (1, 50), (20, 5))],
            10 * MINUTE, (set(), {"q1"}), id="one extreme point is enough for Datadog",
        ),
        pytest.param(
            "sum(depth - limit) > 20", 0, [straight("depth", Q1, 30.0, 0.0), straight("limit", Q2, 1.0, 0.0)],
            15 * MINUTE, (set(), {""}), id="series without partners count for Datadog",
        ),
        pytest.param(
            "min(rate(requests_total[2m])) > 0.1", 0,
            [
                steps("requests_total", Q1, *[(1, 0), (1, 20)] * 20),
                steps("requests_total", Q2, *[(1, 20), (1, 0)] * 20),
            ],
            15 * MINUTE, ({""}, set()), id="the least over series before the average over time is less",
        ),
    ],
)  # fmt: skip
def test_a_difference_that_is_stated_can_be_seen(
    promql: str, hold: int, series: list[RawSeries], time: int, alerts: tuple[set[str], set[str]]
) -> None:
    assert fires(promql, hold, series, time) == alerts


TURNS = [
    steps("requests_total", Q1, (37, 0), (4, 60)),
    steps("errors_total", Q1, (21, 0), (4, 60), (16, 0)),
]


def test_a_product_is_not_taken_over_a_longer_window() -> None:
    """No range of five minutes sees both factors grow, and one of ten minutes does."""
    promql = "sum(rate(requests_total[5m])) * sum(rate(errors_total[5m])) < 0.02"
    assert fires(promql, 5 * MINUTE, TURNS, 20 * MINUTE) == ({""}, {""})


def test_an_hour_before_is_an_hour_before() -> None:
    series = [steps("depth", Q1, (100, 5), (20, 50), (80, 8))]
    promql = "sum(depth) - sum(depth offset 1h) > 20"
    for time in range(65 * MINUTE, 99 * MINUTE, 3 * MINUTE):
        verdict = verdicts(promql, 2 * MINUTE, series, time)
        assert [each.agrees for each in verdict] == [True], (time, verdict)
    assert fires(promql, 2 * MINUTE, series, 55 * MINUTE) == (set(), set())


def test_a_restart_is_growth_for_prometheus_and_nothing_for_datadog() -> None:
    """Holds for every counter, so no reason repeats it: the Agent ignores a value that is lower than the one before."""
    counter = RawSeries(
        {"__name__": "requests_total", **Q1},
        (*(float(n) for n in range(30)), *(float(n + 40) for n in range(11))),
        STEP,
    )
    restarted = RawSeries(counter.labels, (*counter.scraped[:30], *(float(n + 20) for n in range(11))), STEP)
    query = "sum(increase(requests_total[5m])) > 0"
    sums = [
        datadog([each]).evaluate(translated(query, 0).query, 17 * MINUTE).values[()] for each in (counter, restarted)
    ]
    assert sums == [20.0, 9.0]
    node = read(parse("sum(increase(requests_total[5m]))"))
    found = [Interpreter([each], Dialect(left_open=True)).vector(node, 17 * MINUTE) for each in (counter, restarted)]
    assert [each[()] for each in found] == pytest.approx([19 * 10 / 9, 28 * 10 / 9])


def test_a_missed_scrape_is_the_last_value_for_prometheus_and_a_straight_line_for_datadog() -> None:
    """Holds for every gauge: five minutes of lookback there, five of interpolation between several sources here."""
    series = [
        RawSeries({"__name__": "depth", **Q1}, (*[10.0] * 20, None, None, *[40.0] * 20), STEP),
        straight("depth", Q2, 5.0, 0.0),
    ]
    assert Interpreter(series, Dialect(left_open=True)).value(read(parse("sum(depth)")), 10 * MINUTE) == {(): 15.0}
    monitor = translated("sum(depth) > 0", MINUTE).query
    assert datadog(series).evaluate(monitor, 10 * MINUTE).values == {(): 15.0}
    points = datadog(series).points(monitor.expression, 19 * STEP, 22 * STEP)
    assert points == {(): {20 * STEP: pytest.approx(25.0), 21 * STEP: pytest.approx(35.0), 22 * STEP: 45.0}}
    assert Decimal(0) == monitor.limit.number
