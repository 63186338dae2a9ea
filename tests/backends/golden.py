"""Writes the expected files of a backend's cases anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path


def write_expected(folder: Path, cases: Iterable[str], files: Callable[[str], Mapping[str, str]]) -> None:
    """Replace everything below ``folder`` by what ``files`` makes of each case."""
    shutil.rmtree(folder, ignore_errors=True)
    for case in cases:
        for name, text in files(case).items():
            path = folder / case / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
