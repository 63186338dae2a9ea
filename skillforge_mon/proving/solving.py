"""The two settings on either side of an alert's threshold: with one it is just quiet, with the other it just fires."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Final

from skillforge_mon.proving.drivers import Driver, Setting, Settings, made
from skillforge_mon.proving.evaluate import Clock, Evaluator
from skillforge_mon.proving.unsupported import UnsupportedError
from skillforge_mon.query.promql import Expr, MatrixSelector, NumberLiteral, Subquery, VectorSelector, walk

_CLOSE: Final = 2e-4
"""How near to each other the two settings come, as a share, before the quiet one is moved away again."""

_AWAY: Final = 5
"""By how many times that. A window is nearly full then before its value crosses the threshold, so that the moment at
which it does tells how long the window is."""

_FAR: Final = 300
"""By how many times that, where the settings are not to be near: about a third of the threshold."""

_POWERS: Final = tuple(10.0**exponent for exponent in range(-6, 14, 2))
_OTHERS: Final = (0.0, 1.0, 1000.0, None)
_MOST_DRIVERS: Final = 4
"""With more, trying all combinations of their settings would take too long."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far back a query looks, in milliseconds: over its ranges, and by its offsets. ``shortest`` range, or 0."""

    ranges: int
    offsets: int
    shortest: int


def reach_of(expr: Expr) -> Reach:
    """How far back ``expr`` looks, at most."""
    ranges = [node.range.milliseconds for node in walk(expr) if isinstance(node, MatrixSelector | Subquery)]
    nested = any(isinstance(node, Subquery) for node in walk(expr))
    offsets = [
        node.offset.milliseconds
        for node in walk(expr)
        if isinstance(node, VectorSelector | Subquery) and node.offset is not None
    ]
    longest = sum(ranges) if nested else max(ranges, default=0)
    return Reach(longest, max(0, *offsets) if offsets else 0, min(ranges, default=0))


@dataclass(frozen=True, slots=True)
class Solution:
    """``usual`` settings of all drivers; the one at ``index`` makes the difference between ``quiet`` and ``fires``.

    ``over`` is quiet too, and does not stand on the threshold, where the rounding of long sums would decide.
    """

    usual: Settings
    index: int
    quiet: Setting
    fires: Setting
    over: Setting

    def settings(self, value: Setting) -> Settings:
        """All settings, with the one that matters at ``value``."""
        return (*self.usual[: self.index], value, *self.usual[self.index + 1 :])


def apart(solution: Solution, condition: Expr, drivers: Sequence[Driver], clock: Clock) -> Solution:
    """``solution`` with both settings a good way from the threshold, where there is room on their side of 0."""
    quiet, fires, search = solution.quiet, solution.fires, _Search(condition, drivers, clock)
    if quiet is None or fires is None or drivers[solution.index].kind == "switch":
        return solution
    further = [float(f"{to + _FAR * (each - to):.8g}") for each, to in ((quiet, fires), (fires, quiet))]
    far_quiet, far_fires = (
        moved if moved * each > 0 and search.true(solution.usual, solution.index, moved) is wanted else each
        for moved, each, wanted in zip(further, (quiet, fires), (False, True), strict=True)
    )
    return replace(solution, quiet=far_quiet, fires=far_fires, over=far_quiet)


def solve(condition: Expr, drivers: Sequence[Driver], clock: Clock) -> Solution:
    """Settings on either side of where ``condition`` becomes true. Raises UnsupportedError when none are found."""
    search = _Search(condition, drivers, clock)
    usual = tuple(driver.usual for driver in drivers)
    for settings in search.starting_points(usual):
        for index in range(len(drivers)):
            found = search.along(settings, index)
            if found is not None:
                return found
    raise UnsupportedError("no series found with which the condition changes")


def solve_along(condition: Expr, drivers: Sequence[Driver], clock: Clock, usual: Settings, index: int) -> Solution:
    """A solution that turns only the driver at ``index``. Raises UnsupportedError when there is none."""
    found = _Search(condition, drivers, clock).along(usual, index)
    if found is None:
        raise UnsupportedError("no series found with which the query returns a share that is asked for")
    return found


class _Search:
    def __init__(self, condition: Expr, drivers: Sequence[Driver], clock: Clock) -> None:
        self.condition = condition
        self.drivers = drivers
        self.clock = clock
        reach = reach_of(condition)
        self.settle = reach.ranges // clock.step + 2
        self.before = (reach.ranges + reach.offsets) // clock.step + 2 if reach.offsets else 0
        self.numbers = sorted(
            {
                abs(node.value)
                for node in walk(condition)
                if isinstance(node, NumberLiteral) and math.isfinite(node.value)
            }
        )

    def starting_points(self, usual: Settings) -> Iterator[Settings]:
        yield usual
        yield tuple(driver.usual if driver.kind == "histogram" else 0.0 for driver in self.drivers)
        if 0 < len(self.drivers) <= _MOST_DRIVERS:
            choices = [(driver.usual, None) if driver.kind == "histogram" else _OTHERS for driver in self.drivers]
            yield from product(*choices)

    def true(self, usual: Settings, index: int, value: Setting) -> bool:
        """Whether the condition holds once ``value`` has been there for as long as the query looks back."""
        after = (*usual[:index], value, *usual[index + 1 :])
        phases = ([(self.before, usual)] if self.before else []) + [(self.settle, after)]
        evaluator = Evaluator(made(self.drivers, phases, self.clock.step), self.clock)
        return bool(evaluator.vector(self.condition, (self.before + self.settle - 1) * self.clock.step))

    def along(self, usual: Settings, index: int) -> Solution | None:
        """A solution that turns only the driver at ``index``."""
        kind = self.drivers[index].kind
        if self.before and self.true(usual, index, usual[index]):
            return None
        for grid in self.grids(index):
            truths = [(value, self.true(usual, index, value)) for value in grid]
            flips = [(left, right) for left, right in pairwise(truths) if left[1] != right[1]]
            if not flips:
                continue
            (left, fires_left), (right, _) = flips[0]
            quiet, fires = (right, left) if fires_left else (left, right)
            if kind != "switch":
                quiet, fires = self.narrowed(usual, index, quiet, fires, grid)
                quiet = self.away(usual, index, quiet, fires, grid)
                fires = self.uneven(usual, index, quiet, fires, grid)
            return Solution(usual, index, quiet, fires, self.over(usual, index, quiet, fires, grid))
        gone, there = self.true(usual, index, None), self.true(usual, index, usual[index])
        if gone == there:
            return None
        if gone:
            return Solution(usual, index, usual[index], None, usual[index])
        return Solution(usual, index, None, usual[index], None)

    def grids(self, index: int) -> Iterator[list[float]]:
        """Numbers to try, in order; below zero only where nothing else helps."""
        driver = self.drivers[index]
        if driver.kind == "switch":
            yield [0.0, 1.0]
            return
        if driver.kind == "histogram":
            finite = [bound for bound in driver.bounds.values() if 0 < bound < math.inf]
            low, high = min(finite, default=1.0) / 10, max(finite, default=1.0) * 2
            steps = 16
            yield [low * (high / low) ** (step / steps) for step in range(steps + 1)]
            return
        yield sorted({0.0, 1.0, *self.numbers, *_POWERS})
        if driver.kind in {"gauge", "ramp", "stamp"}:
            yield sorted({0.0, *(-number for number in (1.0, *self.numbers, *_POWERS))})

    def away(self, usual: Settings, index: int, quiet: float, fires: float, grid: list[float]) -> float:
        """``quiet`` moved away from the threshold, unless it stands on it."""
        if quiet in grid:
            return quiet
        moved = float(f"{fires + _AWAY * (quiet - fires):.8g}")
        return quiet if self.true(usual, index, moved) else moved

    def over(self, usual: Settings, index: int, quiet: float, fires: float, grid: list[float]) -> float:
        """``quiet`` moved away from the threshold on which it may stand, where there is room on its side of 0."""
        moved = float(f"{fires + _AWAY * (quiet - fires):.8g}")
        if quiet not in grid or self.drivers[index].kind == "switch" or moved * quiet <= 0:
            return quiet
        return quiet if self.true(usual, index, moved) else moved

    def uneven(self, usual: Settings, index: int, quiet: float, fires: float, grid: list[float]) -> float:
        """``fires`` moved a little, so that it is not half-way between two numbers to which a text is rounded."""
        if fires in grid:
            return fires
        moved = float(f"{fires + 0.07 * (fires - quiet):.8g}")
        return moved if self.true(usual, index, moved) else fires

    def narrowed(
        self, usual: Settings, index: int, quiet: float, fires: float, grid: list[float]
    ) -> tuple[float, float]:
        """``quiet`` and ``fires`` closer together; where 0 is one of them and anything else the other, 0 and 1."""
        least = min((abs(number) for number in grid if number), default=1.0)
        if 0.0 in (quiet, fires) and abs(quiet + fires) <= least:
            other = math.copysign(1.0, quiet + fires)
            wanted = fires != 0.0
            if self.true(usual, index, other) is wanted:
                return (0.0, other) if wanted else (other, 0.0)
        while abs(quiet - fires) > _CLOSE * max(abs(quiet), abs(fires)):
            middle = _between(quiet, fires)
            if middle in (quiet, fires):
                break
            if self.true(usual, index, middle):
                fires = middle
            else:
                quiet = middle
        return quiet, fires


def _between(one: float, other: float) -> float:
    """A number between two, with few digits where there is room."""
    near_zero = not one or not other or max(abs(one), abs(other)) < 8 * min(abs(one), abs(other))
    middle = (one + other) / 2 if near_zero else math.copysign(math.sqrt(one * other), one)
    return float(f"{middle:.7g}")
