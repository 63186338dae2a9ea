"""``tests`` in a spec: what is refused, with its place."""

from __future__ import annotations

import pytest

from skillforge_mon.checks.scenario_examples import SCENARIO
from tests.projects import resolved

CASES = {
    "a moment that expects nothing": (
        "{at: 20m, alerts: [Backlog]}", "{at: 20m}",
        [("MON1105", 31, "one moment expects one thing")],
    ),
    "a moment that expects two things": (
        "{at: 20m, alerts: [Backlog]}", "{at: 20m, alerts: [Backlog], none: true}",
        [("MON1105", 31, "one moment expects one thing")],
    ),
    "an SLO of which nothing is expected": (
        "{at: 20m, alerts: [Backlog]}", "{at: 20m, slo: {name: web}}",
        [("MON1105", 31, "nothing is expected of the SLO")],
    ),
    "a load that is none": (
        "5 for 10m", "much for 10m",
        [("MON1105", 28, "`much for 10m` is not a load")],
    ),
    "a load that is a truth value": (
        "[5 for 10m, 500]", "true",
        [("MON1105", 28, "this is not a load")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "reported"), CASES.values(), ids=CASES)
def test_what_is_wrong_has_a_place(old: str, new: str, reported: list[tuple[str, int, str]]) -> None:
    assert old in SCENARIO
    _, diagnostics = resolved(SCENARIO.replace(old, new))
    found = [(each.code, each.span.line if each.span is not None else 0, each.headline) for each in diagnostics]
    assert found == reported
