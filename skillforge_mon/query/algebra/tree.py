"""The series of the algebra: selected, shifted, reduced over time, reduced over series, and what is said of them."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias

from skillforge_mon.query.algebra.calculation import Calculation, parts
from skillforge_mon.query.promql import Aggregate, Binary, Call, Expr, Matcher, VectorSelector

WindowFunction: TypeAlias = Literal[
    "rate", "increase", "latest_rate", "delta", "latest_delta", "slope",
    "avg", "min", "max", "sum", "count", "last", "present", "stddev", "stdvar", "changes", "resets",
]  # fmt: skip
"""What one number is made of the samples of a window: ``latest_rate`` and ``latest_delta`` look at the last two."""

SpaceFunction: TypeAlias = Literal["sum", "avg", "min", "max", "count", "group", "stddev", "stdvar"]
"""What one number is made of the values of a group of series."""


class Reason(enum.Enum):
    """Why the algebra cannot say something."""

    NO_VALUE = "a text, or samples that nothing was made of"
    AGGREGATION = "an aggregation that keeps series apart, or makes labels of values"
    SET_OPERATOR = "series that are kept or left out because of others"
    COMPARISON = "a comparison within a query"
    OPERATOR = "an operator other than + - * /"
    FUNCTION = "a function of the clock, of labels or of something else that is no value"
    SUBQUERY = "a window of a query's results"
    FIXED_TIME = "a value at a moment that does not move"
    LIMIT = "a parameter that is no number"
    LEVEL = "the quantile of a level that is no number"
    PART_OF_RECORDING = "some series of a recording, or a recording at another time"
    RECORDS_ITSELF = "a recording that reads itself"


@dataclass(frozen=True, slots=True)
class Selection:
    """The newest sample of each series of ``name`` (None: of any name) that all ``matchers`` let through."""

    name: str | None
    matchers: tuple[Matcher, ...]
    source: VectorSelector = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Window:
    """``function`` of each series' samples in the last ``length`` milliseconds."""

    function: WindowFunction
    argument: Selection
    length: int
    source: Call = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Aggregated:
    """``function`` of the values of each group of series: those with equal ``labels``, or all but these equal."""

    function: SpaceFunction
    argument: Node
    labels: tuple[str, ...]
    without: bool
    source: Aggregate = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Quantile:
    """The value that a share ``level`` (0 to 1) of what a histogram counted is at most; ``argument`` is its buckets."""

    level: float
    argument: Node
    source: Call = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Absent:
    """1, with the labels that the query fixes, while ``argument`` has no series at all."""

    argument: Node
    source: Call = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The line through the samples of the last ``length`` milliseconds, ``ahead`` seconds from now."""

    argument: Selection
    length: int
    ahead: Decimal
    source: Call = field(compare=False, repr=False)


Moving: TypeAlias = Selection | Window | Forecast
"""What is read of each series at the time of an evaluation."""


@dataclass(frozen=True, slots=True)
class Shift:
    """``argument`` as it was ``milliseconds`` ago."""

    argument: Moving
    milliseconds: int
    source: VectorSelector = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Anomaly:
    """How many standard deviations a series is from its own average of the last ``length`` milliseconds."""

    argument: Selection
    length: int
    source: Binary = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Single:
    """One series without labels that is always ``value``: in arithmetic it finds only others without labels."""

    value: Decimal
    source: Call = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What PromQL says and the algebra cannot, and why."""

    reason: Reason
    source: Expr = field(compare=False, repr=False)


Series: TypeAlias = Selection | Window | Shift | Aggregated | Quantile | Absent | Forecast | Anomaly | Single | Unsaid
Node: TypeAlias = Calculation[Series]
"""Any query of the algebra."""


def walk(node: Node) -> Iterator[Node]:
    """``node`` and all that it is made of, what stands below series included, in the order of the query."""
    calculated: Iterator[Node] = parts(node)
    for part in calculated:
        yield part
        match part:
            case Aggregated() | Quantile() | Absent() | Window() | Shift() | Forecast() | Anomaly():
                yield from walk(part.argument)
