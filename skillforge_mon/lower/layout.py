"""Dashboards without any backend: what is shown, and where it stands on a grid of 24 columns."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from skillforge_mon.model.project import Dashboard
from skillforge_mon.query.promql import Expr
from skillforge_mon.spec.models.dashboards import PanelType, Variable

COLUMNS = 24
ROW_HEIGHT = 1
IDS = 100_000
"""Panel ids lie between 1 and this number."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A place on the grid: columns from 0 to 23, lines from 0 down; a line is about 30 pixels high."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ShownQuery:
    """One query of a panel.

    ``text`` is the user's PromQL or LogQL as it was written; ``expr`` the tree, None for LogQL. In a ready-made query
    ``text`` is "" and rates are taken over ADAPTIVE_WINDOW, which a backend replaces by the window that fits the
    screen. ``legend`` has labels in braces: ``{{ labels.service }}``.
    """

    text: str
    expr: Expr | None
    legend: str = ""


@dataclass(frozen=True, slots=True)
class ThresholdStep:
    """From ``start`` on (None: from minus infinity) a value is ``state``: ``ok``, ``warning`` or ``critical``."""

    start: float | int | None
    state: str


@dataclass(frozen=True, slots=True)
class PanelLink:
    """Where a panel or a dashboard leads."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownPanel:
    """One picture in its place.

    ``unit`` is a unit of the metric catalogue, or one that only the backend knows; "" when nothing is known.
    ``unit_written`` says that it is the user's own word, and not what the queries were found to return.
    ``thresholds`` are empty when there are none; otherwise the first step starts at None and the others ascend.
    ``repeat`` is the variable for whose values the panel is repeated, at most ``per_line`` beside each other.
    ``alerts_of`` limits an alert list to one service. ``width`` and ``height`` are what the user asks for; the grid is
    what became of it. ``of_logs`` says that its queries are LogQL, even where it shows numbers. ``watched_by`` are the
    alerts and SLOs that watch what it shows.
    """

    id: int
    type: PanelType
    title: str
    grid: Grid
    queries: tuple[ShownQuery, ...] = ()
    description: str = ""
    unit: str = ""
    unit_written: bool = False
    decimals: int | None = None
    min: float | int | None = None
    max: float | int | None = None
    stack: bool = False
    thresholds: tuple[ThresholdStep, ...] = ()
    content: str = ""
    links: tuple[PanelLink, ...] = ()
    repeat: str = ""
    per_line: int = 0
    alerts_of: str = ""
    width: int | None = None
    height: int | None = None
    of_logs: bool = False
    watched_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownRow:
    """Panels under a heading. ``grid`` is that of the heading, None when the row has none."""

    id: int
    title: str
    grid: Grid | None
    panels: tuple[ShownPanel, ...]
    collapsed: bool = False
    repeat: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class DashboardLayout:
    """A dashboard with every panel in its place. ``variables`` are its choices: the user's, and those of its rows."""

    dashboard: Dashboard
    title: str
    rows: tuple[ShownRow, ...]
    variables: Mapping[str, Variable]

    @property
    def panels(self) -> tuple[ShownPanel, ...]:
        """All panels, from top to bottom."""
        return tuple(panel for row in self.rows for panel in row.panels)


@dataclass(frozen=True, slots=True)
class Size:
    """How large panels of a type are unless the user says: at most ``per_line`` beside each other, none wider than
    ``widest``, each ``height`` lines high."""

    per_line: int
    widest: int
    height: int

    @property
    def narrowest(self) -> int:
        return COLUMNS // self.per_line if self.per_line > 1 else COLUMNS // 2


SIZES: dict[PanelType, Size] = {
    "timeseries": Size(3, 24, 8),
    "stat": Size(6, 8, 4),
    "gauge": Size(6, 8, 6),
    "bargauge": Size(3, 24, 8),
    "table": Size(1, 24, 8),
    "heatmap": Size(2, 24, 8),
    "piechart": Size(4, 8, 8),
    "logs": Size(1, 24, 10),
    "text": Size(1, 24, 4),
    "alertlist": Size(2, 24, 8),
}
REPEATED_PER_LINE = 4


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user says of a panel's size; None where nothing is said."""

    type: PanelType
    width: int | None = None
    height: int | None = None
    repeat: str = ""


def place(wishes: Sequence[Wish], top: int) -> tuple[tuple[Grid, ...], int]:
    """The places of the panels of one row, from line ``top`` down, and the first line below them.

    Panels stand from left to right and wrap. Neighbours of one type without a width share their lines evenly; panels of
    a line without a height are as high as the highest of the line. A repeated panel has its lines to itself.
    """
    lines: list[list[tuple[int, int]]] = [[]]  # the index and the width of each panel of a line
    position = 0
    for run in _runs(wishes):
        first = wishes[run[0]]
        if first.repeat or first.width is not None:
            widths = [[COLUMNS if first.repeat else first.width or COLUMNS]]
        else:
            widths = _shared(len(run), SIZES[first.type], COLUMNS - position)
        remaining = iter(run)
        for group in widths:
            if lines[-1] and (position + sum(group) > COLUMNS or first.repeat):
                lines.append([])
                position = 0
            lines[-1].extend((next(remaining), width) for width in group)
            position += sum(group)
            if first.repeat:
                position = COLUMNS
    return _placed(wishes, lines, top)


def _runs(wishes: Sequence[Wish]) -> Iterable[list[int]]:
    """Neighbours that share their space; every panel with a width of its own or a repetition is alone."""

    def kind(index: int) -> object:
        wish = wishes[index]
        return index if wish.width is not None or wish.repeat else wish.type

    return (list(run) for _, run in groupby(range(len(wishes)), kind))


def _shared(count: int, size: Size, left: int) -> list[list[int]]:
    """The widths of ``count`` panels, line by line; the first line may have only ``left`` columns left."""
    if left < COLUMNS and count * size.narrowest <= left:
        return [[min(width, size.widest) for width in _evenly(left, count)]]
    lines = -(-count // size.per_line)
    return [[min(width, size.widest) for width in _evenly(COLUMNS, each)] for each in _evenly(count, lines)]


def _evenly(total: int, parts: int) -> list[int]:
    """``total`` in ``parts`` that differ by one at most, the larger ones first."""
    least, larger = divmod(total, parts)
    return [least + 1] * larger + [least] * (parts - larger)


def _placed(wishes: Sequence[Wish], lines: list[list[tuple[int, int]]], top: int) -> tuple[tuple[Grid, ...], int]:
    grids: list[Grid] = []
    for line in lines:
        heights = [wishes[index].height or SIZES[wishes[index].type].height for index, _ in line]
        x = 0
        for index, width in line:
            grids.append(Grid(x, top, width, wishes[index].height or max(heights)))
            x += width
        top += max(heights, default=0)
    return tuple(grids), top


def moved(panel: ShownPanel, id_: int, grid: Grid) -> ShownPanel:
    """``panel`` under this id in this place."""
    return replace(panel, id=id_, grid=grid)


class PanelIds:
    """Ids that stay when other panels come and go: alerts, links and annotations name panels by them.

    An id is made of the row's title, the panel's title and which of several equal ones it is. Two names that lead to
    one id are rare; the later of them takes the next free one.
    """

    def __init__(self) -> None:
        self._taken: set[int] = set()
        self._seen: dict[tuple[str, ...], int] = {}

    def of(self, *names: str) -> int:
        """The id of what is called ``names``, from 1 to IDS."""
        count = self._seen[names] = self._seen.get(names, 0) + 1
        digest = hashlib.sha256("\0".join((*names, str(count))).encode()).digest()
        number = int.from_bytes(digest[:8], "big") % IDS
        while number + 1 in self._taken:
            number = (number + 1) % IDS
        self._taken.add(number + 1)
        return number + 1
