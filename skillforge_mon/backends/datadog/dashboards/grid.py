"""The grid of Datadog's dashboards: 12 columns, where ours has 24 (docs.datadoghq.com, "Dashboards", Layouts)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from skillforge_mon.lower.layout import COLUMNS as OUR_COLUMNS
from skillforge_mon.lower.layout import Grid

COLUMNS = 12
_NARROWER = OUR_COLUMNS // COLUMNS
_LINES = 3, 8
"""Three lines of Datadog's are as high as eight of ours."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A place on Datadog's grid; lines go down from 0."""

    x: int
    y: int
    width: int
    height: int

    @property
    def bottom(self) -> int:
        """The first line below."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Extent:
    """How much room a widget takes, and whether it begins a line."""

    width: int
    height: int
    first: bool = False


def extents(grids: Sequence[Grid]) -> list[Extent]:
    """The room that panels take here, of those that stand at ``grids``, in their order.

    Columns are halved at their edges, so that neighbours that fill a line together still do.
    """
    found = []
    line: int | None = None
    for grid in grids:
        left, right = grid.x // _NARROWER, (grid.x + grid.width) // _NARROWER
        found.append(Extent(max(1, right - left), _height(grid.height), grid.y != line))
        line = grid.y
    return found


def packed(wanted: Sequence[Extent], top: int = 0) -> tuple[Cell, ...]:
    """The places of widgets, from line ``top`` down and from left to right; what does not fit begins a new line."""
    found: list[Cell] = []
    x, y, below = 0, top, top
    for extent in wanted:
        if x and (extent.first or x + extent.width > COLUMNS):
            x, y = 0, below
        found.append(Cell(x, y, extent.width, extent.height))
        x += extent.width
        below = max(below, y + extent.height)
    return tuple(found)


def _height(lines: int) -> int:
    numerator, denominator = _LINES
    return max(1, (2 * lines * numerator + denominator) // (2 * denominator))
