"""SLOs that count time: each scrape, or each evaluation of a value, is an event that is good or bad.

An evaluation is an event, so that windows, budgets and alerts are made of events here too: the share of bad evaluations
is the share of bad time. What has no value is no event. Neither is NaN, the share of nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import TypeAlias, cast

from skillforge_mon.lower.slo_events import (
    MINUS_INFINITY,
    ONE,
    ZERO,
    CountedEvents,
    NativeLatency,
    filled,
    grouped,
    number,
    without_good,
)
from skillforge_mon.query.promql import Binary, Call, Expr, MatrixSelector, Subquery, VectorSelector
from skillforge_mon.query.promql import Duration as Range
from skillforge_mon.query.promql.tree import BinaryOp
from skillforge_mon.spec.quantities import Duration


@dataclass(frozen=True, slots=True)
class Scrapes:
    """Scrapes or probes, every ``every``: each sample of a gauge that is 1 (good) or 0."""

    gauge: VectorSelector
    every: Duration
    by: tuple[str, ...] = ()

    def total_rate(self, window: Duration) -> Expr:
        """Scrapes per second, of all targets."""
        return _per_second("count_over_time", MatrixSelector(self.gauge, Range(int(window))), window, self.by)

    def bad_rate(self, window: Duration, total: Expr | None = None) -> Expr:
        """Failed scrapes per second; ``total`` as for CountedEvents.bad_rate."""
        good = _per_second("sum_over_time", MatrixSelector(self.gauge, Range(int(window))), window, self.by)
        return without_good(good, total or self.total_rate(window), self.by if total is not None else None)


@dataclass(frozen=True, slots=True)
class Slices:
    """Evaluations of ``value``, every ``every``; good where it is ``op`` ``bound``. Each series counts for itself."""

    value: Expr
    op: str
    bound: Decimal
    every: Duration
    by: tuple[str, ...] = ()

    def total_rate(self, window: Duration) -> Expr:
        """Evaluations per second, of all series."""
        there = Binary(">=", self.value, MINUS_INFINITY)
        return _per_second("count_over_time", self._evaluated(there, window), window, self.by)

    def bad_rate(self, window: Duration, total: Expr | None = None) -> Expr:
        """Evaluations per second at which the value was not as it should be; see CountedEvents.bad_rate."""
        right = Binary(cast("BinaryOp", self.op), self.value, number(self.bound))
        good = _per_second("count_over_time", self._evaluated(right, window), window, self.by)
        return without_good(good, total or self.total_rate(window), self.by if total is not None else None)

    def _evaluated(self, expr: Expr, window: Duration) -> Subquery:
        return Subquery(expr, Range(int(window)), Range(int(self.every)))


@dataclass(frozen=True, slots=True)
class GivenRatio:
    """Evaluations of a ``value`` that is the share of bad events already; that share of the evaluation is bad.

    Every evaluation counts the same, whether there were many events or few.
    """

    value: Expr
    every: Duration
    by: tuple[str, ...] = ()

    def total_rate(self, window: Duration) -> Expr:
        """Evaluations per second, of all series."""
        return _per_second("count_over_time", self._evaluated(window), window, self.by)

    def bad_rate(self, window: Duration, total: Expr | None = None) -> Expr:
        """The sum of the shares per second; see CountedEvents.bad_rate."""
        bad = _per_second("sum_over_time", self._evaluated(window), window, self.by)
        return filled(bad, total or self.total_rate(window), self.by if total is not None else None)

    def _evaluated(self, window: Duration) -> Subquery:
        share = Binary(">=", Call("clamp", (self.value, ZERO, ONE)), ZERO)
        return Subquery(share, Range(int(window)), Range(int(self.every)))


@dataclass(frozen=True, slots=True)
class Combined:
    """Evaluations, every ``every``, of several SLOs at once, from their recorded error ratios.

    Each is over the base window of its SLO, and weighted by events there. At each evaluation that share of it is bad
    that is the mean of the error ratios by their weights, or (``worst``) the greatest of them. An SLO that has no
    events at the time says nothing, and its weight is shared by the others.
    """

    ratios: tuple[tuple[VectorSelector, Decimal], ...]
    worst: bool
    every: Duration
    by: tuple[str, ...] = ()

    def total_rate(self, window: Duration) -> Expr:
        """Evaluations per second, whatever the window."""
        there = grouped("max", _or(tuple(selector for selector, _ in self.ratios)), self.by)
        evaluations = Binary("/", ONE, self._seconds())
        return Binary("+", Binary("*", there, ZERO), evaluations)

    def bad_rate(self, window: Duration, total: Expr | None = None) -> Expr:
        """The share of the evaluations that is bad, per second."""
        return Binary("/", self._error_ratio(), self._seconds())

    def _error_ratio(self) -> Expr:
        if self.worst:
            return grouped("max", _or(tuple(selector for selector, _ in self.ratios)), self.by)
        shares = tuple(Binary("*", selector, number(weight)) for selector, weight in self.ratios)
        weights = tuple(Binary("+", Binary("*", selector, ZERO), number(weight)) for selector, weight in self.ratios)
        return Binary("/", grouped("sum", _or(shares), self.by), grouped("sum", _or(weights), self.by))

    def _seconds(self) -> Expr:
        return number(Decimal(int(self.every)) / 1000)


Events: TypeAlias = CountedEvents | NativeLatency | Scrapes | Slices | GivenRatio | Combined


def slice_of(events: Events) -> Duration | None:
    """How long an event lasts where time is counted: as long as one scrape or evaluation after the other."""
    return None if isinstance(events, CountedEvents | NativeLatency) else events.every


def noun_of(events: Events) -> str:
    """What is counted, in a word."""
    if slice_of(events) is None:
        return "events"
    return "scrapes" if isinstance(events, Scrapes) else "evaluations"


def _per_second(function: str, samples: Expr, window: Duration, by: tuple[str, ...]) -> Expr:
    return Binary("/", grouped("sum", Call(function, (samples,)), by), number(Decimal(int(window)) / 1000))


def _or(values: tuple[Expr, ...]) -> Expr:
    return reduce(lambda left, right: Binary("or", left, right), values)
