"""What the Prometheus backend makes of a spec."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from skillforge_mon.backends.prometheus.emit import emit
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report
from skillforge_mon.documents.document import Document, Verdict
from skillforge_mon.documents.render import render
from skillforge_mon.lower.lowering import Lowering
from tests.projects import project


@dataclass(frozen=True, slots=True)
class Emitted:
    """The documents of a spec by path, and what was reported on the way."""

    documents: dict[str, Document]
    diagnostics: tuple[Diagnostic, ...]

    def text(self, path: str) -> str:
        """One file as it is written."""
        return render(self.documents[path]).decode()

    def data(self, path: str) -> Any:
        """One file as a YAML reader sees it."""
        return yaml.safe_load(self.text(path))

    def rules(self, path: str) -> list[dict[str, Any]]:
        """All rules of a file, whatever their group."""
        return [rule for group in self.data(path)["groups"] for rule in group["rules"]]

    def verdicts(self) -> list[Verdict]:
        """What is said of each object, in the order of the documents."""
        return [verdict for document in self.documents.values() for verdict in document.verdicts]

    def write(self, folder: Path) -> Path:
        """Write every file below ``folder``; returns the path of prometheus.yml."""
        for path in self.documents:
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.text(path), encoding="utf-8")
        return folder / "prometheus" / "prometheus.yml"


def emitted(text: str) -> Emitted:
    """The files that the spec ``text`` becomes."""
    report = Report()
    compiled = project(text)
    documents = {document.path: document for document in emit(compiled, Lowering(compiled, report), report)}
    return Emitted(documents, tuple(report))
