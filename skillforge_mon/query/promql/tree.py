"""The tree of a PromQL expression.

Trees are values: they are never changed, compare by meaning and hash. Places (``span`` and its kin) and the spelling
of numbers do not take part in comparing. A span is a pair of code-point offsets in the text that was parsed, the end
exclusive; ``NOWHERE`` in trees that were built rather than parsed.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import ClassVar, Literal, TypeAlias

from skillforge_mon.query.promql.duration import duration_text

Span: TypeAlias = tuple[int, int]

NOWHERE: Span = (0, 0)
"""The span of a node that was not parsed from a text."""

MAX_DEPTH = 200
"""The parser refuses deeper trees, so that functions over trees may simply recurse."""

METRIC_NAME_LABEL = "__name__"
"""The label in which Prometheus keeps a metric's name."""


class ValueType(enum.StrEnum):
    """What an expression evaluates to. The values are the words of Prometheus's documentation."""

    SCALAR = "scalar"
    VECTOR = "instant vector"
    MATRIX = "range vector"
    STRING = "string"


class Card(enum.StrEnum):
    """How many series of each side of a binary operator may belong together."""

    ONE_TO_ONE = "one-to-one"
    MANY_TO_ONE = "many-to-one"
    ONE_TO_MANY = "one-to-many"
    MANY_TO_MANY = "many-to-many"


MatchOp: TypeAlias = Literal["=", "!=", "=~", "!~"]
UnaryOp: TypeAlias = Literal["+", "-"]
BinaryOp: TypeAlias = Literal[
    "+", "-", "*", "/", "%", "^", "atan2", "==", "!=", "<", "<=", ">", ">=", "and", "or", "unless"
]
AggregateOp: TypeAlias = Literal[
    "sum", "avg", "count", "min", "max", "group", "stddev", "stdvar",
    "topk", "bottomk", "count_values", "quantile", "limitk", "limit_ratio",
]  # fmt: skip

COMPARISONS: frozenset[str] = frozenset(("==", "!=", "<", "<=", ">", ">="))
SET_OPERATORS: frozenset[str] = frozenset(("and", "or", "unless"))
AGGREGATIONS: dict[str, ValueType | None] = {
    "sum": None,
    "avg": None,
    "count": None,
    "min": None,
    "max": None,
    "group": None,
    "stddev": None,
    "stdvar": None,
    "topk": ValueType.SCALAR,
    "bottomk": ValueType.SCALAR,
    "count_values": ValueType.STRING,
    "quantile": ValueType.SCALAR,
    "limitk": ValueType.SCALAR,
    "limit_ratio": ValueType.SCALAR,
}
"""The aggregations with the type of their parameter, None for those that take none."""

PRECEDENCE: dict[str, int] = {
    "or": 1,
    "and": 2, "unless": 2,
    "==": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3,
    "+": 4, "-": 4,
    "*": 5, "/": 5, "%": 5, "atan2": 5,
    "^": 6,
}  # fmt: skip
"""How tightly each binary operator binds. ``^`` groups to the right, all others to the left."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A stretch of time in whole milliseconds; negative only in an offset. ``text`` is how the user wrote it."""

    milliseconds: int
    text: str = field(default="", compare=False)
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def seconds(self) -> float:
        """The duration in seconds."""
        return self.milliseconds / 1000

    def __str__(self) -> str:
        return duration_text(self.milliseconds)


@dataclass(frozen=True, slots=True)
class At:
    """The ``@`` modifier: milliseconds since 1970, or the start or end of the query's range."""

    time: int | Literal["start", "end"]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class LabelName:
    """A label named in a list: ``by (…)``, ``on (…)``, ``group_left (…)``."""

    name: str
    span: Span = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Matcher:
    """``label="value"`` inside braces. ``span`` covers all of it."""

    label: str
    op: MatchOp
    value: str
    span: Span = field(default=NOWHERE, compare=False)
    label_span: Span = field(default=NOWHERE, compare=False)
    value_span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class NumberLiteral:
    """A number, its sign included. ``text`` is how it was written (``5m``, ``0x1F``, ``1e3``) and is not compared.

    Unlike floats, two NaN are equal and 0 differs from -0, because 1 / 0 and 1 / -0 are different expressions.
    """

    value: float
    text: str = ""
    span: Span = NOWHERE

    type: ClassVar[ValueType] = ValueType.SCALAR

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NumberLiteral):
            return NotImplemented
        return repr(float(self.value)) == repr(float(other.value))

    def __hash__(self) -> int:
        return hash(repr(float(self.value)))


@dataclass(frozen=True, slots=True)
class StringLiteral:
    """A string, escapes resolved. Bytes that are not UTF-8 are kept as lone surrogates ("surrogateescape")."""

    value: str
    span: Span = field(default=NOWHERE, compare=False)

    type: ClassVar[ValueType] = ValueType.STRING


@dataclass(frozen=True, slots=True)
class VectorSelector:
    """``name{matchers} offset … @ …``.

    ``name`` is the metric's name, before the braces or quoted inside them; None when matchers alone select.
    ``{__name__="x"}`` stays a matcher. Matchers keep their order.
    """

    name: str | None
    matchers: tuple[Matcher, ...] = ()
    offset: Duration | None = None
    at: At | None = None
    span: Span = field(default=NOWHERE, compare=False)
    name_span: Span = field(default=NOWHERE, compare=False)

    type: ClassVar[ValueType] = ValueType.VECTOR


@dataclass(frozen=True, slots=True)
class MatrixSelector:
    """``vector[range]``. Offset and ``@`` stand on the vector, although they are written behind the range."""

    vector: VectorSelector
    range: Duration
    span: Span = field(default=NOWHERE, compare=False)

    type: ClassVar[ValueType] = ValueType.MATRIX


@dataclass(frozen=True, slots=True)
class Subquery:
    """``expr[range:step] offset … @ …``; without a step Prometheus takes its evaluation interval."""

    expr: Expr
    range: Duration
    step: Duration | None = None
    offset: Duration | None = None
    at: At | None = None
    span: Span = field(default=NOWHERE, compare=False)

    type: ClassVar[ValueType] = ValueType.MATRIX


@dataclass(frozen=True, slots=True)
class Paren:
    """``(expr)``: parentheses that the user wrote are kept."""

    expr: Expr
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def type(self) -> ValueType:
        """The type of what stands inside."""
        return self.expr.type


@dataclass(frozen=True, slots=True)
class Unary:
    """A sign before an expression. The sign of a number is part of the number instead."""

    op: UnaryOp
    expr: Expr
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def type(self) -> ValueType:
        """The type of what stands behind the sign."""
        return self.expr.type


@dataclass(frozen=True, slots=True)
class VectorMatching:
    """``on (labels)`` or ``ignoring (labels)``, with ``group_left (include)`` or ``group_right (include)``."""

    card: Card
    on: bool
    labels: tuple[LabelName, ...] = ()
    include: tuple[LabelName, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """``lhs op rhs``. ``matching`` is None when neither ``on`` nor ``ignoring`` is written."""

    op: BinaryOp
    lhs: Expr
    rhs: Expr
    matching: VectorMatching | None = None
    return_bool: bool = False
    span: Span = field(default=NOWHERE, compare=False)
    op_span: Span = field(default=NOWHERE, compare=False)

    @property
    def type(self) -> ValueType:
        """Scalar when both sides are, otherwise an instant vector."""
        if self.rhs.type is ValueType.SCALAR and self.lhs.type is ValueType.SCALAR:
            return ValueType.SCALAR
        return ValueType.VECTOR


@dataclass(frozen=True, slots=True)
class Grouping:
    """``by (labels)`` or ``without (labels)``."""

    without: bool
    labels: tuple[LabelName, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """``op by (…) (param, expr)``."""

    op: AggregateOp
    expr: Expr
    param: Expr | None = None
    grouping: Grouping | None = None
    span: Span = field(default=NOWHERE, compare=False)
    op_span: Span = field(default=NOWHERE, compare=False)

    type: ClassVar[ValueType] = ValueType.VECTOR


@dataclass(frozen=True, slots=True)
class Call:
    """``function(args)``. The name is one of ``functions.FUNCTIONS``."""

    function: str
    args: tuple[Expr, ...]
    span: Span = field(default=NOWHERE, compare=False)
    name_span: Span = field(default=NOWHERE, compare=False)

    @property
    def type(self) -> ValueType:
        """What the function returns; an instant vector for a function that Prometheus does not have."""
        return ValueType.SCALAR if self.function in SCALAR_FUNCTIONS else ValueType.VECTOR


SCALAR_FUNCTIONS = frozenset(("pi", "scalar", "time"))
"""The only functions that do not return an instant vector."""

Expr: TypeAlias = (
    NumberLiteral
    | StringLiteral
    | VectorSelector
    | MatrixSelector
    | Subquery
    | Paren
    | Unary
    | Binary
    | Aggregate
    | Call
)
"""Any expression."""
