"""Specs compiled to runbooks, and the outcome as files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from skillforge_mon.backends.runbooks.emit import emit
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report
from skillforge_mon.documents.document import Document
from skillforge_mon.documents.render import render
from skillforge_mon.lower.lowering import Lowering
from tests.projects import project

HERE = Path(__file__).parent
CASES = ("shop",)


def compiled(text: str) -> tuple[tuple[Document, ...], tuple[Diagnostic, ...]]:
    """The documents of the spec ``text``, and what the emitter reported."""
    report = Report()
    found = project(text)
    documents = tuple(emit(found, Lowering(found, report), report))
    return documents, tuple(report)


def files(case: str) -> Mapping[str, str]:
    """Every file of a case under ``cases``, by its name, with the objects that each came from."""
    documents, diagnostics = compiled((HERE / "cases" / f"{case}.yaml").read_text(encoding="utf-8"))
    assert [problem.headline for problem in diagnostics] == []
    found = {document.path.removeprefix("runbooks/"): render(document).decode() for document in documents}
    found["objects.txt"] = "".join(f"{document.path}: {', '.join(document.objects)}\n" for document in documents)
    return found
