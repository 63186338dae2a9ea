"""Minutes of a week in words: ``Monday to Friday 09:00 - 17:00``, ``always``."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from itertools import pairwise

from skillforge_mon.spec.models.services import WEEKDAYS

DAY = 24 * 60
WEEK = 7 * DAY
ALWAYS = "always"


def runs(minutes: AbstractSet[int]) -> list[tuple[int, int]]:
    """Minutes (0 is Monday 00:00) as first minutes and lengths; what goes over the end of the week is one run."""
    ordered = sorted(minutes)
    if len(ordered) in (0, WEEK):
        return [(0, WEEK)] if ordered else []
    breaks = [0, *(index for index, (one, next_) in enumerate(pairwise(ordered), 1) if next_ != one + 1), len(ordered)]
    found = [(ordered[first], last - first) for first, last in pairwise(breaks)]
    if len(found) > 1 and found[0][0] == 0 and sum(found[-1]) == WEEK:
        start, length = found.pop()
        found[0] = (start, length + found[0][1])
        found.append(found.pop(0))
    return found


def hours_text(minutes: AbstractSet[int]) -> str:
    """The runs, those of the same hours together. Empty without minutes."""
    days: dict[str, list[int]] = {}
    for start, length in runs(minutes):
        if length == WEEK:
            return ALWAYS
        day, clock = divmod(start, DAY)
        if clock == 0 and length % DAY == 0:
            days.setdefault("", []).extend((day + each) % 7 for each in range(length // DAY))
        elif length < DAY:
            days.setdefault(f" {_clock(clock)} - {_clock(clock + length)}", []).append(day)
        else:
            last, end = divmod(start + length, DAY)
            days.setdefault(f" {_clock(clock)} to {_name(last % 7)} {_clock(end)}", []).append(day)
    return ", ".join(f"{_days(found)}{hours}" for hours, found in days.items())


def _days(days: Iterable[int]) -> str:
    """``Monday to Friday``, ``Tuesday, Thursday and Friday``."""
    ordered = sorted(days)
    if len(ordered) == 7:
        return "every day"
    breaks = [0, *(index for index, (one, next_) in enumerate(pairwise(ordered), 1) if next_ != one + 1), len(ordered)]
    words: list[str] = []
    for first, last in pairwise(breaks):
        if last - first > 2:
            words.append(f"{_name(ordered[first])} to {_name(ordered[last - 1])}")
        else:
            words += map(_name, ordered[first:last])
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _name(day: int) -> str:
    return WEEKDAYS[day].capitalize()


def _clock(minute: int) -> str:
    """A time of day. The end of a day is 24:00, beyond it the next one's time."""
    within = minute if minute == DAY else minute % DAY
    return f"{within // 60:02d}:{within % 60:02d}"
