"""The folder in which a push keeps what it must remember: ``.monmc``, which git ignores."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FOLDER = ".monmc"


@dataclass(frozen=True, slots=True)
class State:
    """Where the files of one project and environment are below ``root``."""

    root: Path
    project: str
    environment: str

    @property
    def pushed(self) -> Path:
        """The record of what was pushed last."""
        return self.root / "pushed" / self.project / f"{self.environment}.json"

    @property
    def journal(self) -> Path:
        """What a push that has not ended has done so far."""
        return self.root / "journal" / self.project / f"{self.environment}.jsonl"

    @property
    def lock(self) -> Path:
        """Held while a push goes on."""
        return self.root / "journal" / self.project / f"{self.environment}.lock"

    @property
    def kept(self) -> Path:
        """The folder of bodies that were overwritten or deleted."""
        return self.root / "kept" / self.project / self.environment

    def prepare(self) -> None:
        """Make the folders, for the user alone, and keep git away from them. Raises OSError."""
        for folder in (self.root, self.pushed.parent, self.journal.parent, self.kept):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        ignore = self.root / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")


def write_durably(path: Path, content: bytes) -> None:
    """Write a file for the user alone, whole or not at all, so that it outlives a loss of power. Raises OSError."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Let the names in ``folder`` outlive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
