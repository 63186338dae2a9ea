"""Where a runbook is found: the address that alerts and panels link to."""

from __future__ import annotations

from skillforge_mon.model.project import Project, Runbook

FOLDER = "runbooks"


def runbook_path(runbook: Runbook) -> str:
    """The page's path in the output tree; runbooks that are kept elsewhere have no page."""
    return f"{FOLDER}/{runbook.name}.md"


def is_page(runbook: Runbook) -> bool:
    """True for a runbook that is written as a page of ours, false for one that is kept elsewhere."""
    return not runbook.url


def runbook_link(project: Project, runbook: Runbook | None, backend: str) -> str | None:
    """The address of ``runbook`` for people who read it in ``backend``; None where there is nothing to link to.

    - A runbook that is kept elsewhere has its own address, on every backend.
    - Pages of ours link to each other by their file names (``backend`` is ``runbooks``).
    - Everything else links below ``targets.runbooks.url`` when that is set: it says where the pages are served.
    - Without it, the link is the page's path in the output tree, which says what to open; only Grafana gets none,
      because it would take the path for one of its own.
    """
    if runbook is None:
        return None
    if runbook.url:
        return runbook.url
    if backend == FOLDER:
        return f"{runbook.name}.md"
    served = project.targets.runbooks
    if served is not None:
        return f"{served.url.rstrip('/')}/{runbook.name}.md"
    return None if backend == "grafana" else runbook_path(runbook)
