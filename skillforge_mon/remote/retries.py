"""Which requests are tried again, and after how long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

TRIES = 5
"""How often one request is sent at most; refusals for the rate do not count."""
PATIENCE = 600.0
"""Seconds from the first sending after which nothing is tried again, and the longest single wait for a limit."""
_FIRST_WAIT = 0.5
_LONGEST_WAIT = 30.0

TRANSIENT = frozenset((408, 429, 500, 502, 503, 504, 512))
"""Statuses that may be gone at the next try; 512 is what Datadog's edge answers when it has waited too long."""
_READABLE = range(200, 300)


class Verdict(Enum):
    """What follows from the end of one try."""

    DONE = auto()
    AGAIN = auto()  # may help
    AGAIN_UNCOUNTED = auto()  # refused for its rate: will help, so it counts for no try
    FAILED = auto()  # would fail again
    LOST = auto()  # may or may not have taken effect, and must not take effect twice


@dataclass(frozen=True, slots=True)
class End:
    """How one try ended.

    ``status`` is 0 where no whole answer came. ``sent`` is False where no connection came about, so that the server
    cannot know of the request. ``readable`` is False where the body is not what the headers announce. ``asked`` says
    that the server named a time to come again. ``hopeless`` is set where no try can fare better.
    """

    status: int = 0
    sent: bool = True
    readable: bool = True
    asked: bool = False
    hopeless: bool = False


def verdict(end: End, *, repeatable: bool) -> Verdict:
    """What to do about ``end``. A request that is not ``repeatable`` goes again only if it certainly had no effect."""
    if end.hopeless:
        return Verdict.FAILED
    if end.status == 429:
        return Verdict.AGAIN_UNCOUNTED
    if not end.sent or (end.status == 503 and end.asked):
        return Verdict.AGAIN
    if end.status in _READABLE and end.readable:
        return Verdict.DONE
    if end.status in TRANSIENT or end.status == 0 or end.status in _READABLE:
        return Verdict.AGAIN if repeatable else Verdict.LOST
    if end.status >= 500 and not repeatable:
        return Verdict.LOST
    return Verdict.FAILED


def backoff(number: int, random: Callable[[], float]) -> float:
    """Seconds to wait before try ``number`` (from 2 on): doubled each time, less up to a half of it at random.

    ``random`` gives numbers from 0 to 1. Where many wait for the same server, chance keeps them apart.
    """
    longest: float = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (number - 2))
    return longest * (1 - random() / 2)
