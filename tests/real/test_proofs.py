"""``monmc test`` on the four platforms: all is as expected, and nothing is skipped.

All are compiled for Prometheus 3.5. What an older engine makes of the rules is asked of two of them; that of every kind of
rule is asked in the tests of each kind.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from skillforge_mon.compiler import compile_project
from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.proving.case import Skipped
from skillforge_mon.proving.promtool import found_promtool
from skillforge_mon.proving.prove import prove
from tests.real.tools import tools
from tests.test_generated import SPECS

OLD = ("jac", "tutoring")
ASKED: list[tuple[str, Path]] = [
    *(("new", spec) for spec in SPECS),
    *(("old", spec) for spec in SPECS if spec.stem in OLD),
]


@pytest.mark.parametrize(("generation", "spec"), ASKED, ids=lambda each: each if isinstance(each, str) else each.stem)
def test_the_rules_of_a_platform_do_what_its_spec_says(generation: str, spec: Path) -> None:
    promtool = found_promtool(tools(generation).promtool)
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
