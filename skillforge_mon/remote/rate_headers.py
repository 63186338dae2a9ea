"""What the headers of an answer say of rate limits, in the words of each vendor.

Datadog: ``X-RateLimit-Limit|Period|Remaining|Reset|Name`` (API reference, "Rate limits"; reset in seconds from now).
Sentry: ``X-Sentry-Rate-Limit-Limit|Remaining|Reset|ConcurrentLimit`` (API reference, "Rate limits"; reset as seconds of
the epoch). PagerDuty and others: ``ratelimit-limit|remaining|reset`` (IETF draft "RateLimit header fields for HTTP",
03; reset in seconds from now). ``Retry-After``: RFC 9110, 10.2.3, seconds or a date.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

_FAMILIES = ("x-ratelimit-", "x-sentry-rate-limit-", "ratelimit-")
_EPOCH = 1e8
"""A reset beyond three years from now is no stretch of time, but a moment."""
_MILLISECONDS = 1e11
_USUAL_PERIOD = 10.0
_ROUNDED = 1.0
"""Resets are whole seconds: one of 0 may be almost one second away."""
_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class RateNews:
    """How a limit stands: ``remaining`` requests until the window is over, in at most ``reset`` seconds.

    ``name`` is the server's own for the limit, empty where it tells none. ``limit`` is 0 where it is not told.
    ``concurrent`` is how many requests may be under way at a time, None where that is not limited.
    """

    remaining: int
    reset: float
    limit: int = 0
    name: str = ""
    concurrent: int | None = None


def rate_news(headers: Mapping[str, str]) -> RateNews | None:
    """What ``headers`` (names in lower case) say of a limit; None when they say nothing of how much remains."""
    for family in _FAMILIES:
        remaining = _number(headers.get(family + "remaining"))
        if remaining is None:
            continue
        reset = _number(headers.get(family + "reset"))
        period = _number(headers.get(family + "period")) or _number(headers.get(family + "period-in-sec"))
        concurrent = _number(headers.get(family + "concurrentlimit"))
        return RateNews(
            int(remaining),
            _USUAL_PERIOD if reset is period is None else _seconds(period if reset is None else reset, headers),
            int(_number(headers.get(family + "limit")) or 0),
            headers.get(family + "name", ""),
            max(1, int(concurrent)) if concurrent is not None else None,
        )
    return None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that ``Retry-After`` asks for, None when it is not there or cannot be read."""
    text = headers.get("retry-after", "").strip()
    if _NUMBER.fullmatch(text):
        return float(text)
    moment = _moment(text)
    return max(0.0, moment - _server_time(headers)) if moment is not None else None


def refusal_wait(headers: Mapping[str, str]) -> float | None:
    """How long a server that has refused a request for its rate wants to be left alone; None when it does not say."""
    asked = retry_after(headers)
    resets = (_number(headers.get(family + "reset")) for family in _FAMILIES)
    waits = [_seconds(reset, headers) for reset in resets if reset is not None]
    return max([*waits, *([asked] if asked is not None else [])], default=None)


def _seconds(reset: float | None, headers: Mapping[str, str]) -> float:
    value = reset or 0.0
    if value >= _MILLISECONDS:
        value /= 1000
    if value >= _EPOCH:
        value -= _server_time(headers)
    return value if value > 0 else _ROUNDED


def _server_time(headers: Mapping[str, str]) -> float:
    """The server's clock where it tells it: ours may be wrong."""
    moment = _moment(headers.get("date", ""))
    return time.time() if moment is None else moment


def _moment(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except (ValueError, OverflowError):
        return None


def _number(text: str | None) -> float | None:
    found = _NUMBER.match(text or "")
    return float(found[1]) if found and math.isfinite(float(found[1])) else None
