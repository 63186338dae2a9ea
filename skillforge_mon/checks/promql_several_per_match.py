"""MON2132: an operator takes one series for each match, and there are several."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import ProjectQuery, project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import Binary, Card, Expr
from skillforge_mon.query.uniqueness import single_sides, unmatched_labels
from skillforge_mon.spec.suggest import listed

CODE = Code(
    "MON2132",
    "several-series-per-match",
    Severity.WARNING,
    "Several series of one side of an operator belong to one match, and the operator takes only one.",
    "Prometheus refuses the query as soon as there are two (`multiple matches for labels`), so that the rule fails.",
    bad=alert_spec(
        "sum by (code, cache) (rate(http_requests_total[5m]))"
        " / ignoring (code) sum by (cache) (rate(http_requests_total[5m])) > 0.5"
    ),
    good=alert_spec(
        "sum by (code, cache) (rate(http_requests_total[5m]))"
        " / ignoring (code) group_left sum by (cache) (rate(http_requests_total[5m])) > 0.5"
    ),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every arithmetic and comparing operator that says which labels it matches."""
    for query in project_queries(project):
        for node, _ in query.nodes:
            if not isinstance(node, Binary):
                continue
            for side in single_sides(node):
                labels = unmatched_labels(node, side, query.type_of(side).labels)
                if labels:
                    yield _report(query, node, side, labels)


def _report(query: ProjectQuery, node: Binary, side: Expr, labels: tuple[str, ...]) -> Diagnostic:
    where = "left" if side is node.lhs else "right"
    place = query.query.span(*side.span)
    names = listed(labels)
    assert node.matching is not None  # noqa: S101 - unmatched_labels says so
    if node.matching.card is Card.ONE_TO_ONE:
        helping = f"write `group_{where}` where this side has many series, or aggregate it without `{names}`"
    else:
        helping = f"aggregate this side without `{names}`, or match that too"
    return CODE.at(
        query.query.span(*node.op_span),
        f"`{node.op}` takes one series on the {where} for each match, and those there differ in `{names}` too",
        secondary=(Label(place, f"one for each `{names}`"),) if place is not None else (),
        help=helping,
    )
