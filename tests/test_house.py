"""The house: a later room imports earlier ones, never the other way; the table is that of docs/architecture.md."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import skillforge_mon

PACKAGE = Path(skillforge_mon.__file__).parent
ROOMS = (
    "diagnostics", "spec", "query", "model", "checks", "lower", "documents", "remote", "backends", "routing", "explaining", "proving", "diff",
    "importing", "push", "codegen", "compiler", "cli",
)  # fmt: skip
FACADE = (
    "compiler",
    "compiler_codes",
    "suppression",
    "environment_notes",
    "fixes",
    "build",
    "build_cache",
    "translation",
)
ENTRANCE = ("__init__", "version", "py")
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))


def room_of(parts: tuple[str, ...]) -> str:
    """The room that a module stands in; the modules of the facade are one."""
    name = parts[0].removesuffix(".py")
    return "compiler" if name in FACADE else name


def imported_rooms(path: Path) -> set[str]:
    """The rooms of this package that a file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((PACKAGE / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            names.add(node.module or "")
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    parts = [tuple(name.split(".")[1:]) for name in names if name.startswith("skillforge_mon.")]
    return {room_of(found) for found in parts if found[0] not in ENTRANCE}


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_room_imports_only_itself_and_earlier_ones(path: Path) -> None:
    room = room_of(path.parts)
    if room in ENTRANCE:
        return
    later = {other for other in imported_rooms(path) if ROOMS.index(other) > ROOMS.index(room)}
    assert later == set()


def test_documents_know_nothing_but_diagnostics() -> None:
    paths = [path for path in MODULES if path.parts[0] == "documents"]
    assert set().union(*map(imported_rooms, paths)) == {"documents", "diagnostics"}


def test_every_folder_says_what_happens_there() -> None:
    packages = [path for path in MODULES if path.name == "__init__.py"]
    undocumented = [str(path) for path in packages if not ast.get_docstring(ast.parse((PACKAGE / path).read_text()))]
    assert undocumented == []


HEAVY = ("pydantic", "jinja2", "rich", "typer", "httpx", "jsonschema", "ruamel", "yaml", "asyncio")


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_start_up_loads_nothing_heavy(argument: str) -> None:
    program = (
        "import sys; from skillforge_mon.cli.main import main; "
        f"code = main([{argument!r}]); "
        f"print(code, sorted(set({HEAVY!r}) & {{name.partition('.')[0] for name in sys.modules}}), file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert result.stderr == "0 []\n"


def test_a_backend_is_loaded_only_when_it_is_used(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text("version: 1\nproject: shop\ntargets:\n  sentry: {organization: shop}\n")
    program = (
        "import sys; from pathlib import Path; from skillforge_mon.compiler import compile_project; "
        "result = compile_project(Path('shop.yaml')); "
        "print(result.diagnostics, sorted(name.split('.')[2] for name in sys.modules "
        "if name.startswith('skillforge_mon.backends.') and name.endswith('.emit')))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path, timeout=60
    )
    assert result.stdout == "() ['runbooks', 'sentry']\n"


def test_what_only_other_sections_need_is_neither_loaded_nor_made(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(
        "version: 1\nproject: shop\ntargets:\n  prometheus: {version: '3.5'}\n"
        "teams:\n  ops: {slack: '#ops'}\nservices:\n  web: {team: ops, scrape: ['web:80']}\n"
    )
    program = (
        "import sys; from pathlib import Path; import skillforge_mon.spec.models.on_demand as on_demand; "
        "made, adapter = [], on_demand.TypeAdapter; "
        "on_demand.TypeAdapter = lambda source: made.append(str(source).split('.')[-1].strip(']')) or adapter(source); "
        "from skillforge_mon.compiler import compile_project; "
        "result = compile_project(Path('shop.yaml')); "
        "print(result.failed, [name for name in sys.modules if name.startswith('skillforge_mon.query.logql')], made)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path, timeout=60
    )
    assert result.stdout == "False [] ['PrometheusTarget', 'Team', 'Service']\n"
