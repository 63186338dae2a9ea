"""From a spec text to what the Alertmanager backend makes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from skillforge_mon.backends.alertmanager.emit import emit
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Verdict
from skillforge_mon.documents.render import render
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.project import Project
from tests.projects import project


def documents(spec: str | Project) -> tuple[Document, ...]:
    """Everything that the backend emits for ``spec``, which must be without a problem."""
    source = project(spec) if isinstance(spec, str) else spec
    report = Report()
    found = emit(source, Lowering(source, report), report)
    assert list(report) == []
    return tuple(found)


def configuration(spec: str | Project) -> dict[str, Any]:
    """The content of ``alertmanager.yml``."""
    return cast("dict[str, Any]", documents(spec)[0].content)


def text(spec: str) -> str:
    """The text of ``alertmanager.yml``."""
    return render(documents(spec)[0]).decode()


def verdicts(spec: str) -> tuple[Verdict, ...]:
    """The verdicts on ``alertmanager.yml``."""
    return documents(spec)[0].verdicts


def write(spec: str | Project, folder: Path) -> Path:
    """Write the files into ``folder``, and return the path of the configuration."""
    for document in documents(spec):
        (folder / Path(document.path).name).write_bytes(render(document))
    return folder / "alertmanager.yml"
