"""Whether two PromQL texts are one query: servers print their own trees, not what they were given.

Prometheus sorts the matchers of a selector, and leaves out what says nothing (Aggregate.String, BinaryExpr.String and
VectorSelector.String in promql/parser/printer.go). The order of labels in a list never means anything.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from skillforge_mon.query.promql import (
    Aggregate,
    Binary,
    Card,
    Expr,
    LabelName,
    Matcher,
    PromQLSyntaxError,
    VectorSelector,
    parse,
    pretty,
    print_expr,
    transform,
)
from skillforge_mon.query.promql.tree import METRIC_NAME_LABEL

_LISTED: Final = re.compile(r'(?<=[(,\s])"([^"\\]+)"(?=\s*[,)])')
"""A quoted name in a list."""


def same_query(old: str, new: str) -> bool:
    """Whether ``old``, which a server has printed, is the same tree as ``new``.

    What our parser does not read is compared word by word. Prometheus 3.5 prints names in lists without the quotes that
    they need (``on (k8s.ns)``), and could not read that itself.
    """
    if old == new:
        return True
    try:
        wanted = canonical(parse(new))
    except PromQLSyntaxError:
        return old.split() == new.split()
    try:
        return canonical(parse(old)) == wanted
    except PromQLSyntaxError:
        return _unquoted(old) == _unquoted(print_expr(wanted))


def _unquoted(text: str) -> list[str]:
    return _LISTED.sub(r"\1", text).split()


def lines_of(text: str) -> str:
    """The query in the common form, over as many lines as it needs; as it is where our parser does not read it."""
    try:
        return pretty(canonical(parse(text)))
    except PromQLSyntaxError:
        return text


def canonical(expr: Expr) -> Expr:
    """The tree with labels and matchers in order, and without ``by ()`` and ``ignoring ()``."""
    return transform(expr, _canonical)


def _canonical(node: Expr) -> Expr:
    if isinstance(node, VectorSelector):
        return _selector(node)
    if isinstance(node, Aggregate) and node.grouping is not None:
        grouping = node.grouping
        if not grouping.labels and not grouping.without:
            return replace(node, grouping=None)
        return replace(node, grouping=replace(grouping, labels=_in_order(grouping.labels)))
    if isinstance(node, Binary) and node.matching is not None:
        matching = node.matching
        one_to_one = matching.card in (Card.ONE_TO_ONE, Card.MANY_TO_MANY)
        if one_to_one and not matching.on and not matching.labels:
            return replace(node, matching=None)
        labels, include = _in_order(matching.labels), _in_order(matching.include)
        return replace(node, matching=replace(matching, labels=labels, include=include))
    return node


def _selector(node: VectorSelector) -> VectorSelector:
    name, matchers = node.name, list(node.matchers)
    named = [matcher for matcher in matchers if matcher.label == METRIC_NAME_LABEL and matcher.op == "="]
    if name is None and len(named) == 1:
        name = named[0].value
        matchers.remove(named[0])
    return replace(node, name=name, matchers=tuple(sorted(matchers, key=_matcher_order)))


def _matcher_order(matcher: Matcher) -> tuple[str, str, str]:
    return (matcher.label, matcher.op, matcher.value)


def _in_order(labels: tuple[LabelName, ...]) -> tuple[LabelName, ...]:
    return tuple(sorted(labels, key=lambda label: label.name))
