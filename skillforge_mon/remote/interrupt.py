"""Ctrl-C while systems are asked: nobody waits for a rate limit or for another try any more."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stopping(stop: Callable[[], None]) -> Iterator[None]:
    """On Ctrl-C, call ``stop``, and go on with what Ctrl-C did before (KeyboardInterrupt).

    Only the main thread can hear of it, and a program that was told to ignore it goes on doing so.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return

    def heard(number: int, frame: FrameType | None) -> None:
        stop()
        before(number, frame)

    signal.signal(signal.SIGINT, heard)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
