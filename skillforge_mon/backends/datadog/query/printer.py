"""The one text of every query.

A query that was read and printed has single spaces, no brackets that it does not need, and one kind of quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from skillforge_mon.backends.datadog.query.scope_tree import AllOf, AnyOf, Filter, NotThat, TagFilter
from skillforge_mon.backends.datadog.query.tree import (
    AnyQuery,
    Argument,
    Arithmetic,
    CheckQuery,
    CompositeQuery,
    Condition,
    EventQuery,
    FormulaQuery,
    Function,
    Inverted,
    Joined,
    Keyword,
    Limit,
    Method,
    Metric,
    MonitorId,
    MonitorQuery,
    Node,
    Number,
    QueryName,
    SloQuery,
    Text,
    Word,
)
from skillforge_mon.spec.quantities import plain_number

THRESHOLD = "threshold"
"""What a query compares with where the number is itself a query, ``options.thresholds.critical_query``."""
_ESCAPED = re.compile(r"[\\\"]")
_ESCAPED_SINGLE = re.compile(r"[\\']")


def print_query(query: AnyQuery) -> str:
    """The query as a monitor has it."""
    match query:
        case MonitorQuery():
            window = f"{query.aggregator}({query.window})"
            if query.change is not None:
                window = f"{query.change.how}({window},{query.change.against})"
            return f"{window}:{print_node(query.expression)} {_limit(query.limit)}"
        case EventQuery():
            return f"{query.source}({_quoted(query.search)}){_methods(query.methods)} {_limit(query.limit)}"
        case FormulaQuery():
            formula = _quoted(print_node(query.expression))
            return f"formula({formula}){_methods(query.methods)} {_limit(query.limit)}"
        case CheckQuery():
            return f"{_quoted(query.check)}{_methods(query.methods)}"
        case SloQuery():
            return f"{query.measure}({_quoted(query.slo)}){_methods(query.methods)} {_limit(query.limit)}"
        case CompositeQuery():
            return _condition(query.condition)


def print_node(node: Node) -> str:
    """An expression on one line, with no more parentheses than it needs."""
    match node:
        case Number():
            return plain_number(node.value)
        case QueryName():
            return node.name
        case Function():
            parameters = ", ".join([print_node(node.argument), *map(_parameter, node.parameters)])
            return f"{node.name}({parameters})"
        case Arithmetic():
            return f"{_operand(node.left, node, right=False)} {node.op} {_operand(node.right, node, right=True)}"
        case Metric():
            return _metric(node)


_TIGHTNESS = {"+": 1, "-": 1, "*": 2, "/": 2}


def _operand(node: Node, parent: Arithmetic, *, right: bool) -> str:
    text = print_node(node)
    if isinstance(node, Number):
        return f"({text})" if node.value < 0 and right else text
    if not isinstance(node, Arithmetic):
        return text
    inner, outer = _TIGHTNESS[node.op], _TIGHTNESS[parent.op]
    loose = inner < outer or (right and inner == outer)
    return f"({text})" if loose else text


def _metric(metric: Metric) -> str:
    limit = metric.values
    values = f"(v: v{limit.op}{plain_number(limit.number)})" if limit is not None and limit.number is not None else ""
    space = f"{metric.space}{values}:" if metric.space else ""
    by = f" by {{{','.join(metric.by)}}}" if metric.by else ""
    return f"{space}{metric.name}{{{_scope(metric.filters)}}}{by}{_metric_methods(metric.methods)}"


def _metric_methods(methods: Iterable[Method]) -> str:
    return "".join(f".{method.name}({', '.join(map(_parameter, method.arguments))})" for method in methods)


def _parameter(argument: Argument) -> str:
    """An argument in an expression, where texts have single quotes."""
    match argument:
        case Text():
            return "'" + _ESCAPED_SINGLE.sub(r"\\\g<0>", argument.value) + "'"
        case Number():
            return plain_number(argument.value)
        case Word():
            return argument.value
        case Keyword():
            return f"{argument.name}={_parameter(argument.value)}"


def _methods(methods: Iterable[Method]) -> str:
    return "".join(f".{method.name}({', '.join(map(_argument, method.arguments))})" for method in methods)


def _argument(argument: Argument) -> str:
    if isinstance(argument, Keyword):
        return f"{argument.name}={_argument(argument.value)}"
    return _quoted(argument.value) if isinstance(argument, Text) else _parameter(argument)


def _quoted(text: str) -> str:
    return '"' + _ESCAPED.sub(r"\\\g<0>", text) + '"'


def _limit(limit: Limit) -> str:
    return f"{limit.op} {THRESHOLD if limit.number is None else plain_number(limit.number)}"


def _condition(condition: Condition) -> str:
    match condition:
        case MonitorId():
            return condition.id
        case Inverted():
            text = _condition(condition.operand)
            return f"!({text})" if isinstance(condition.operand, Joined) else f"!{text}"
        case Joined():
            texts = (
                f"({_condition(each)})" if condition.op == "&&" and isinstance(each, Joined) else _condition(each)
                for each in condition.operands
            )
            return f" {condition.op} ".join(texts)


def _scope(filters: tuple[Filter, ...]) -> str:
    """Filters in one of the two styles, which must not be mixed: ``a:b,!c:d``, or ``a IN (b,c) AND NOT c:d``."""
    if not filters:
        return "*"
    single = [item for item in filters if isinstance(item, TagFilter) and len(item.values) <= 1]
    if len(single) == len(filters):
        return ",".join(f"{'!' if item.negated else ''}{_tag(item)}" for item in single)
    return " AND ".join(map(_word_filter, filters))


def _tag(item: TagFilter) -> str:
    return f"{item.tag}:{item.values[0]}" if item.values else item.tag


def _word_filter(item: Filter) -> str:
    match item:
        case AllOf():
            return f"({' AND '.join(map(_word_filter, item.filters))})"
        case AnyOf():
            return f"({' OR '.join(map(_word_filter, item.filters))})"
        case NotThat():
            return f"NOT {_word_filter(item.filter)}"
    if len(item.values) <= 1:
        return f"{'NOT ' if item.negated else ''}{_tag(item)}"
    if any("*" in value for value in item.values):  # IN takes no wildcards
        word = " AND " if item.negated else " OR "
        choices = word.join(f"{'NOT ' if item.negated else ''}{item.tag}:{value}" for value in item.values)
        return f"({choices})"
    return f"{item.tag} {'NOT IN' if item.negated else 'IN'} ({','.join(item.values)})"
