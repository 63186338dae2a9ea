"""Minutes of a week in words, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.model.week import DAY, WEEK, hours_text, runs


def minutes(*ranges: tuple[int, int, int]) -> set[int]:
    """``(day, first minute, length)`` of each."""
    return {(day * DAY + first + each) % WEEK for day, first, length in ranges for each in range(length)}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (set(), ""),
        (set(range(WEEK)), "always"),
        (minutes(*((day, 540, 480) for day in range(5))), "Monday to Friday 09:00 - 17:00"),
        (minutes(*((day, 1320, 480) for day in range(7))), "every day 22:00 - 06:00"),
        (minutes((6, 1380, 120)), "Sunday 23:00 - 01:00"),
        (minutes((0, 0, 60), (2, 0, 60)), "Monday and Wednesday 00:00 - 01:00"),
        (minutes((1, 0, DAY), (4, 1380, 60)), "Tuesday, Friday 23:00 - 24:00"),
        (minutes((5, 0, 2 * DAY)), "Saturday and Sunday"),
        (minutes((4, 1200, 60 * 60)), "Friday 20:00 to Monday 08:00"),
        (minutes((6, 0, 2 * DAY)), "Monday and Sunday"),
        (minutes((3, 5, 1), (3, 7, 2)), "Thursday 00:05 - 00:06, Thursday 00:07 - 00:09"),
    ],
)
def test_hours_are_told_as_people_tell_them(found: set[int], words: str) -> None:
    assert hours_text(found) == words


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, DAY - 1), st.integers(1, 3 * DAY)), max_size=5))
def test_runs_are_the_minutes_again_and_never_touch(ranges: list[tuple[int, int, int]]) -> None:
    wanted = minutes(*ranges)
    found = runs(wanted)
    assert {(start + each) % WEEK for start, length in found for each in range(length)} == wanted
    assert sum(length for _, length in found) == len(wanted)
    if len(found) > 1:
        assert not {(start + length) % WEEK for start, length in found} & {start for start, _ in found}
