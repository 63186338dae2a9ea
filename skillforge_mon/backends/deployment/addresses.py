"""Where systems are reached, as the targets of a project say."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from skillforge_mon.backends.deployment.system import Site
from skillforge_mon.model.secrets import references_in

_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_SERVICE: Final = re.compile(r"[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?")


def plain_url(url: str | None) -> str | None:
    """``url`` where it is known now."""
    return None if url is None or references_in(url) else url


def host_of(address: str) -> str:
    """The host of ``address``, which may have a protocol, a port and a path."""
    return address.rpartition("//")[2].partition("/")[0].partition(":")[0]


def is_own(host: str, *, kubernetes: bool) -> bool:
    """Whether ``host`` may be a program that runs here: a label of DNS, with compose one with ``_`` too."""
    pattern = _LABEL if kubernetes else _SERVICE
    return host != "localhost" and pattern.fullmatch(host) is not None


def grafana_reaches(field: str) -> Callable[[Site], str | None]:
    """The address of a server as Grafana reaches it."""
    return lambda site: getattr(site.target("grafana"), field, None)


def target_address(target: str, field: str = "url") -> Callable[[Site], str | None]:
    """The address that ``targets.<target>`` says in ``field``."""
    return lambda site: getattr(site.target(target), field, None)
