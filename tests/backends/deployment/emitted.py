"""A spec, and the files by which it is run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from skillforge_mon.backends.backend import deployer
from skillforge_mon.compiler import compile_project
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format
from skillforge_mon.documents.render import render_documents
from tests.projects import project

SPEC = """\
version: 1
project: shop
targets:
  prometheus:
    version: "3.5"
    url: http://localhost:9090
    remote_write: [{url: "http://mimir/api/v1/push", bearer_token: "${secret:MIMIR_TOKEN}"}]
  alertmanager: {version: "0.28", slack_api_url: "${secret:SLACK_WEBHOOK}", default_team: shop}
  grafana:
    version: "12.0"
    url: http://localhost:3001
    prometheus_token: "${secret:PROMETHEUS_TOKEN}"
    alertmanager_url: http://alertmanager:9093
metrics:
  jobs_total: {type: counter, help: Jobs, labels: {queue: bounded}}
teams:
  shop: {slack: "#shop"}
services:
  web: {team: shop, scrape: ["web:8000"], health: {url: "http://web:8000", live: /live, ready: /ready, full: /health}}
  hosts: {team: shop, scrape: ["node-exporter:9100"]}
  cache: {team: shop, scrape: ["redis-exporter:9121"]}
alerts:
  Many: {service: web, severity: warning, expr: "sum by (queue) (rate(jobs_total[5m])) > 5", for: 5m, summary: Jobs, runbook: jobs, escalation: shop}
escalation:
  shop: [{notify: shop}]
runbooks:
  jobs: {resolve: [Wait.]}
dashboards:
  web: {rows: [{title: Jobs, panels: [{title: Jobs, query: "sum(rate(jobs_total[5m]))"}]}]}
deploy:
"""
COMPOSE = """\
  compose:
    grafana_password: "${secret:GRAFANA_PASSWORD}"
    networks: [shop_default]
    exporters:
      redis-exporter: {environment: {REDIS_ADDR: "redis://redis:6379", REDIS_PASSWORD: "${secret:REDIS_PASSWORD}"}}
"""


def built(text: str, folder: Path, environment: str | None = None) -> tuple[dict[str, Document], list[str]]:
    """The files of a whole build of ``text`` by their paths, and what was reported, a line each."""
    spec = folder / "spec.yaml"
    spec.write_text(text, encoding="utf-8")
    compilation = compile_project(spec, environment=environment)
    return {document.path: document for document in compilation.documents}, _lines(compilation.diagnostics)


def deployed(backend: str, text: str, documents: Sequence[Document] = ()) -> tuple[dict[str, Any], list[str]]:
    """The contents of the files by which ``backend`` runs ``text``, as if the others had made ``documents``."""
    report = Report()
    made = deployer(backend)(project(text), documents, report)
    return {document.path: document.content for document in made}, _lines(report)


def page(path: str, text: str = "{}") -> Document:
    """A file of another backend."""
    return Document(path, text, Format.TEXT)


def text_of(document: Document) -> str:
    """``document`` as it is written."""
    (rendered,) = render_documents([document])
    return rendered.content.decode()


def _lines(diagnostics: Any) -> list[str]:
    return sorted(f"{each.code} {each.headline}" for each in diagnostics)
