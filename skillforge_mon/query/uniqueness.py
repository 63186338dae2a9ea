"""Which labels tell series apart that an operator takes for one, so that Prometheus refuses the query at run time."""

from __future__ import annotations

from skillforge_mon.query.containment import bare, filtered
from skillforge_mon.query.labels import LabelSet
from skillforge_mon.query.promql import (
    Aggregate,
    Binary,
    Call,
    Card,
    Expr,
    ValueType,
    VectorSelector,
    metric_name,
    walk,
)
from skillforge_mon.query.promql.tree import SET_OPERATORS
from skillforge_mon.query.target_labels import ALWAYS, KUBERNETES, SERVICE

_OF_TARGETS = frozenset((*ALWAYS, SERVICE, *KUBERNETES))


def single_sides(node: Binary) -> tuple[Expr, ...]:
    """The sides of an operator of which at most one series may belong to each match ("Vector matching")."""
    if node.op in SET_OPERATORS or node.lhs.type is not ValueType.VECTOR or node.rhs.type is not ValueType.VECTOR:
        return ()
    card = node.matching.card if node.matching is not None else Card.ONE_TO_ONE
    return {Card.MANY_TO_ONE: (node.rhs,), Card.ONE_TO_MANY: (node.lhs,)}.get(card, (node.lhs, node.rhs))


def unmatched_labels(node: Binary, side: Expr, labels: LabelSet) -> tuple[str, ...]:
    """Labels by which ``side``, whose labels are ``labels``, surely has several series for one match, by name.

    A label counts when every series has it, it may have several values, the operator does not match it and does not
    take it over. Left out are labels that a target has one of, unless the side is grouped by them, and ``_info``
    metrics, whose labels follow from one another.
    """
    matching = node.matching
    if matching is None or any(_is_info(inner) for inner in walk(side)):
        return ()
    names = frozenset(label.name for label in matching.labels)
    left_over = labels.certain - names if matching.on else labels.certain & names
    left_over -= {label.name for label in matching.include}
    grouped = _grouping(side)
    return tuple(
        sorted(
            label
            for label in left_over
            if (label in grouped or label not in _OF_TARGETS) and not _is_fixed(labels, label)
        )
    )


def _is_info(expr: Expr) -> bool:
    return isinstance(expr, VectorSelector) and (metric_name(expr) or "_info").endswith("_info")


def _is_fixed(labels: LabelSet, label: str) -> bool:
    known = labels.values[label]
    return known.cardinality == "enum" and len(known.values) < 2


def _grouping(side: Expr) -> frozenset[str]:
    """The labels that an aggregation at the top of ``side`` is by; filters, functions and numbers aside."""
    side = bare(side)
    while True:
        inner = filtered(side)
        if inner is None and isinstance(side, Binary):
            numbers = [operand.type is ValueType.SCALAR for operand in (side.lhs, side.rhs)]
            inner = side.lhs if numbers == [False, True] else side.rhs if numbers == [True, False] else None
        elif inner is None and isinstance(side, Call) and len(side.args) == 1:
            inner = side.args[0]
        if inner is None:
            break
        side = bare(inner)
    if not isinstance(side, Aggregate) or side.grouping is None or side.grouping.without:
        return frozenset()
    return frozenset(label.name for label in side.grouping.labels)
