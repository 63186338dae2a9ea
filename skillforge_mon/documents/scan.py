"""What stands in an output folder right now: one walk, one stat per entry, no content read."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from skillforge_mon.documents.paths import ROLL_FORWARD_NAME


@dataclass(frozen=True, slots=True)
class FileStamp:
    """Which file it is and whether it was touched. A hard link of a file has the same stamp."""

    inode: int
    size: int
    mtime_ns: int
    mode: int

    @property
    def is_regular(self) -> bool:
        """False for symbolic links, sockets and the like."""
        return stat.S_ISREG(self.mode)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A folder's files (all that is no folder) and folders with their permission bits, by path relative to it.

    ``links`` are the symbolic links; they are among the files, and never followed. ``mounted`` are the entries that
    belong to another file system than the folder. A folder that does not exist has no files and no folders.
    """

    files: Mapping[str, FileStamp]
    folders: Mapping[str, int]
    links: frozenset[str]
    mounted: tuple[str, ...]


def scan(root: Path) -> Snapshot:
    """The snapshot of ``root``. Raises OSError if it, or a folder in it, cannot be read."""
    files: dict[str, FileStamp] = {}
    folders: dict[str, int] = {}
    links: set[str] = set()
    mounted: list[str] = []
    try:
        device = os.lstat(root).st_dev
    except FileNotFoundError:
        return Snapshot(files, folders, frozenset(), ())
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        with os.scandir(root / prefix) as entries:
            for entry in entries:
                path = prefix + entry.name
                if path == ROLL_FORWARD_NAME:
                    continue
                status = entry.stat(follow_symlinks=False)
                if status.st_dev != device:
                    mounted.append(path)
                elif stat.S_ISDIR(status.st_mode):
                    folders[path] = stat.S_IMODE(status.st_mode)
                    waiting.append(f"{path}/")
                else:
                    files[path] = FileStamp(status.st_ino, status.st_size, status.st_mtime_ns, status.st_mode)
                    if stat.S_ISLNK(status.st_mode):
                        links.add(path)
    return Snapshot(files, folders, frozenset(links), tuple(sorted(mounted)))
