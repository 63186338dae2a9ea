"""MON2134: a comparison inside a query that nothing can stand."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import ProjectQuery, project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.conditions import split_comparison
from skillforge_mon.model.project import Alert, Project
from skillforge_mon.query.constants import constant_value
from skillforge_mon.query.containment import bare
from skillforge_mon.query.promql import Aggregate, Binary, Expr
from skillforge_mon.query.promql.tree import COMPARISONS
from skillforge_mon.query.value_range import bounds_text, outcome, value_range

CODE = Code(
    "MON2134",
    "comparison-never-true",
    Severity.WARNING,
    "A comparison inside a query is never true: for the type of its value, or because both sides are the same.",
    "That part of the query is always empty. `count`, for one, is never 0: of nothing it has no result at all.",
    bad=alert_spec("up == 0 and on () count(up == 1) < 1"),
    good=alert_spec("up == 0 unless on () count(up == 1)"),
)
_MIRRORED = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "==": "==", "!=": "!="}
_NEVER_OF_ITSELF = frozenset((">", "<"))


def check(project: Project) -> Iterator[Diagnostic]:
    """Every comparison but that of the whole query of an alert, which has a code of its own."""
    for query in project_queries(project):
        for node, _ in query.nodes:
            if not isinstance(node, Binary) or node.op not in COMPARISONS or node.return_bool:
                continue
            if node.op in _NEVER_OF_ITSELF and bare(node.lhs) == bare(node.rhs):
                yield CODE.at(query.query.span(*node.op_span), "the two sides of the comparison are the same")
            elif not (isinstance(query.owner, Alert) and node is bare(query.expr)):
                yield from _of_number(query, node)


def _of_number(query: ProjectQuery, node: Binary) -> Iterator[Diagnostic]:
    value, comparison = split_comparison(node)
    if comparison is None or constant_value(value) is not None:
        return
    number = float(comparison.number)
    if query.type_of(value).share and number > 1:
        return  # reported as MON2110
    values = value_range(value, query.catalogue)
    if outcome(comparison.op, number, values) is False:
        counts = isinstance(_inner(value), Aggregate)
        yield CODE.at(
            query.query.span(*node.span),
            "this comparison is never true",
            notes=(bounds_text(values),),
            help="of nothing there is no count: write `unless`, or `absent(…)`" if counts and number <= 1 else "",
        )


def _inner(value: Expr) -> Expr | None:
    inner = bare(value)
    return inner if isinstance(inner, Aggregate) and inner.op in {"count", "group"} else None
