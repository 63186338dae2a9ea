"""The documentation is what the program says, and its examples run."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from skillforge_mon.cli.commands import COMMANDS
from skillforge_mon.compiler import compile_project

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """``docs/generate.py``, which is a program and not part of the package."""
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_up_to_date(generator: ModuleType) -> None:
    pages = dict(generator.generated())
    on_disk = {
        path.relative_to(DOCS).as_posix(): path.read_text(encoding="utf-8")
        for folder in ("codes", "reference", "schema")
        for path in (DOCS / folder).rglob("*.*")
    }
    on_disk["backends.md"] = (DOCS / "backends.md").read_text(encoding="utf-8")
    assert sorted(on_disk) == sorted(pages)
    stale = [name for name, text in pages.items() if on_disk[name] != text]
    assert stale == [], "run `python docs/generate.py`"


def test_every_command_is_documented() -> None:
    text = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    assert re.findall(r"^## monmc (\w+)$", text, re.MULTILINE) == [command.name for command in COMMANDS]


def _pages() -> list[Path]:
    return [ROOT / "README.md", *sorted(path for path in DOCS.rglob("*.md") if path.parent.name != "codes")]


@pytest.mark.parametrize("path", _pages(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    broken = [
        target
        for target in targets
        if "://" not in target and not (path.parent / target.partition("#")[0]).resolve().exists()
    ]
    assert broken == []


@pytest.mark.parametrize("path", _pages(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_whole_specs_in_the_pages_build_without_a_problem(path: Path, tmp_path: Path) -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for number, block in enumerate(block for block in blocks if block.startswith(("version: 1", "# yaml-language"))):
        spec = tmp_path / f"block{number}.yaml"
        spec.write_text(block, encoding="utf-8")
        assert compile_project(spec).diagnostics == ()
