"""The arithmetic of rate limits: which request may go now, so that no server has to refuse one.

A limit belongs to a *bucket*: the requests that the server counts together. Servers that name their limits say so in
each answer; until then, and elsewhere, requests of one method and path shape are taken for a bucket. Windows are
fixed: so many requests until a reset, which is told in whole seconds. Of a window that has just begun nothing is
known (resets are rounded, and others use the same limit), so one request, the *scout*, goes alone and brings news.

No threads, no clock, no HTTP here: ``RateLimits`` is told the time, and ``turnstile`` does the waiting.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from skillforge_mon.remote.rate_headers import RateNews

_IDENTIFIER = re.compile(r"(?!v\d+$)(?=.*\d).+|.{25,}")
"""A part of a path that names one object: it has a digit and is no version, or is longer than any word of an API."""


def path_shape(method: str, path: str) -> str:
    """What requests have in common that are likely to share a limit: ``GET /api/v1/monitor/{}``."""
    parts = path.partition("?")[0].split("/")
    return f"{method} " + "/".join("{}" if _IDENTIFIER.fullmatch(part) else part for part in parts)


@dataclass(slots=True, eq=False)
class _Bucket:
    """What is known of one limit.

    ``least`` is how many requests the server takes until ``end``, those under way included; None while that is not
    known. ``period`` is the least that a window may last. ``opened`` is when the window before
    ended. ``held`` is until when the server wants to be left alone.
    ``limited`` says that the server has told of a limit (``limit`` where it said how many), ``unlimited`` that it has
    answered without one. ``spent`` counts what may have been drawn on a window of which nothing is known yet.
    """

    least: int | None = None
    end: float = -math.inf
    end_not_before: float = -math.inf
    period: float = 0.0
    opened: float = -math.inf
    held: float = -math.inf
    concurrent: int | None = None
    heard_of: bool = False
    limited: bool = False
    limit: int = 0
    spent: int = 0
    unlimited: bool = False
    scout: Ticket | None = None

    def roll(self, now: float) -> None:
        """Forget the window if it is over."""
        if self.least is not None and now >= self.end:
            self.least, self.opened, self.spent = None, self.end, 0

    def learn(self, remaining: int, reset: float, sent: float, now: float) -> None:
        """Take the worst of what answers say; they may come in any order, and late.

        ``reset`` is rounded up to whole seconds. The earliest of the ends that answers tell is the best, as long as
        they are about one window: if this one were about the next, it would end a whole period later.
        """
        first = self.least is None
        self.least = remaining if self.least is None else min(self.least, remaining)
        if first:
            self.end, self.end_not_before = now + reset, sent + reset - 1
        elif now + reset < self.end_not_before + self.period:
            self.end = min(self.end, now + reset)
            self.end_not_before = max(self.end_not_before, sent + reset - 1)
        else:
            self.end = max(self.end, now + reset)


@dataclass(slots=True, eq=False)
class Ticket:
    """The leave to send one request."""

    shape: str
    bucket: _Bucket = field(repr=False)
    sent: float
    silent: int
    """How many answers had said nothing of a limit when this request was sent."""


@dataclass(frozen=True, slots=True)
class Wait:
    """No request may go before ``until``, or before there is news from one that is under way (``for_news``)."""

    until: float
    for_news: bool = False


class RateLimits:
    """All limits of one service. Not safe for threads."""

    def __init__(self) -> None:
        self._buckets: dict[str, _Bucket] = {}
        self._under_way: set[Ticket] = set()
        self._silent = 0

    @property
    def under_way(self) -> int:
        """How many requests have been sent and not been answered."""
        return len(self._under_way)

    def grant(self, shape: str, now: float) -> Ticket | Wait:
        """Leave to send a request of ``shape``, or what to wait for. Whoever gets leave must ``settle`` it."""
        bucket = self._buckets.setdefault(shape, _Bucket())
        bucket.roll(now)
        if now < bucket.held:
            return Wait(bucket.held)
        ours = sum(ticket.bucket is bucket for ticket in self._under_way)
        if bucket.concurrent is not None and ours >= bucket.concurrent:
            return Wait(math.inf, for_news=True)
        if not bucket.unlimited:
            # A request whose limit is not known yet may turn out to count for this one.
            drawing = ours + sum(not ticket.bucket.heard_of for ticket in self._under_way if bucket.heard_of)
            if bucket.least is None:
                full = drawing > 0 and 0 < bucket.limit <= drawing + bucket.spent
                if bucket.scout is not None or full:
                    return Wait(math.inf, for_news=True)
            elif bucket.least <= drawing:
                return Wait(bucket.end, for_news=drawing > 0)
        ticket = Ticket(shape, bucket, now, self._silent)
        if bucket.least is None and not bucket.unlimited:
            bucket.scout = ticket
        self._under_way.add(ticket)
        return ticket

    def settle(
        self, ticket: Ticket, news: RateNews | None, now: float, *, hold: float | None = None, sound: bool = False
    ) -> None:
        """A request has come to its end, with ``news`` of its limit or without.

        ``hold`` is set where the server did not take it for now: the seconds in which it wants to hear no more.
        ``sound`` says that the answer came from the service itself, so that headers which it lacks do not exist.
        """
        self._under_way.remove(ticket)
        if ticket.bucket.scout is ticket:
            ticket.bucket.scout = None
        bucket = self._bucket_of(ticket, news)
        bucket.roll(now)
        if hold is not None:
            bucket.heard_of, bucket.unlimited = True, False
            bucket.held = max(bucket.held, now + hold)
            bucket.learn(0, hold, ticket.sent, now)
        if news is None:
            if sound and not bucket.limited:
                bucket.heard_of = bucket.unlimited = True
            self._count_silent(bucket, now)
            return
        bucket.heard_of, bucket.limited, bucket.unlimited = True, True, False
        bucket.concurrent, bucket.limit = news.concurrent, news.limit
        nearly_full = bucket.least is None and bucket.spent + 1 >= bucket.limit > 0
        if ticket.sent < bucket.opened and not nearly_full:
            # Sent before the window was over: nobody knows which window its news are about.
            self._count_silent(bucket, now)
        else:
            bucket.period = max(bucket.period, news.reset - 1)
            bucket.learn(news.remaining - (self._silent - ticket.silent), news.reset, ticket.sent, now)

    def _count_silent(self, bucket: _Bucket, now: float) -> None:
        """A request that the server may have counted, and that did not bring news of it.

        Where nothing was ever heard of its bucket, it may have counted for any.
        """
        self._silent += 1
        for touched in {bucket} if bucket.heard_of else set(self._buckets.values()):
            if touched.least is None:
                touched.spent += 1
                if 0 < touched.limit <= touched.spent:
                    touched.learn(0, touched.period + 1, now, now)
            else:
                touched.least -= 1

    def _bucket_of(self, ticket: Ticket, news: RateNews | None) -> _Bucket:
        """The bucket that the server counts the request in; what is under way beside it moves along."""
        if news is None or not news.name:
            return ticket.bucket
        former = self._buckets[ticket.shape]
        bucket = self._buckets.setdefault(news.name, _Bucket())
        if former is not bucket:
            self._buckets[ticket.shape] = bucket
            for other in self._under_way:
                if other.bucket is former and other.shape == ticket.shape:
                    other.bucket = bucket
                    if former.scout is other:
                        former.scout = None
        return bucket
