"""Where labels of a query are named: in ``by``, ``on``, ``group_left``, functions over labels, and alerts' messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from skillforge_mon.checks.alert_messages import alert_messages
from skillforge_mon.checks.queries import ProjectQuery
from skillforge_mon.diagnostics.diagnostic import Span
from skillforge_mon.model.project import Alert
from skillforge_mon.query.promql import (
    Aggregate,
    Binary,
    Call,
    Card,
    Expr,
    LabelName,
    StringLiteral,
    VectorMatching,
    VectorSelector,
    metric_name,
    walk,
)
from skillforge_mon.query.promql.printer import aggregate_head
from skillforge_mon.query.promql.regex import matches_empty
from skillforge_mon.query.promql.tree import METRIC_NAME_LABEL
from skillforge_mon.query.promql.walk import children
from skillforge_mon.spec.yaml.nodes import ScalarNode


@dataclass(frozen=True, slots=True, eq=False)
class LabelUse:
    """A label that is named in the text of ``node`` at ``span``, and looked for on the results of ``inside``.

    ``where`` is the construct in the words of a message: "`by`", "`group_left`", "the summary". ``drops`` is True
    for ``without`` and ``ignoring``, where a label that is not there does no harm. ``replaceable`` says that ``span``
    is the bare name of the label.
    """

    label: str
    node: ScalarNode | None
    span: tuple[int, int]
    where: str
    inside: Expr
    drops: bool = False
    replaceable: bool = True

    @property
    def place(self) -> Span | None:
        """Where the label is named."""
        return self.node.text_span(*self.span) if self.node is not None else None


def label_uses(query: ProjectQuery) -> Iterator[LabelUse]:
    """Every use in the query, in the order of its text, and then those in the messages of its alert."""
    for node, _ in query.nodes:
        match node:
            case Aggregate() if node.grouping is not None:
                where = "`without`" if node.grouping.without else "`by`"
                yield from _listed(query, node.grouping.labels, where, node.expr, drops=node.grouping.without)
            case Binary() if node.matching is not None:
                yield from _of_matching(query, node, node.matching)
            case Call() if node.function in {"label_replace", "label_join"}:
                yield from _of_function(query, node)
    if isinstance(query.owner, Alert):
        yield from _of_messages(query, query.owner)


def _listed(
    query: ProjectQuery, labels: tuple[LabelName, ...], where: str, inside: Expr, *, drops: bool = False
) -> Iterator[LabelUse]:
    for label in labels:
        if label.name != METRIC_NAME_LABEL:
            yield LabelUse(label.name, query.query.node, label.span, where, inside, drops)


def _of_matching(query: ProjectQuery, node: Binary, matching: VectorMatching) -> Iterator[LabelUse]:
    if matching.on:
        for side in (node.lhs, node.rhs):
            yield from _listed(query, matching.labels, "`on`", side)
    else:
        yield from _listed(query, matching.labels, "`ignoring`", node, drops=True)
    if matching.card is Card.MANY_TO_ONE:
        yield from _listed(query, matching.include, "`group_left`", node.rhs)
    elif matching.card is Card.ONE_TO_MANY:
        yield from _listed(query, matching.include, "`group_right`", node.lhs)


def _of_function(query: ProjectQuery, call: Call) -> Iterator[LabelUse]:
    sources = call.args[3:]
    if call.function == "label_replace":
        replacement, source, pattern = (getattr(argument, "value", "") for argument in call.args[2:5])
        if not source or (matches_empty(pattern) and "$" not in replacement):
            return  # sets a label to a fixed value, wherever it comes from
        sources = call.args[3:4]
    for argument in sources:
        if isinstance(argument, StringLiteral) and argument.value != METRIC_NAME_LABEL:
            yield LabelUse(
                argument.value, query.query.node, argument.span, f"`{call.function}`", call.args[0], replaceable=False
            )


_OF_EVERY_ALERT = frozenset(("alertname", "severity", "priority"))


def own_labels(alert: Alert) -> set[str]:
    """The names of labels that an alert has whatever its query returns: its own, and those that monmc sets."""
    own = set(alert.spec.labels) | _OF_EVERY_ALERT
    if alert.service is not None:
        own |= {"service", "team", *alert.service.spec.labels}
    if any(severity.escalation is not None for severity in alert.severities):
        own |= {"escalation", "level"}
    return own


def _of_messages(query: ProjectQuery, alert: Alert) -> Iterator[LabelUse]:
    """Placeholders for labels that are neither the alert's own nor set by monmc."""
    own = own_labels(alert)
    for text in alert_messages(alert):
        for placeholder in text.message.placeholders:
            if placeholder.label and placeholder.label not in own:
                yield LabelUse(
                    placeholder.label,
                    text.node,
                    (placeholder.start, placeholder.end),
                    text.where,
                    query.expr,
                    replaceable=False,
                )


def dropped_by(query: ProjectQuery, expr: Expr, label: str) -> Expr | None:
    """The outermost part of ``expr`` that takes ``label`` away from what is inside it; None when none ever had it."""
    for node in walk(expr):
        if not query.type_of(node).labels.may_have(label) and any(
            query.type_of(child).labels.may_have(label) for child in children(node)
        ):
            return node
    return None


def words_for(node: Expr) -> str:
    """What drops labels, in a few words: ``sum by (service)``."""
    match node:
        case Aggregate():
            return aggregate_head(node).strip()
        case Binary():
            return node.op
        case Call():
            return f"{node.function}()"
    return "it"


def is_grouped_inside(expr: Expr, label: str) -> bool:
    """True when an aggregation inside ``expr`` names ``label`` too: the problem is reported there."""
    return any(
        isinstance(node, Aggregate)
        and node.grouping is not None
        and not node.grouping.without
        and any(name.name == label for name in node.grouping.labels)
        for node in walk(expr)
    )


def metrics_read(query: ProjectQuery, expr: Expr) -> tuple[str, ...]:
    """The names of what ``expr`` reads, each once, in the order of the text."""
    names = (metric_name(node) for node in walk(expr) if isinstance(node, VectorSelector))
    return tuple(dict.fromkeys(name for name in names if name is not None))
