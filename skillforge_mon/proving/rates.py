"""Functions over a range of samples, as Prometheus computes them (promql/functions.go, "Query functions")."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final

Samples = Sequence[tuple[int, float]]
"""Milliseconds and value, in order; never empty."""

_EXTRAPOLATED: Final = 1.1
"""A gap at an end of the range up to this many mean distances between samples is taken for a missed start or end."""


def extrapolated(
    samples: Samples, start: int, end: int, *, counter: bool, per_second: bool, zero_first: bool
) -> float | None:
    """``rate``, ``increase`` and ``delta`` over the range from ``start`` to ``end`` (function extrapolatedRate).

    A counter is not extrapolated to before it would have been 0. In Prometheus 2.42 that limits the gap before it is
    asked whether the gap is too long (``zero_first``), in 3.5 afterwards.
    """
    if len(samples) < 2:
        return None
    (first_time, first), (last_time, last) = samples[0], samples[-1]
    result = last - first
    if counter:
        for (_, before), (_, after) in pairwise(samples):
            if after < before:
                result += before
    sampled = (last_time - first_time) / 1000
    apart = sampled / (len(samples) - 1)
    to_start, to_end = (first_time - start) / 1000, (end - last_time) / 1000
    to_zero = sampled * (first / result) if counter and result > 0 and first >= 0 else math.inf
    if zero_first:
        to_start = min(to_start, to_zero)
    if to_start >= apart * _EXTRAPOLATED:
        to_start = apart / 2
    to_start = min(to_start, to_zero)
    if to_end >= apart * _EXTRAPOLATED:
        to_end = apart / 2
    factor = (sampled + to_start + to_end) / sampled
    if per_second:
        factor /= (end - start) / 1000
    return result * factor


def instant(samples: Samples, *, counter: bool, per_second: bool) -> float | None:
    """``irate`` and ``idelta``: between the last two samples."""
    if len(samples) < 2:
        return None
    (earlier, before), (later, last) = samples[-2:]
    result = last if counter and last < before else last - before
    return result / ((later - earlier) / 1000) if per_second else result


def line(samples: Samples, around: int) -> tuple[float, float] | None:
    """Slope per second and value at ``around`` of the least-squares line (function linearRegression)."""
    if len(samples) < 2:
        return None
    times = [(time - around) / 1000 for time, _ in samples]
    values = [value for _, value in samples]
    if all(value == values[0] for value in values):
        return (0.0, values[0])
    count = len(samples)
    mean_time, mean_value = math.fsum(times) / count, math.fsum(values) / count
    spread = math.fsum((time - mean_time) ** 2 for time in times)
    together = math.fsum((t - mean_time) * (v - mean_value) for t, v in zip(times, values, strict=True))
    slope = together / spread
    return slope, mean_value - slope * mean_time


def deviation(values: Sequence[float]) -> float:
    """The variance of a population."""
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / len(values)


def quantile(share: float, values: Sequence[float]) -> float:
    """The φ-quantile, interpolated between neighbours (promql/quantile.go)."""
    if not values or math.isnan(share):
        return math.nan
    if share < 0 or share > 1:
        return math.copysign(math.inf, share)
    ordered = sorted(values)
    rank = share * (len(ordered) - 1)
    lower = math.floor(rank)
    weight = rank - lower
    return ordered[lower] * (1 - weight) + ordered[min(lower + 1, len(ordered) - 1)] * weight


OVER_TIME: Final[Mapping[str, Callable[[Sequence[float]], float]]] = {
    "avg_over_time": lambda values: math.fsum(values) / len(values),
    "min_over_time": min,
    "max_over_time": max,
    "sum_over_time": math.fsum,
    "count_over_time": lambda values: float(len(values)),
    "last_over_time": lambda values: values[-1],
    "present_over_time": lambda _: 1.0,
    "stddev_over_time": lambda values: math.sqrt(deviation(values)),
    "stdvar_over_time": deviation,
    "changes": lambda values: float(sum(a != b for a, b in pairwise(values))),
    "resets": lambda values: float(sum(b < a for a, b in pairwise(values))),
}


def bucket_quantile(share: float, buckets: Sequence[tuple[float, float]]) -> float:
    """``histogram_quantile`` of one classic histogram: upper bounds and cumulative counts (function bucketQuantile)."""
    ordered = sorted(buckets)
    if len(ordered) < 2 or ordered[-1][0] != math.inf or math.isnan(share):
        return math.nan
    if share < 0 or share > 1:
        return math.copysign(math.inf, share)
    total = ordered[-1][1]
    if not total:
        return math.nan
    counts: list[float] = []
    for _, count in ordered:
        counts.append(max(count, counts[-1]) if counts else count)
    rank = share * total
    index = next((i for i, count in enumerate(counts[:-1]) if count >= rank), len(counts) - 1)
    if index == len(counts) - 1:
        return ordered[-2][0]
    upper = ordered[index][0]
    if index == 0 and upper <= 0:
        return upper
    lower = ordered[index - 1][0] if index else 0.0
    before = counts[index - 1] if index else 0.0
    if counts[index] == before:  # only below the first observation: 0 / 0
        return math.nan
    return lower + (upper - lower) * ((rank - before) / (counts[index] - before))
