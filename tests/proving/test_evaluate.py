"""The second reading of PromQL agrees with Prometheus: every query has the value that promtool of each generation finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.proving.case import Case, ValueCheck
from skillforge_mon.proving.evaluate import Clock, Evaluator
from skillforge_mon.proving.promtool import complaints, found_promtool, run_files
from skillforge_mon.proving.traffic import InputSeries, Stretch, counter_pieces, gauge_pieces, series_text
from skillforge_mon.proving.unsupported import UnsupportedError
from skillforge_mon.proving.written import write_run
from skillforge_mon.query.promql import parse
from tests.real.tools import GENERATIONS, tools

STEP = 30_000
STEPS = 60


def counter(code: str, job: str, *stretches: tuple[int, float | None]) -> InputSeries:
    labels = {"__name__": "requests_total", "code": code, "job": job}
    return InputSeries(labels, counter_pieces(Stretch(*each) for each in stretches))


def gauge(name: str, job: str, *stretches: tuple[int, float | None]) -> InputSeries:
    return InputSeries({"__name__": name, "job": job}, gauge_pieces(Stretch(*each) for each in stretches))


def buckets(*bounds: tuple[str, float]) -> list[InputSeries]:
    return [
        InputSeries({"__name__": "seconds_bucket", "le": le}, counter_pieces([Stretch(STEPS, rate)]))
        for le, rate in bounds
    ]


SERIES = [
    counter("200", "a", (20, 10.0), (20, 30.0), (20, 5.0)),
    counter("500", "a", (30, 0.0), (30, 2.0)),
    counter("200", "b", (10, 4.0), (5, None), (45, 7.0)),
    counter("404", "b", (50, 1.0), (10, None)),
    gauge("up", "a", (30, 1.0), (10, 0.0), (20, 1.0)),
    gauge("up", "b", (45, 1.0), (15, None)),
    gauge("depth", "a", (25, 10.0), (10, 40.0), (25, 3.5)),
    gauge("depth", "b", (60, 8.0)),
    gauge("asked", "a", (40, 3.0), (20, None)),
    InputSeries({"__name__": "asked", "job": "b"}, gauge_pieces((Stretch(25, 7.0), Stretch(35, None))), forgotten=True),
    gauge("most", "a", (60, 100.0)),
    gauge("most", "b", (60, 50.0)),
    *buckets(("0.1", 5.0), ("0.5", 11.0), ("1", 17.0), ("+Inf", 20.0)),
]
QUERIES = """\
sum(rate(requests_total[5m]))
sum by (job) (increase(requests_total{code=~"2..|404"}[4m]))
sum without (code) (irate(requests_total[2m]))
sum by (job) (rate(requests_total{code="500"}[5m])) / sum by (job) (rate(requests_total[5m]))
avg by (job) (requests_total) - max by (job) (requests_total)
count(requests_total > 100)
stddev(requests_total)
quantile(0.7, requests_total)
topk(2, requests_total)
histogram_quantile(0.9, sum by (le) (rate(seconds_bucket[5m])))
histogram_quantile(0.2, seconds_bucket)
histogram_quantile(0.99, seconds_bucket)
absent(up{job="c"})
absent(up{job="a"} == 0)
absent_over_time(up{job="b"}[3m])
depth / most
depth / on (job) group_left () most * 100
depth > 5 and on (job) up == 1
depth unless depth offset 10m
depth or most
depth == bool 8
-depth + 2 ^ 3 % 5
avg_over_time(depth[7m])
max_over_time(depth[3m]) - min_over_time(depth[10m])
sum_over_time(up[5m]) / count_over_time(up[5m])
changes(depth[20m]) + resets(requests_total[20m])
stdvar_over_time(depth[10m])
quantile_over_time(0.5, depth[10m])
predict_linear(depth[8m], 3600)
deriv(depth[8m])
delta(depth[10m])
idelta(depth[2m])
clamp(depth, 5, 20) + clamp_min(depth, 9) + clamp_max(depth, 9)
abs(depth - 20) + ceil(depth / 3) + floor(depth / 3) + sgn(depth - 8) + sqrt(depth) + ln(depth)
max_over_time(sum(rate(requests_total[2m]))[10m:1m])
rate(requests_total[5m] offset 5m)
last_over_time(up[5m])
scalar(most{job="a"}) + vector(1)
timestamp(depth)
1 - avg(up)
asked
timestamp(asked)
asked offset 3m
sum(asked) > 5 or absent(asked{job="b"})
max_over_time(sum(asked)[6m:1m])
""".splitlines()
MOMENTS = (5, 21, 33, 34, 35, 39, 41, 47, 59)


@pytest.mark.parametrize("generation", GENERATIONS)
def test_every_query_has_the_value_that_prometheus_finds(generation: str, tmp_path: Path) -> None:
    promtool = found_promtool(tools(generation).promtool)
    assert not isinstance(promtool, Diagnostic)
    evaluator = Evaluator(SERIES, Clock(STEP, promtool.left_open))
    checks = []
    for query in QUERIES:
        rounded = f"round({query}, 0.00001) >= -Inf"  # NaN cannot be expected
        for moment in MOMENTS:
            values = evaluator.vector(parse(rounded), moment * STEP)
            samples = {series_text(labels): value for labels, value in values}
            checks.append(ValueCheck(moment * STEP, rounded, samples, query))
    case = Case("", "", None, "", (), tuple(SERIES), (), tuple(checks), STEP, STEP, STEPS)
    path = write_run(tmp_path, "run", [case])
    found, other = complaints(run_files(promtool, [path])[path])
    assert [(each.subject, each.time, each.got) for each in found] == []
    assert other == ""


@pytest.mark.parametrize(
    ("query", "construct"),
    [
        ("holt_winters(depth[5m], 0.5, 0.5)", "the function `holt_winters`"),
        ("count_values('x', depth)", "the aggregation `count_values`"),
        ("depth @ 100", "the modifier `@`"),
        ("requests_total / ignoring (code) requests_total", "two series of one side that match the same of the other"),
    ],
)
def test_what_it_does_not_know_is_named(query: str, construct: str) -> None:
    with pytest.raises(UnsupportedError) as raised:
        Evaluator(SERIES, Clock(STEP, left_open=True)).at(parse(query), 0)
    assert str(raised.value) == construct
