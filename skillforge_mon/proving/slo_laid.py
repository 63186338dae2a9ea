"""Time that is good or bad, laid out as series: what the kinds of SLOs that count time have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from skillforge_mon.proving.slo_model import Count, RunClock
from skillforge_mon.proving.slo_traffic import Load
from skillforge_mon.proving.solving import Solution
from skillforge_mon.proving.traffic import InputSeries
from skillforge_mon.query.promql import VectorSelector

State: TypeAlias = Literal["good", "bad", "nothing", "gone"]
"""All is good, or bad as far as the case says; there is no value (NaN); the series are gone."""


@dataclass(frozen=True, slots=True)
class Phase:
    """``steps`` samples in one state."""

    steps: int
    state: State


@dataclass(frozen=True, slots=True)
class Share:
    """The share ``value`` of all events is bad: those of ``bad`` of ``all`` series, or what a query returns.

    ``solution`` has the settings between which the series go, where they are solved for.
    """

    value: float
    bad: int = 1
    all: int = 1
    solution: Solution | None = None


class Counts(Protocol):
    """What is counted of series."""

    def counts(self, window: int, clock: RunClock) -> list[Count | None]:
        """The events per second over ``window`` at each evaluation of a run."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """Series over time, and what is counted of them: of each part, and how many times it is there."""

    series: tuple[InputSeries, ...]
    parts: tuple[tuple[Counts, int], ...]

    def counts(self, window: int, clock: RunClock) -> list[Count | None]:
        """The events per second over ``window`` at each evaluation of a run."""
        of_parts = [[(each, times) for each in part.counts(window, clock)] for part, times in self.parts]
        return [_added(each) for each in zip(*of_parts, strict=True)]


def _added(counts: Sequence[tuple[Count | None, int]]) -> Count | None:
    there = [(count, times) for count, times in counts if count is not None]
    total, bad = sum(count.total * times for count, times in there), sum(count.bad * times for count, times in there)
    return Count(total, bad) if there else None


class SharedTime(Protocol):
    """Series of an SLO that counts time; see slo_time_traffic and slo_composite_traffic.

    ``shared`` says whether a share of each moment can be bad; else all of it is, or none. ``settles`` milliseconds
    after its series a value is what they make it. There may be ``most`` series beside each other.
    """

    reads: tuple[VectorSelector, ...]
    groups: dict[str, str]
    shared: bool
    settles: int
    most: int

    def series(self, loads: Iterable[Load], *, never_bad: bool = False) -> tuple[InputSeries, ...]:
        """Series that are there and good, or gone, over ``loads``; one sample a minute."""
        ...

    def whole(self, *, near: bool) -> Share:
        """All is bad. ``near``: what is good is just so, and what is bad just not."""
        ...

    def nearest(self, wanted: float, *, near: bool = False) -> Share:
        """A share near ``wanted``, where there are such. Raises UnsupportedError."""
        ...

    def laid(self, phases: Sequence[Phase], step: int, share: Share) -> Laid:
        """The series over ``phases``, a sample each ``step`` milliseconds. Raises UnsupportedError."""
        ...

    def has_nothing(self) -> bool:
        """Whether there may be a time without a value."""
        ...
