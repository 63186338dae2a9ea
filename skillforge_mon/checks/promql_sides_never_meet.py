"""MON2130: the two sides of an operator have no series that belong together."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import ProjectQuery, project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.query.meeting import Mismatch, mismatches
from skillforge_mon.query.promql import Binary, ValueType
from skillforge_mon.query.promql.tree import SET_OPERATORS
from skillforge_mon.spec.suggest import listed

CODE = Code(
    "MON2130",
    "sides-never-meet",
    Severity.WARNING,
    "The two sides of an operator differ in a label by which their series are matched.",
    "No series finds a partner: the result is empty, and an alert on it never fires (of `unless`, nothing is left out).",
    bad=alert_spec("sum by (code) (rate(http_requests_total[5m])) / sum(rate(http_requests_total[5m])) > 0.5"),
    good=alert_spec(
        "sum by (code) (rate(http_requests_total[5m]))"
        " / ignoring (code) group_left sum(rate(http_requests_total[5m])) > 0.5"
    ),
)
_MOST_VALUES = 3


def check(project: Project) -> Iterator[Diagnostic]:
    """Every operator between two vectors, but `or`, which takes both sides as they are."""
    for query in project_queries(project):
        for node, _ in query.nodes:
            if not isinstance(node, Binary) or node.op == "or":
                continue
            if node.lhs.type is not ValueType.VECTOR or node.rhs.type is not ValueType.VECTOR:
                continue
            found = mismatches(node, query.type_of(node.lhs).labels, query.type_of(node.rhs).labels)
            if node.matching is not None and node.matching.on:
                found = tuple(item for item in found if not item.is_missing)  # reported as MON2107 or MON2108
            if found:
                yield _report(query, node, found)


def _report(query: ProjectQuery, node: Binary, found: tuple[Mismatch, ...]) -> Diagnostic:
    labels = []
    for side, values in ((node.lhs, [item.left for item in found]), (node.rhs, [item.right for item in found])):
        place = query.query.span(*side.span)
        if place is not None:
            labels.append(Label(place, ", ".join(map(_words, found, values))))
    outcome = "leaves nothing out" if node.op == "unless" else "has no result"
    names = listed([f"`{item.label}`" for item in found])
    return CODE.at(
        query.query.span(*node.op_span),
        f"`{node.op}` {outcome}: {names} {'is' if len(found) == 1 else 'are'} never the same on both sides",
        secondary=tuple(labels),
        help=_help(node, found),
    )


def _words(item: Mismatch, values: tuple[str, ...] | None) -> str:
    if values == ():
        return f"no `{item.label}` here"
    if values is None or item.is_missing:
        return f"has `{item.label}`"
    shown = " or ".join(f'"{value}"' for value in values[:_MOST_VALUES])
    return f"`{item.label}` is {shown}" + (" or another" if len(values) > _MOST_VALUES else "")


def _help(node: Binary, found: tuple[Mismatch, ...]) -> str:
    if node.matching is not None and node.matching.on:
        return "take the label out of `on`, or select the same values on both sides"
    if not all(item.is_missing for item in found):
        return "select the same values on both sides, or leave the label out of the comparison with `ignoring`"
    names = list(dict.fromkeys([*_ignored(node), *(item.label for item in found)]))
    ignoring = f"ignoring ({', '.join(names)})"
    if node.op in SET_OPERATORS:
        return f"write `{node.op} {ignoring}`, or aggregate both sides by the same labels"
    richer_left = all(item.right == () for item in found)
    richer_right = all(item.left == () for item in found)
    group = " group_left" if richer_left else " group_right" if richer_right else ""
    return f"write `{node.op} {ignoring}{group}`, or aggregate both sides by the same labels"


def _ignored(node: Binary) -> list[str]:
    return [label.name for label in node.matching.labels] if node.matching is not None else []
