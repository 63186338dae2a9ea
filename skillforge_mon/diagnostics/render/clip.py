"""A long line cut down to the part around the caret."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from skillforge_mon.diagnostics.render.cells import Cells, measure

ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Clipped:
    """What is shown of a line, and for each asked stretch the cells (start, end) that it takes there."""

    text: str
    stretches: tuple[tuple[int, int], ...]


def clip(line: str, stretches: Sequence[tuple[int, int]], room: int) -> Clipped:
    """``line`` in at most ``room`` cells, with the first of ``stretches`` (code points) in sight.

    What is left out on a side is marked by ``…``. Stretches outside of what is shown end at its edge.
    """
    skipped, missing = 0, False
    if len(line) > 4 * room:  # measure only what could be shown: a line may be megabytes long
        focus = stretches[0][0] if stretches else 0
        skipped, missing = max(0, focus - 2 * room), focus + 2 * room < len(line)
        line = line[skipped : focus + 2 * room]
    cells = measure(line)
    wanted = [cells.stretch(max(start - skipped, 0), max(end - skipped, 1)) for start, end in stretches]
    first, last = _window(cells, wanted[0] if wanted else (0, 1), room, bool(skipped), missing)

    left = ELLIPSIS if skipped or first else ""
    right = ELLIPSIS if missing or last < len(cells.shown) else ""
    shift = len(left) - cells.starts[first]
    edge = cells.starts[last] + shift + 1
    return Clipped(
        left + "".join(cells.shown[first:last]) + right,
        tuple(_inside(start + shift, end + shift, edge) for start, end in wanted),
    )


def _window(cells: Cells, focus: tuple[int, int], room: int, skipped: bool, missing: bool) -> tuple[int, int]:
    """The first and last (exclusive) code point to show."""
    total = max(cells.width, focus[1])
    if total + skipped + missing <= room:
        return 0, len(cells.shown)
    first = 0
    if skipped or focus[1] >= room:
        before = max(1, min(room // 3, room - 2 - (focus[1] - focus[0])))
        first = bisect_left(cells.starts, max(0, min(focus[0] - before, total - (room - 1))))
    free = room - bool(skipped or first)
    if not missing and total - cells.starts[first] <= free:
        return first, len(cells.shown)
    return first, bisect_right(cells.starts, cells.starts[first] + free - 1) - 1


def _inside(start: int, end: int, edge: int) -> tuple[int, int]:
    begin = min(max(start, 0), edge - 1)
    return begin, max(min(end, edge), begin + 1)
