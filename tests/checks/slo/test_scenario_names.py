"""Which names a scenario may expect."""

from __future__ import annotations

import pytest

from skillforge_mon.checks import scenario_unknown_name
from skillforge_mon.checks.slo_example import GOOD
from tests.projects import project


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("availability", []),
        ("AvailabilityNoData", []),
        ("AvailabilityTargetDown", []),
        ("AvailabilityInstrumentationBroken", []),
        ("AvailabilityBudgetBurn", ["there is no alert or SLO `AvailabilityBudgetBurn`"]),
        ("LatencyNoData", ["there is no alert or SLO `LatencyNoData`"]),
    ],
)
def test_an_slo_has_names_for_what_is_not_measured(name: str, expected: list[str]) -> None:
    spec = f"{GOOD}tests:\n  gone: {{given: {{requests_total: 1/s}}, expect: [{{at: 1h, alerts: [{name}]}}]}}\n"
    assert [found.headline for found in scenario_unknown_name.check(project(spec))] == expected
