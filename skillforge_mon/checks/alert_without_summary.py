"""MON3007: an alert that does not say what is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD, changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

CODE = Code(
    "MON3007",
    "alert-without-summary",
    Severity.WARNING,
    "An alert has no summary.",
    "The person who is told sees a name and a list of labels, and must guess what they mean.",
    bad=changed(("    summary: Jobs wait\n", "")),
    good=GOOD,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """The summary is the line that reaches a telephone."""
    for alert in project.alerts.values():
        if alert.spec.summary is None:
            yield CODE.at(alert.place.span, f"`{alert.name}` has no summary", help="add `summary:`, one line")
