"""The queries of a panel as Datadog's named queries, and formulas over their names.

Prometheus evaluates a query at moments, each range reaching back from its moment. Datadog cuts the time that is shown
into points, each of which stands for a part of it (docs.datadoghq.com, "Rollup": 20 s of an hour, 5 min of a day).
What stands in for what:

    in a graph               read at moments         the points
                             rate over R             the points of `.as_rate()`
                             shares of counts over R `moving_rollup(a, R, 'sum') / moving_rollup(b, R, 'sum')` of
                                                     `.as_count()`: the sums are taken before the division
                             increase over R         `moving_rollup(a, R, 'sum')` of `.as_count()`
                             avg, min, max over R    `moving_rollup(a, R, 'avg')`
    where one number is      read at moments         the last point
    shown for each series    rate over R             the sum of `.as_count()` by R, in a widget that shows the last R
                             increase over R         the sum of `.as_count()` there
                             avg, min, max over R    that of the points there

In ready-made queries the range is that which fits the screen: there a rate is that of each point.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from skillforge_mon.backends.datadog import capabilities
from skillforge_mon.backends.datadog.dashboards.formulas import (
    Applied,
    Calculated,
    Formula,
    Named,
    Value,
    print_formula,
)
from skillforge_mon.backends.datadog.dashboards.reader import COUNT_SERIES, PanelReader, Rank
from skillforge_mon.backends.datadog.query.printer import print_node
from skillforge_mon.backends.datadog.query.tree import Method
from skillforge_mon.backends.datadog.reading import (
    AT_MOMENTS,
    COUNTED,
    Plan,
    Reading,
)
from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from skillforge_mon.query import algebra
from skillforge_mon.query.adaptive_window import ADAPTIVE_WINDOW
from skillforge_mon.query.algebra import Arithmetic, Constant, Filled, degree, leaves
from skillforge_mon.query.promql import Expr
from skillforge_mon.spec.quantities import Duration, plain_number

Aggregator = Literal["avg", "last", "max", "min", "percentile", "sum"]
"""How the points become one number. [api] FormulaAndFunctionMetricAggregation"""

TOP_COUNTS = (5, 10, 25, 50, 100)
"""How many series `top()` can leave. docs.datadoghq.com, "Functions", Rank."""

NO_TIME = Duration(0)
_MINUTE = 60_000
_COARSE = (
    "a point of a graph stands for a part of the view (20 s of an hour, 5 min of a day), where Prometheus reads moments"
)
_RATES = "rates in graphs are those of each point, where Prometheus takes them over the ranges of the queries"
_SUMS = "`increase()` in graphs adds up the points of its range, and a point that stands for more than that counts more"
_AGENT = "Datadog counts what the Agent sent, where Prometheus extrapolates to the ends of its ranges"
_RANKED = "series are ranked by their mean in the view, where Prometheus ranks at each moment"


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A metric query that formulas know by ``name``. Without an ``aggregator`` all its points are shown."""

    name: str
    text: str
    aggregator: Aggregator | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a panel's queries became: a formula for each of them, in their order.

    ``by`` says which have several series. ``over`` is the time that the widget must show, 0 for that of the dashboard.
    ``legends`` are what the formulas are called, where Datadog's words say so; otherwise the queries' legends hold.
    """

    queries: tuple[NamedQuery, ...]
    formulas: tuple[str, ...]
    by: tuple[bool, ...]
    rank: Rank | None = None
    over: Duration = NO_TIME
    legends: tuple[str, ...] | None = None


def drawn(reader: PanelReader, exprs: list[Expr], differs: Callable[[str], None], *, scalar: bool) -> Drawn:
    """``exprs`` for a graph, or with ``scalar`` for a widget that shows one number for each series.

    Raises Untranslatable.
    """
    ranked = [reader.ranked(expr) for expr in exprs]
    for plan, _ in ranked:
        _check(plan)
    over = _one_window([plan for plan, _ in ranked]) if scalar else 0
    drawing = _Drawing(differs, scalar=scalar, over=over)
    formulas = []
    for plan, rank in ranked:
        formula = drawing.formula(plan)
        formulas.append(drawing.top(formula, rank) if rank is not None and not scalar else formula)
    by = tuple(any(reading.metric.by for reading in leaves(plan)) and not _counts(plan) for plan, _ in ranked)
    rank = next((rank for _, rank in ranked if rank is not None), None)
    length = Duration(-(-over // _MINUTE) * _MINUTE)
    if length != over:
        differs(f"a range of {Duration(over)} becomes {length}: what a widget shows is whole minutes long")
    return Drawn(tuple(drawing.queries), tuple(map(print_formula, formulas)), by, rank if scalar else None, length)


def _check(plan: Plan) -> None:
    """Raises Untranslatable for what would not show what is meant."""
    found = tuple(leaves(plan))
    if not found:
        raise Untranslatable("no metric is read, so that there is nothing to draw")
    unknown = next((reading for reading in found if not reading.by_known), None)
    if unknown is not None:
        raise Untranslatable(
            f"{unknown.written} has a line for each series, and its labels are not known",
            "aggregate it `by (…)`, or declare the metric with its labels under `metrics`",
        )


def _one_window(plans: list[Plan]) -> int:
    """The range in milliseconds that every reading over a range has, 0 where there is none. Raises Untranslatable."""
    ranges = sorted(
        {
            reading.range
            for plan in plans
            for reading in leaves(plan)
            if reading.how not in AT_MOMENTS and not _is_adaptive(reading)
        }
    )
    if len(ranges) > 1:
        windows = " and ".join(f"`[{Duration(each)}]`" for each in ranges)
        raise Untranslatable(
            f"a widget of Datadog that shows single numbers shows those of one time, and there are {windows}",
            "give all the same range, or write a panel for each",
        )
    return ranges[0] if ranges else 0


def _is_adaptive(reading: Reading) -> bool:
    return reading.range == ADAPTIVE_WINDOW.milliseconds


def _counts(plan: Plan) -> bool:
    """True where the series have become their number."""
    match plan:
        case Arithmetic():
            return all(_counts(side) for side in (plan.left, plan.right) if not isinstance(side, Constant))
        case Constant() | Reading():
            return False
        case algebra.Applied():
            return str(plan.function) == COUNT_SERIES or _counts(plan.argument)
        case Filled():
            return _counts(plan.argument)


def _is_share(plan: Plan) -> bool:
    """True for a quotient of counts over one range: by which length both are divided does not matter."""
    kinds = {(each.how, each.range) for each in leaves(plan)}
    return degree(plan) == 0 and len(kinds) == 1 and next(iter(kinds))[0] in COUNTED


class _Drawing:
    def __init__(self, differs: Callable[[str], None], *, scalar: bool, over: int) -> None:
        self.queries: list[NamedQuery] = []
        self._differs = differs
        self._scalar = scalar
        self._over = over
        self._names = _names()
        self._known: dict[tuple[str, Aggregator | None], str] = {}

    def formula(self, plan: Plan) -> Formula:
        return self._of(plan, shares=_is_share(plan))

    def top(self, formula: Formula, rank: Rank) -> Formula:
        """The largest or the smallest of ``formula``. Raises Untranslatable."""
        count = next((each for each in TOP_COUNTS if each >= rank.count), None)
        if count is None:
            raise Untranslatable(f"Datadog's graphs show the first {TOP_COUNTS[-1]} series at most, not {rank.count}")
        self._differs(_RANKED)
        if count != rank.count:
            self._differs(f"the first {rank.count} series become {count}: Datadog leaves 5, 10, 25, 50 or 100")
        return Applied("top", formula, (str(count), "'mean'", f"'{rank.order}'"))

    def _of(self, plan: Plan, *, shares: bool) -> Formula:
        match plan:
            case Reading():
                return self._reading(plan, shares=shares)
            case Constant():
                return Value(plan.value)
            case Arithmetic():
                left = self._of(plan.left, shares=shares)
                return Calculated(plan.op, left, self._of(plan.right, shares=shares))
            case Filled():
                return Applied("default_zero", self._of(plan.argument, shares=shares))
            case algebra.Applied():
                name = capabilities.FUNCTIONS.get(plan.function, plan.function)
                return Applied(name, self._of(plan.argument, shares=shares), tuple(map(plain_number, plan.parameters)))

    def _reading(self, reading: Reading, *, shares: bool) -> Formula:
        if reading.how in COUNTED:
            self._differs(_AGENT)
        return self._number(reading, shares=shares) if self._scalar else self._line(reading, shares=shares)

    def _line(self, reading: Reading, *, shares: bool) -> Formula:
        """All points of a reading."""
        self._differs(_COARSE)
        seconds = plain_number(Decimal(reading.range) / 1000)
        adaptive = _is_adaptive(reading)
        if reading.how == "increase" or (shares and not adaptive):
            summed = self._named(reading, "as_count")
            if reading.how == "increase" and not shares:
                self._differs(_SUMS)
            return summed if adaptive else Applied("moving_rollup", summed, (seconds, "'sum'"))
        if reading.how in {"rate", "latest_rate"}:
            if not adaptive and reading.how == "rate":
                self._differs(_RATES)
            return self._named(reading, "as_rate")
        if reading.how in {"avg", "min", "max"} and not adaptive:
            return Applied("moving_rollup", self._named(reading), (seconds, f"'{reading.how}'"))
        return self._named(reading)

    def _number(self, reading: Reading, *, shares: bool) -> Formula:
        """One number for each series of a reading."""
        match reading.how:
            case "increase":
                return self._named(reading, "as_count", "sum")
            case "rate" if not _is_adaptive(reading):
                counted = self._named(reading, "as_count", "sum")
                return counted if shares else Calculated("/", counted, Value(Decimal(reading.range) / 1000))
            case "rate" | "latest_rate":
                return self._named(reading, "as_rate", "last")
            case "points":
                return self._named(reading, aggregator="last")
            case "percentile":
                return self._named(reading, aggregator="percentile")
            case "avg" | "min" | "max":
                return self._named(reading, aggregator=reading.how)

    def _named(
        self,
        reading: Reading,
        modifier: Literal["", "as_count", "as_rate"] = "",
        aggregator: Aggregator | None = None,
    ) -> Formula:
        """The reading under a name; what is read a second time has the name that it has already."""
        text = print_node(replace(reading.metric, methods=(Method(modifier),) if modifier else ()))
        name = self._known.get((text, aggregator))
        if name is None:
            name = self._known[text, aggregator] = next(self._names)
            self.queries.append(NamedQuery(name, text, aggregator))
        return Applied(reading.shift, Named(name)) if reading.shift else Named(name)


def _names() -> Iterator[str]:
    """``a`` to ``z``, then ``a1`` and so on."""
    yield from string.ascii_lowercase
    number = 1
    while True:
        yield from (f"{letter}{number}" for letter in string.ascii_lowercase)
        number += 1
