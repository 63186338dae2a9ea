"""The runbooks' pages: one each, and an index."""

from __future__ import annotations

from collections.abc import Iterable

from skillforge_mon.backends.runbooks import codes
from skillforge_mon.backends.runbooks.capabilities import INDEX
from skillforge_mon.backends.runbooks.index import index
from skillforge_mon.backends.runbooks.lookups import lookups
from skillforge_mon.backends.runbooks.page import page
from skillforge_mon.backends.runbooks.pointers import pointers
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.runbooks import FOLDER, is_page, runbook_path
from skillforge_mon.model.project import Project


def emit(project: Project, lowering: Lowering, report: Report) -> Iterable[Document]:
    """``runbooks/NAME.md`` for each runbook that is written in the spec, and ``runbooks/README.md`` that lists all.

    Runbooks that are kept elsewhere are only listed. A project without any gets no files.
    """
    found = pointers(project)
    pages = [entry for entry in found.values() if is_page(entry.runbook)]
    needed = lookups(project, lowering, pages)
    for entry in pages:
        runbook = entry.runbook
        if runbook.name.casefold() == INDEX.casefold():
            span = runbook.place.span if runbook.place is not None else None
            headline = f"`{runbook.name}` is the page that lists all runbooks"
            report.add(codes.RESERVED_NAME.at(span, headline, help="give the runbook another name"))
            continue
        objects = (runbook.id, *(alert.id for alert in entry.alerts), *(slo.id for slo in entry.slos))
        yield Document(runbook_path(runbook), page(project, entry, needed), Format.TEXT, objects)
    if found:
        listed = tuple(entry.runbook.id for entry in found.values() if entry.runbook.place is not None)
        yield Document(f"{FOLDER}/{INDEX}.md", index(project, found.values()), Format.TEXT, listed)
