"""``monmc test`` on the four platforms, by the promtool of both generations: all is as expected, and nothing is skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillforge_mon.compiler import compile_project
from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.proving.case import Skipped
from skillforge_mon.proving.promtool import found_promtool
from skillforge_mon.proving.prove import prove
from tests.real.tools import Generation
from tests.test_generated import SPECS


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.stem)
def test_the_rules_of_a_platform_do_what_its_spec_says(spec: Path, generation: Generation) -> None:
    promtool = found_promtool(generation.promtool)
    assert not isinstance(promtool, Diagnostic)
    compilation = compile_project(spec)
    assert compilation.project is not None
    outcome = prove(compilation.project, compilation.documents, promtool)
    assert [each for each in outcome.results if isinstance(each, Skipped) or each.unmet] == []
    project = compilation.project
    proved = {each.case.subject for each in outcome.results if not isinstance(each, Skipped)}
    asked = {slo.id for slo in project.slos.values()} | {
        alert.id for alert in project.alerts.values() if "prometheus" in alert.backends and alert.spec.enabled
    }
    assert proved == {*asked, *(f"tests.{name}" for name in project.spec.tests)}
