"""Everything that lives on a system, kind by kind, with one request per page."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from skillforge_mon.remote.api import Api
from skillforge_mon.remote.live import Live
from skillforge_mon.remote.understanding import understanding


def list_all(api: Api) -> dict[str, tuple[Live, ...]]:
    """Every live object of every kind, the kinds in parallel. Raises RemoteError."""

    def listed(kind: str) -> tuple[Live, ...]:
        with understanding(api.title):
            return tuple(api.list(kind))

    kinds = [kind.name for kind in api.kinds]
    with ThreadPoolExecutor(max(1, min(api.concurrency, len(kinds)))) as pool:
        return dict(zip(kinds, pool.map(listed, kinds), strict=True))


class Reader:
    """Whole objects, each read once where a listing gave only a summary. Safe to use from many threads."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._known: dict[tuple[str, str], Live | None] = {}
        self._lock = threading.Lock()

    def whole(self, live: Live) -> Live:
        """``live`` with its whole body; as it is where it vanished meanwhile. Raises RemoteError."""
        if live.complete:
            return live
        return self.read(live.kind, live.id) or live

    def read(self, kind: str, identifier: str) -> Live | None:
        """The object as it was when it was first asked for. Raises RemoteError."""
        address = (kind, identifier)
        if address not in self._known:
            with understanding(self._api.title):
                found = self._api.read(kind, identifier)
            with self._lock:
                self._known.setdefault(address, found)
        return self._known[address]

    def ahead(self, lives: Iterable[Live]) -> None:
        """Read those that are not whole, as many at a time as the system takes. Raises RemoteError."""
        wanted = [live for live in lives if not live.complete]
        if wanted:
            with ThreadPoolExecutor(max(1, self._api.concurrency)) as pool:
                list(pool.map(self.whole, wanted))


def by_id(lives: Mapping[str, Sequence[Live]]) -> dict[tuple[str, str], Live]:
    """The live objects by kind and id."""
    return {(live.kind, live.id): live for each in lives.values() for live in each}
