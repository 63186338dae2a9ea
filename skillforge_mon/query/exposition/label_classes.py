"""How many values a label takes, guessed from those that one page shows."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

Cardinality = str | list[str]
"""As the language writes it: ``bounded``, ``unbounded``, or the list of values."""

MOST_LISTED: Final = 10
"""More values than these are not a list that somebody keeps up to date."""

_IDENTIFYING_NAME: Final = re.compile(
    r"(?:.*_)?(?:id|uid|guid|uuid|ip|addr|address|client|email|user|username|session|token|trace|path|uri|url|query|hash"
    r"|fingerprint|remote)",
    re.IGNORECASE,
)
_IDENTIFYING_VALUE: Final = re.compile(
    r"""
    [0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}        # UUID
    | (?=[0-9a-fA-F]*[0-9])(?:0x)?[0-9a-fA-F]{12,}              # hash, container
    | [0-9]{6,}                                                 # number that something was given
    | (?:[0-9]{1,3}\.){3}[0-9]{1,3}(?::[0-9]+)?(?:/[0-9]+)?     # IPv4, with its port or its mask
    | \[?(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{0,4}\]?(?::[0-9]+)?(?:/[0-9]+)?  # IPv6, Ethernet
    | [^\s@]+@[^\s@]+\.[^\s@]+                                  # e-mail
    | [a-z][a-z0-9+.-]*://.*                                    # URL
    | /.*                                                       # path
    """,
    re.VERBOSE,
)
_ROUTES: Final = frozenset(("route", "endpoint", "handler", "mountpoint", "controller", "template"))
"""Labels whose paths are routes or file systems, of which there are few, and not what clients ask for."""

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z_ -]{0,39}")


def cardinality_of(label: str, values: Collection[str]) -> Cardinality:
    """The class of ``label``, whose ``values`` were seen; an empty value is the same as no label.

    ``unbounded`` where the name or a value looks like an id, an address or a path; the sorted list where there are two
    to ten plain words, since numbers, versions and devices are seldom all there on one page; else ``bounded``.
    """
    seen = {value for value in values if value}
    paths_are_few = label in _ROUTES
    if _IDENTIFYING_NAME.fullmatch(label) and not paths_are_few and not _few_words(seen):
        return "unbounded"
    for value in seen:
        if _IDENTIFYING_VALUE.fullmatch(value) and not (paths_are_few and value.startswith("/")):
            return "unbounded"
    return sorted(seen) if _few_words(seen) and not _IDENTIFYING_NAME.fullmatch(label) else "bounded"


def _few_words(values: Collection[str]) -> bool:
    return 2 <= len(values) <= MOST_LISTED and all(_WORD.fullmatch(value) for value in values)
