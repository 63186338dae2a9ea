"""One push at a time for a project and environment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class PushGoesOn(Exception):  # noqa: N818 - it says what is the case
    """Another process is pushing; ``holder`` is its id, as far as it is known."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


@contextmanager
def exclusive(lock: Path) -> Iterator[None]:
    """Hold ``lock``, whose text is the id of this process, to the end of the block.

    The operating system lets go of what a dead process held, so a file that was left behind stops nobody. Raises
    PushGoesOn, and OSError where the file cannot be made.
    """
    import fcntl

    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_ours = os.path.samestat(os.fstat(descriptor), lock.stat())
        except (BlockingIOError, FileNotFoundError):
            is_ours = False
        if not is_ours:
            raise PushGoesOn(os.pread(descriptor, 32, 0).decode("ascii", "replace").strip())
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
        with suppress(OSError):
            lock.unlink()  # while it is held: whoever opened this very file finds that it is gone
    finally:
        os.close(descriptor)
