"""Alerts of every kind are proved; where no series can be made up, the construct is named."""

from __future__ import annotations

import pytest

from skillforge_mon.backends.prometheus.emit import emit
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report
from skillforge_mon.documents.document import Document
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.project import Project
from skillforge_mon.proving.case import Skipped
from skillforge_mon.proving.promtool import found_promtool
from skillforge_mon.proving.prove import prove
from tests.projects import project
from tests.real.tools import GENERATIONS, tools

HEAD = """\
version: 1
project: shop
targets:
  prometheus: {}
metrics:
  jobs_total: {type: counter, help: Jobs, labels: {queue: bounded, result: [ok, failed, late]}}
  depth: {type: gauge, help: Depth, labels: {queue: bounded}}
  limit: {type: gauge, help: Limit, labels: {queue: bounded}}
  worker_up: {type: gauge, help: Whether it works, unit: boolean, labels: {queue: bounded}}
  last_run_seconds: {type: gauge, help: When it last ran, unit: seconds}
  wait_seconds: {type: histogram, help: Wait, buckets: [0.5, 1, 5], labels: {queue: bounded}}
  native_seconds: {type: native_histogram, help: Native}
alerts:
"""
PROVED = {
    "a gauge": "depth > 5",
    "a target that is down": "up == 0",
    "a value that is not": "worker_up != 1",
    "below": "sum by (queue) (depth) < 3",
    "a number on the left": "10 < depth",
    "both": "depth > 5 and on (queue) worker_up == 1",
    "either": "depth > 100 or limit < 2",
    "unless": "depth > 5 unless on (queue) worker_up == 0",
    "a share of several": 'sum(rate(jobs_total{result=~"failed|late"}[5m])) / sum(rate(jobs_total[5m])) > 0.1',
    "a share that is left out": 'sum(rate(jobs_total{result!="ok"}[5m])) / sum(rate(jobs_total[5m])) > 0.1',
    "one by many": "depth / on (queue) group_left () limit > 0.8",
    "a mean of observations": "rate(wait_seconds_sum[5m]) / rate(wait_seconds_count[5m]) > 2",
    "a share of quick ones": 'sum(rate(wait_seconds_bucket{le="1.0"}[5m])) / sum(rate(wait_seconds_count[5m])) < 0.9',
    "a quantile by label": "histogram_quantile(0.5, sum by (queue, le) (rate(wait_seconds_bucket[10m]))) > 1",
    "what is absent": 'absent(depth{queue="mails"})',
    "what was absent": 'absent_over_time(depth{queue="mails"}[10m])',
    "a drop": "depth / depth offset 1h < 0.5",
    "a rise of a gauge": "delta(depth[10m]) > 50",
    "a forecast": "predict_linear(depth[30m], 3600) > 1000",
    "a count of what is wrong": "count(worker_up == 0) > 0",
    "a mean over time": "avg_over_time(worker_up[10m]) < 0.9",
    "a change": "changes(depth[15m]) > 0",
    "the highest": "topk(1, depth) > 7",
    "how long ago": "time() - last_run_seconds > 600",
    "how long ago, turned": "last_run_seconds < time() - 600",
    "how long until then": "(last_run_seconds - time()) / 86400 < 14",
    "within bounds": "clamp_max(depth, 100) >= 50",
    "the worst of a subquery": "max_over_time(sum(rate(jobs_total[5m]))[15m:1m]) > 4",
}
SKIPPED = {
    "histogram_quantile(0.9, rate(native_seconds[5m])) > 1": "a native histogram",
    "holt_winters(depth[1h], 0.5, 0.5) > 3": "the function `holt_winters`",
    '{job="api"} > 3': "a selector without the name of a metric",
    "depth > 5 and depth < 4": "no series found with which the condition changes",
}


def compiled(queries: list[str]) -> tuple[Project, list[Document]]:
    """A project with an alert for each query."""
    lines = (
        f"  Alert{index}:\n    severity: warning\n    expr: '{query}'\n    for: 2m\n"
        '    summary: "{{ value | humanize }}"\n'
        for index, query in enumerate(queries)
    )
    found = project(HEAD + "".join(lines))
    report = Report()
    return found, list(emit(found, Lowering(found, report), report))


@pytest.mark.parametrize("generation", GENERATIONS)
def test_every_kind_of_alert_is_proved(generation: str) -> None:
    promtool = found_promtool(tools(generation).promtool)
    assert not isinstance(promtool, Diagnostic)
    outcome = prove(*compiled(list(PROVED.values())), promtool)
    wrong = {
        list(PROVED)[index]: each.reason if isinstance(each, Skipped) else each.unmet
        for index, each in enumerate(outcome.results)
        if isinstance(each, Skipped) or each.unmet
    }
    assert wrong == {}


@pytest.mark.parametrize(("query", "reason"), SKIPPED.items(), ids=SKIPPED.values())
def test_what_cannot_be_proved_is_named(query: str, reason: str) -> None:
    promtool = found_promtool(tools("new").promtool)
    assert not isinstance(promtool, Diagnostic)
    [result] = prove(*compiled([query]), promtool).results
    assert isinstance(result, Skipped)
    assert (result.subject, result.reason) == ("alerts.Alert0", reason)


def test_an_end_that_cannot_be_made_up_is_named() -> None:
    """What was an hour ago goes on for an hour after all is well again, and was above the threshold before that."""
    promtool = found_promtool(tools("new").promtool)
    assert not isinstance(promtool, Diagnostic)
    found = prove(*compiled(["increase(jobs_total[1h] offset 1h) > 3"]), promtool).results
    assert [(each.scenario, each.reason) for each in found if isinstance(each, Skipped)] == [
        ("warning: the end", "no series found with which it is over again")
    ]
    assert [each.unmet for each in found if not isinstance(each, Skipped)] == [()]
