"""One build at a time per output folder."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_PAUSE: Final = 0.02  # seconds between two attempts


class TreeLocked(Exception):  # noqa: N818 - it says what is the case
    """Another process holds the lock, and went on holding it for as long as we were willing to wait."""


@contextmanager
def locked(lock: Path, patience: float) -> Iterator[None]:
    """Hold the file ``lock`` exclusively; wait up to ``patience`` seconds for another process to let go of it.

    The operating system releases the lock of a process that dies. The file is removed at the end, so that no build
    leaves it behind. Raises TreeLocked when the patience is over, and OSError where the file cannot be made.
    """
    deadline = time.monotonic() + patience
    while (descriptor := _attempt(lock)) is None:
        if time.monotonic() >= deadline:
            raise TreeLocked(lock)
        time.sleep(_PAUSE)
    try:
        yield
    finally:
        # Removed while still locked: whoever waits for this very file finds that it is gone, and makes a new one.
        with suppress(OSError):
            lock.unlink()
        os.close(descriptor)


def _attempt(lock: Path) -> int | None:
    import fcntl

    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(descriptor), lock.stat()):
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None
