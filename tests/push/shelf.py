"""An ``Api`` that keeps its objects in memory: bodies are maps, the mark is the key ``owner``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from skillforge_mon.documents.document import Plain, Reference
from skillforge_mon.remote.api import Check, Kind
from skillforge_mon.remote.errors import RefusedError
from skillforge_mon.remote.live import Live, Owner

Objects = dict[tuple[str, str], dict[str, Any]]


class Shelf:
    """``objects`` are by kind and identifier. ``refuses`` holds the kinds that can be neither listed nor changed."""

    title = "Shelf"
    concurrency = 4
    kinds: tuple[Kind, ...] = (Kind("box", 1, "box"), Kind("label", 2, "label"))

    def __init__(self, objects: Objects | None = None, *, summaries: bool = False) -> None:
        self.objects: Objects = objects or {}
        self.refuses: set[str] = set()
        self.summaries = summaries
        self.reads: list[tuple[str, str]] = []

    def _live(self, kind: str, identifier: str) -> Live:
        body = self.objects[kind, identifier]
        owner = Owner(*body["owner"].split("/")) if "owner" in body else None
        return Live(kind, identifier, body["name"], dict(body), owner)

    def list(self, kind: str) -> Iterator[Live]:
        if kind in self.refuses:
            raise RefusedError(f"Shelf answered 400 to GET /{kind}: no", 400)
        for each, identifier in list(self.objects):
            if each == kind:
                live = self._live(kind, identifier)
                whole = not self.summaries
                yield Live(kind, identifier, live.name, live.body if whole else {}, live.owner, complete=whole)

    def read(self, kind: str, identifier: str) -> Live | None:
        self.reads.append((kind, identifier))
        return self._live(kind, identifier) if (kind, identifier) in self.objects else None

    def create(self, kind: str, body: Plain, owner: Owner | None, revision: str) -> Live:
        del revision
        if kind in self.refuses:
            raise RefusedError(f"Shelf answered 400 to POST /{kind}: no", 400)
        assert isinstance(body, Mapping)
        identifier = f"new-{len(self.objects) + 1}"
        self.objects[kind, identifier] = {**body, **({"owner": str(owner)} if owner is not None else {})}
        return self._live(kind, identifier)

    def update(self, live: Live, body: Plain, owner: Owner | None, revision: str) -> Live:
        del revision
        assert isinstance(body, Mapping)
        self.objects[live.kind, live.id] = {**body, **({"owner": str(owner)} if owner is not None else {})}
        return self._live(live.kind, live.id)

    def delete(self, live: Live) -> None:
        self.objects.pop((live.kind, live.id), None)

    def lookup(self, reference: Reference) -> str | int | None:
        del reference
        return None

    def comparable(self, kind: str, body: Plain, live: Live) -> tuple[Plain, Plain]:
        del kind
        assert isinstance(body, Mapping)
        bodies = (live.body, body)
        sides: list[Plain] = [
            {key: value for key, value in each.items() if key not in {"owner", "seen"}} for each in bodies
        ]
        return sides[0], sides[1]

    def must_replace(self, kind: str, body: Plain, live: Live) -> str:
        del kind, body, live
        return ""

    def restorable(self, live: Live) -> Plain:
        return {key: value for key, value in live.body.items() if key != "seen"}

    def health(self) -> Iterator[Check]:
        yield Check("answers", ok=True)
