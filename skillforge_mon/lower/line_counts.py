"""Alerts on a number of log lines, without any backend: one condition per alert and severity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from skillforge_mon.lower.alerts import condition_labels
from skillforge_mon.model.conditions import Comparison, threshold_number
from skillforge_mon.model.logs import LogCondition
from skillforge_mon.model.project import Alert, AlertSeverity, Project


@dataclass(frozen=True, slots=True, eq=False)
class LineCount:
    """``lines`` counted, and compared by ``comparison`` (None where the spec has no number, which is reported)."""

    alert: Alert
    severity: AlertSeverity
    comparison: Comparison | None
    unit: str
    labels: Mapping[str, str]
    lines: LogCondition


def line_counts(project: Project, backend: str) -> tuple[LineCount, ...]:
    """Every enabled alert on ``backend`` that counts lines, at each of its severities, in the order of the spec."""
    return tuple(
        LineCount(
            alert,
            severity,
            Comparison(severity.threshold.op, threshold_number(severity.threshold, alert.spec.unit or ""))
            if severity.threshold is not None
            else None,
            alert.spec.unit or "",
            condition_labels(alert, severity),
            alert.lines,
        )
        for alert in project.alerts.values()
        if alert.spec.enabled and alert.lines is not None and backend in alert.backends
        for severity in alert.severities
    )
