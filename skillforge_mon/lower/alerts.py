"""Alerts without any backend: one condition per alert and severity, its number in the unit of the query's value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from skillforge_mon.model.conditions import COMPARISONS, Comparison, split_comparison, threshold_number
from skillforge_mon.model.project import Alert, AlertSeverity, Project
from skillforge_mon.query.promql import Binary, Expr, NumberLiteral, Paren
from skillforge_mon.query.promql.tree import BinaryOp
from skillforge_mon.query.types import infer
from skillforge_mon.spec.quantities import plain_number


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """One alert at one severity, whatever it is that is compared.

    ``comparison`` is what the value is compared with (None when that is not a number). ``unit`` is the value's unit in
    the words of the catalogue, "" when it is not known. ``labels`` are those that every backend puts on the alert.
    """

    alert: Alert
    severity: AlertSeverity
    comparison: Comparison | None
    unit: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class AlertCondition(Condition):
    """A condition on a query in PromQL.

    ``condition`` is the whole query, true when the alert is; ``value`` is the side of it that is compared.
    """

    condition: Expr
    value: Expr


def alert_conditions(project: Project) -> tuple[AlertCondition, ...]:
    """Every enabled alert that has a query, at each of its severities, in the order of the spec."""
    return tuple(
        _condition(project, alert, severity, alert.query.expr)
        for alert in project.alerts.values()
        if alert.spec.enabled and alert.query is not None and alert.query.expr is not None
        for severity in alert.severities
    )


def condition_labels(alert: Alert, severity: AlertSeverity) -> dict[str, str]:
    """The labels of an alert at a severity: its service's, its own, and what monmc adds.

    Own labels win over the service's; neither wins over ``severity``, ``service``, ``team`` and ``priority``.
    """
    labels: dict[str, str] = {}
    if alert.service is not None:
        labels |= alert.service.spec.labels
    labels |= alert.spec.labels
    labels["severity"] = severity.severity
    labels["priority"] = f"P{severity.priority}"
    if alert.service is not None:
        labels["service"] = alert.service.name
        if alert.service.team is not None:
            labels["team"] = alert.service.team.name
    return labels


def rule_labels(project: Project, alert: Alert, severity: AlertSeverity) -> dict[str, str]:
    """The labels that a Prometheus rule sets: ``condition_labels`` without ``service`` where the series bring theirs.

    A label of a rule takes the place of the series' own. After ``sum by (service)`` two services would end up with the
    same labels, and Prometheus refuses to evaluate such a rule; besides, the series knows better which service it is.
    """
    labels = condition_labels(alert, severity)
    if "service" in labels and alert.query is not None and alert.query.expr is not None:
        found = infer(alert.query.expr, project.catalogue).labels
        values = found.values.get("service")
        if values is not None and values.values != (labels["service"],):
            del labels["service"]
    return labels


def _condition(project: Project, alert: Alert, severity: AlertSeverity, expr: Expr) -> AlertCondition:
    labels = rule_labels(project, alert, severity)
    if severity.threshold is None:
        value, comparison = split_comparison(expr)
        unit = alert.spec.unit or infer(value, project.catalogue).unit
        return AlertCondition(alert, severity, comparison, unit, labels, expr, value)
    unit = alert.spec.unit or infer(expr, project.catalogue).unit
    comparison = Comparison(severity.threshold.op, threshold_number(severity.threshold, unit))
    return AlertCondition(alert, severity, comparison, unit, labels, compared(expr, comparison), expr)


def compared(value: Expr, comparison: Comparison) -> Expr:
    """``value op number`` as a tree; the value is put in brackets where the comparison would bind tighter."""
    loose = isinstance(value, Binary) and value.op in {"and", "or", "unless", *COMPARISONS}
    left = Paren(value) if loose else value
    text = plain_number(comparison.number)
    return Binary(cast("BinaryOp", comparison.op), left, NumberLiteral(float(comparison.number), text))
