"""``generated/`` is what ``specs/`` compile to, to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillforge_mon.compiler import compile_project, plan, spec_paths

ROOT = Path(__file__).parent.parent
SPECS = spec_paths([], ROOT / "specs")


def tree(root: Path) -> dict[str, bytes]:
    """Every file below ``root``."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_the_four_platforms_are_there() -> None:
    assert [path.name for path in SPECS] == ["jac.yaml", "skillforge", "toolboxai.yaml", "tutoring.yaml"]


def test_nothing_else_is_generated() -> None:
    built = {path.name for path in (ROOT / "generated").iterdir() if not path.name.startswith(".")}
    assert built == {path.stem for path in SPECS}


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.stem)
def test_a_build_gives_what_is_committed(spec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    compilation = compile_project(spec.relative_to(ROOT))
    assert compilation.diagnostics == ()
    planned = plan(compilation, Path("generated"))
    assert planned.contents == tree(ROOT / "generated" / compilation.name / compilation.environment)
