"""``monmc health``: every system asked whether it would do what the spec counts on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from skillforge_mon.remote.api import Check
from skillforge_mon.remote.errors import RemoteError, UnauthorisedError
from skillforge_mon.remote.understanding import understanding

ANSWERS = "answers"


class Examined(Protocol):
    """What has a ``health``: the ``Api`` of a backend, and a ``FileServer``."""

    title: str

    def health(self) -> Iterable[Check]:
        """Whether it is well, line by line."""
        ...


@dataclass(frozen=True, slots=True)
class SystemHealth:
    """What was found out about one system: ``backend`` is its name in the spec, ``title`` what people call it."""

    backend: str
    title: str
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """True when nothing that was asked is wrong; what could not be asked is not held against it."""
        return all(check.ok or check.skipped for check in self.checks)


def examine(systems: Mapping[str, Iterable[Examined]]) -> tuple[SystemHealth, ...]:
    """Ask all of ``systems`` (backend -> what there is of it) at the same time; the answers keep their order.

    A system that cannot be asked has one line that says why. Nothing is changed anywhere.
    """
    asked = [(backend, system) for backend, each in systems.items() for system in each]
    with ThreadPoolExecutor(max_workers=max(1, len(asked))) as pool:
        found = list(pool.map(lambda item: tuple(_checks(item[1])), asked))
    merged: dict[str, SystemHealth] = {}
    for (backend, system), checks in zip(asked, found, strict=True):
        earlier = merged[backend].checks if backend in merged else ()
        news = (check for check in checks if check not in earlier)
        merged[backend] = SystemHealth(backend, system.title, (*earlier, *news))
    return tuple(merged.values())


def _checks(system: Examined) -> Iterator[Check]:
    """What ``system`` says of itself, as far as it comes; an error ends it with a line of its own."""
    try:
        with understanding(system.title):
            yield from system.health()
    except UnauthorisedError as error:
        yield Check("credentials", ok=False, detail=str(error), help="check the token and its permissions")
    except RemoteError as error:
        yield Check(ANSWERS, ok=False, detail=str(error), help="check the address and the network")
