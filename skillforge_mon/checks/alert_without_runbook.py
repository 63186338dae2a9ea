"""MON3002: an alert that does not say what to do."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD, changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

CODE = Code(
    "MON3002",
    "alert-without-runbook",
    Severity.WARNING,
    "An alert that somebody must act on has no runbook, and neither has its service.",
    "At three in the morning, the person who is woken has to find out alone what to do.",
    bad=changed(("    runbook: busy\n", ""), ("runbooks:\n  busy: {resolve: [Add a worker.]}\n", "")),
    good=GOOD,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Critical and warning alerts; for information nobody acts."""
    for alert in project.alerts.values():
        acts = any(severity.severity != "info" for severity in alert.severities)
        if acts and alert.runbook is None and alert.spec.runbook is None:
            yield CODE.at(
                alert.place.span, f"`{alert.name}` has no runbook", help="add `runbook:`, here or to its service"
            )
