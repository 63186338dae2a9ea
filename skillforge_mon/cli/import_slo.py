"""``monmc import slo``: SLO specs of Sloth, Pyrra and OpenSLO in, a spec of ours out."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from skillforge_mon.cli.options import Colour, OutputFormat, print_diagnostics, write_text
from skillforge_mon.compiler import compile_project
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity, Span
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.diagnostics.summary import Summary

if TYPE_CHECKING:
    from skillforge_mon.importing.slos import Imported

_STDIN = "-"
_STDIN_NAME = "<stdin>"


def imported_slos(sources: Sequence[str], project: str, colour: Colour, *, strict: bool) -> Imported | None:
    """What the files ``sources`` hold; None when it cannot be had. What there is to say of them is printed."""
    from skillforge_mon.importing.slos import import_slos
    from skillforge_mon.spec.models.base import NAME_PATTERN

    if not re.fullmatch(NAME_PATTERN, project):
        raise typer.BadParameter(
            f"`{project}` is not a name: it begins with a letter and holds letters, digits, `_`, `-` and `.`",
            param_hint="--project",
        )
    files, unread = _read(sources)
    imported = import_slos(files, project, _problems)
    found = [*unread, *imported.diagnostics]
    if strict:
        found = [_stricter(each) for each in found]
    failed = imported.failed or any(each.severity is Severity.ERROR for each in found)
    summary = Summary(len(files))
    print_diagnostics(
        sorted(found, key=Diagnostic.sort_key), Sources.from_texts(imported.texts), summary, OutputFormat.text, colour,
        sys.stderr,
    )  # fmt: skip
    if failed:
        write_text(sys.stderr, "nothing was written\n")
        return None
    return imported


def _read(sources: Iterable[str]) -> tuple[list[tuple[str, bytes]], list[Diagnostic]]:
    from skillforge_mon.importing.codes import NOT_A_DOCUMENT

    files: list[tuple[str, bytes]] = []
    problems: list[Diagnostic] = []
    for source in dict.fromkeys(sources):
        if source == _STDIN:
            files.append((_STDIN_NAME, sys.stdin.buffer.read()))
            continue
        try:
            files.append((source, Path(source).read_bytes()))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            problems.append(NOT_A_DOCUMENT.at(Span.at(source), f"`{source}` cannot be read: {reason}"))
    return files, problems


def _problems(text: str) -> tuple[Diagnostic, ...]:
    """What ``monmc check`` says of the spec ``text``."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "imported.yaml"
        path.write_text(text, encoding="utf-8")
        return compile_project(path).diagnostics


def _stricter(diagnostic: Diagnostic) -> Diagnostic:
    warned = diagnostic.severity is Severity.WARNING
    return replace(diagnostic, severity=Severity.ERROR) if warned else diagnostic


def ending(imported: Imported) -> str:
    """The last line, once the spec is written."""
    slos = f"{imported.slos} SLO" if imported.slos == 1 else f"{imported.slos} SLOs"
    documents = f"{imported.documents} document" if imported.documents == 1 else f"{imported.documents} documents"
    return f"wrote {slos} from {documents}\n"
