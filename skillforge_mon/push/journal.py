"""What a push is about to do and what it has done, on disk before and after each request that changes something.

One line of JSON each: ``start`` (with the hash of the plan file that is carried out, if any), ``intent``, ``done`` and
``failed``. A push that was stopped leaves the file; the next one reads it, goes on in it, and removes it at its end.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from skillforge_mon.push.pushed import Pushed, Record
from skillforge_mon.push.state import sync_folder
from skillforge_mon.push.steps import Action, Address, Step


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What the journal of a stopped push says: its plan file, if any, and the objects that it had begun to change."""

    plan: str
    begun: frozenset[Address]


class Journal:
    """An open journal. Lines of many threads are written to disk together."""

    def __init__(self, path: Path, plan: str = "") -> None:
        self._path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._writing, self._syncing = threading.Lock(), threading.Lock()
        self._written = self._synced = 0
        self._end_torn_line()
        self._append({"event": "start", "plan": plan})
        sync_folder(path.parent)

    def intent(self, step: Step, action: Action, identifier: str = "") -> None:
        """The next request makes, changes or deletes this object."""
        self._append({"event": "intent", "action": action.value, **_address(step), "id": identifier})

    def wrote(self, step: Step, action: Action, pushed: Pushed) -> None:
        """The object is on the server as ``pushed`` says."""
        self._append(
            {
                "event": "done",
                "action": action.value,
                **_address(step),
                "id": pushed.id,
                "revision": pushed.revision,
                "superseded": list(pushed.superseded),
                "body": pushed.body,
            }
        )

    def deleted(self, step: Step, identifier: str) -> None:
        """The live object ``identifier`` is gone."""
        self._append({"event": "done", "action": Action.DELETE.value, **_address(step), "id": identifier})

    def failed(self, step: Step, action: Action) -> None:
        """The request certainly changed nothing."""
        self._append({"event": "failed", "action": action.value, **_address(step)})

    def remove(self) -> None:
        """The push has ended, and what it did is in the record."""
        with suppress(FileNotFoundError):
            self._path.unlink()

    def close(self) -> None:
        """Leave the file as it is."""
        os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _append(self, entry: Mapping[str, Any]) -> None:
        line = json.dumps(entry, default=float).encode() + b"\n"
        with self._writing:
            os.write(self._descriptor, line)
            self._written += 1
            mine = self._written
        with self._syncing:
            if self._synced < mine:
                upto = self._written
                os.fdatasync(self._descriptor)
                self._synced = upto

    def _end_torn_line(self) -> None:
        size = os.fstat(self._descriptor).st_size
        if size and os.pread(self._descriptor, 1, size - 1) != b"\n":
            os.write(self._descriptor, b"\n")


def _address(step: Step) -> dict[str, str]:
    return {"backend": step.backend, "kind": step.kind, "key": step.key}


def recover(path: Path, record: Record) -> Unfinished | None:
    """Take what the journal at ``path`` says was done into ``record``; None where there is no journal.

    A line that a crash tore off is left out: its request was not made, or is found by the marker of what it made.
    Raises OSError.
    """
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return None
    plan = ""
    begun: set[Address] = set()
    for line in lines:
        try:
            entry = json.loads(line)
            event = entry["event"]
        except (ValueError, KeyError, TypeError):
            continue
        if event == "start":
            if entry["plan"] != plan:
                plan, begun = entry["plan"], set()
            continue
        address = (entry["backend"], entry["kind"], entry["key"])
        if event == "intent":
            begun.add(address)
            if entry["action"] == Action.REPLACE:
                record.replacing[address] = entry["id"]
        elif event == "done":
            _take(address, entry, record)
    return Unfinished(plan, frozenset(begun))


def _take(address: Address, entry: Mapping[str, Any], record: Record) -> None:
    if entry["action"] == Action.DELETE:
        record.forget(address, entry["id"])
    else:
        record.replacing.pop(address, None)
        superseded = tuple(entry["superseded"])
        record.entries[address] = Pushed(entry["id"], entry["revision"], entry["body"], superseded)
