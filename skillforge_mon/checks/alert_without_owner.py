"""MON3003: an alert that nobody owns."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD, changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

CODE = Code(
    "MON3003",
    "alert-without-owner",
    Severity.WARNING,
    "An alert belongs to no service, or to a service that no team owns.",
    "Alerts that nobody owns are never tuned, and soon nobody reads them.",
    bad=changed(("    service: web\n", "")),
    good=GOOD,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """An alert's owner is the team of its service."""
    for alert in project.alerts.values():
        if alert.spec.service is None:
            yield CODE.at(alert.place.span, f"`{alert.name}` belongs to no service", help="add `service:`")
        elif alert.service is not None and alert.service.spec.team is None:
            yield CODE.at(
                alert.place.at("service"),
                f"`{alert.name}` has no owner: the service `{alert.service.name}` has no team",
                help=f"add `team:` to `services.{alert.service.name}`",
            )
