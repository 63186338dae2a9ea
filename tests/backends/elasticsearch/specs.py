"""Specs for the tests of this backend, and what they are compiled to."""

from __future__ import annotations

from typing import Any

from skillforge_mon.backends.elasticsearch.emit import emit
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document
from skillforge_mon.lower.lowering import Lowering
from tests.projects import project

HEAD = """\
version: 1
project: shop
targets: {elasticsearch: {version: "9.1"}}
services: {web: {}}
"""


def compiled(text: str, environment: str | None = None) -> dict[str, Document]:
    """Every document by its path. The test fails where anything at all is reported."""
    report = Report()
    found = project(text, environment)
    documents = {each.path: each for each in emit(found, Lowering(found, report), report)}
    assert [each.headline for each in report] == []
    return documents


def body(documents: dict[str, Document], path: str) -> Any:
    """The content of ``elasticsearch/<path>.json``."""
    return documents[f"elasticsearch/{path}.json"].content
