"""MON2116: quantiles are averaged or added up."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import ProjectQuery, project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import Aggregate, Call, Expr, Paren, VectorSelector

CODE = Code(
    "MON2116",
    "average-of-quantiles",
    Severity.WARNING,
    "`avg` or `sum` is taken of quantiles: of a summary, or of `histogram_quantile`.",
    "The average of two medians is not the median of all: a slow instance disappears among quick ones.",
    bad=alert_spec('avg(rpc_duration_seconds{quantile="0.99"}) > 1'),
    good=alert_spec('max(rpc_duration_seconds{quantile="0.99"}) > 1'),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every such aggregation, functions over time between the two allowed."""
    for query in project_queries(project):
        for node, _ in query.nodes:
            if isinstance(node, Aggregate) and node.op in {"avg", "sum"}:
                inner = _aggregated(node.expr)
                what = _quantiles(query, inner)
                if what:
                    place = query.query.span(*inner.span)
                    yield CODE.at(
                        query.query.span(*node.op_span),
                        f"`{node.op}` of {what}",
                        secondary=(Label(place, "quantiles"),) if place is not None else (),
                        help="take `max` of them, or aggregate a histogram's buckets before `histogram_quantile`",
                    )


def _aggregated(expr: Expr) -> Expr:
    while isinstance(expr, Paren):
        expr = expr.expr
    return expr


def _quantiles(query: ProjectQuery, expr: Expr) -> str:
    if isinstance(expr, Call) and expr.function == "histogram_quantile":
        return "quantiles that `histogram_quantile` has estimated"
    if isinstance(expr, VectorSelector):
        entry = query.entry(expr)
        if entry is not None and entry.series == "quantile":
            return f"the quantiles of the summary `{entry.name}`"
    return ""
