"""What an SLO counts: its bad events and all its events, as PromQL trees over a window that the caller chooses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from skillforge_mon.query.bucket_bounds import NORMALISED_BUCKETS, Version, go_float, normalised_bound
from skillforge_mon.query.promql import (
    Aggregate,
    Binary,
    Call,
    Card,
    Expr,
    Grouping,
    LabelName,
    Matcher,
    MatrixSelector,
    NumberLiteral,
    VectorMatching,
    VectorSelector,
)
from skillforge_mon.query.promql import Duration as Range
from skillforge_mon.spec.quantities import Duration, plain_number

ZERO = NumberLiteral(0.0, "0")
ONE = NumberLiteral(1.0, "1")
MINUS_INFINITY = NumberLiteral(float("-inf"), "-Inf")


@dataclass(frozen=True, slots=True)
class CountedEvents:
    """A counter of all events, and one of the bad or of the good ones.

    ``by`` are the labels each of whose values is counted for itself.
    """

    total: VectorSelector
    part: VectorSelector
    part_is_good: bool
    by: tuple[str, ...] = ()

    def total_rate(self, window: Duration) -> Expr:
        """All events per second."""
        return _sum_of_rate(self.total, window, self.by)

    def bad_rate(self, window: Duration, total: Expr | None = None) -> Expr:
        """Bad events per second; 0 where there are events but no series of the part that is counted.

        ``total`` is a cheaper way to say ``total_rate(window)``: one series, whatever its labels are.

        Good events are filled up with 0 before they are taken from all events, so that a service that has never
        answered well does not pass for one without bad events. The difference is never below 0, although the two rates
        are extrapolated apart from each other.
        """
        part = _sum_of_rate(self.part, window, self.by)
        whole = total or self.total_rate(window)
        apart = self.by if total is not None else None
        return without_good(part, whole, apart) if self.part_is_good else filled(part, whole, apart)


@dataclass(frozen=True, slots=True)
class NativeLatency:
    """Observations of a native histogram; those up to ``bound`` (in its own unit) are good."""

    histogram: VectorSelector
    bound: Decimal
    by: tuple[str, ...] = ()

    def total_rate(self, window: Duration) -> Expr:
        """All observations per second."""
        return Call("histogram_count", (_sum_of_rate(self.histogram, window, self.by),))

    def bad_rate(self, window: Duration, total: Expr | None = None) -> Expr:
        """Observations above the bound per second; see CountedEvents.bad_rate.

        The share of no observations at all is NaN, so it counts only where there are some.
        """
        apart = self.by if total is not None else None
        everything = total or self.total_rate(window)
        rate = _sum_of_rate(self.histogram, window, self.by)
        good = Call("histogram_fraction", (MINUS_INFINITY, number(self.bound), rate))
        bad = Binary("*", Binary("-", ONE, good), Binary(">", everything, ZERO), _one_to_one(apart))
        return Call("clamp_min", (filled(bad, everything, apart), ZERO))


def bucket_events(
    histogram: VectorSelector, bound: Decimal, version: Version, by: tuple[str, ...] = ()
) -> CountedEvents:
    """The observations of a classic ``histogram`` (its selector without a suffix); those up to ``bound`` are good.

    ``version`` is that of the Prometheus that stores it: it decides how the bound is written in the label ``le``.
    """
    matcher = le_matcher(bound, version)
    bucket = replace(histogram, name=f"{histogram.name}_bucket", matchers=(*histogram.matchers, matcher))
    return CountedEvents(replace(histogram, name=f"{histogram.name}_count"), bucket, part_is_good=True, by=by)


def le_matcher(bound: Decimal, version: Version) -> Matcher:
    """Matches the bucket ``bound`` as Prometheus ``version`` stores it.

    From NORMALISED_BUCKETS on what is scraped has one spelling, and what comes by OTLP has the plain number (storage/
    remote/otlptranslator, ``FormatFloat(bound, 'f', -1, 64)``). Before, the exporter decided: the client library of Go
    writes ``1``, that of Python ``1.0``, and either is right.
    """
    normalised = normalised_bound(bound)
    of_exporters = (go_float(bound), plain_number(bound), repr(float(bound)))
    others = of_exporters if version < NORMALISED_BUCKETS else (plain_number(bound),)
    spellings = dict.fromkeys((*others, normalised))
    if len(spellings) == 1:
        return Matcher("le", "=", normalised)
    return Matcher("le", "=~", "|".join(spelling.replace(".", r"\.").replace("+", r"\+") for spelling in spellings))


def number(value: Decimal) -> NumberLiteral:
    """``value`` as it is written in a query."""
    return NumberLiteral(float(value), plain_number(value))


def grouped(op: Literal["sum", "max", "min"], expr: Expr, by: tuple[str, ...]) -> Expr:
    """``sum(expr)``, or ``sum by (tenant) (expr)``."""
    return Aggregate(op, expr, grouping=Grouping(False, tuple(map(LabelName, by))) if by else None)


def _sum_of_rate(selector: VectorSelector, window: Duration, by: tuple[str, ...]) -> Expr:
    return grouped("sum", Call("rate", (MatrixSelector(selector, Range(int(window))),)), by)


def filled(value: Expr, total: Expr, apart: tuple[str, ...] | None) -> Expr:
    """``value``, or 0 as long as there is a ``total``.

    ``apart`` are the labels that the two have in common when they differ in others, None when they do not.
    """
    matching = VectorMatching(Card.MANY_TO_MANY, on=True, labels=_names(apart)) if apart is not None else None
    return Binary("or", value, Binary("*", total, ZERO), matching)


def without_good(good: Expr, total: Expr, apart: tuple[str, ...] | None) -> Expr:
    """What is left of ``total``, never below 0; ``apart`` as for ``filled``."""
    difference = Binary("-", total, filled(good, total, apart), _one_to_one(apart))
    return Call("clamp_min", (difference, ZERO))


def _one_to_one(labels: tuple[str, ...] | None) -> VectorMatching | None:
    return VectorMatching(Card.ONE_TO_ONE, on=True, labels=_names(labels)) if labels is not None else None


def _names(labels: tuple[str, ...] | None) -> tuple[LabelName, ...]:
    return tuple(map(LabelName, labels or ()))
