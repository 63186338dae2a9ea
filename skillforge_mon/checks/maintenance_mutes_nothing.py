"""MON3303: a maintenance window whose conditions exclude each other."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Alert, Maintenance, Project

_WINDOW = 'maintenance:\n  deploy: {alerts: [Backlog], severities: [info], every: sunday, from: "02:00", for: 1h}\n'
CODE = Code(
    "MON3303",
    "window-mutes-nothing",
    Severity.WARNING,
    "None of the alerts that a maintenance window names belongs to its services and has one of its severities.",
    "All of its conditions must hold at once. As it stands, people are told in the middle of the maintenance.",
    bad=GOOD + _WINDOW,
    good=GOOD + _WINDOW.replace("[info]", "[warning, info]"),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Windows that name alerts; an alert without a service may be about any."""
    for window in project.maintenance.values():
        if window.alerts and not any(_muted(window, alert) for alert in window.alerts):
            yield CODE.at(
                window.place.at("alerts"),
                f"the maintenance window `{window.name}` mutes nothing",
                label="not of these services and severities",
                help="leave out `services` or `severities`, or name other alerts",
            )


def _muted(window: Maintenance, alert: Alert) -> bool:
    services, severities = window.spec.services, window.spec.severities
    return (not services or alert.service is None or alert.service.name in services) and (
        not severities or any(severity.severity in severities for severity in alert.severities)
    )
