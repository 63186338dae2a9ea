"""Specs with logs in Datadog, and what they are compiled to."""

from __future__ import annotations

from typing import Any

from skillforge_mon.backends.datadog.emit import emit
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document
from skillforge_mon.lower.lowering import Lowering
from tests.projects import project

HEAD = """\
version: 1
project: shop
targets: {datadog: {}}
teams: {shop: {datadog: "@slack-acme-shop"}}
services: {web: {team: shop}}
environments: {production: {}}
"""


def compiled(text: str, environment: str | None = None) -> dict[str, Document]:
    """Every document by its path below ``datadog/``. The test fails where anything at all is reported."""
    report = Report()
    found = project(HEAD + text, environment)
    documents = {each.path.removeprefix("datadog/"): each for each in emit(found, Lowering(found, report), report)}
    assert [each.headline for each in report] == []
    return documents


def pipeline(stream: str) -> Any:
    """The pipeline of the stream ``web``, written in flow style."""
    return compiled(f"logs: {{web: {{service: web, {stream}}}}}\n")["logs/pipelines/web.json"].content
