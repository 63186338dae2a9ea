"""MON2133: an alert that fires because something is divided by 0."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import ProjectQuery, project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.project import Alert, Project
from skillforge_mon.query.constants import constant_value
from skillforge_mon.query.containment import bare
from skillforge_mon.query.promql import Aggregate, Binary, Call, Expr, Paren, print_expr, walk
from skillforge_mon.query.promql.tree import COMPARISONS
from skillforge_mon.query.zero import Reason, zero_below

_RATE = "sum(rate(http_requests_total[5m]))"
_BEFORE = "sum(rate(http_requests_total[5m] offset 1d))"

CODE = Code(
    "MON2133",
    "fires-on-division-by-zero",
    Severity.WARNING,
    "An alert divides by what may be 0 while the numerator is not, and asks for more than some number.",
    "The quotient is then infinite, which exceeds every threshold: the alert fires although nothing is wrong."
    " 0 divided by 0 does not: no comparison holds for it.",
    bad=alert_spec(f"{_RATE} / {_BEFORE} > 3"),
    good=alert_spec(f"{_RATE} / ({_BEFORE} > 0) > 3"),
)
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "!=": "!=", "==": "=="}
_MET_BY_INFINITY = frozenset((">", ">=", "!="))
_KEEPING_INFINITY = frozenset(("sum", "avg", "max"))
_WHY: dict[Reason, str] = {
    "another time": "may have been 0 then",
    "no limit": "is 0 where there is no limit",
}


def check(project: Project) -> Iterator[Diagnostic]:
    """Quotients that the condition of an alert compares from above, without a guard beside them."""
    for query in project_queries(project):
        if not isinstance(query.owner, Alert):
            continue
        for node, parents in query.nodes:
            if isinstance(node, Binary) and node.op == "/" and _fires_when_infinite(query, query.owner, node, parents):
                reason = zero_below(node.lhs, node.rhs, query.catalogue)
                if reason is not None and not _is_guarded(query, node, parents):
                    yield _report(query, node, reason)


def _report(query: ProjectQuery, node: Binary, reason: Reason) -> Diagnostic:
    place = query.query.span(*node.rhs.span)
    below = print_expr(bare(node.rhs))
    return CODE.at(
        query.query.span(*node.op_span),
        "the alert fires when something is divided by 0",
        secondary=(Label(place, _WHY[reason]),) if place is not None else (),
        help=f"divide by `({below} > 0)`, which leaves the others out",
    )


def _fires_when_infinite(query: ProjectQuery, alert: Alert, node: Expr, parents: tuple[Expr, ...]) -> bool:
    """True when an infinite ``node`` makes the condition true: whatever is done with it on the way up."""
    below = node
    for depth in range(len(parents) - 1, -1, -1):
        parent = parents[depth]
        match parent:
            case Paren():
                pass
            case Binary() if parent.op in COMPARISONS:
                return _compares_from_above(parent, below) and _decides(parents[:depth], parent)
            case Binary() if parent.op in {"*", "/", "+", "-"}:
                number = constant_value(parent.rhs if parent.lhs is below else parent.lhs)
                stays = parent.lhs is below or parent.op in {"*", "+"}
                if number is None or not stays or (parent.op in {"*", "/"} and number <= 0):
                    return False
            case Aggregate() if parent.op in _KEEPING_INFINITY:
                pass
            case Call() if parent.function in {"round", "ceil", "floor", "abs", "sort", "sort_desc"}:
                pass
            case _:
                return False
        below = parent
    return any(
        severity.threshold is not None and severity.threshold.op in _MET_BY_INFINITY for severity in alert.severities
    )


def _compares_from_above(node: Binary, value: Expr) -> bool:
    on_left = node.lhs is value
    number = constant_value(node.rhs if on_left else node.lhs)
    op = node.op if on_left else _MIRRORED[node.op]
    return number is not None and op in _MET_BY_INFINITY and not node.return_bool


def _decides(parents: tuple[Expr, ...], node: Expr) -> bool:
    """True when what the comparison leaves makes the alert fire, if nothing else keeps it from it."""
    for parent in reversed(parents):
        if isinstance(parent, Binary) and parent.op in {"and", "or", "unless"}:
            if parent.op != "or" and parent.rhs is node:
                return False
        elif not isinstance(parent, Paren):
            return False
        node = parent
    return True


def _is_guarded(query: ProjectQuery, node: Binary, parents: tuple[Expr, ...]) -> bool:
    """True when another condition beside it looks at what is divided by."""
    metrics = query.type_of(node.rhs).metrics
    below: Expr = node
    for parent in reversed(parents):
        if isinstance(parent, Binary) and parent.op in {"and", "unless"}:
            other = parent.rhs if parent.lhs is below else parent.lhs
            compared = (part for part in walk(other) if isinstance(part, Binary) and part.op in COMPARISONS)
            if any(query.type_of(part).metrics & metrics for part in compared):
                return True
        below = parent
    return False
