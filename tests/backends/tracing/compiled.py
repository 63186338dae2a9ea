"""Specs compiled for everything that traces go through."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from skillforge_mon.backends.backend import emitter
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document
from skillforge_mon.documents.render import render
from skillforge_mon.lower.lowering import Lowering
from tests.projects import project

HERE: Final = Path(__file__).parent
BACKENDS: Final = ("jaeger", "tempo", "collector", "otel")
CASES: Final[dict[str, str | None]] = {"collected": None, "direct-production": "production", "small": None}
"""Case -> its environment; the file under ``cases`` is what stands before the ``-``."""


def documents(text: str, environment: str | None = None, backends: tuple[str, ...] = BACKENDS) -> tuple[Document, ...]:
    """What the spec ``text`` gives for ``backends``. The test fails where anything is reported."""
    report = Report()
    found = project(text, environment)
    lowering = Lowering(found, report)
    made = tuple(document for name in backends for document in emitter(name)(found, lowering, report))
    assert [problem.headline for problem in report] == []
    return made


def configuration(text: str, path: str) -> Any:
    """The one file at ``path`` that the spec ``text`` gives, as its reader sees it."""
    (document,) = [each for each in documents(text) if each.path == path]
    return yaml.safe_load(render(document))


def case(name: str) -> str:
    """The spec of a case."""
    return (HERE / "cases" / f"{name.partition('-')[0]}.yaml").read_text(encoding="utf-8")


def files(name: str) -> Mapping[str, str]:
    """Every file of a case, by its path, with an index of verdicts."""
    made = documents(case(name), CASES[name])
    found = {document.path: render(document).decode() for document in made}
    lines = []
    for document in made:
        lines.append(f"{document.path} from {', '.join(document.objects)}\n")
        lines += (f"  {verdict.grade} {verdict.object_id}: {verdict.reason}\n" for verdict in document.verdicts)
    return found | {"index.txt": "".join(lines)}
