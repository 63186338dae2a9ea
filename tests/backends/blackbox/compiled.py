"""What every backend makes of a spec, as a build writes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from skillforge_mon.compiler import Compilation, compile_project
from skillforge_mon.documents.render import render


def built(folder: Path, text: str) -> Compilation:
    """Compile ``text``, and write its files below ``folder``/out."""
    path = folder / "shop.yaml"
    path.write_text(text, encoding="utf-8")
    compilation = compile_project(path)
    for document in compilation.documents:
        file = folder / "out" / document.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(render(document))
    return compilation


def read(compilation: Compilation, path: str) -> Any:
    """One file as a reader of YAML or JSON sees it."""
    document = next(document for document in compilation.documents if document.path == path)
    return yaml.safe_load(render(document))
