"""Datadog's metric queries as trees of our own, and their one printer.

``sum(last_5m):sum:shop.errors.count{env:prod} by {service}.as_count() / … > 0.05`` is a MonitorQuery over an
Arithmetic of two Metrics. Grammar: Datadog's API description of ``Monitor.query`` and docs.datadoghq.com, "Query
syntax" and "Advanced filtering".
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from skillforge_mon.backends.datadog.capabilities import LONGEST_WINDOW_HOURS
from skillforge_mon.spec.quantities import plain_number

SpaceAggregator: TypeAlias = str
"""``avg``, ``sum``, ``min``, ``max``, ``count``, or a percentile such as ``p95``."""
ArithmeticOp: TypeAlias = Literal["+", "-", "*", "/"]


@dataclass(frozen=True, slots=True)
class TagFilter:
    """A tag must have one of ``values``, or with ``negated`` none of them. A ``*`` in a value stands for anything."""

    tag: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Metric:
    """``space:name{filters} by {tags}.modifier()``.

    ``values`` limits a distribution's ``count`` to values of at most that number: ``count(v: v<=0.3):name{…}``.
    """

    space: SpaceAggregator
    name: str
    filters: tuple[TagFilter, ...] = ()
    by: tuple[str, ...] = ()
    modifier: Literal["", "as_count", "as_rate"] = ""
    values: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``left op right``."""

    op: ArithmeticOp
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Function:
    """``name(argument, parameters)``."""

    name: str
    argument: Node
    parameters: tuple[Decimal, ...] = ()


Node: TypeAlias = Metric | Number | Arithmetic | Function


@dataclass(frozen=True, slots=True)
class MonitorQuery:
    """``aggregator(last_window):expression op number``; the window is a number of minutes."""

    aggregator: Literal["avg", "sum", "min", "max", "percentile"]
    minutes: int
    expression: Node
    op: str
    number: Decimal


def print_monitor_query(query: MonitorQuery) -> str:
    """The query as a monitor has it."""
    window = window_text(query.minutes)
    return f"{query.aggregator}({window}):{print_node(query.expression)} {query.op} {plain_number(query.number)}"


def window_text(minutes: int) -> str:
    """``last_5m``, ``last_2h``, ``last_1d`` or ``last_1w``."""
    named = {24 * 60: "last_1d", 7 * 24 * 60: "last_1w"}.get(minutes)
    if named is not None:
        return named
    hours, rest = divmod(minutes, 60)
    return f"last_{hours}h" if hours and not rest and hours <= LONGEST_WINDOW_HOURS else f"last_{minutes}m"


def print_node(node: Node) -> str:
    """An expression on one line, with no more parentheses than it needs."""
    match node:
        case Number():
            return plain_number(node.value)
        case Function():
            arguments = [print_node(node.argument), *map(plain_number, node.parameters)]
            return f"{node.name}({', '.join(arguments)})"
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
    space = metric.space if metric.values is None else f"{metric.space}(v: v<={plain_number(metric.values)})"
    by = f" by {{{','.join(metric.by)}}}" if metric.by else ""
    modifier = f".{metric.modifier}()" if metric.modifier else ""
    return f"{space}:{metric.name}{{{_scope(metric.filters)}}}{by}{modifier}"


def _scope(filters: tuple[TagFilter, ...]) -> str:
    """Filters in one of the two styles, which must not be mixed: ``a:b,!c:d``, or ``a IN (b,c) AND NOT c:d``."""
    if not filters:
        return "*"
    if all(len(item.values) == 1 for item in filters):
        return ",".join(f"{'!' if item.negated else ''}{item.tag}:{item.values[0]}" for item in filters)
    return " AND ".join(map(_word_filter, filters))


def _word_filter(item: TagFilter) -> str:
    if len(item.values) == 1:
        return f"{'NOT ' if item.negated else ''}{item.tag}:{item.values[0]}"
    if any("*" in value for value in item.values):  # IN takes no wildcards
        word = " AND " if item.negated else " OR "
        choices = word.join(f"{'NOT ' if item.negated else ''}{item.tag}:{value}" for value in item.values)
        return f"({choices})"
    return f"{item.tag} {'NOT IN' if item.negated else 'IN'} ({','.join(item.values)})"
