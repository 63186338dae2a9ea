"""The tree of a LogQL query.

Trees are values: they are never changed, compare by meaning and hash. Places do not take part in comparing. A span is a
pair of code-point offsets in the text that was parsed, the end exclusive.

Sources: "LogQL: Log query language", "Log queries" and "Metric queries" in Loki's documentation; the grammar in
pkg/logql/syntax/syntax.y of Loki 3.5.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

Span: TypeAlias = tuple[int, int]
NOWHERE: Span = (0, 0)

MatchOp: TypeAlias = Literal["=", "!=", "=~", "!~"]
LineOp: TypeAlias = Literal["|=", "!=", "|~", "!~", "|>", "!>"]
CompareOp: TypeAlias = Literal["=", "==", "!=", "=~", "!~", ">", ">=", "<", "<="]

RANGE_OPERATIONS: Final[dict[str, bool]] = {
    "count_over_time": False, "rate": False, "rate_counter": False, "bytes_over_time": False, "bytes_rate": False,
    "avg_over_time": False, "sum_over_time": False, "min_over_time": False, "max_over_time": False,
    "stddev_over_time": False, "stdvar_over_time": False, "quantile_over_time": True, "first_over_time": False,
    "last_over_time": False, "absent_over_time": False,
}  # fmt: skip
"""What is computed from the lines of a range, and whether it takes a number before them."""

WITH_UNWRAP: Final = frozenset(
    ("avg_over_time", "sum_over_time", "min_over_time", "max_over_time", "stddev_over_time", "stdvar_over_time",
     "quantile_over_time", "first_over_time", "last_over_time", "rate_counter")
)  # fmt: skip
"""Range operations on numbers that ``unwrap`` takes out of lines; the others count lines or bytes."""

GROUPED_RANGES: Final = WITH_UNWRAP - {"sum_over_time", "rate_counter"}
"""Range operations that may be grouped (``validateGrouping`` in pkg/logql/syntax/ast.go)."""

VECTOR_OPERATIONS: Final[dict[str, bool]] = {
    "sum": False, "avg": False, "count": False, "max": False, "min": False, "stddev": False, "stdvar": False,
    "bottomk": True, "topk": True, "approx_topk": True, "sort": False, "sort_desc": False,
}  # fmt: skip
"""Aggregations over series, and whether they take a number first."""

PRECEDENCE: Final = {
    "or": 1,
    "and": 2, "unless": 2,
    "==": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3,
    "+": 4, "-": 4,
    "*": 5, "/": 5, "%": 5,
    "^": 6,
}  # fmt: skip
"""How tightly each binary operator binds. ``^`` groups to the right, all others to the left."""

KEYWORDS: Final = frozenset(
    ("by", "without", "bool", "and", "or", "unless", "on", "ignoring", "group_left", "group_right", "offset", "json",
     "logfmt", "regexp", "pattern", "unpack", "unwrap", "line_format", "label_format", "decolorize", "drop", "keep",
     "variants", "of")
)  # fmt: skip
"""Words that no label can have as its name (``tokens`` in pkg/logql/syntax/lex.go; found by asking Loki 3.7.8)."""

COMPARISONS: Final = frozenset(("==", "!=", "<", "<=", ">", ">="))
SET_OPERATORS: Final = frozenset(("and", "or", "unless"))
MAX_DEPTH: Final = 100


@dataclass(frozen=True, slots=True)
class Matcher:
    """``label="value"`` of a stream."""

    label: str
    op: MatchOp
    value: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class LineText:
    """What a line filter looks for: a text, or with ``ip`` an address or a range of them."""

    value: str
    ip: bool = False


@dataclass(frozen=True, slots=True)
class LineFilter:
    """``|= "a" or "b"``: the line has one of these texts; with ``!=`` and ``!~``, none of them."""

    op: LineOp
    texts: tuple[LineText, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Extraction:
    """``name="expression"`` of ``json`` and ``logfmt``; without an expression the field of that name."""

    name: str
    expression: str | None = None


@dataclass(frozen=True, slots=True)
class Parser:
    """``| json``, ``| logfmt --strict``, ``| regexp "…"``, ``| pattern "…"``, ``| unpack``: fields become labels."""

    kind: Literal["json", "logfmt", "regexp", "pattern", "unpack"]
    pattern: str | None = None
    extractions: tuple[Extraction, ...] = ()
    flags: tuple[str, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class LabelTest:
    """``| status >= 500``. ``value`` is a text, or as written a number, a duration, a size; ``ip`` is an address."""

    label: str
    op: CompareOp
    value: str
    kind: Literal["text", "number", "duration", "bytes", "ip"] = "text"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class LabelTests:
    """Two tests of labels of which both, or one, must hold."""

    op: Literal["and", "or"]
    left: LabelFilterTree
    right: LabelFilterTree


LabelFilterTree: TypeAlias = LabelTest | LabelTests


@dataclass(frozen=True, slots=True)
class LabelFilter:
    """``| a="b" or c > 5``."""

    test: LabelFilterTree
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Format:
    """``| line_format "…"``."""

    template: str


@dataclass(frozen=True, slots=True)
class LabelFormat:
    """``| label_format a=b, c="{{ .d }}"``: each label is another one renamed, or a template (``is_template``)."""

    assignments: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """``| drop a, b="x"`` and ``| keep …``: labels, or labels with a value.

    A line filter with ``!=`` or ``!~`` behind the last label would be read as a value of it: it must stand in front.
    """

    kind: Literal["drop", "keep"]
    labels: tuple[str | Matcher, ...]


@dataclass(frozen=True, slots=True)
class Decolorize:
    """``| decolorize``."""


@dataclass(frozen=True, slots=True)
class Unwrap:
    """``| unwrap duration(latency)``: the label whose number is computed with."""

    label: str
    conversion: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


Stage: TypeAlias = LineFilter | Parser | LabelFilter | Format | LabelFormat | Chosen | Decolorize | Unwrap


@dataclass(frozen=True, slots=True)
class LogLines:
    """``{app="web"} |= "error" | json``: streams, and what is done to each of their lines."""

    matchers: tuple[Matcher, ...]
    stages: tuple[Stage, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Length:
    """A stretch of time as it is written, such as ``5m``; or a variable of Grafana, such as ``$__auto``."""

    text: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Grouping:
    """``by (a, b)`` or ``without (a, b)``."""

    without: bool
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RangeAggregate:
    """``rate({app="web"}[5m] offset 1h)``."""

    op: str
    lines: LogLines
    length: Length
    offset: Length | None = None
    param: str | None = None
    grouping: Grouping | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class VectorAggregate:
    """``sum by (a) (expr)``, ``topk(5, expr)``."""

    op: str
    expr: MetricExpr
    param: str | None = None
    grouping: Grouping | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Matching:
    """``on (a) group_left (b)``. ``group`` is empty without ``group_left`` or ``group_right``."""

    on: bool
    labels: tuple[str, ...]
    group: Literal["", "left", "right"] = ""
    include: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Binary:
    """``left op right``; with ``bool`` a comparison answers with 0 or 1."""

    op: str
    left: MetricExpr
    right: MetricExpr
    bool_: bool = False
    matching: Matching | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written."""

    text: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Vector:
    """``vector(0)``."""

    number: str


@dataclass(frozen=True, slots=True)
class LabelReplace:
    """``label_replace(expr, "dst", "replacement", "src", "regex")``."""

    expr: MetricExpr
    texts: tuple[str, str, str, str]


MetricExpr: TypeAlias = RangeAggregate | VectorAggregate | Binary | Number | Vector | LabelReplace
LogQL: TypeAlias = LogLines | MetricExpr
