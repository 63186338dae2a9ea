"""The files of exporters that monmc configures.

exporters/<name>/sql_exporter.yml           where its collectors are
exporters/<name>/<collector>.collector.yml  the queries of a collector
exporters/<name>/environment.sh             the connection, read from the secret's file
exporters/<name>/json_exporter.yml          the documents that it reads
"""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.backends.exporters.json import json_document
from skillforge_mon.backends.exporters.sql import sql_documents
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.project import Project


def emit(project: Project, lowering: Lowering, report: Report) -> Iterator[Document]:
    """The files of every exporter of the kinds ``sql`` and ``json``."""
    for name, exporter in project.spec.exporters.items():
        if exporter.sql is not None:
            yield from sql_documents(name, exporter.sql)
        if exporter.json_ is not None:
            yield json_document(name, exporter.json_)
