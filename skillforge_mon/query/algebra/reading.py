"""From PromQL to the algebra. Nothing is refused here: what the algebra has no word for becomes ``Unsaid``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, cast, get_args

from skillforge_mon.query.algebra.calculation import (
    Applied,
    Arithmetic,
    Constant,
    Filled,
    Join,
    PointFunction,
    Side,
)
from skillforge_mon.query.algebra.tree import (
    Absent,
    Aggregated,
    Anomaly,
    Forecast,
    Moving,
    Node,
    Quantile,
    Reason,
    Selection,
    Shift,
    Single,
    SpaceFunction,
    Unsaid,
    Window,
    WindowFunction,
)
from skillforge_mon.query.constants import constant_value
from skillforge_mon.query.promql import (
    Aggregate,
    Binary,
    Call,
    Card,
    Expr,
    MatrixSelector,
    Paren,
    Subquery,
    Unary,
    VectorMatching,
    VectorSelector,
    metric_name,
)
from skillforge_mon.query.promql.tree import COMPARISONS, METRIC_NAME_LABEL, SET_OPERATORS

_WINDOWS: Final[dict[str, WindowFunction]] = {
    "rate": "rate", "increase": "increase", "irate": "latest_rate",
    "delta": "delta", "idelta": "latest_delta", "deriv": "slope",
    "avg_over_time": "avg", "min_over_time": "min", "max_over_time": "max", "sum_over_time": "sum",
    "count_over_time": "count", "last_over_time": "last", "present_over_time": "present",
    "stddev_over_time": "stddev", "stdvar_over_time": "stdvar", "changes": "changes", "resets": "resets",
}  # fmt: skip
_POINTWISE: Final = frozenset(get_args(PointFunction))
_SPACE: Final = frozenset(get_args(SpaceFunction))
_MANY: Final[dict[Card, Side]] = {Card.MANY_TO_ONE: "left", Card.ONE_TO_MANY: "right"}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a recording stands for: its query, and whether it sets labels of its own."""

    expr: Expr
    sets_labels: bool


def _nothing_recorded(_name: str) -> Recorded | None:
    return None


def read(expr: Expr, recordings: Callable[[str], Recorded | None] = _nothing_recorded) -> Node:
    """``expr`` in the algebra. ``recordings`` knows by the name of a series the query that takes the name's place."""
    return _Reading(recordings).of(expr)


class _Reading:
    def __init__(self, recordings: Callable[[str], Recorded | None]) -> None:
        self.recordings = recordings
        self.open: list[str] = []

    def of(self, expr: Expr) -> Node:
        number = constant_value(expr)
        if number is not None:
            return Constant(_decimal(number))
        match expr:
            case Paren():
                return self.of(expr.expr)
            case Unary():
                inner = self.of(expr.expr)
                return inner if expr.op == "+" else Arithmetic("*", Constant(Decimal(-1)), inner, expr)
            case VectorSelector():
                return self.recording(expr) or _shifted(_selection(expr), expr)
            case Aggregate():
                return self.aggregate(expr)
            case Binary():
                return self.binary(expr)
            case Call():
                return self.call(expr)
        return Unsaid(Reason.NO_VALUE, expr)

    def recording(self, expr: VectorSelector) -> Node | None:
        """The query of a recording in place of its name, where nothing more is said of it."""
        name = metric_name(expr)
        recorded = self.recordings(name) if name is not None else None
        if name is None or recorded is None:
            return None
        limited = any(matcher.label != METRIC_NAME_LABEL for matcher in expr.matchers)
        if limited or expr.offset or expr.at or recorded.sets_labels:
            return Unsaid(Reason.PART_OF_RECORDING, expr)
        if name in self.open:
            return Unsaid(Reason.RECORDS_ITSELF, expr)
        self.open.append(name)
        try:
            return self.of(recorded.expr)
        finally:
            self.open.pop()

    def aggregate(self, expr: Aggregate) -> Node:
        if expr.op not in _SPACE:
            return Unsaid(Reason.AGGREGATION, expr)
        grouping = expr.grouping
        labels = tuple(label.name for label in grouping.labels) if grouping is not None else ()
        without = grouping is not None and grouping.without
        return Aggregated(cast("SpaceFunction", expr.op), self.of(expr.expr), labels, without, expr)

    def binary(self, expr: Binary) -> Node:
        if expr.op in SET_OPERATORS:
            default = _single(expr.rhs) if expr.op == "or" else None
            alone = expr.matching is not None and expr.matching.on and not expr.matching.labels
            if default is None or (expr.matching is not None and not alone):
                return Unsaid(Reason.SET_OPERATOR, expr)
            return Filled(self.of(expr.lhs), default, expr, alone=alone)
        if expr.op in COMPARISONS:
            return Unsaid(Reason.COMPARISON, expr)
        if expr.op not in {"+", "-", "*", "/"}:
            return Unsaid(Reason.OPERATOR, expr)
        anomaly = _anomaly(expr)
        if anomaly is not None:
            return anomaly
        join = _join(expr.matching) if expr.matching is not None else None
        return Arithmetic(expr.op, self.of(expr.lhs), self.of(expr.rhs), expr, join)

    def call(self, expr: Call) -> Node:
        name, args = expr.function, expr.args
        if name in _WINDOWS:
            return _windowed(expr, _WINDOWS[name])
        if name == "histogram_quantile":
            level = constant_value(args[0])
            return Unsaid(Reason.LEVEL, expr) if level is None else Quantile(level, self.of(args[1]), expr)
        if name in _POINTWISE:
            numbers = tuple(map(constant_value, args[1:]))
            found = tuple(_decimal(number) for number in numbers if number is not None)
            if len(found) < len(numbers):
                return Unsaid(Reason.LIMIT, expr)
            return Applied(cast("PointFunction", name), self.of(args[0]), expr, found)
        if name in {"sort", "sort_desc"}:
            return self.of(args[0])
        if name == "vector":
            single = _single(expr)
            return self.of(args[0]) if single is None else Single(single, expr)
        if name == "absent":
            return Absent(self.of(args[0]), expr)
        if name == "absent_over_time":
            window = _windowed(expr, "present")
            return window if isinstance(window, Unsaid) else Absent(window, expr)
        if name == "predict_linear":
            return _forecast(expr)
        if any(isinstance(_bare(argument), Subquery) for argument in args):
            return Unsaid(Reason.SUBQUERY, expr)
        return Unsaid(Reason.FUNCTION, expr)


def _selection(selector: VectorSelector) -> Selection:
    return Selection(selector.name, selector.matchers, selector)


def _shifted(argument: Moving, selector: VectorSelector) -> Moving | Shift | Unsaid:
    if selector.at is not None:
        return Unsaid(Reason.FIXED_TIME, selector)
    shift = selector.offset.milliseconds if selector.offset is not None else 0
    return Shift(argument, shift, selector) if shift else argument


def _windowed(expr: Call, function: WindowFunction) -> Moving | Shift | Unsaid:
    """The last argument of a call, a window, with ``function`` applied to it."""
    matrix = _bare(expr.args[-1])
    if not isinstance(matrix, MatrixSelector):
        return Unsaid(Reason.SUBQUERY, expr)
    window = Window(function, _selection(matrix.vector), matrix.range.milliseconds, expr)
    return _shifted(window, matrix.vector)


def _forecast(expr: Call) -> Node:
    matrix, ahead = _bare(expr.args[0]), constant_value(expr.args[1])
    if not isinstance(matrix, MatrixSelector):
        return Unsaid(Reason.SUBQUERY, expr)
    if ahead is None:
        return Unsaid(Reason.LIMIT, expr)
    offset = matrix.vector.offset
    # PromQL looks ahead from now, not from the time that the offset goes back to.
    further = _decimal(ahead) + (Decimal(offset.milliseconds) / 1000 if offset is not None else 0)
    return _shifted(Forecast(_selection(matrix.vector), matrix.range.milliseconds, further, expr), matrix.vector)


def _anomaly(expr: Binary) -> Anomaly | None:
    """``(x - avg_over_time(x[w])) / stddev_over_time(x[w])``, the usual way to ask PromQL for what is unusual."""
    distance = _bare(expr.lhs)
    if expr.op != "/" or expr.matching is not None or not isinstance(distance, Binary):
        return None
    series = _bare(distance.lhs)
    if distance.op != "-" or distance.matching is not None or not isinstance(series, VectorSelector):
        return None
    windows = (_over_time(distance.rhs, "avg_over_time"), _over_time(expr.rhs, "stddev_over_time"))
    if series.offset or series.at or windows[0] is None or windows[0] != windows[1] or windows[0].vector != series:
        return None
    return Anomaly(_selection(series), windows[0].range.milliseconds, expr)


def _over_time(expr: Expr, function: str) -> MatrixSelector | None:
    call = _bare(expr)
    matrix = _bare(call.args[0]) if isinstance(call, Call) and call.function == function else None
    return matrix if isinstance(matrix, MatrixSelector) else None


def _single(expr: Expr) -> Decimal | None:
    """The number of ``vector(5)``."""
    call = _bare(expr)
    number = constant_value(call.args[0]) if isinstance(call, Call) and call.function == "vector" else None
    return None if number is None else _decimal(number)


def _join(matching: VectorMatching) -> Join:
    return Join(
        matching.on,
        tuple(label.name for label in matching.labels),
        _MANY.get(matching.card, ""),
        tuple(label.name for label in matching.include),
    )


def _bare(expr: Expr) -> Expr:
    while isinstance(expr, Paren):
        expr = expr.expr
    return expr


def _decimal(number: float) -> Decimal:
    return Decimal(repr(number))
