"""Maintenance windows, which are not compiled for Datadog."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from skillforge_mon.backends.datadog.differences import BACKEND
from skillforge_mon.documents.document import Grade, Verdict
from skillforge_mon.model.project import Alert, Maintenance, Project
from skillforge_mon.spec.suggest import listed


def unmuted(project: Project, alerts: Iterable[Alert]) -> Iterator[Verdict]:
    """One verdict on every maintenance window that should mute any of ``alerts``."""
    told = tuple(alerts)
    for window in project.maintenance.values():
        names = [alert.name for alert in told if _covers(window, alert)]
        if names:
            yield Verdict(
                BACKEND,
                window.id,
                Grade.APPROXIMATE,
                f"no downtime is made in Datadog, which notifies during this window as well: {listed(names)}",
                "schedule a downtime there by hand for the tag `managed_by:monmc`",
            )


def _covers(window: Maintenance, alert: Alert) -> bool:
    """True when ``window`` would mute ``alert`` at some severity. Every list of the window must have it."""
    spec = window.spec
    if spec.services and (alert.service is None or alert.service.name not in spec.services):
        return False
    if spec.alerts and alert.name not in spec.alerts:
        return False
    return not spec.severities or any(severity.severity in spec.severities for severity in alert.severities)
