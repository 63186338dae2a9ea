"""In a whole build no expression is parsed twice, whichever rooms need its tree."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from skillforge_mon.compiler import compile_project, spec_paths
from skillforge_mon.lower import red_metrics
from skillforge_mon.query.promql import Expr, parse

ROOT = Path(__file__).parents[2]


def modules() -> list[ModuleType]:
    return [module for name, module in sys.modules.items() if name.startswith("skillforge_mon")]


@pytest.mark.parametrize("spec", spec_paths([], ROOT / "specs"), ids=lambda path: path.stem)
def test_a_build_parses_every_text_once(spec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compile_project(spec)  # every module that the build needs is loaded now
    red_metrics._parsed.cache_clear()
    parsed: Counter[str] = Counter()

    def counting(text: str) -> Expr:
        parsed[text] += 1
        return parse(text)

    holders = [module for module in modules() if getattr(module, "parse", None) is parse]
    assert {module.__name__ for module in holders} >= {"skillforge_mon.query.promql.once", red_metrics.__name__}
    for module in holders:
        monkeypatch.setattr(module, "parse", counting)
    compilation = compile_project(spec)
    assert compilation.diagnostics == ()
    assert {text: times for text, times in parsed.items() if times > 1} == {}
    assert len(parsed) > 10
