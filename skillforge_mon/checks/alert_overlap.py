"""MON3021: an alert that never fires alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from skillforge_mon.checks.examples import GOOD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.conditions import split_comparison, threshold_number
from skillforge_mon.model.project import Alert, AlertSeverity, Project
from skillforge_mon.query.containment import limit_implies
from skillforge_mon.query.promql import print_expr
from skillforge_mon.query.types import infer

_OTHER = """\
  Overload:
    service: web
    severity: warning
    expr: sum by (queue) (queue_length) > 500
    for: 5m
    summary: Very many jobs wait
    runbook: busy
    escalation: page
"""
CODE = Code(
    "MON3021",
    "overlapping-alerts",
    Severity.WARNING,
    "Two alerts of the same severity ask for the same value, and one fires only while the other does.",
    "The same people are told twice of the same thing. What is worse is a severity of its own.",
    bad=GOOD + _OTHER,
    good=GOOD + _OTHER.replace("severity: warning", "severity: critical"),
)


@dataclass(frozen=True, slots=True, eq=False)
class _Condition:
    """One severity of an alert, as a value that is compared with a number."""

    alert: Alert
    severity: AlertSeverity
    op: str
    number: float

    def never_alone(self, other: _Condition) -> bool:
        """True when the other one fires whenever this one does."""
        return self.severity.hold >= other.severity.hold and limit_implies(self.op, self.number, other.op, other.number)


def check(project: Project) -> Iterator[Diagnostic]:
    """Alerts of one service, for the same people; a condition that is milder but must hold longer is another thing."""
    groups: dict[tuple[object, ...], list[_Condition]] = {}
    for alert in project.alerts.values():
        for severity in alert.severities:
            found = _condition(project, alert, severity)
            if found is not None:
                value, condition = found
                key = (value, severity.severity, alert.service, severity.escalation, alert.backends)
                groups.setdefault(key, []).append(condition)
    for conditions in groups.values():
        for first, second in combinations(conditions, 2):
            if _is_duplicate(first.alert, second.alert):
                continue
            if second.never_alone(first):
                yield _report(second, first)
            elif first.never_alone(second):
                yield _report(first, second)


def _condition(project: Project, alert: Alert, severity: AlertSeverity) -> tuple[str, _Condition] | None:
    if alert.query is None or alert.query.expr is None or not alert.spec.enabled:
        return None
    value, own = split_comparison(alert.query.expr)
    if severity.threshold is not None:
        value = alert.query.expr
        unit = alert.spec.unit or infer(value, project.catalogue).unit
        number = threshold_number(severity.threshold, unit)
        return print_expr(value), _Condition(alert, severity, severity.threshold.op, float(number))
    if own is None:
        return None
    return print_expr(value), _Condition(alert, severity, own.op, float(own.number))


def _is_duplicate(first: Alert, second: Alert) -> bool:
    """True for the same query and thresholds, which are reported as MON3008."""
    assert first.query is not None  # noqa: S101 - a condition has a query
    assert second.query is not None  # noqa: S101
    return first.query.expr == second.query.expr and [str(item.threshold) for item in first.severities] == [
        str(item.threshold) for item in second.severities
    ]


def _report(inner: _Condition, outer: _Condition) -> Diagnostic:
    return CODE.at(
        inner.alert.place.span,
        f"`{inner.alert.name}` fires only while `{outer.alert.name}` does, with the same severity",
        label=f"{inner.op} {inner.number:g} for {inner.severity.hold}",
        secondary=(Label(outer.alert.place.span, f"{outer.op} {outer.number:g} for {outer.severity.hold}"),),
        help=f"make it another severity of `{outer.alert.name}`, or take one of the two out",
    )
