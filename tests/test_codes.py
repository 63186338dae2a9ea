"""Every code's examples do what its page says: the bad one earns the code, the good one earns nothing."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from skillforge_mon.compiler import compile_project
from skillforge_mon.diagnostics.catalogue import all_codes
from skillforge_mon.diagnostics.codes import Code

CODES = all_codes().values()
TODAY = datetime.date(2026, 1, 1)
SHOWN = [code for code in CODES if code.bad]


def reported(text: str, folder: Path) -> list[str]:
    """The codes that building ``text`` earns, without repeats."""
    spec = folder / "spec.yaml"
    spec.write_text(text, encoding="utf-8")
    return list(dict.fromkeys(diagnostic.code for diagnostic in compile_project(spec, today=TODAY).diagnostics))


def test_there_are_at_least_sixty_codes() -> None:
    assert len(all_codes()) >= 60


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.number)
def test_a_code_says_what_and_why_and_shows_it_or_says_why_not(code: Code) -> None:
    assert code.what.endswith(".")
    assert code.why.endswith((".", ".)", '").'))
    assert bool(code.bad) == bool(code.good)
    assert bool(code.bad) != bool(code.untestable)


@pytest.mark.parametrize("code", SHOWN, ids=lambda code: code.number)
def test_the_bad_example_earns_its_code(code: Code, tmp_path: Path) -> None:
    assert code.number in reported(code.bad, tmp_path)


@pytest.mark.parametrize("code", SHOWN, ids=lambda code: code.number)
def test_the_good_example_earns_nothing(code: Code, tmp_path: Path) -> None:
    assert reported(code.good, tmp_path) == []
