"""MON3004: an alert whose query only asks whether there is data."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD, changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.conditions import compares
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import Binary, Call, Expr, walk
from skillforge_mon.query.promql.tree import COMPARISONS
from skillforge_mon.query.types import infer

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
    """Queries for the absence of data, those that leave series out inside, and set operators are conditions too."""
    for alert in project.alerts.values():
        query = alert.query
        if query is None or query.expr is None or any(severity.threshold for severity in alert.severities):
            continue
        may_be_empty = infer(query.expr, project.catalogue).may_be_empty
        if not compares(query.expr) and not (may_be_empty and any(map(_filters, walk(query.expr)))):
            yield CODE.at(
                query.whole,
                f"`{alert.name}` fires whatever the value is",
                label="compared with nothing",
                help='compare it in the query, or give the severity a threshold: `severity: {critical: "> 100"}`',
            )


def _filters(expr: Expr) -> bool:
    """True for what may leave nothing although there are data: so does everything that is computed from it."""
    match expr:
        case Call():
            return expr.function in _ABSENCE
        case Binary() if expr.op in COMPARISONS:
            return not expr.return_bool
        case Binary():
            return expr.op in {"unless", "and"}
    return False
