"""MON3008: two alerts that ask the same."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.project import Alert, Project
from skillforge_mon.query.promql import print_expr

CODE = Code(
    "MON3008",
    "duplicate-alert",
    Severity.WARNING,
    "Two alerts have the same query and the same thresholds.",
    "Somebody is told twice of the same thing, and the two drift apart.",
    bad=GOOD
    + """\
  Waiting:
    service: web
    severity: warning
    expr: sum by(queue)(queue_length) > 100
    for: 10m
    summary: Jobs wait
    runbook: busy
    escalation: page
""",
    good=GOOD,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Queries are compared as trees, so that layout does not matter."""
    seen: dict[tuple[object, ...], Alert] = {}
    for alert in project.alerts.values():
        if alert.query is None or alert.query.expr is None:
            continue
        thresholds = tuple((item.severity, str(item.threshold)) for item in alert.severities)
        key = (print_expr(alert.query.expr), thresholds, alert.backends)
        first = seen.setdefault(key, alert)
        if first is not alert:
            yield CODE.at(
                alert.place.span,
                f"`{alert.name}` asks the same as `{first.name}`",
                secondary=(Label(first.place.span, "the other one"),),
                help="take one of them out",
            )
