"""Specs with dashboards for Datadog, and what they are compiled to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from skillforge_mon.backends.datadog.emit import emit
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report
from skillforge_mon.documents.document import Document
from skillforge_mon.documents.render import render
from skillforge_mon.lower.lowering import Lowering
from tests.projects import project

HERE = Path(__file__).parent
CASES: dict[str, str | None] = {"shop": None, "shop-staging": "staging"}
"""Case -> its environment; the file under ``cases`` is what stands before the ``-``."""

HEAD = """\
version: 1
project: shop
targets:
  datadog: {}
  prometheus: {}
metrics:
  requests_total: {type: counter, labels: {service: bounded, status: bounded, region: bounded}}
  errors_total: {type: counter, labels: {service: bounded}, datadog: {name: acme.errors, type: count}}
  latency_seconds: {type: histogram, buckets: [0.1, 0.5, 1], labels: {service: bounded}}
  queue_length: {type: gauge, unit: jobs, labels: {queue: bounded}}
  queue_limit: {type: gauge, unit: jobs, labels: {queue: bounded}}
  heap_bytes: {type: gauge, exported_by_push: true}
services:
  web: {}
environments:
  production: {}
  staging: {}
"""


def board(panels: str, fields: str = "") -> str:
    """A spec with one dashboard ``home``, whose only row has ``panels``: flow maps, one a line."""
    lines = "".join(f"          - {line}\n" for line in panels.strip().splitlines())
    own = "".join(f"    {line}\n" for line in fields.strip().splitlines())
    return f"{HEAD}dashboards:\n  home:\n{own}    rows:\n      - panels:\n{lines}"


def compiled(text: str, environment: str | None = None) -> tuple[tuple[Document, ...], tuple[Diagnostic, ...]]:
    """The documents of the spec ``text``, and what the layout and the emitter reported."""
    found = project(text, environment)
    report = Report()
    return tuple(emit(found, Lowering(found, report), report)), tuple(report)


def only(text: str, environment: str | None = None) -> Document:
    """The one dashboard of ``text``, about which nothing must be reported."""
    documents, problems = compiled(text, environment)
    assert problems == ()
    (found,) = [each for each in documents if each.resource is not None and each.resource.kind == "dashboard"]
    return found


def body(text: str, environment: str | None = None) -> dict[str, Any]:
    """What the one dashboard of ``text`` says."""
    content = only(text, environment).content
    assert isinstance(content, dict)
    return content


def widget(panel: str, fields: str = "") -> dict[str, Any]:
    """The definition of the one widget that ``panel`` becomes."""
    (found,) = body(board(panel, fields))["widgets"]
    definition = found["definition"]
    assert isinstance(definition, dict)
    return definition


def reasons(text: str) -> list[str]:
    """The differences that the verdict of the one dashboard names."""
    return [each for verdict in only(text).verdicts for each in verdict.reason.split("; ") if each]


def stops(text: str) -> list[tuple[str, str, str]]:
    """The place, reason and advice of everything that Datadog cannot say of the one dashboard."""
    documents, problems = compiled(text)
    assert problems == ()
    (note,) = documents
    return [(each.field, each.reason, each.instead) for each in note.verdicts if each.field]


def all_widgets(dashboard: Mapping[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """The widgets of a dashboard, then those of each group."""
    yield dashboard["widgets"]
    for each in dashboard["widgets"]:
        if "widgets" in each["definition"]:
            yield each["definition"]["widgets"]


def files(case: str) -> Mapping[str, str]:
    """Every dashboard of a case by its name, and what is said about it."""
    text = (HERE / "cases" / f"{case.partition('-')[0]}.yaml").read_text(encoding="utf-8")
    documents, diagnostics = compiled(text, CASES[case])
    assert [problem.headline for problem in diagnostics] == []
    boards = [each for each in documents if each.path.startswith("datadog/dashboards/")]
    found = {each.path.removeprefix("datadog/dashboards/"): render(each).decode() for each in boards}
    found["index.txt"] = "".join(map(_described, boards))
    return found


def _described(document: Document) -> str:
    resource = document.resource
    assert resource is not None
    lines = [f"{document.path} from {', '.join(document.objects)}", f"  is the {resource.kind} {resource.key}"]
    lines += [f"    needs the {needed.kind} {needed.key}" for needed in resource.references]
    lines += [f"    was {resource.was}"] if resource.was else []
    lines += [f"    is to take over {resource.adopt}"] if resource.adopt else []
    for verdict in document.verdicts:
        lines.append(f"  {verdict.grade} {verdict.object_id}")
        lines += [f"    {reason}" for reason in verdict.reason.split("; ") if reason]
    return "\n".join(lines) + "\n"
