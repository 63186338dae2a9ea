"""What `monmc check` says of problems that some environments have, and others have not."""

from __future__ import annotations

from pathlib import Path

from skillforge_mon.compiler import check_project
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity, Span
from skillforge_mon.environment_notes import with_environments

SPEC = """\
version: 1
project: shop
targets: {prometheus: {}, grafana: {}}
metrics: {depth: {type: gauge, help: Jobs that wait}}
kpis: {waiting: {expr: max(depth), target: < 5}}
dashboards: {home: {rows: [{use: kpis}]}}
environments:
  production: {kpis: null}
  staging: {kpis: null}
  test: {}
"""


def notes(spec: Path, environments: list[str] | None = None) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    return {
        result.environment: [(problem.headline, problem.notes) for problem in result.diagnostics]
        for result in check_project(spec, environments=environments)
    }


def test_a_problem_of_some_environments_names_them(tmp_path: Path) -> None:
    spec = tmp_path / "shop.yaml"
    spec.write_text(SPEC, encoding="utf-8")
    missing = ("`use: kpis` finds nothing to show", ("only in the environments `production`, `staging`",))
    assert notes(spec) == {"default": [], "production": [missing], "staging": [missing], "test": []}
    plain = (missing[0], ())
    assert notes(spec, ["staging"]) == {"staging": [plain]}
    assert notes(spec, ["production", "staging"]) == {"production": [plain], "staging": [plain]}
    alone = (missing[0], ("only in the environment `staging`",))
    assert notes(spec, ["staging", "test"]) == {"staging": [alone], "test": []}


def problem(line: int, *facts: str) -> Diagnostic:
    return Diagnostic("MON4301", Severity.WARNING, "differs", Span.at("shop.yaml", line), notes=facts)


def test_facts_of_some_environments_are_told_beside_those_of_the_spec() -> None:
    reported = {"default": [problem(3, "a", "b")], "production": [problem(3, "b", "c")], "test": [problem(3, "a", "c")]}
    noted = problem(3, "a", "b", "in the environment `production`: c")
    assert with_environments(reported, "default", None) == dict.fromkeys(reported, (noted,))


def test_what_stands_in_an_environment_needs_no_note() -> None:
    reported = {"default": [], "production": [problem(8), problem(3)]}
    assert with_environments(reported, "default", Span("shop.yaml", 7, 1, 9, 4)) == {
        "default": (),
        "production": (problem(8), problem(3, "only in the environment `production`")),
    }
