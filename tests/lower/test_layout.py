"""Panels fill their lines as people would place them by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.lower.layout import COLUMNS, IDS, SIZES, Grid, PanelIds, Wish, place

WISHES = st.lists(
    st.builds(
        Wish,
        st.sampled_from(sorted(SIZES)),
        st.none() | st.integers(1, 24),
        st.none() | st.integers(2, 40),
        st.sampled_from(["", "", "", "queue"]),
    ),
    max_size=12,
)


@pytest.mark.parametrize(
    ("wishes", "expected", "below"),
    [
        ([], [], 3),
        ([Wish("timeseries")], [Grid(0, 3, 24, 8)], 11),
        ([Wish("timeseries")] * 2, [Grid(0, 3, 12, 8), Grid(12, 3, 12, 8)], 11),
        (
            [Wish("timeseries")] * 4,
            [Grid(0, 3, 12, 8), Grid(12, 3, 12, 8), Grid(0, 11, 12, 8), Grid(12, 11, 12, 8)],
            19,
        ),
        ([Wish("stat")], [Grid(0, 3, 8, 4)], 7),
        ([Wish("stat")] * 4, [Grid(x, 3, 6, 4) for x in (0, 6, 12, 18)], 7),
        (
            [Wish("stat")] * 5,
            [Grid(0, 3, 5, 4), Grid(5, 3, 5, 4), Grid(10, 3, 5, 4), Grid(15, 3, 5, 4), Grid(20, 3, 4, 4)],
            7,
        ),
        ([Wish("stat"), Wish("timeseries")], [Grid(0, 3, 8, 8), Grid(8, 3, 16, 8)], 11),
        ([Wish("timeseries", 20), Wish("timeseries", 6)], [Grid(0, 3, 20, 8), Grid(0, 11, 6, 8)], 19),
        ([Wish("timeseries", 12, 5), Wish("stat", 12)], [Grid(0, 3, 12, 5), Grid(12, 3, 12, 5)], 8),
        (
            [Wish("stat", 4), Wish("timeseries", repeat="queue"), Wish("stat", 4)],
            [Grid(0, 3, 4, 4), Grid(0, 7, 24, 8), Grid(0, 15, 4, 4)],
            19,
        ),
    ],
)
def test_panels_of_a_row_are_placed(wishes: list[Wish], expected: list[Grid], below: int) -> None:
    assert place(wishes, 3) == (tuple(expected), below)


@given(WISHES, st.integers(0, 1000))
def test_places_are_within_the_grid_and_apart(wishes: list[Wish], top: int) -> None:
    grids, below = place(wishes, top)
    cells: set[tuple[int, int]] = set()
    for wish, grid in zip(wishes, grids, strict=True):
        assert grid.x >= 0
        assert grid.width >= 1
        assert grid.x + grid.width <= COLUMNS
        assert top <= grid.y < grid.y + grid.height <= below
        assert wish.height in {None, grid.height}
        assert wish.width in {None, grid.width} or wish.repeat
        own = {(x, y) for x in range(grid.x, grid.x + grid.width) for y in range(grid.y, grid.y + grid.height)}
        assert cells.isdisjoint(own)
        cells |= own


def test_a_panel_keeps_its_id_whatever_else_there_is() -> None:
    alone, among = PanelIds(), PanelIds()
    among.of("row", "Work")
    among.of("panel", "Work", "Errors")
    assert among.of("panel", "Work", "Jobs") == alone.of("panel", "Work", "Jobs")


def test_panels_of_one_name_have_ids_of_their_own() -> None:
    ids = PanelIds()
    found = [ids.of("panel", "", "Depth") for _ in range(2000)]
    assert len(set(found)) == 2000
    assert min(found) >= 1
    assert max(found) <= IDS
