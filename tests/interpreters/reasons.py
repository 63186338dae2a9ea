"""The reasons why a translation is approximate, each with what it allows: at which times, and by how much.

A reason that is not in this table fails the tests, so that none can be added without a bound.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from typing import Final


class Value(enum.Enum):
    """By how much the value may differ."""

    COUNTED = "between what was counted within the window's first and last scrape, and all since the scrape before it"
    POINTS = "between the least and the greatest that the single points of the window give"
    MOMENTS = "what is read at moments: between the least and the greatest of the window"
    MEASURED = "a percentile that was measured is in the same bucket as the one that is estimated"
    WIDER = "a filter lets other series through as well, so that a sum of what is not negative is at least as large"
    NAMES = "the same series under other names"
    PARTNERS = "equal where both sides have the same series; anything where they do not"
    ONE_MORE = "one series more in Prometheus, without labels, whose value is 0"
    NONE = "not at all"


class Time(enum.Enum):
    """At which times the values of Prometheus are to be looked at, for one evaluation of Datadog."""

    ALL_POINTS = "all points of the window, without the one at its beginning"
    LAST_MINUTE = "any point of the last minute"
    JOINED = "any time from the beginning of `for` on"
    NOW = "this moment: `for` is left out"
    ROUNDED = "the window is up to a minute longer"


TABLE: Final[Sequence[tuple[str, Value | Time]]] = (
    ("Datadog counts what the Agent sent within the window, Prometheus extrapolates to its ends", Value.COUNTED),
    ("Datadog calculates with single points and averages that, Prometheus calculates with averages", Value.POINTS),
    ("Datadog takes `…` over series at each moment and `…` over time after that, Prometheus the other way round", Value.POINTS),
    ("`…` is averaged over the window too, where Prometheus takes the last value", Value.MOMENTS),
    ("Datadog averages what it keeps of the Agent's points, Prometheus every sample", Value.NONE),
    ("`…` looks at what Datadog keeps of the Agent's points", Value.NONE),
    ("`sum_over_time` over … becomes … times the average: so many samples are scraped, one every …", Value.NONE),
    ("`offset …` becomes `…`, which shifts the points of the whole window", Value.NONE),
    ("Datadog watches, and shows as the value, the distance from …", Value.NONE),
    ("Datadog compares with a number: it watches the difference of the two sides, and shows that as the value", Value.NONE),
    ("Datadog measures percentiles, where they are switched on for `…`; Prometheus estimates them from buckets", Value.MEASURED),
    ("`…` becomes `…`, which fits any length", Value.WIDER),
    ("`…` is not declared under `metrics`, so its name `…` is a guess", Value.NAMES),
    ("the Agent must be told to send the tag `…`: Prometheus adds it itself", Value.NAMES),
    ("`instance` is the Agent's tag `…`: the URL that it reads", Value.NAMES),
    ("`or vector(0)` is one more series in Prometheus, without labels; in Datadog each group is 0 where points are missing", Value.ONE_MORE),
    ("Datadog aggregates each side for itself: a series that only one of them has is counted, and Prometheus leaves it out", Value.PARTNERS),
    ("`or vector(0)` is 0 in Datadog where single points are missing, not where all of the window is", Value.NONE),
    ("`for: …` becomes `…`: Datadog judges all points of the window, Prometheus each evaluation", Time.ALL_POINTS),
    ("Datadog judges the points of the last minute, Prometheus the last one at each evaluation", Time.LAST_MINUTE),
    ("`[…]` held `for: …` becomes one window of …: a short and violent peak can fire it that Prometheus would wait out", Time.JOINED),
    ("`[…]` held `for: …` becomes one window of …: a short and deep dip can fire it that Prometheus would wait out", Time.JOINED),
    ("`for: …` is left out: a Datadog monitor has one window, `[…]` here, and notifies up to … sooner", Time.NOW),
    ("`for: …` is left out: one extreme point counts for as long as it is in `[…]`, and Datadog notifies up to … sooner", Time.NOW),
    ("the window of … becomes … min: Datadog's windows are whole minutes", Time.ROUNDED),
)  # fmt: skip
_PATTERNS: Final = tuple((re.compile(".+".join(map(re.escape, text.split("…")))), bound) for text, bound in TABLE)


def bounds_of(reasons: Sequence[str]) -> frozenset[Value | Time]:
    """What ``reasons`` allow together. Raises LookupError for one that is not in the table."""
    return frozenset(map(_bound, reasons))


def _bound(reason: str) -> Value | Time:
    for pattern, bound in _PATTERNS:
        if pattern.fullmatch(reason):
            return bound
    raise LookupError(f"no bound is known for the reason: {reason}")
