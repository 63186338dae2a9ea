"""MON3645: how long logs are kept, where nothing keeps any."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.log_examples import LOGS
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.model.retention import retention_span

CODE = Code(
    "MON3645",
    "log-retention-without-store",
    Severity.WARNING,
    "The spec says how long logs are kept, and has no streams of them.",
    "Nothing is configured by it.",
    bad=LOGS[: LOGS.index("logs:\n")],
    good=LOGS,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """`retention.logs`."""
    if project.spec.retention.logs.longest is not None and not project.logs:
        yield CODE.at(
            retention_span(project, "logs"),
            "it is said how long logs are kept, and there are none",
            help="declare streams under `logs`, or leave this out",
        )
