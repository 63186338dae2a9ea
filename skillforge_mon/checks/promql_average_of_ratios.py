"""MON2135: ratios are averaged or added up, each with the same weight."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import ProjectQuery, project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.query.constants import constant_value
from skillforge_mon.query.containment import bare, filtered
from skillforge_mon.query.promql import Aggregate, Binary, Call, Expr, VectorSelector, metric_name, print_expr, walk

_BAD = 'rate(http_requests_total{code="500"}[5m]) / ignoring (code) group_left sum without (code) (rate(http_requests_total[5m]))'

CODE = Code(
    "MON2135",
    "average-of-ratios",
    Severity.WARNING,
    "`avg` or `sum` is taken of ratios of events, over the labels by which they were counted.",
    "Each ratio weighs the same: an instance with one request that failed counts as much as one with a million that did not.",
    bad=alert_spec(f"avg by (job) ({_BAD}) > 0.05"),
    good=alert_spec(
        'sum by (job) (rate(http_requests_total{code="500"}[5m])) / sum by (job) (rate(http_requests_total[5m])) > 0.05'
    ),
)
_RATES = frozenset(("rate", "irate", "increase"))


def check(project: Project) -> Iterator[Diagnostic]:
    """Aggregations of quotients whose denominator is a rate of counted events; of recordings of such, too."""
    recorded: dict[str, list[Expr]] = {}
    for recording in project.recordings.values():
        if recording.query.expr is not None:
            recorded.setdefault(recording.record, []).append(recording.query.expr)
    for query in project_queries(project):
        for node, _ in query.nodes:
            if not isinstance(node, Aggregate) or node.op not in {"avg", "sum"} or not _drops_labels(query, node):
                continue
            quotient = _quotient(node.expr, recorded)
            if quotient is not None and _counts_events(query, quotient.rhs):
                yield _report(query, node, quotient)


def _report(query: ProjectQuery, node: Aggregate, quotient: Binary) -> Diagnostic:
    place = query.query.span(*node.expr.span)
    below = print_expr(bare(quotient.rhs))
    return CODE.at(
        query.query.span(*node.op_span),
        f"`{node.op}` of ratios of events, each with the same weight",
        secondary=(Label(place, "ratios"),) if place is not None else (),
        notes=(f"each is divided by `{below}`",),
        help="divide the sum of the numerators by the sum of the denominators, by the same labels",
    )


def _drops_labels(query: ProjectQuery, node: Aggregate) -> bool:
    """False when every group has one series, so that nothing is averaged."""
    inner, left = query.type_of(node.expr).labels, query.type_of(node).labels
    return inner.open or not inner.names <= left.names


def _quotient(expr: Expr, recorded: dict[str, list[Expr]]) -> Binary | None:
    """The quotient that ``expr`` is, numbers and filters around it aside; that of a recording where it reads one."""
    expr = bare(expr)
    if isinstance(expr, VectorSelector):
        for query in recorded.get(metric_name(expr) or "", ()):
            found = _quotient(query, {})
            if found is not None:
                return found
        return None
    if not isinstance(expr, Binary):
        return None
    value = filtered(expr)
    if value is not None:
        return _quotient(value, recorded)
    for side, other in ((expr.lhs, expr.rhs), (expr.rhs, expr.lhs)):
        if constant_value(other) is not None:
            return _quotient(side, recorded)
    return expr if expr.op == "/" else None


def _counts_events(query: ProjectQuery, denominator: Expr) -> bool:
    measure = query.type_of(denominator).measure
    rated = any(isinstance(node, Call) and node.function in _RATES for node in walk(denominator))
    return rated and measure is not None and measure.counts
