"""Specs compiled to the files of Loki and of what brings it lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skillforge_mon.backends.alloy.emit import emit as emit_alloy
from skillforge_mon.backends.loki.emit import emit as emit_loki
from skillforge_mon.backends.promtail.emit import emit as emit_promtail
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report
from skillforge_mon.documents.document import Document, Verdict
from skillforge_mon.documents.render import render
from skillforge_mon.lower.lowering import Lowering
from tests.projects import project

HERE = Path(__file__).parent
CASES = ("shop", "shop-promtail", "small")


@dataclass(frozen=True, slots=True)
class Emitted:
    """The documents of a spec by path, and what was reported on the way."""

    documents: Mapping[str, Document]
    diagnostics: tuple[Diagnostic, ...]

    def content(self, path: str) -> Any:
        """What a file holds."""
        return self.documents[path].content

    def verdict(self, object_id: str, backend: str = "loki") -> Verdict:
        """What is said of an object."""
        found = [
            verdict
            for document in self.documents.values()
            for verdict in document.verdicts
            if (verdict.object_id, verdict.backend) == (object_id, backend)
        ]
        assert len(found) == 1, found
        return found[0]


def emitted(text: str) -> Emitted:
    """The files that the spec ``text`` becomes."""
    report = Report()
    compiled = project(text)
    lowering = Lowering(compiled, report)
    documents = [
        document for emit in (emit_loki, emit_alloy, emit_promtail) for document in emit(compiled, lowering, report)
    ]
    return Emitted({document.path: document for document in documents}, tuple(report))


def text_of(case: str) -> str:
    """The spec of a case; ``shop-promtail`` is ``shop`` with Promtail in Alloy's place."""
    base = case.removesuffix("-promtail")
    text = (HERE / "cases" / f"{base}.yaml").read_text(encoding="utf-8")
    return text.replace("  alloy: {}", "  promtail: {}") if case != base else text


def files(case: str) -> Mapping[str, str]:
    """Every file of a case by its name, with what is said of each object."""
    made = emitted(text_of(case))
    kept = {
        path: document for path, document in made.documents.items() if path.startswith("promtail/") or "-" not in case
    }
    found = {path: render(document).decode() for path, document in kept.items()}
    found["verdicts.txt"] = "".join(
        f"{verdict.backend} {verdict.object_id} {verdict.grade}: {verdict.reason} -> {verdict.instead}\n"
        if verdict.reason
        else f"{verdict.backend} {verdict.object_id} {verdict.grade}\n"
        for document in kept.values()
        for verdict in document.verdicts
    )
    found["diagnostics.txt"] = "".join(f"{problem.code} {problem.headline}\n" for problem in made.diagnostics)
    return found
