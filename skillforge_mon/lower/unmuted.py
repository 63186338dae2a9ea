"""Maintenance windows on backends that cannot mute: which alerts go on telling during which window."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from skillforge_mon.model.project import Alert, Maintenance, Project


def unmuted_windows(project: Project, alerts: Iterable[Alert]) -> Iterator[tuple[Maintenance, tuple[str, ...]]]:
    """Every window that should mute any of ``alerts``, with the names of those."""
    told = tuple(alerts)
    for window in project.maintenance.values():
        names = tuple(alert.name for alert in told if _covers(window, alert))
        if names:
            yield window, names


def _covers(window: Maintenance, alert: Alert) -> bool:
    """True when ``window`` would mute ``alert`` at some severity. Every list of the window must have it."""
    spec = window.spec
    if spec.services and (alert.service is None or alert.service.name not in spec.services):
        return False
    if spec.alerts and alert.name not in spec.alerts:
        return False
    return not spec.severities or any(severity.severity in spec.severities for severity in alert.severities)
