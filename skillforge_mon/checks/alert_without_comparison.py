"""MON3004: an alert whose query only asks whether there is data."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD, changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.conditions import compares
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import Binary, Call, Expr, Paren

CODE = Code(
    "MON3004",
    "alert-without-comparison",
    Severity.WARNING,
    "The query of an alert compares nothing, and its severity has no threshold.",
    "Prometheus fires for every series that a query returns, whatever its value: this alert fires as long as there is data.",
    bad=changed((" > 100", "")),
    good=GOOD,
)
_ABSENCE = frozenset({"absent", "absent_over_time"})


def check(project: Project) -> Iterator[Diagnostic]:
    """Queries for the absence of data, and those that leave series out with `unless`, are conditions."""
    for alert in project.alerts.values():
        query = alert.query
        if query is None or query.expr is None or any(severity.threshold for severity in alert.severities):
            continue
        if not compares(query.expr) and not _filters(query.expr):
            yield CODE.at(
                query.whole,
                f"`{alert.name}` fires whatever the value is",
                label="compared with nothing",
                help='compare it in the query, or give the severity a threshold: `severity: {critical: "> 100"}`',
            )


def _filters(expr: Expr) -> bool:
    """True for absence, and for set operations, which keep some series and drop others."""
    while isinstance(expr, Paren):
        expr = expr.expr
    if isinstance(expr, Call):
        return expr.function in _ABSENCE or any(_filters(argument) for argument in expr.args)
    if not isinstance(expr, Binary):
        return False
    return expr.op in {"unless", "and"} or _filters(expr.lhs) or _filters(expr.rhs)
