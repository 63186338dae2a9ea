"""What is wrong about baselines and KPIs, and where it is said."""

from __future__ import annotations

import pytest

from skillforge_mon.checks import made_names_clash
from skillforge_mon.diagnostics.diagnostic import Diagnostic
from tests.projects import project

HEAD = """\
version: 1
project: shop
targets: {prometheus: {}, blackbox: {}}
metrics:
  request_duration_seconds: {type: histogram, buckets: [0.1, 1], labels: {endpoint: bounded}}
  queue_length: {type: gauge}
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
