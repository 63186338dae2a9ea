"""Time that passes only when somebody waits for it."""

from __future__ import annotations

import threading


class VirtualClock:
    """Shared by a ``Service`` and the ``now`` of a ``FakeServer``, so that a wait of minutes takes no time.

    Whoever sleeps moves the time on for all. ``slept`` are the waits, in order.
    """

    def __init__(self, start: float = 1_000.0) -> None:
        self._now = start
        self._lock = threading.Lock()
        self.slept: list[float] = []

    def now(self) -> float:
        """Seconds."""
        with self._lock:
            return self._now

    def sleep(self, seconds: float) -> None:
        """Move the time on by ``seconds``."""
        with self._lock:
            self.slept.append(seconds)
            self._now += seconds

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass, which nobody asked for."""
        with self._lock:
            self._now += seconds
