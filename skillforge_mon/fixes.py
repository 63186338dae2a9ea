"""Applies the safe fixes of diagnostics to the spec files. Comments and layout stay: only the span changes."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Fix
from skillforge_mon.spec.yaml.source import SourceFile

_BOM = "\ufeff"


def safe_fixes(diagnostics: Iterable[Diagnostic]) -> dict[str, list[Fix]]:
    """The safe fixes by file, in the order of their places; of two that overlap the first is kept."""
    by_file: dict[str, list[Fix]] = defaultdict(list)
    for diagnostic in diagnostics:
        if diagnostic.fix is not None and diagnostic.fix.safe:
            by_file[diagnostic.fix.span.file].append(diagnostic.fix)
    chosen: dict[str, list[Fix]] = {}
    for file, fixes in by_file.items():
        kept: list[Fix] = []
        for fix in sorted(fixes, key=lambda fix: fix.span):
            last = kept[-1].span if kept else None
            if last is None or (last.end_line, last.end_column) <= (fix.span.line, fix.span.column):
                kept.append(fix)
        chosen[file] = kept
    return chosen


def fixed_text(text: str, fixes: Iterable[Fix]) -> str:
    """``text`` with every fix applied; the fixes do not overlap and are in order."""
    source = SourceFile("", text)
    pieces: list[str] = []
    position = 0
    for fix in fixes:
        start = source.line_starts[fix.span.line - 1] + fix.span.column - 1
        end = source.line_starts[fix.span.end_line - 1] + fix.span.end_column - 1
        pieces += [text[position:start], fix.replacement]
        position = end
    return "".join([*pieces, text[position:]])


def apply_fixes(diagnostics: Iterable[Diagnostic]) -> dict[str, int]:
    """Write the fixes into the files that the diagnostics name; the result is how many went into each.

    A file is replaced as a whole, so that a crash leaves the old text or the new one. Raises OSError.
    """
    done: dict[str, int] = {}
    for file, fixes in safe_fixes(diagnostics).items():
        path = Path(file).resolve()
        text = path.read_bytes().decode()
        mark = _BOM if text.startswith(_BOM) else ""
        fixed = mark + fixed_text(text.removeprefix(_BOM), fixes)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        temporary.write_bytes(fixed.encode())
        temporary.chmod(path.stat().st_mode & 0o7777)
        temporary.replace(path)
        done[file] = len(fixes)
    return done
