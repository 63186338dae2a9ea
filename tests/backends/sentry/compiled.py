"""Specs compiled for Sentry, and the outcome as files: what they say, and what is said about them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from skillforge_mon.backends.sentry.emit import emit
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report
from skillforge_mon.documents.document import Document
from skillforge_mon.documents.render import render
from skillforge_mon.lower.lowering import Lowering
from tests.projects import project

HERE = Path(__file__).parent
CASES = ("workflows", "legacy", "projects")


def compiled(text: str, environment: str | None = None) -> tuple[tuple[Document, ...], tuple[Diagnostic, ...]]:
    """The documents of the spec ``text``, and what the emitter reported."""
    report = Report()
    found = project(text, environment)
    documents = tuple(emit(found, Lowering(found, report), report))
    return documents, tuple(report)


def files(case: str) -> Mapping[str, str]:
    """Every file of a case under ``cases``, by its name, with an index of resources and verdicts."""
    documents, diagnostics = compiled((HERE / "cases" / f"{case}.yaml").read_text(encoding="utf-8"))
    assert [problem.headline for problem in diagnostics] == []
    found = {document.path.removeprefix("sentry/"): render(document).decode() for document in documents}
    found["index.txt"] = "".join(_described(document) for document in documents)
    return found


def _described(document: Document) -> str:
    lines = [f"{document.path} from {', '.join(document.objects)}"]
    if document.resource is not None:
        lines.append(f"  is the {document.resource.kind} {document.resource.key}")
        lines += [f"  needs the {needed.kind} {needed.key}" for needed in document.resource.references]
    for verdict in document.verdicts:
        place = f"{verdict.object_id} {verdict.field}".strip()
        lines.append(f"  {verdict.grade} {place}" + (f": {verdict.reason}" if verdict.reason else ""))
        if verdict.instead:
            lines.append(f"    instead: {verdict.instead}")
    return "\n".join(lines) + "\n"
