"""Alerts on log lines without any backend: a number of lines, or a query of the user's in LogQL."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from skillforge_mon.lower.alerts import Condition, rule_labels
from skillforge_mon.lower.loki_streams import group_labels, known_labels
from skillforge_mon.model.conditions import Comparison, threshold_number
from skillforge_mon.model.logs import LogCondition, LogQuery
from skillforge_mon.model.project import Alert, AlertSeverity, Project
from skillforge_mon.query.logql.labels import result_labels
from skillforge_mon.query.logql.tree import COMPARISONS, Binary, LogLines, LogQL, Number


@dataclass(frozen=True, slots=True, eq=False)
class LogAlertCondition(Condition):
    """A condition on log lines: on the number of ``lines``, or on ``query``. One of them is set."""

    lines: LogCondition | None
    query: LogQuery | None


def log_alert_conditions(project: Project) -> tuple[LogAlertCondition, ...]:
    """Every enabled alert on log lines, at each of its severities, in the order of the spec."""
    return tuple(
        _condition(project, alert, severity)
        for alert in project.alerts.values()
        if alert.spec.enabled and (alert.lines is not None or alert.log_query is not None)
        for severity in alert.severities
    )


def _condition(project: Project, alert: Alert, severity: AlertSeverity) -> LogAlertCondition:
    unit = alert.spec.unit or ""
    comparison: Comparison | None = None
    if severity.threshold is not None:
        comparison = Comparison(severity.threshold.op, threshold_number(severity.threshold, unit))
    elif alert.log_query is not None:
        comparison = own_comparison(alert.log_query.tree)
    labels = rule_labels(project, alert, severity)
    # Where a query of its own stands beside the number of lines, Loki is told the query.
    lines = alert.lines if alert.log_query is None else None
    return LogAlertCondition(alert, severity, comparison, unit, labels, lines, alert.log_query)


def labels_left(project: Project, alert: Alert) -> frozenset[str]:
    """The labels by which what is counted of log lines is told apart; all that are known where the lines decide."""
    if alert.log_query is not None:
        tree = alert.log_query.tree
        if tree is None or isinstance(tree, LogLines):
            return frozenset()
        found = result_labels(tree)
        return known_labels(project) if found is None else found
    return frozenset(group_labels(alert.lines.spec.by)) if alert.lines is not None else frozenset()


def own_comparison(tree: LogQL | None) -> Comparison | None:
    """What the query itself compares its value with, where that is a number."""
    if isinstance(tree, Binary) and tree.op in COMPARISONS and isinstance(tree.right, Number) and not tree.bool_:
        try:
            return Comparison(tree.op, Decimal(tree.right.text))
        except ArithmeticError:
            return None
    return None


def holds_without_lines(comparison: Comparison) -> bool:
    """Whether no line at all is what the alert is about: ``< 5`` holds for 0."""
    number = comparison.number
    return {
        ">": number < 0,
        ">=": number <= 0,
        "<": number > 0,
        "<=": number >= 0,
        "==": number == 0,
        "!=": number != 0,
    }[comparison.op]
