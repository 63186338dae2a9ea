"""What is done again and again beside the test: load, the passing of time, looking."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def again(action: Callable[[], None], every: float) -> Iterator[None]:
    """A thread of its own does it each so many seconds, until the end of the block. What it raises fails the test."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(every):
            action()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
