"""What the references of one system stand for: objects of the tree by their live ids, others as its API finds them."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

from skillforge_mon.documents.document import Plain, Reference
from skillforge_mon.documents.references import reference, references_in, resolved, text_reference
from skillforge_mon.remote.api import Api, BringsAlong
from skillforge_mon.remote.live import Live
from skillforge_mon.remote.understanding import understanding


def identifier_of(live: Live) -> str | int:
    """The id of ``live`` as its server writes it: some count their objects."""
    own = live.body.get("id")
    return own if isinstance(own, int) and str(own) == live.id else live.id


class Unresolved(dict[str, Any]):
    """The placeholder of a reference that stands for nothing yet; amid a text it is written as such."""

    def __init__(self, of: Reference) -> None:
        placeholder: Any = reference(of.kind)
        super().__init__({key: {**value, "key": of.key} for key, value in placeholder.items()})
        self.of = of

    def __str__(self) -> str:
        return text_reference(self.of.kind, self.of.key)


class Identifiers:
    """Identifiers by reference, each looked up once. Safe to use from many threads.

    ``own`` are the references that objects of the tree answer to: these are learnt, never looked up.
    """

    def __init__(self, api: Api, own: Iterable[Reference]) -> None:
        self._api = api
        self._own = frozenset(own)
        self._known: dict[Reference, str | int | None] = {}
        self._lock = threading.Lock()

    def learn(self, key: str, live: Live) -> None:
        """The object of the tree that has this key is ``live``."""
        with self._lock:
            self._known[Reference(live.kind, key)] = identifier_of(live)

    def forget(self, kind: str, key: str) -> None:
        """What lives under the identifier of this object is about to be replaced."""
        with self._lock:
            self._known.pop(Reference(kind, key), None)

    def find(self, wanted: Reference) -> str | int | None:
        """The identifier, None where there is none (yet). Raises RemoteError."""
        with self._lock:
            if wanted not in self._known and wanted not in self._own:
                with understanding(self._api.title):
                    found = self._api.lookup(wanted)
                if found is None and self._comes(wanted):
                    return None  # asked again once it is made
                self._known[wanted] = found
            return self._known.get(wanted)

    def missing(self, body: Plain) -> tuple[Reference, ...]:
        """The references of ``body`` to what is neither in the tree, nor comes with what is, nor on the server."""
        return tuple(
            each
            for each in references_in(body)
            if each not in self._own and self.find(each) is None and not self._comes(each)
        )

    def _comes(self, wanted: Reference) -> bool:
        """True where an object of the tree brings it along."""
        return isinstance(self._api, BringsAlong) and self._api.comes_with(wanted) in self._own

    def unknown(self, body: Plain) -> tuple[Reference, ...]:
        """The references of ``body`` that stand for nothing yet."""
        return tuple(each for each in references_in(body) if self.find(each) is None)

    def fill(self, body: Plain) -> Any:
        """``body`` with every reference resolved that can be; the others stay placeholders."""

        def identifier(wanted: Reference) -> Any:
            found = self.find(wanted)
            return Unresolved(wanted) if found is None else found

        return resolved(body, identifier)
