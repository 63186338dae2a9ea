"""Systems whose API is asked about each kind of object in a way of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, Protocol, TypeVar, cast

from skillforge_mon.documents.document import Plain
from skillforge_mon.remote.api import Kind
from skillforge_mon.remote.live import Live, Owner


class Objects(Protocol):
    """The objects of one kind; the methods are those of ``remote.api.Api``."""

    kind: Kind

    def list(self) -> Iterator[Live]:
        """Every one of them."""
        ...

    def read(self, identifier: str) -> Live | None:
        """One of them, whole."""
        ...

    def create(self, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Make one."""
        ...

    def update(self, live: Live, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Change one."""
        ...

    def delete(self, live: Live) -> None:
        """Take one away."""
        ...

    def comparable(self, body: Mapping[str, Any], live: Live) -> tuple[Plain, Plain]:
        """``(live, wanted)``."""
        ...

    def restorable(self, live: Live) -> Plain:
        """The body that makes it again."""
        ...


Each = TypeVar("Each", bound=Objects)


class ByKind(Generic[Each]):
    """The methods of ``remote.api.Api`` that are those of the objects of one kind."""

    def __init__(self, every: Iterable[Each]) -> None:
        self.objects = {objects.kind.name: objects for objects in every}
        self.kinds = tuple(objects.kind for objects in self.objects.values())

    def list(self, kind: str) -> Iterator[Live]:
        """Every object of the kind."""
        return self.objects[kind].list()

    def read(self, kind: str, identifier: str) -> Live | None:
        """One object, whole."""
        return self.objects[kind].read(identifier)

    def create(self, kind: str, body: Plain, owner: Owner | None, revision: str) -> Live:
        """Make one."""
        return self.objects[kind].create(mapping(body), owner, revision)

    def update(self, live: Live, body: Plain, owner: Owner | None, revision: str) -> Live:
        """Change one."""
        return self.objects[live.kind].update(live, mapping(body), owner, revision)

    def delete(self, live: Live) -> None:
        """Take one away."""
        self.objects[live.kind].delete(live)

    def comparable(self, kind: str, body: Plain, live: Live) -> tuple[Plain, Plain]:
        """``(live, wanted)`` in forms that are equal when the live object says what ``body`` says."""
        return self.objects[kind].comparable(mapping(body), live)

    def restorable(self, live: Live) -> Plain:
        """The body that makes it again."""
        return self.objects[live.kind].restorable(live)


def mapping(body: Plain) -> Mapping[str, Plain]:
    """``body`` as an object of JSON, which every document that is pushed is."""
    return cast("Mapping[str, Plain]", body)
