"""Widgets with the room that they take, and in their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from skillforge_mon.backends.datadog.dashboards.grid import COLUMNS, Cell, Extent, packed
from skillforge_mon.documents.document import Plain

_HEADING = 1
"""Lines that the heading of a group takes: in dashboards that Datadog exports, four lines of widgets make a group of
five."""


@dataclass(frozen=True, slots=True)
class Widget:
    """A widget that has no place yet."""

    definition: dict[str, Plain]
    extent: Extent


def group(title: str, widgets: Sequence[Widget], top: int) -> tuple[Plain, int]:
    """``widgets`` under a heading at line ``top``, whose places count from there, and the first line below."""
    inside, bottom = in_places(widgets, 0)
    cell = Cell(0, top, COLUMNS, bottom + _HEADING)
    definition: Plain = {
        "type": "group",
        "layout_type": "ordered",
        "title": title,
        "show_title": bool(title),
        "widgets": inside,
    }
    return {"definition": definition, "layout": _layout(cell)}, cell.bottom


def in_places(widgets: Sequence[Widget], top: int) -> tuple[list[Plain], int]:
    """``widgets`` from line ``top`` down, and the first line below."""
    cells = packed([widget.extent for widget in widgets], top)
    made: list[Plain] = [
        {"definition": widget.definition, "layout": _layout(cell)} for widget, cell in zip(widgets, cells, strict=True)
    ]
    return made, max((cell.bottom for cell in cells), default=top)


def _layout(cell: Cell) -> Plain:
    return {"x": cell.x, "y": cell.y, "width": cell.width, "height": cell.height}
