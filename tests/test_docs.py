"""The documentation is what the program says, and its examples run."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

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


def test_the_readme_shows_what_its_spec_becomes(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    spec, rule = re.findall(r"^```yaml\n(.*?)^```", readme, flags=re.MULTILINE | re.DOTALL)[:2]
    built, checked = re.findall(r"^```console\n(.*?)^```", readme, flags=re.MULTILINE | re.DOTALL)
    (tmp_path / "shop.yaml").write_text(spec, encoding="utf-8")
    told = _monmc(tmp_path, "build", "shop.yaml")
    files = sorted(path.relative_to(tmp_path).as_posix() for path in (tmp_path / "generated/shop").rglob("*.*"))
    listed = "".join(f"{file}\n" for file in files)
    assert built == f"$ monmc build shop.yaml\n{told}$ find generated/shop -type f | sort\n{listed}"
    rules = yaml.safe_load((tmp_path / "generated/shop/default/prometheus/rules/web.slos.yml").read_text("utf-8"))
    assert yaml.safe_load(rule)[0] in [each for group in rules["groups"] for each in group["rules"]]
    (tmp_path / "shop.yaml").write_text(spec.replace(', status=~"5.."}[5m]', ', statuss=~"5.."}[5m]'), encoding="utf-8")
    seconds = r"\(\d+\.\d\d s\)"
    told = re.sub(seconds, "", _monmc(tmp_path, "check", "shop.yaml"))
    assert re.sub(seconds, "", checked) == f"$ monmc check shop.yaml\n{told}"


def _monmc(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-c", "from skillforge_mon.cli.main import run; run()", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=60)
    return done.stdout + done.stderr
