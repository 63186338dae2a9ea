"""The one window of a Datadog monitor, made of the ranges of a query and the time for which it must hold.

Prometheus evaluates the query again and again, each range reaching back from each evaluation, and fires once the
condition was true ``for`` long. Datadog reduces one window to one number each minute (docs.datadoghq.com, "Metric
monitors"). What stands in for what:

    read at moments      for F    min(last_F) for `>`, max(last_F) for `<`: all points of the window
                         no for   max(last_1m) for `>`, min(last_1m) for `<`: any point of the last minute
    average, rate over R for F    the average of as many ranges, one after the other, as end within F: R x (1 + F div R)
    min over R, `>`      for F    min(last_R+F), which is the same;  max over R with `<` likewise
    max over R, `>`      for F    max(last_R): a peak is enough for as long as it is in the range
    quotient of counters          the sum of both counts over the same window as a rate: with `as_count` the sums are
                                  taken before the division ("as_count() in Monitor Evaluations"), and no other
                                  aggregator than `sum` is allowed

What is over a limit in each of several ranges, one after the other, is over it in all of them together: an average, a
quotient of sums and a percentile alike. So the window misses nothing that Prometheus would report, and it is the
longest of which that is true; a short and violent peak can fire it that Prometheus would wait out. Of a product, or of
the sum of two quotients, it is not true: their window is the range.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from skillforge_mon.backends.datadog import capabilities
from skillforge_mon.backends.datadog.query import tree
from skillforge_mon.backends.datadog.query.tree import (
    AS_COUNT,
    AS_RATE,
    Function,
    Limit,
    Method,
    MonitorQuery,
    Node,
    Number,
    last,
)
from skillforge_mon.backends.datadog.reading import AT_MOMENTS, COUNTED, How, Plan, Reading
from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from skillforge_mon.query.algebra import (
    Applied,
    Arithmetic,
    Condition,
    Constant,
    Filled,
    degree,
    is_linear,
    keeps_limits,
    leaves,
    parts,
    rises,
)
from skillforge_mon.spec.quantities import Duration

_MINUTE = 60_000
_DEFAULT_ZERO = "default_zero"
_UPWARDS = frozenset((">", ">="))
Aggregator = Literal["avg", "sum", "min", "max", "percentile"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How a plan is evaluated: the query, and whether it divides counts, whose points may arrive apart."""

    query: MonitorQuery
    divides_counts: bool


def evaluate(condition: Condition[Reading], differs: Callable[[str], None]) -> Evaluation:
    """The monitor's query for ``condition``. Raises Untranslatable. ``differs`` hears what changes."""
    found = tuple(leaves(condition.value))
    if not found:
        raise Untranslatable("no metric is read, so that there is nothing to watch")
    unknown = next((reading for reading in found if not reading.by_known), None)
    if unknown is not None:
        raise Untranslatable(
            f"{unknown.written} alerts for each series, and its labels are not known",
            "aggregate it `by (…)`, or declare the metric with its labels under `metrics`",
        )
    ranges = sorted({reading.range for reading in found if reading.how not in AT_MOMENTS})
    if len(ranges) > 1:
        windows = " and ".join(f"`[{Duration(each)}]`" for each in ranges)
        raise Untranslatable(
            f"a Datadog monitor has one window, and the query has {windows}",
            "write one alert for each, and join their monitors: `datadog: {type: composite, query: '123 && 456'}`",
        )
    evaluator = _Evaluator(condition, found, differs)
    return evaluator.over_range(ranges[0]) if ranges else evaluator.at_moments()


class _Evaluator:
    def __init__(
        self, condition: Condition[Reading], found: tuple[Reading, ...], differs: Callable[[str], None]
    ) -> None:
        self.condition = condition
        self.plan = condition.value
        self.found = found
        self.upwards = condition.op in _UPWARDS
        self.hold = Duration(condition.hold)
        self.differs = differs

    def at_moments(self) -> Evaluation:
        """Every reading is a value at each moment."""
        every: Aggregator = "min" if self.upwards else "max"
        if self.hold:
            self.differs(
                f"`for: {self.hold}` becomes `{every}({self.window(self.hold)})`: Datadog judges all points of the "
                "window, Prometheus each evaluation"
            )
            return self.result(every, self.hold, _as_rates)
        some: Aggregator = "max" if self.upwards else "min"
        self.differs("Datadog judges the points of the last minute, Prometheus the last one at each evaluation")
        return self.result(some, Duration(_MINUTE), _as_rates)

    def over_range(self, length: int) -> Evaluation:
        """Readings are taken over a range of ``length`` milliseconds, some perhaps at moments."""
        hows = {reading.how for reading in self.found}
        if hows <= COUNTED:
            return self.of_counters(length, hows)
        if hows <= {"min", "max"}:
            return self.of_extremes(length)
        if hows & {"min", "max"}:
            raise Untranslatable("a Datadog monitor reduces all metrics in one way, and the query has several")
        for reading in self.found:
            if reading.how in AT_MOMENTS:
                self.differs(
                    f"{reading.written} is averaged over the window too, where Prometheus takes the last value"
                )
        if not is_linear(self.plan):
            self.differs("Datadog calculates with single points and averages that, Prometheus calculates with averages")
        if "rate" in hows or "increase" in hows:
            self.of_agents()
        elif "avg" in hows:
            self.differs("Datadog averages what it keeps of the Agent's points, Prometheus every sample")
        percentile = isinstance(self.plan, Reading) and self.plan.how == "percentile"
        return self.result("percentile" if percentile else "avg", self.joined(length), _as_rates)

    def of_counters(self, length: int, hows: set[How]) -> Evaluation:
        self.of_agents()
        simple = is_linear(self.plan)
        functions = any(isinstance(part, Applied) for part in parts(self.plan))
        if functions and not simple:
            self.differs("Datadog calculates with single points and averages that, Prometheus calculates with averages")
        joined = self.joined(length, keeps=simple or functions or keeps_limits(self.plan))
        window = self.minutes(joined) * _MINUTE
        if functions or (simple and (hows != {"increase"} or window != length)):
            return self.result("avg", joined, _as_rates)
        ratio = degree(self.plan) == 0 and len(hows) == 1

        def as_counts(reading: Reading) -> Node:
            counts = _metric(reading, AS_COUNT)
            if ratio or (reading.how == "increase" and window == length):
                return counts
            if reading.how == "increase":
                return tree.Arithmetic("*", counts, _number(Decimal(length) / window))
            return tree.Arithmetic("/", counts, _number(Decimal(window) / 1000))

        return replace(self.result("sum", joined, as_counts), divides_counts=not simple)

    def of_agents(self) -> None:
        self.differs("Datadog counts what the Agent sent within the window, Prometheus extrapolates to its ends")

    def of_extremes(self, length: int) -> Evaluation:
        """The least or the greatest over a range, of one metric that is at most scaled."""
        direction = rises(self.plan)
        if direction is None:
            raise Untranslatable("the least or greatest over time can only be scaled in Datadog")
        least = (self.found[0].how == "min") == direction
        aggregator: Aggregator = "min" if least else "max"
        same = least == self.upwards
        window = Duration(length + int(self.hold) if same else length)
        if self.hold and not same:
            self.differs(
                f"`for: {self.hold}` is left out: one extreme point counts for as long as it is in `[{window}]`, "
                f"and Datadog notifies up to {self.hold} sooner"
            )
        else:
            self.differs(f"`{aggregator}({self.window(window)})` looks at what Datadog keeps of the Agent's points")
        return self.result(aggregator, window, _as_rates)

    def joined(self, length: int, *, keeps: bool = True) -> Duration:
        """The window of a range and of the time for which the condition must hold; the range alone unless ``keeps``."""
        longest = capabilities.LONGEST_WINDOW_MINUTES * _MINUTE // length
        window = Duration(length * max(1, min(1 + int(self.hold) // length, longest)) if keeps else length)
        if self.hold and window == length:
            self.differs(
                f"`for: {self.hold}` is left out: a Datadog monitor has one window, `[{window}]` here, and notifies "
                f"up to {self.hold} sooner"
            )
        elif self.hold:
            short = "a short and violent peak" if self.upwards else "a short and deep dip"
            self.differs(
                f"`[{Duration(length)}]` held `for: {self.hold}` becomes one window of {window}: {short} can fire it "
                "that Prometheus would wait out"
            )
        return window

    def result(self, aggregator: Aggregator, window: Duration, write: Callable[[Reading], Node]) -> Evaluation:
        expression = _written(self.plan, write, keep_zero=aggregator != "sum")
        limit = Limit(self.condition.op, self.condition.number)
        query = MonitorQuery(aggregator, last(self.minutes(window)), expression, limit)
        return Evaluation(query, divides_counts=False)

    def minutes(self, window: Duration) -> int:
        minutes = -(-int(window) // _MINUTE)
        if minutes * _MINUTE != int(window):
            self.differs(f"the window of {window} becomes {minutes} min: Datadog's windows are whole minutes")
        if minutes > capabilities.LONGEST_WINDOW_MINUTES:
            raise Untranslatable(f"the window of {window} is longer than a week, and Datadog's windows are not")
        return minutes

    def window(self, window: Duration) -> str:
        return str(last(-(-int(window) // _MINUTE)))


def _written(plan: Plan, write: Callable[[Reading], Node], *, keep_zero: bool) -> Node:
    match plan:
        case Reading():
            return write(plan)
        case Constant():
            return Number(plan.value)
        case Arithmetic():
            left = _written(plan.left, write, keep_zero=keep_zero)
            return tree.Arithmetic(plan.op, left, _written(plan.right, write, keep_zero=keep_zero))
        case Filled():
            inner = _written(plan.argument, write, keep_zero=keep_zero)
            return Function(_DEFAULT_ZERO, inner) if keep_zero else inner  # missing counts are added up as 0 anyway
        case Applied():
            inner = _written(plan.argument, write, keep_zero=keep_zero)
            return Function(capabilities.FUNCTIONS[plan.function], inner, tuple(map(Number, plan.parameters)))


def _as_rates(reading: Reading) -> Node:
    if reading.how in {"rate", "latest_rate"}:
        return _metric(reading, AS_RATE)
    if reading.how == "increase":
        return tree.Arithmetic("*", _metric(reading, AS_RATE), _number(Decimal(reading.range) / 1000))
    return _metric(reading)


def _metric(reading: Reading, *methods: Method) -> Node:
    metric = replace(reading.metric, methods=methods)
    return Function(reading.shift, metric) if reading.shift else metric


def _number(value: Decimal) -> Number:
    """A number as short as a float is."""
    return Number(Decimal(repr(float(value))))
