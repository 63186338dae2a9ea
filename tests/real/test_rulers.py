"""What a ruler gets for 200 SLOs is what Prometheus would load: Mimir and Cortex read groups with Prometheus's code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from skillforge_mon.backends.prometheus.emit import rule_files
from skillforge_mon.backends.ruler.emit import emit
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.lower.lowering import Lowering
from tests.backends.ruler.specs import slo_spec
from tests.projects import project
from tests.real.generation import Generation
from tests.real.tools import promtool_check_rules

SLOS = 200
RULES = 19 * SLOS


def groups(limits: str, generation: Generation) -> tuple[list[Any], list[Any], list[str]]:
    """The groups of Prometheus, those of the ruler, and the codes that are reported."""
    version = f"{generation.prometheus.major}.{generation.prometheus.minor}"
    source = project(slo_spec(SLOS, limits).replace("prometheus: {}", f'prometheus: {{version: "{version}"}}'))
    report = Report()
    lowering = Lowering(source, report)
    for_ruler = list(_of([each.content for each in emit(source, lowering, report)]))
    for_prometheus = list(_of([each.content for each in rule_files(source, lowering, Report())]))
    return for_prometheus, for_ruler, [problem.code for problem in report]


def _of(contents: list[Any]) -> Iterator[Any]:
    for content in contents:
        yield from content["groups"]


@pytest.mark.parametrize("limits", ["rules_per_group: 20, groups: 200", "rules_per_group: 60, groups: 70"])
def test_promtool_takes_the_merged_groups_of_two_hundred_slos(
    limits: str, generation: Generation, tmp_path: Path
) -> None:
    for_prometheus, for_ruler, reported = groups(limits, generation)
    most_rules, most_groups = (int(part.split()[1]) for part in limits.split(", "))
    assert reported == []
    assert len(for_prometheus) == 2 * SLOS
    assert max(len(group["rules"]) for group in for_prometheus) <= 20
    assert len(for_ruler) <= most_groups
    assert max(len(group["rules"]) for group in for_ruler) <= most_rules
    for name, found in (("prometheus.yml", for_prometheus), ("ruler.yml", for_ruler)):
        (tmp_path / name).write_text(yaml.safe_dump({"groups": found}), encoding="utf-8")
        checked = promtool_check_rules(generation, tmp_path / name)
        assert checked.exit_code == 0, checked.output
        assert f"SUCCESS: {RULES} rules found" in checked.output
        assert "duplicate" not in checked.output


def test_two_hundred_groups_are_the_fewest(generation: Generation) -> None:
    assert groups("rules_per_group: 20, groups: 199", generation)[2] == ["MON4362"]
