"""Specs compiled for Grafana, and the outcome as files: what they say, and what is said about them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from skillforge_mon.backends.grafana.emit import emit
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report
from skillforge_mon.documents.document import Document
from skillforge_mon.documents.render import render
from skillforge_mon.lower.lowering import Lowering
from tests.projects import project

HERE = Path(__file__).parent
CASES: dict[str, str | None] = {
    "shop": None,
    "small": None,
    "small-staging": "staging",
    "alerting-production": "production",
}
"""Case -> its environment; the file under ``cases`` is what stands before the ``-``."""


def compiled(text: str, environment: str | None = None) -> tuple[tuple[Document, ...], tuple[Diagnostic, ...]]:
    """The documents of the spec ``text``, and what the layout and the emitter reported."""
    report = Report()
    found = project(text, environment)
    documents = tuple(emit(found, Lowering(found, report), report))
    return documents, tuple(report)


def dashboards(text: str, environment: str | None = None) -> list[dict[str, Any]]:
    """Every dashboard of the spec ``text``, read from its file. The test fails where anything is reported."""
    documents, diagnostics = compiled(text, environment)
    assert [problem.headline for problem in diagnostics] == []
    return [read(document) for document in of_kind(documents, "dashboard")]


def of_kind(documents: Iterable[Document], kind: str) -> list[Document]:
    """Those that are resources of a kind."""
    return [each for each in documents if each.resource is not None and each.resource.kind == kind]


def read(document: Document) -> Any:
    """The JSON of a document, as Grafana reads it."""
    return json.loads(render(document))


def panels(dashboard: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every panel and row of a dashboard, those of closed rows after their row."""
    for panel in dashboard["panels"]:
        yield panel
        yield from panel.get("panels", ())


def files(case: str) -> Mapping[str, str]:
    """Every file of a case, by its name, with an index of resources and verdicts."""
    text = (HERE / "cases" / f"{case.partition('-')[0]}.yaml").read_text(encoding="utf-8")
    documents, diagnostics = compiled(text, CASES[case])
    assert [problem.headline for problem in diagnostics] == []
    found = {document.path.removeprefix("grafana/"): render(document).decode() for document in documents}
    found["index.txt"] = "".join(_described(document) for document in documents)
    return found


def _described(document: Document) -> str:
    lines = [f"{document.path} from {', '.join(document.objects)}".removesuffix(" from ")]
    if document.resource is not None:
        resource = document.resource
        lines.append(f"  is the {resource.kind} {resource.key}")
        lines += [f"    needs the {needed.kind} {needed.key}" for needed in resource.references]
        lines += [f"    was {resource.was}"] if resource.was else []
        lines += [f"    is to take over {resource.adopt}"] if resource.adopt else []
    for verdict in document.verdicts:
        lines.append(f"  {verdict.grade} {verdict.object_id}" + (f": {verdict.reason}" if verdict.reason else ""))
        if verdict.instead:
            lines.append(f"    instead: {verdict.instead}")
    return "\n".join(lines) + "\n"
