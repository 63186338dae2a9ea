"""What an SLO that counts time is made of: how many events there are at each moment, and how much of them is bad.

::

    states = States(events, series, phases, clock)
    states.counts(300_000, run)
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, TypeAlias

from skillforge_mon.lower.slo_slices import GivenRatio, Scrapes, Slices
from skillforge_mon.proving.evaluate import Clock, Evaluator, Vector, operate
from skillforge_mon.proving.slo_laid import Phase
from skillforge_mon.proving.slo_model import Count, RunClock
from skillforge_mon.proving.solving import reach_of
from skillforge_mon.proving.traffic import InputSeries
from skillforge_mon.proving.unsupported import UnsupportedError
from skillforge_mon.query.promql import Expr

Counted: TypeAlias = Scrapes | Slices | GivenRatio

_SEEN_PER_STRETCH: Final = 3
"""Moments of a stretch at which the value must be the same as at its first; it is not worked out at the others."""


def value_of(events: Counted) -> Expr:
    """The query whose values are judged."""
    return events.gauge if isinstance(events, Scrapes) else events.value


def judged(events: Counted, values: Vector) -> tuple[float, float]:
    """How many events ``values`` are, and how much of them is bad (docs/slo.md, "What is counted")."""
    numbers = [value for _, value in values if not math.isnan(value)]
    match events:
        case Scrapes():
            return float(len(numbers)), math.fsum(1 - number for number in numbers)
        case Slices():
            good = sum(bool(operate(events.op, number, float(events.bound))) for number in numbers)
            return float(len(numbers)), float(len(numbers) - good)
        case GivenRatio():
            return float(len(numbers)), math.fsum(min(1.0, max(0.0, number)) for number in numbers)


class States:
    """Events over ``series``, in ``phases`` of which each, once its windows are full, is the same all over."""

    def __init__(self, events: Counted, series: Sequence[InputSeries], phases: Sequence[Phase], clock: Clock) -> None:
        self.events = events
        self.clock = clock
        self.expr = value_of(events)
        self.evaluator = Evaluator(series, clock)
        self.begins = [begin * clock.step for begin in accumulate((phase.steps for phase in phases), initial=0)]
        reach = reach_of(self.expr)
        self.settles = reach.ranges + reach.offsets + 2 * clock.step
        self._settled: dict[int, tuple[float, float]] = {}

    @property
    def end(self) -> int:
        """The time of the last sample, in milliseconds."""
        return self.begins[-1] - self.clock.step

    def at(self, time: int) -> tuple[float, float]:
        """How many events there are at ``time``, and how much of them is bad."""
        stretch = min(bisect_right(self.begins, time), len(self.begins) - 1) - 1
        settled = self.begins[stretch] + self.settles
        if time <= settled:
            return self._exactly(time)
        known = self._settled.get(stretch)
        if known is None:
            known = self._settled[stretch] = self._exactly(time)
            end = self.begins[stretch + 1] - self.clock.step
            every = int(self.events.every)
            moments = (end - end % every - index * every for index in range(_SEEN_PER_STRETCH))
            if any(not _same(self._exactly(each), known) for each in moments if each > settled):
                raise UnsupportedError("a value that does not stay the same while its series do")
        return known

    def _exactly(self, time: int) -> tuple[float, float]:
        return judged(self.events, self.evaluator.vector(self.expr, time))

    def counts(self, window: int, clock: RunClock) -> list[Count | None]:
        """The events per second over ``window`` at each evaluation of a run.

        An event of Scrapes is a sample; of the others, what the query returns at each multiple of ``every``.
        """
        every = self.clock.step if isinstance(self.events, Scrapes) else int(self.events.every)
        states = [self.at(time) for time in range(0, self.end + 1, every)]
        totals = [0.0, *accumulate(total for total, _ in states)]
        bads = [0.0, *accumulate(bad for _, bad in states)]
        found: list[Count | None] = []
        for now in range(0, self.end + 1, clock.run):
            start = now - window
            first = max(0, start // every + 1 if clock.left_open or start % every else start // every)
            last = now // every + 1
            total, bad = totals[last] - totals[first], bads[last] - bads[first]
            found.append(Count(total * 1000 / window, bad * 1000 / window) if total else None)
        return found


def _same(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in zip(one, other, strict=True))
