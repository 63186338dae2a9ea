"""MON3012: irate, topk, count_values and the like in an alert."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD, changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.query.constants import constant_value
from skillforge_mon.query.promql import Aggregate, Binary, Call, Card, Expr, StringLiteral, walk_with_parents
from skillforge_mon.query.types import infer

CODE = Code(
    "MON3012",
    "fragile-function-in-alert",
    Severity.WARNING,
    "An alert uses a function that looks at two samples only (`irate`, `idelta`), at a changing choice of series (`topk`, `bottomk`, `limitk`), or makes labels of values (`count_values`).",
    "Its result jumps between evaluations, so that `for` starts again and the alert comes late or never.",
    bad=changed(("sum by (queue) (queue_length)", "topk(3, queue_length)")),
    good=GOOD,
)
_TWO_SAMPLES = {"irate": "rate", "idelta": "delta"}
_CHOICES = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})


def check(project: Project) -> Iterator[Diagnostic]:
    """The queries of alerts; on a dashboard these functions are fine, and so is the choice of one of a match."""
    for alert in project.alerts.values():
        query = alert.query
        if query is None or query.expr is None:
            continue
        for node, parents in walk_with_parents(query.expr):
            if isinstance(node, Call) and node.function in _TWO_SAMPLES:
                yield CODE.at(
                    query.span(*node.name_span),
                    f"`{node.function}` looks at two samples only",
                    help=f"use `{_TWO_SAMPLES[node.function]}`",
                )
            elif isinstance(node, Aggregate) and node.op in _CHOICES and not _picks_one_of_a_match(node, parents):
                yield CODE.at(
                    query.span(*node.op_span),
                    f"`{node.op}` chooses other series at each evaluation",
                    help="compare all of them",
                )
            elif (label := _label_of_values(node)) and label in infer(query.expr, project.catalogue).labels.names:
                yield CODE.at(
                    query.span(*node.op_span) if isinstance(node, Aggregate) else query.whole,
                    f"`count_values` makes a label of the value: `{label}` is another with each",
                    help="count them without that label, or compare the value itself",
                )


def _label_of_values(node: Expr) -> str:
    """The label that `count_values` writes values into; "" for anything else."""
    if isinstance(node, Aggregate) and node.op == "count_values" and isinstance(node.param, StringLiteral):
        return node.param.value
    return ""


def _picks_one_of_a_match(node: Aggregate, parents: tuple[Expr, ...]) -> bool:
    """True for `x * on (pod) group_left (node) topk by (pod) (1, …)`: whichever it is, there is one for each pod.

    So it is where an aggregation around it drops the labels in which the chosen ones differ.
    """
    if node.param is None or constant_value(node.param) != 1 or node.grouping is None or node.grouping.without:
        return False
    groups = {label.name for label in node.grouping.labels}
    below: Expr = node
    for parent in reversed(parents):
        match parent:
            case Aggregate() if parent.op not in _CHOICES:
                return True
            case Binary() if parent.matching is not None:
                one = {Card.MANY_TO_ONE: parent.rhs, Card.ONE_TO_MANY: parent.lhs}.get(parent.matching.card)
                matched = {label.name for label in parent.matching.labels} if parent.matching.on else set()
                return one is below or groups == matched
        below = parent
    return False
