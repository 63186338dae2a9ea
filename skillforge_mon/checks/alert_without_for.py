"""MON3001: an alert that fires on a single bad sample."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD, changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

CODE = Code(
    "MON3001",
    "alert-without-for",
    Severity.WARNING,
    "An alert does not say how long its condition must hold.",
    "One late scrape or one bad sample wakes somebody; `for: 0s` says that this is meant.",
    bad=changed(("    for: 5m\n", "")),
    good=GOOD,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Alerts with a query for Prometheus or Datadog; Sentry has no such notion."""
    for alert in project.alerts.values():
        if alert.query is None or alert.spec.for_ is not None:
            continue
        for severity in alert.severities:
            if severity.spec.for_ is None:
                yield CODE.at(
                    alert.place.span,
                    f"`{alert.name}` fires as soon as its condition is true",
                    help="add `for: 5m`, or `for: 0s` if that is meant",
                )
                break
