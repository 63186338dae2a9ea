"""The user's own scenarios, run by the real promtool of both generations."""

from __future__ import annotations

import pytest

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.proving.case import Skipped
from skillforge_mon.proving.promtool import found_promtool
from skillforge_mon.proving.prove import Outcome, prove
from skillforge_mon.proving.report import failures, subjects
from tests.backends.prometheus.emitting import emitted
from tests.projects import project
from tests.real.tools import GENERATIONS, tools

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {}
metrics:
  requests_total: {type: counter, help: Requests, labels: {code: bounded}}
  queue_length: {type: gauge, help: Jobs, labels: {queue: bounded}}
  request_duration_seconds: {type: histogram, help: Time, buckets: [0.1, 0.5, 1, 5]}
alerts:
  Backlog:
    severity: {critical: "> 500", warning: "> 100"}
    expr: sum by (queue) (queue_length)
    for: 5m
    summary: "{{ value }} jobs wait"
    no_data: notify
  ErrorsRise:
    severity: warning
    expr: sum(rate(requests_total{code="500"}[5m])) > 1
    for: 0s
    summary: Errors rise
  Slow:
    severity: warning
    expr: histogram_quantile(0.9, rate(request_duration_seconds_bucket[5m])) > 0.5
    for: 0s
    summary: Slow
slos:
  availability:
    objective: 99%
    bad: requests_total{code="500"}
    total: requests_total
tests:
"""
OUTAGE = """\
  outage:
    given:
      requests_total{code="200"}: 100/s
      requests_total{code="500"}: [0/s for 30m, 60/s for 10m]
    expect:
      - {at: 30m, none: true}
      - {at: 30m, slo: {name: availability, budget_remaining: 1}}
      - {at: 39m, alerts: [ErrorsRise, {name: availability, severity: critical}]}
      - {at: 40m, slo: {name: availability, burn_rate: 37.5}}
"""
QUEUE = """\
  queue:
    given:
      queue_length{queue="mails"}: [10 for 10m, 0 to 1000 for 10m, 50 for 10m, absent]
    expect:
      - {at: 10m, none: true}
      - {at: 19m, alerts: {name: Backlog, severity: warning, labels: {queue: mails}}}
      - {at: 21m, none: true}
      - {at: 36m, alerts: [BacklogNoData]}
"""
SLOWNESS = """\
  slowness:
    given:
      request_duration_seconds: [20/s at 300ms for 20m, 20/s at 2s for 10m, stops]
    expect:
      - {at: 20m, none: true}
      - {at: 28m, alerts: Slow}
      - {at: 40m, none: true}
"""
GONE = """\
  gone:
    given:
      requests_total{code="200"}: [5/s for 24h10m, absent]
    expect:
      - {at: 24h20m, none: true}
      - {at: 24h40m, alerts: [{name: AvailabilityNoData, severity: warning, labels: {slo: availability}}]}
"""


def run(text: str, generation: str) -> Outcome:
    """What becomes of the scenarios of a spec."""
    promtool = found_promtool(tools(generation).promtool)
    assert not isinstance(promtool, Diagnostic)
    return prove(project(text), emitted(text).documents.values(), promtool, chosen="tests.*")


@pytest.mark.parametrize("generation", GENERATIONS)
def test_every_shape_of_load_does_what_it_says(generation: str) -> None:
    result = run(SPEC + OUTAGE + QUEUE + SLOWNESS + GONE, generation)
    assert [each for each in result.results if isinstance(each, Skipped) or each.unmet] == []
    assert len(result.results) == 4


def test_what_is_not_met_is_told_in_full() -> None:
    text = SPEC + OUTAGE.replace("{at: 30m, none: true}", "{at: 30m, alerts: [Slow]}").replace("37.5", "37.4")
    found = subjects(run(text, "new"))
    assert (
        "\n".join(failures(found))
        == """
FAIL tests.outage (scenario)  spec.yaml:32
  at 30m: Slow fires
    query     group by (alertname) (ALERTS{alertstate="firing"})
    expected  {alertname="Slow"} 1
    got       nothing
  at 40m: slo:current_burn_rate:ratio of availability is 37.4
    query     (min(slo:current_burn_rate:ratio{slo="availability"}) or vector(NaN)) unless (abs(min(slo:current_burn_rate:ratio{slo="availability"}) - 37.4) <= 0.05)
    expected  nothing
    got       {} 3.75E+01"""
    )
