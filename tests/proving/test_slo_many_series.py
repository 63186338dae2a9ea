"""Shares of time that take many series: those that promtool can hold at once are proved, the others are skipped."""

from __future__ import annotations

import pytest

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.proving.case import Skipped
from skillforge_mon.proving.promtool import found_promtool
from skillforge_mon.proving.prove import prove
from tests.backends.prometheus.emitting import emitted
from tests.projects import project
from tests.real.tools import GENERATIONS, tools

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {}
metrics:
  queue_length: {type: gauge, help: Jobs, labels: {queue: bounded}}
services:
  web: {}
slos:
"""


def slo(name: str, budget: str) -> str:
    """An SLO with one pair of windows: a ticket at that share of the budget in six hours."""
    return (
        f"  {name}:\n    service: web\n    objective: 99%\n"
        f'    slices: {{expr: queue_length, good: "< 1000"}}\n'
        f"    burn: [{{short: 30m, long: 6h, budget: {budget}, severity: warning}}]\n"
    )


@pytest.mark.parametrize("generation", GENERATIONS)
def test_as_many_series_as_promtool_holds(generation: str) -> None:
    promtool = found_promtool(tools(generation).promtool)
    assert not isinstance(promtool, Diagnostic)
    spec = SPEC + slo("within", "0.25%") + slo("beyond", "0.125%")
    outcome = prove(project(spec), emitted(spec).documents.values(), promtool)
    assert [each for each in outcome.results if not isinstance(each, Skipped) and each.unmet] == []
    assert [(each.subject, each.scenario, each.reason) for each in outcome.results if isinstance(each, Skipped)] == [
        ("slos.beyond", scenario, f"a share of {share}, which takes more than the 409 series that promtool allows")
        for scenario, share in (
            ("just below 0.15%", "0.001485"),
            ("just above 0.15%", "0.001515"),
            ("warning burn over 30m/6h", "0.00225"),
        )
    ]
