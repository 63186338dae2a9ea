"""Days on which a maintenance window starts. Monday is 0, as in Python's calendar."""

from __future__ import annotations

from collections.abc import Iterable

from skillforge_mon.spec.models.services import WEEKDAYS

DAYS = len(WEEKDAYS)
_GROUPS = {"day": range(DAYS), "weekday": range(5), "weekend": range(5, DAYS)}


def start_days(every: Iterable[str]) -> tuple[int, ...]:
    """The weekdays that ``every`` names, each once, in order: ``["weekend", "monday"]`` is (0, 5, 6)."""
    days: set[int] = set()
    for word in every:
        days.update(_GROUPS.get(word) or (WEEKDAYS.index(word),))
    return tuple(sorted(days))


def longest_gap(days: tuple[int, ...]) -> int:
    """Days from one start to the next, the longest of the week: 7 for one day, 3 for monday to friday."""
    return max((following - day - 1) % DAYS + 1 for day, following in zip(days, (*days[1:], days[0]), strict=True))
