"""What an SLO counts: its bad events and all its events, as PromQL trees over a window that the caller chooses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeAlias

from skillforge_mon.query.promql import (
    Aggregate,
    Binary,
    Call,
    Card,
    Expr,
    Matcher,
    MatrixSelector,
    NumberLiteral,
    VectorMatching,
    VectorSelector,
)
from skillforge_mon.query.promql import Duration as Range
from skillforge_mon.spec.quantities import Duration, plain_number

Version: TypeAlias = tuple[int, int]

NORMALISED_BUCKETS: Version = (3, 0)
"""From this version on Prometheus stores ``le="1"`` as ``le="1.0"`` (Prometheus 3.0 migration guide)."""

_ZERO = NumberLiteral(0.0, "0")
_ONE = NumberLiteral(1.0, "1")
_MINUS_INFINITY = NumberLiteral(float("-inf"), "-Inf")
_ALONE = VectorMatching(Card.ONE_TO_ONE, on=True)
_SET = VectorMatching(Card.MANY_TO_MANY, on=True)


@dataclass(frozen=True, slots=True)
class CountedEvents:
    """A counter of all events, and one of the bad or of the good ones."""

    total: VectorSelector
    part: VectorSelector
    part_is_good: bool

    def total_rate(self, window: Duration) -> Expr:
        """All events per second."""
        return _sum_of_rate(self.total, window)

    def bad_rate(self, window: Duration, total: Expr | None = None) -> Expr:
        """Bad events per second; 0 where there are events but no series of the part that is counted.

        ``total`` is a cheaper way to say ``total_rate(window)``: one series, whatever its labels are.

        Good events are filled up with 0 before they are taken from all events, so that a service that has never
        answered well does not pass for one without bad events. The difference is never below 0, although the two rates
        are extrapolated apart from each other.
        """
        part = _filled(_sum_of_rate(self.part, window), total or self.total_rate(window), apart=total is not None)
        if not self.part_is_good:
            return part
        matching = _ALONE if total is not None else None
        difference = Binary("-", total or self.total_rate(window), part, matching)
        return Call("clamp_min", (difference, _ZERO))


@dataclass(frozen=True, slots=True)
class NativeLatency:
    """Observations of a native histogram; those up to ``bound`` (in its own unit) are good."""

    histogram: VectorSelector
    bound: Decimal

    def total_rate(self, window: Duration) -> Expr:
        """All observations per second."""
        return Call("histogram_count", (_sum_of_rate(self.histogram, window),))

    def bad_rate(self, window: Duration, total: Expr | None = None) -> Expr:
        """Observations above the bound per second; see CountedEvents.bad_rate.

        The share of no observations at all is NaN, so it counts only where there are some.
        """
        apart = total is not None
        matching = _ALONE if apart else None
        everything = total or self.total_rate(window)
        bound = NumberLiteral(float(self.bound), plain_number(self.bound))
        good = Call("histogram_fraction", (_MINUS_INFINITY, bound, _sum_of_rate(self.histogram, window)))
        bad = Binary("*", Binary("-", _ONE, good), Binary(">", everything, _ZERO), matching)
        return Call("clamp_min", (_filled(bad, everything, apart=apart), _ZERO))


Events: TypeAlias = CountedEvents | NativeLatency


def bucket_events(histogram: VectorSelector, bound: Decimal, version: Version) -> CountedEvents:
    """The observations of a classic ``histogram`` (its selector without a suffix); those up to ``bound`` are good.

    ``version`` is that of the Prometheus that stores it: it decides how the bound is written in the label ``le``.
    """
    matcher = le_matcher(bound, version)
    bucket = replace(histogram, name=f"{histogram.name}_bucket", matchers=(*histogram.matchers, matcher))
    return CountedEvents(replace(histogram, name=f"{histogram.name}_count"), bucket, part_is_good=True)


def le_matcher(bound: Decimal, version: Version) -> Matcher:
    """Matches the bucket ``bound`` as Prometheus ``version`` stores it.

    From NORMALISED_BUCKETS on there is one spelling. Before, the exporter decided: the client library of Go writes
    ``1``, that of Python ``1.0``, and either is right.
    """
    normalised = go_float(bound)
    if "." not in normalised and "e" not in normalised:
        normalised += ".0"
    if version >= NORMALISED_BUCKETS:
        return Matcher("le", "=", normalised)
    spellings = dict.fromkeys((go_float(bound), plain_number(bound), repr(float(bound)), normalised))
    if len(spellings) == 1:
        return Matcher("le", "=", normalised)
    return Matcher("le", "=~", "|".join(spelling.replace(".", r"\.").replace("+", r"\+") for spelling in spellings))


_LEAST_PLAIN_EXPONENT, _FIRST_EXPONENT = -4, 6


def go_float(number: Decimal) -> str:
    """A float as Go's ``strconv.FormatFloat(x, 'g', -1, 64)`` writes it: ``0.5``, ``1``, ``1e+06``, ``2.5e-05``."""
    value = Decimal(repr(float(number))).normalize()
    exponent = value.adjusted()
    if _LEAST_PLAIN_EXPONENT <= exponent < _FIRST_EXPONENT:
        return plain_number(value)
    digits = plain_number(value.scaleb(-exponent))
    return f"{digits}e{exponent:+03d}"


def _sum_of_rate(selector: VectorSelector, window: Duration) -> Expr:
    return Aggregate("sum", Call("rate", (MatrixSelector(selector, Range(int(window))),)))


def _filled(value: Expr, total: Expr, *, apart: bool) -> Expr:
    """``value``, or 0 as long as there is a ``total``; ``apart`` when the labels of the two differ."""
    return Binary("or", value, Binary("*", total, _ZERO), _SET if apart else None)
