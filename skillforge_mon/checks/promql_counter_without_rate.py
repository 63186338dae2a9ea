"""MON2103: the running total of a counter is used as a value."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import ProjectQuery, project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.query.constants import constant_value
from skillforge_mon.query.promql import Aggregate, Binary, Call, Expr, MatrixSelector, Paren, Subquery, VectorSelector
from skillforge_mon.query.promql.tree import SET_OPERATORS

CODE = Code(
    "MON2103",
    "counter-without-rate",
    Severity.WARNING,
    "A counter is compared, aggregated or shown without `rate` or `increase`.",
    "A counter is the sum since the process started: it only grows, falls to zero with every release, and says nothing of now.",
    bad=alert_spec("sum(http_requests_total) > 100"),
    good=alert_spec("sum(rate(http_requests_total[5m])) > 100"),
)
_OF_EXISTENCE = frozenset(
    ("absent", "absent_over_time", "present_over_time", "changes", "resets", "timestamp", "count_over_time")
)
_OF_GAUGES = frozenset(("delta", "idelta", "deriv", "predict_linear"))
_COUNTED = frozenset(("count", "group", "count_values"))


def check(project: Project) -> Iterator[Diagnostic]:
    """Every counter whose total reaches the result. SLOs take the rate of their counters themselves."""
    for query in project_queries(project):
        if query.role in {"events", "histogram", "gauge"}:
            continue
        for selector, parents in query.selectors:
            entry = query.entry(selector)
            if entry is None or not entry.is_counter or entry.origin == "recording":
                continue
            if _is_used_well(query, selector, parents):
                continue
            yield CODE.at(
                query.query.span(*selector.span),
                f"the counter `{entry.name}` is used without `rate`",
                label="the sum since the process started",
                secondary=(Label(entry.place, "declared as a counter here"),) if entry.place is not None else (),
                help=f"write `rate({entry.name}[5m])`, or `increase({entry.name}[1h])`",
            )


def _is_used_well(query: ProjectQuery, selector: VectorSelector, parents: tuple[Expr, ...]) -> bool:
    """True when what is around the selector asks how it changes, or only whether it is there."""
    if query.role == "recording" and all(isinstance(parent, Paren | Aggregate) for parent in parents):
        return True  # a sum of counters that is recorded can still be rated, if with care
    below: Expr = selector
    for parent in reversed(parents):
        match parent:
            case Call() if parent.function in _OF_EXISTENCE or parent.function in _OF_GAUGES:
                return True
            case Call() if parent.function in {"rate", "irate", "increase", "histogram_quantile"}:
                return True  # buckets without a rate are reported as MON2106
            case Aggregate() if parent.op in _COUNTED:
                return True
            case Binary() if parent.op in SET_OPERATORS and parent.op != "or" and parent.rhs is below:
                return True
            case Binary() if _differs_in_time(parent):
                return True
            case Binary() if _compares_with_zero(parent):
                return True
        below = parent
    return False


def _differs_in_time(node: Binary) -> bool:
    """``x - x offset 5m`` is an increase by hand, ``x == x offset 5m`` asks whether anything happened."""
    left, right = _offset(node.lhs), _offset(node.rhs)
    return left != right


def _offset(expr: Expr) -> int:
    while isinstance(expr, Paren):
        expr = expr.expr
    if isinstance(expr, Aggregate):
        return _offset(expr.expr)
    if isinstance(expr, VectorSelector | Subquery) and expr.offset is not None:
        return expr.offset.milliseconds
    if isinstance(expr, MatrixSelector):
        return _offset(expr.vector)
    return 0


def _compares_with_zero(node: Binary) -> bool:
    """``x == 0`` and ``x > 0`` ask whether it ever happened."""
    return node.op in {"==", "!=", ">"} and 0 in (constant_value(node.rhs), constant_value(node.lhs))
