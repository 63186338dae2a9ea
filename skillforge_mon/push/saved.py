"""The body of a live object in a file: what ``push`` keeps, ``backup`` writes and ``restore`` reads."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from skillforge_mon.documents.document import Plain
from skillforge_mon.documents.json_writer import write_json
from skillforge_mon.push.state import sync_folder

FORMAT_VERSION: Final = 1
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_.-]+")
_NOT_IN_NAMES: Final = re.compile(r"[:-]")
_LONGEST_KEY: Final = 100
_TEXTS: Final = ("backend", "kind", "id", "name", "key", "owner", "action", "saved_at")


@dataclass(frozen=True, slots=True)
class SavedBody:
    """One object as it was.

    ``key`` is that of its resource in the spec, empty for what is not ours. ``owner`` is what its marker said, as
    ``project/environment/key``, empty without one. ``action`` is why it was saved: what a push
    did to it, or ``backup``. ``saved_at`` is RFC 3339 in UTC. ``body`` makes the object again.
    """

    backend: str
    kind: str
    id: str
    name: str
    key: str
    owner: str
    action: str
    saved_at: str
    body: Plain

    def text(self) -> str:
        """The file's text."""
        fields: dict[str, Plain] = {"format_version": FORMAT_VERSION}
        fields |= {name: getattr(self, name) for name in _TEXTS}
        return write_json({**fields, "body": self.body})


def save(folder: Path, saved: SavedBody) -> Path:
    """Write ``saved`` to a file of its own in ``folder``, named after its time and key, and wait until it is on disk.

    Raises OSError, and then nothing may be overwritten.
    """
    time = _NOT_IN_NAMES.sub("", saved.saved_at)
    parts = (saved.backend, saved.kind, saved.key or saved.name)
    stem = "-".join((time, *(_UNSAFE.sub("-", part)[:_LONGEST_KEY] for part in parts)))
    path, number = folder / f"{stem}.json", 1
    while True:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            break
        except FileExistsError:
            number += 1
            path = folder / f"{stem}-{number}.json"
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(saved.text())
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)
    return path


class NotSavedError(Exception):
    """A file is not one that monmc has saved; the text says why not."""


def read_saved(path: Path) -> SavedBody:
    """What ``path`` holds. Raises NotSavedError for anything else, and OSError when it cannot be read."""
    try:
        fields: Any = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise NotSavedError(f"it is not JSON: {error}") from None
    if not isinstance(fields, Mapping) or "format_version" not in fields:
        raise NotSavedError("it is not a body that monmc has saved")
    if fields["format_version"] != FORMAT_VERSION:
        raise NotSavedError(f"it has the format {fields['format_version']}, and this monmc reads {FORMAT_VERSION}")
    wrong = [name for name in _TEXTS if not isinstance(fields.get(name), str)]
    if wrong or not isinstance(fields.get("body"), Mapping):
        raise NotSavedError(f"`{(wrong or ['body'])[0]}` is missing or of another type")
    return SavedBody(**{name: fields[name] for name in _TEXTS}, body=fields["body"])
