"""Made-up series: gauges and counters with jumps, restarts, scrapes that fail and series that go away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from hypothesis import strategies as st

from tests.interpreters.series import RawSeries, Scraped

STEP: Final = 30_000
"""Milliseconds between two scrapes."""
STEPS: Final = 41
"""So many scrapes are twenty minutes."""


@st.composite
def gauges(draw: st.DrawFn, labels: Mapping[str, str], *, gaps: bool = True) -> RawSeries:
    """A gauge in steps and ramps of quarters, so that sums of it are exact."""
    scraped: list[Scraped] = []
    while len(scraped) < STEPS:
        count = draw(st.integers(1, 20))
        kind = draw(st.sampled_from(("flat", "ramp", "missing", "stale") if gaps else ("flat", "ramp")))
        start, slope = draw(st.integers(-80, 400)) / 4, draw(st.integers(-8, 8)) / 4
        if kind in {"flat", "ramp"}:
            scraped.extend(start + (slope * index if kind == "ramp" else 0) for index in range(count))
        else:
            scraped.extend(["stale" if kind == "stale" else None, *[None] * (count - 1)])
    return RawSeries(labels, tuple(scraped[:STEPS]), STEP)


@st.composite
def counters(draw: st.DrawFn, labels: Mapping[str, str], *, gaps: bool = True, restarts: bool = True) -> RawSeries:
    """A counter that grows by some every scrape, restarts and goes away now and then."""
    kinds = ["grow", "grow", *(["missing", "stale"] if gaps else []), *(["restart"] if restarts else [])]
    scraped: list[Scraped] = []
    value = float(draw(st.integers(0, 50)))
    while len(scraped) < STEPS:
        kind, count, growth = draw(st.sampled_from(kinds)), draw(st.integers(1, 20)), draw(st.integers(0, 12))
        if kind == "restart":
            value = 0.0
        for index in range(count):
            if kind in {"missing", "stale"}:
                scraped.append("stale" if kind == "stale" and not index else None)
                continue
            value += growth
            scraped.append(value)
    return RawSeries(labels, tuple(scraped[:STEPS]), STEP)


@st.composite
def histograms(draw: st.DrawFn, labels: Mapping[str, str], bounds: Sequence[str]) -> list[RawSeries]:
    """The buckets of a histogram, each at least as full as the one before."""
    rates = [draw(st.integers(0, 5)) for _ in bounds]
    return [
        RawSeries({**labels, "le": bound}, tuple(float(sum(rates[: index + 1]) * step) for step in range(STEPS)), STEP)
        for index, bound in enumerate(bounds)
    ]
