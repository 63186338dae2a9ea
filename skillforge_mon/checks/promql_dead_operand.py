"""MON2131: a side of `and`, `or` or `unless` that changes nothing, or leaves nothing."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import ProjectQuery, project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.query.containment import is_within
from skillforge_mon.query.promql import Binary
from skillforge_mon.query.promql.tree import SET_OPERATORS

CODE = Code(
    "MON2131",
    "dead-operand",
    Severity.WARNING,
    "One side of `and`, `or` or `unless` changes nothing, or leaves nothing of the other.",
    "Half of the query is not what it seems: after `vector(0) or` nothing else is ever seen, and `x unless x` is nothing.",
    bad=alert_spec("(vector(0) or sum(rate(http_requests_total[5m]))) < 1"),
    good=alert_spec("(sum(rate(http_requests_total[5m])) or vector(0)) < 1"),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every set operator whose outcome one side alone decides."""
    for query in project_queries(project):
        for node, _ in query.nodes:
            if isinstance(node, Binary) and node.op in SET_OPERATORS:
                yield from _of_operator(query, node)


def _of_operator(query: ProjectQuery, node: Binary) -> Iterator[Diagnostic]:
    kept, other = (node.rhs, node.lhs) if node.op == "or" else (node.lhs, node.rhs)
    covered = is_within(kept, other)
    always = not covered and _meets_all(query, node) and not query.type_of(other).may_be_empty
    if not covered and not always:
        return
    place = query.query.span(*node.rhs.span)
    why = "the other side has a result at every moment" if always else "all its series are on the other side too"
    match node.op:
        case "or":
            headline, label = "what stands after `or` is never seen", why
            helping = "let the side that is always there stand last" if always else "take it out"
        case "and":
            headline, label = "what stands after `and` leaves nothing out", "there is a match for every series"
            helping = "take it out, or compare it with something"
        case _:
            headline, label = "`unless` leaves nothing", "there is a match for every series"
            helping = "take it out, or compare one side with something"
    yield CODE.at(
        query.query.span(*node.op_span),
        headline,
        secondary=(Label(place, label),) if place is not None else (),
        help=helping,
    )


def _meets_all(query: ProjectQuery, node: Binary) -> bool:
    """True when all series of both sides belong together, because no label tells them apart."""
    if node.matching is not None and node.matching.on:
        return not node.matching.labels
    sides = (query.type_of(node.lhs).labels, query.type_of(node.rhs).labels)
    return not any(labels.open or labels.values for labels in sides)
