"""What is wrong about baselines and KPIs, and where it is said."""

from __future__ import annotations

import pytest

from skillforge_mon.checks import (
    baseline_regression,
    baseline_unclear,
    baseline_usual_unit,
    kpi_beyond_retention,
    kpi_unclear,
    made_names_clash,
    promql_threshold_unit,
)
from skillforge_mon.diagnostics.diagnostic import Diagnostic
from tests.projects import project

HEAD = """\
version: 1
project: shop
targets: {prometheus: {}, blackbox: {}}
metrics:
  request_duration_seconds: {type: histogram, buckets: [0.1, 1], labels: {endpoint: bounded}}
  queue_length: {type: gauge}
  queue_wait_ms: {type: gauge, unit: milliseconds}
  disk_bytes: {type: gauge}
  cpu_percent: {type: gauge}
  ok_ratio: {type: gauge}
"""


def said(found: list[Diagnostic]) -> list[tuple[int, str, str, str]]:
    """Of every problem its line below HEAD, code, headline and help."""
    above = HEAD.count("\n")
    return [
        (problem.span.line - above if problem.span is not None else 0, problem.code, problem.headline, problem.help)
        for problem in found
    ]


def clashes(text: str) -> list[tuple[int, str, str, str]]:
    return said(list(made_names_clash.check(project(HEAD + text))))


@pytest.mark.parametrize("names", [("api-latency", "api_latency"), ("api-latency", "API-Latency")])
def test_two_baselines_are_two_series(names: tuple[str, str]) -> None:
    lines = [f"  {name}: {{metric: request_duration_seconds, regression: 50%}}" for name in names]
    assert clashes("\n".join(["baselines:", *lines])) == [
        (
            3,
            "MON3990",
            f"`baselines.{names[1]}` and `baselines.{names[0]}` would both have the series `baseline:api_latency`",
            "give one of them another name",
        )
    ]


def test_baselines_whose_alerts_alone_share_a_name() -> None:
    text = "baselines:\n  api-p95: {expr: queue_length, regression: 50%%}\n  apiP95: {expr: queue_length%s}\n"
    assert clashes(text % ", regression: 50%") == [
        (
            3,
            "MON3990",
            "`baselines.apiP95` and `baselines.api-p95` would both have the alert `ApiP95Regression`",
            "give one of them another name",
        )
    ]
    assert clashes(text % "") == []


def test_two_kpis_are_two_series_and_an_slo_is_none() -> None:
    text = "kpis:\n  a-b: {expr: queue_length, target: < 5}\n  a_b: {expr: queue_length, target: < 7}\n"
    assert clashes(text) == [
        (
            3,
            "MON3990",
            "`kpis.a_b` and `kpis.a-b` would both have the series `kpi:a_b`",
            "give one of them another name",
        )
    ]
    assert clashes(text.replace("a_b: {expr: queue_length, target: < 7}", "a_b: {slo: x}")) == []


def test_a_kpi_and_a_cron_probe_that_are_missed() -> None:
    probe = "probes:\n  night-job: {cron: {metric: queue_length, every: 1d}}\n"
    kpi = "kpis:\n  night_job: {expr: queue_length, target: < 5%s}\n"
    assert clashes(probe + kpi % ", missed: warning") == [
        (
            4,
            "MON3990",
            "`kpis.night_job` and `probes.night-job` would both have the alert `NightJobMissed`",
            "give one of them another name",
        )
    ]
    assert clashes(probe + kpi % "") == []


USUAL = "baselines:\n  q:\n    expr: max(%s)\n    usual: {p50: %s, p95: 1}\n"


@pytest.mark.parametrize(
    ("metric", "said_", "headline", "help_"),
    [
        (
            "queue_wait_ms",
            "800ms",
            "800ms is said of a value in milliseconds",
            "write `800`, without a unit",
        ),
        ("cpu_percent", "80%", "80% is said of a value in percent", "write `80`, without a unit"),
        ("disk_bytes", "5ms", "a value in bytes is compared with 5ms", "5ms is 0.005 seconds"),
        ("ok_ratio", "80", "a share between 0 and 1 is compared with 80", "write 80% as 0.8"),
    ],
)
def test_what_is_usual_is_in_the_unit_of_what_is_measured(metric: str, said_: str, headline: str, help_: str) -> None:
    found = list(baseline_usual_unit.check(project(HEAD + USUAL % (metric, said_))))
    assert said(found) == [(4, "MON3991", f"{headline} (`p50` of `q`)", help_)]


@pytest.mark.parametrize(
    ("metric", "said_"),
    [
        ("queue_wait_ms", "800"),
        ("cpu_percent", "80"),
        ("disk_bytes", "5MiB"),
        ("ok_ratio", "80%"),
        ("queue_length", "9"),
    ],
)
def test_what_is_usual_may_be_a_bare_number(metric: str, said_: str) -> None:
    assert list(baseline_usual_unit.check(project(HEAD + USUAL % (metric, said_)))) == []


def test_what_is_usual_of_a_group_is_said_once() -> None:
    text = """\
baselines:
  latency:
    metric: request_duration_seconds
    by: [endpoint]
    usual:
      - {labels: {endpoint: /a}, p95: 1s}
      - {labels: {endpoint: /b}, p95: 1s}
      - {labels: {endpoint: /a}, p95: 2s}
"""
    assert said(list(baseline_unclear.check(project(HEAD + text)))) == [
        (8, "MON3590", "what is usual in `latency` is said twice of endpoint=/a", "say it once")
    ]


@pytest.mark.parametrize(
    ("kpi", "headline", "help_"),
    [
        ("expr: max(disk_bytes), target: < 300ms", "a value in bytes is compared with 300ms", "300ms is 0.3 seconds"),
        ("expr: max(ok_ratio), target: '> 80'", "a share between 0 and 1 is compared with 80", "write 80% as 0.8"),
        (
            "alerts: {what: precision}, target: '> 80'",
            "a share between 0 and 1 is compared with 80",
            "write 80% as 0.8",
        ),
        (
            "alerts: {what: detection}, target: < 80%",
            "a value in seconds is compared with 80%",
            "80% is a share of 0.8",
        ),
        ("slo: up, target: '> 99'", "a share between 0 and 1 is compared with 99", "write 99% as 0.99"),
    ],
)
def test_a_target_is_in_the_unit_of_its_kpi(kpi: str, headline: str, help_: str) -> None:
    found = list(promql_threshold_unit.check(project(f"{HEAD}kpis:\n  k: {{{kpi}}}\n")))
    assert said(found) == [(2, "MON2110", f"{headline} (`target` of `k`)", help_)]


def test_a_target_that_is_told_when_missed_is_judged_once() -> None:
    kpi = "kpis:\n  k: {expr: max(disk_bytes), target: < 300ms, missed: warning}\n"
    assert [problem.headline for problem in promql_threshold_unit.check(project(HEAD + kpi))] == [
        "a value in bytes is compared with 300ms (`warning` of `KMissed`)"
    ]


@pytest.mark.parametrize("kpi", ["expr: max(queue_wait_ms), target: < 2s", "expr: max(cpu_percent), target: < 70%"])
def test_a_target_in_another_scale_is_converted(kpi: str) -> None:
    assert list(promql_threshold_unit.check(project(f"{HEAD}kpis:\n  k: {{{kpi}}}\n"))) == []


@pytest.mark.parametrize(
    ("regression", "headline", "help_"),
    [
        ("50", "50, which is 5000 %", "write `50%`, or `5000%` if that is meant"),
        ("0%", "0%, which is none", "say how much worse than usual is told: `50%`"),
        ("{critical: -5%, warning: 50%}", "-5%, which is none", "say how much worse than usual is told: `50%`"),
    ],
)
def test_a_regression_is_worse_than_usual(regression: str, headline: str, help_: str) -> None:
    text = f"baselines:\n  b: {{expr: queue_length, regression: {regression}}}\n"
    assert said(list(baseline_regression.check(project(HEAD + text)))) == [
        (2, "MON3993", f"the baseline `b` tells a regression of {headline}", help_)
    ]


@pytest.mark.parametrize("regression", ["50%", "5000%", "0.5", "9"])
def test_a_regression_may_be_a_number(regression: str) -> None:
    text = f"baselines:\n  b: {{expr: queue_length, regression: {regression}}}\n"
    assert list(baseline_regression.check(project(HEAD + text))) == []


SHOWN = "kpis:\n  k: {expr: max(queue_length), target: < 5, over: 90d}\ndashboards: {home: {rows: [{use: kpis}]}}\n"


def test_the_window_before_must_be_kept() -> None:
    kept = HEAD.replace("targets: {prometheus: {}, ", "targets: {grafana: {}, prometheus: {retention: 40d}, ")
    assert said(list(kpi_beyond_retention.check(project(kept + SHOWN)))) == [
        (
            2,
            "MON3992",
            "`k` is shown beside its number of 90d before, and samples are kept for 40d",
            "give it a shorter `over`, or keep samples longer",
        )
    ]
    hidden = SHOWN.replace("use: kpis", "use: alerts")
    stored = f"{SHOWN}retention: {{long_term: 1y}}\n"
    for text in (hidden, stored, SHOWN.replace("90d", "30d")):
        assert list(kpi_beyond_retention.check(project(kept + text))) == []


@pytest.mark.parametrize(
    ("kpi", "number"),
    [
        ("alerts: {what: resolution}, unit: minutes", "in seconds, not in `minutes`"),
        ("alerts: {what: precision}, unit: percent", "a share, not in `percent`"),
    ],
)
def test_numbers_about_alerts_have_a_unit(kpi: str, number: str) -> None:
    found = list(kpi_unclear.check(project(f"{HEAD}kpis:\n  k: {{{kpi}, target: < 1}}\n")))
    assert said(found) == [(2, "MON3592", f"the number of the KPI `k` is {number}", "take `unit` out")]


@pytest.mark.parametrize(
    ("metric", "is_", "help_"),
    [
        ("queue_length", "a gauge", "use `expr`, or name a histogram"),
        (
            "request_duration_seconds_bucket",
            "a part of the histogram `request_duration_seconds`",
            "name the histogram itself",
        ),
    ],
)
def test_the_metric_of_a_baseline_is_a_histogram(metric: str, is_: str, help_: str) -> None:
    found = project(f"{HEAD}baselines:\n  b: {{metric: {metric}, regression: 50%}}\n")
    assert said(list(baseline_unclear.check(found))) == [
        (2, "MON3590", f"the baseline `b` is of `{metric}`, which is {is_}", help_)
    ]
    assert (found.recordings, found.alerts) == ({}, {})
