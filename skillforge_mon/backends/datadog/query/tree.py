"""Queries of Datadog's monitors as trees.

``sum(last_5m):sum:shop.errors.count{env:prod} by {service}.as_count() / … > 0.05`` is a MonitorQuery over an
Arithmetic of two Metrics. Grammar: Datadog's API description of ``Monitor.query`` and docs.datadoghq.com, "Query
syntax" and "Advanced filtering". Two queries that say the same in the same order are the same tree, however they are
spaced, quoted and bracketed: places do not count when trees are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from skillforge_mon.backends.datadog.capabilities import LONGEST_WINDOW_HOURS
from skillforge_mon.backends.datadog.query.scope_tree import NOWHERE, Filter, Place

SpaceAggregator: TypeAlias = str
"""``avg``, ``sum``, ``min``, ``max``, ``count``, or a percentile such as ``p95``; empty where the query has none."""
ArithmeticOp: TypeAlias = Literal["+", "-", "*", "/"]
WindowUnit: TypeAlias = Literal["m", "h", "d", "w", "mo"]

MINUTES: Final[dict[str, int]] = {"m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60, "mo": 730 * 60}
"""Minutes of each unit. A month is 730 hours: docs.datadoghq.com, "Metric Monitor", "Evaluation window"."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""

    value: Decimal
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A text in quotes, without them."""

    value: str
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word, such as ``avg`` in ``.rollup(avg, 60)``."""

    value: str
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Keyword:
    """``name=value``."""

    name: str
    value: Number | Text | Word
    place: Place = field(default=NOWHERE, compare=False, repr=False)


Argument: TypeAlias = Number | Text | Word | Keyword


@dataclass(frozen=True, slots=True)
class Method:
    """``.name(arguments)``; the place begins at the name."""

    name: str
    arguments: tuple[Argument, ...] = ()
    place: Place = field(default=NOWHERE, compare=False, repr=False)


AS_COUNT: Final = Method("as_count")
AS_RATE: Final = Method("as_rate")


@dataclass(frozen=True, slots=True)
class Limit:
    """``op number``: what a value is compared with. Without a number it is the word ``threshold``, a query's value."""

    op: str
    number: Decimal | None
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Metric:
    """``space:name{filters} by {tags}.method()``.

    ``values`` limits which values of a distribution are counted: ``count(v: v<=0.3):name{…}``. ``named`` is the place
    of the name.
    """

    space: SpaceAggregator
    name: str
    filters: tuple[Filter, ...] = ()
    by: tuple[str, ...] = ()
    methods: tuple[Method, ...] = ()
    values: Limit | None = None
    place: Place = field(default=NOWHERE, compare=False, repr=False)
    named: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class QueryName:
    """The name of a query among ``options.variables``, within a formula."""

    name: str
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``left op right``."""

    op: ArithmeticOp
    left: Node
    right: Node
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Function:
    """``name(argument, parameters)``; the place begins at the name."""

    name: str
    argument: Node
    parameters: tuple[Argument, ...] = ()
    place: Place = field(default=NOWHERE, compare=False, repr=False)


Node: TypeAlias = Metric | Number | Arithmetic | Function | QueryName


@dataclass(frozen=True, slots=True)
class Window:
    """``last_5m``; ``current_1d`` began at the last full day; ``next_1w`` is what a forecast looks at."""

    kind: Literal["last", "next", "current"]
    amount: int
    unit: WindowUnit
    place: Place = field(default=NOWHERE, compare=False, repr=False)

    @property
    def minutes(self) -> int:
        """Its length."""
        return self.amount * MINUTES[self.unit]

    def __str__(self) -> str:
        return f"{self.kind}_{self.amount}{self.unit}"


def last(minutes: int) -> Window:
    """``last_5m``, ``last_2h``, ``last_1d`` or ``last_1w``: that of so many minutes."""
    if minutes == MINUTES["d"]:
        return Window("last", 1, "d")
    if minutes == MINUTES["w"]:
        return Window("last", 1, "w")
    hours, rest = divmod(minutes, MINUTES["h"])
    whole = hours and not rest and hours <= LONGEST_WINDOW_HOURS
    return Window("last", hours, "h") if whole else Window("last", minutes, "m")


@dataclass(frozen=True, slots=True)
class Change:
    """``change(avg(last_5m), against):``, or ``pct_change``; ``against`` is ``1h_ago``, or a window."""

    how: Literal["change", "pct_change"]
    against: str
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class MonitorQuery:
    """``aggregator(window):expression op number``: of monitors on metrics. The place is that of the aggregator."""

    aggregator: str
    window: Window
    expression: Node
    limit: Limit
    change: Change | None = None
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class EventQuery:
    """``logs("search").index("main").rollup("count").by("service").last("5m") > 10``: of all monitors on events.

    The place is that of the source.
    """

    source: str
    search: str
    methods: tuple[Method, ...]
    limit: Limit
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FormulaQuery:
    """``formula("query1 / query2").last("15m") > 0.8``; the queries stand in ``options.variables``."""

    expression: Node
    methods: tuple[Method, ...]
    limit: Limit
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class CheckQuery:
    """``"shop.up".over("env:prod").by("host").last(4).count_by_status()``: of a service check."""

    check: str
    methods: tuple[Method, ...]
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SloQuery:
    """``error_budget("id").over("7d") > 75``, or ``burn_rate("id").over("30d").long_window("1h")… > 14.4``."""

    measure: Literal["error_budget", "burn_rate"]
    slo: str
    methods: tuple[Method, ...]
    limit: Limit
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class MonitorId:
    """Another monitor: its number, or a reference of ours to it, ``%{monitor:alerts.Down}``."""

    id: str
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Inverted:
    """``!operand``."""

    operand: Condition
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Joined:
    """Two or more operands, none of them joined by the same operator."""

    op: Literal["&&", "||"]
    operands: tuple[Condition, ...]
    place: Place = field(default=NOWHERE, compare=False, repr=False)


Condition: TypeAlias = MonitorId | Inverted | Joined


@dataclass(frozen=True, slots=True)
class CompositeQuery:
    """``123 && (456 || !789)``."""

    condition: Condition
    place: Place = field(default=NOWHERE, compare=False, repr=False)


AnyQuery: TypeAlias = MonitorQuery | EventQuery | FormulaQuery | CheckQuery | SloQuery | CompositeQuery


def nodes(node: Node) -> Iterator[Node]:
    """``node`` and everything in it, in the order of the text."""
    match node:
        case Arithmetic():
            yield from nodes(node.left)
            yield node
            yield from nodes(node.right)
        case Function():
            yield node
            yield from nodes(node.argument)
        case _:
            yield node


def metrics(node: Node) -> Iterator[Metric]:
    """The metrics in ``node``, in the order of the text."""
    return (found for found in nodes(node) if isinstance(found, Metric))


def monitors(condition: Condition) -> Iterator[MonitorId]:
    """The monitors in ``condition``, in the order of the text."""
    match condition:
        case MonitorId():
            yield condition
        case Inverted():
            yield from monitors(condition.operand)
        case Joined():
            for operand in condition.operands:
                yield from monitors(operand)


def limit_of(query: AnyQuery) -> Limit | None:
    """What ``query`` ends with; None for the types that do not compare."""
    return None if isinstance(query, CheckQuery | CompositeQuery) else query.limit


def grouping(query: AnyQuery) -> tuple[str, ...]:
    """The tags that ``query`` is grouped by: those of its first metric that is, or of ``.by(…)``."""
    if isinstance(query, CompositeQuery):
        return ()
    if isinstance(query, MonitorQuery):
        return next((metric.by for metric in metrics(query.expression) if metric.by), ())
    texts = (each for method in query.methods if method.name == "by" for each in method.arguments)
    tags = (tag.strip() for text in texts if isinstance(text, Text) for tag in text.value.split(","))
    return tuple(tag for tag in tags if tag and tag != "*")
