"""Where threads wait for their turn: for the rate limit, and for a place among the requests under way."""

from __future__ import annotations

import threading

from skillforge_mon.remote.clock import Clock, pause
from skillforge_mon.remote.errors import StoppedError
from skillforge_mon.remote.rate_headers import RateNews
from skillforge_mon.remote.rate_limits import RateLimits, Ticket, Wait

_GLANCE = 0.05
"""How often a waiting thread looks whether it may go on or has to stop, in seconds."""


class TooLongError(Exception):
    """The turn would come later than the caller is ready to wait; ``seconds`` says when."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Turnstile:
    """Lets requests of one service through, from any number of threads; at most ``concurrency`` at a time."""

    def __init__(self, clock: Clock, concurrency: int, stop: threading.Event) -> None:
        self._clock = clock
        self._concurrency = concurrency
        self._stop = stop
        self._limits = RateLimits()
        self._changed = threading.Condition()
        self._alarms: dict[int, float] = {}
        self._somebody_sleeps = False

    def enter(self, shape: str, patience: float) -> Ticket:
        """Wait until a request of ``shape`` may go; ``leave`` is called when it has come to its end.

        Raises ``TooLongError`` where that is known to take more than ``patience`` seconds, ``StoppedError`` as soon as
        the stop flag is set.
        """
        myself = threading.get_ident()
        latest = self._clock.now() + patience
        with self._changed:
            try:
                while True:
                    if self._stop.is_set():
                        raise StoppedError
                    turn = self._turn(shape)
                    if isinstance(turn, Ticket):
                        return turn
                    if not turn.for_news and turn.until > latest:
                        raise TooLongError(turn.until - self._clock.now())
                    self._alarms[myself] = turn.until
                    if turn.for_news or self._somebody_sleeps:
                        self._changed.wait(_GLANCE)
                    else:
                        self._sleep()
            finally:
                self._alarms.pop(myself, None)

    def leave(
        self, ticket: Ticket, news: RateNews | None = None, *, hold: float | None = None, sound: bool = False
    ) -> None:
        """The request is over; the arguments are those of ``RateLimits.settle``."""
        with self._changed:
            self._limits.settle(ticket, news, self._clock.now(), hold=hold, sound=sound)
            self._changed.notify_all()

    def _turn(self, shape: str) -> Ticket | Wait:
        if self._limits.under_way >= self._concurrency:
            return Wait(float("inf"), for_news=True)
        return self._limits.grant(shape, self._clock.now())

    def _sleep(self) -> None:
        """Sleep, for all that wait, until the first of them may go on. One thread sleeps; the others glance."""
        seconds = min(self._alarms.values()) - self._clock.now()
        self._somebody_sleeps = True
        self._changed.release()
        try:
            pause(self._clock, seconds, self._stop)
        finally:
            self._changed.acquire()
            self._somebody_sleeps = False
            self._changed.notify_all()
