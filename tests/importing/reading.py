"""What the tests of imports share: an import with the real check behind it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import yaml

from skillforge_mon.compiler import Compilation, compile_project
from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.importing.slos import Imported, import_slos


def compiled(text: str) -> Compilation:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "imported.yaml"
        path.write_text(text, encoding="utf-8")
        return compile_project(path)


def check(text: str) -> tuple[Diagnostic, ...]:
    return compiled(text).diagnostics


def imported(text: str | bytes) -> Imported:
    content = text.encode() if isinstance(text, str) else text
    return import_slos([("slo.yaml", content)], "imported", check)


def spec_of(result: Imported) -> dict[str, Any]:
    assert result.text, result.diagnostics
    loaded = yaml.safe_load(result.text)
    assert isinstance(loaded, dict)
    return loaded


def told(result: Imported) -> list[tuple[str, int, str]]:
    """Code, line and headline of everything that was said."""
    return [(each.code, each.span.line if each.span else 0, each.headline) for each in result.diagnostics]
