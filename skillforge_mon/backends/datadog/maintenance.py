"""Which monitors a maintenance window mutes.

A downtime mutes whole monitors, which it finds by a tag. So each monitor carries a tag for every window that covers all
of what it tells; one that also tells of something outside the window goes on telling, since nobody misses a message too
many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from skillforge_mon.backends.datadog.filters import tag_text
from skillforge_mon.documents.document import Plain
from skillforge_mon.lower.alerts import condition_labels
from skillforge_mon.model.project import Alert, AlertSeverity, Maintenance, Project
from skillforge_mon.query.types import infer

SERVICE = "service"


def window_tag(project: Project, window: Maintenance) -> str:
    """``maintenance:shop/production/deploy``: of one window of one environment."""
    before = list(project.maintenance)[: list(project.maintenance).index(window.name)]
    same = sum(tag_text(name) == tag_text(window.name) for name in before)  # tags know no capital letters
    number = f"/{same + 1}" if same else ""
    return tag_text(f"maintenance:{project.name}/{project.environment}/{window.name}{number}")


def window_tags(project: Project, alert: Alert, severities: Iterable[AlertSeverity]) -> Iterator[str]:
    """The tags of all windows that cover a monitor of ``alert`` which tells of ``severities``."""
    told = tuple(severities)
    for window in project.maintenance.values():
        if all(_covers(window, alert, severity) for severity in told):
            yield window_tag(project, window)


def windows_over(project: Project, alerts: Iterable[Alert]) -> Iterator[tuple[Maintenance, tuple[Alert, ...]]]:
    """Every window that covers some of ``alerts`` at some severity, with those. Series may have to tell the service."""
    told = tuple(alerts)
    for window in project.maintenance.values():
        covered = tuple(alert for alert in told if _may_cover(project, window, alert))
        if covered:
            yield window, covered


def is_muted(payload: Plain, tag: str) -> bool:
    """Whether a downtime that looks for ``tag`` finds the monitor ``payload``."""
    tags = payload.get("tags") if isinstance(payload, Mapping) else None
    return isinstance(tags, list) and tag in tags


def _covers(window: Maintenance, alert: Alert, severity: AlertSeverity) -> bool:
    """Every list of the window that is there must name what is told."""
    spec = window.spec
    if spec.severities and severity.severity not in spec.severities:
        return False
    if spec.alerts and alert.name not in spec.alerts:
        return False
    return not spec.services or condition_labels(alert, severity).get(SERVICE) in spec.services


def _may_cover(project: Project, window: Maintenance, alert: Alert) -> bool:
    if any(_covers(window, alert, severity) for severity in alert.severities):
        return True
    if not window.spec.services or (window.spec.alerts and alert.name not in window.spec.alerts):
        return False
    unknown = [each for each in alert.severities if SERVICE not in condition_labels(alert, each)]
    if not any(not window.spec.severities or each.severity in window.spec.severities for each in unknown):
        return False
    if alert.query is None or alert.query.expr is None:
        return False
    labels = infer(alert.query.expr, project.catalogue).labels
    return labels.open or SERVICE in labels.names
