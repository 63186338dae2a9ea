"""The record of what was pushed last from this machine: what tells a change of ours from a change of somebody else."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from skillforge_mon.documents.document import Plain, Reference
from skillforge_mon.documents.json_writer import write_json
from skillforge_mon.documents.references import references_in
from skillforge_mon.push.state import write_durably
from skillforge_mon.push.steps import Address

FORMAT_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Pushed:
    """One object as it was sent: its id on the server, and its body, in which references and secrets are unresolved.

    ``superseded`` are the ids of objects that it replaced and that are still to be deleted.
    """

    id: str
    revision: str
    body: Plain
    superseded: tuple[str, ...] = ()

    @property
    def references(self) -> tuple[Reference, ...]:
        """What its body refers to."""
        return references_in(self.body)


@dataclass(slots=True)
class Record:
    """All of them, by backend, kind and key.

    ``replacing`` has the id of every object whose successor was being made when a push was stopped.
    """

    entries: dict[Address, Pushed] = field(default_factory=dict)
    replacing: dict[Address, str] = field(default_factory=dict)

    def get(self, address: Address) -> Pushed | None:
        """What was sent as this object, if anything."""
        return self.entries.get(address)

    def forget(self, address: Address, identifier: str) -> None:
        """The live object ``identifier`` is gone, be it this object, one that it replaced, or a copy."""
        known = self.entries.get(address)
        if known is None:
            return
        if known.id == identifier:
            del self.entries[address]
        else:
            rest = tuple(each for each in known.superseded if each != identifier)
            self.entries[address] = Pushed(known.id, known.revision, known.body, rest)


def read_record(path: Path) -> Record:
    """The record at ``path``; an empty one where there is none. Raises ValueError for a damaged one, and OSError."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Record()
    try:
        data = json.loads(text)
        if data["format_version"] != FORMAT_VERSION:
            raise ValueError(f"format {data['format_version']!r}")
        return Record(dict(map(_entry, data["objects"])))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None


def write_record(path: Path, record: Record) -> None:
    """Write ``record`` whole. Raises OSError."""
    objects: Iterable[Plain] = [
        {
            "backend": backend,
            "kind": kind,
            "key": key,
            "id": pushed.id,
            "revision": pushed.revision,
            **({"superseded": list(pushed.superseded)} if pushed.superseded else {}),
            "body": pushed.body,
        }
        for (backend, kind, key), pushed in sorted(record.entries.items(), key=lambda item: item[0])
    ]
    write_durably(path, write_json({"format_version": FORMAT_VERSION, "objects": list(objects)}).encode())


def _entry(data: Any) -> tuple[Address, Pushed]:
    address = (str(data["backend"]), str(data["kind"]), str(data["key"]))
    superseded = tuple(map(str, data.get("superseded", ())))
    return address, Pushed(str(data["id"]), str(data["revision"]), data["body"], superseded)
