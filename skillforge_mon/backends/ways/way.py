"""An address that leads from an alert to what shows more, and holds labels whose values only the alert knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, cast
from urllib.parse import quote, unquote

from skillforge_mon.model.project import Service
from skillforge_mon.model.secrets import references_in

Kind = Literal["dashboard", "logs", "traces"]
Language = Literal["url", "logql", "kql"]
"""What a value is written in within its address: nothing else, a string of LogQL in JSON, a string of KQL in Rison."""

ESCAPES: Final[Mapping[Language, tuple[tuple[str, str], ...]]] = {
    "url": (),
    "logql": (("\\", r"\\\\"), ('"', r"\\\"")),
    "kql": (("\\", r"\\"), ('"', r"\""), ("!", "!!"), ("'", "!'")),
}
"""What is replaced in a value before it is percent-encoded, in this order.

LogQL escapes with ``\\``, and JSON does so once more. Texts of Rison stand between ``'``, and escape with ``!``.
"""
REPLACED: Final = tuple((sign, f"%{ord(sign):02X}") for sign in "% \"#&'()+<>\\`{|}")
"""What is percent-encoded in a value, the sign of the encoding first: what would end an address or a part of it."""
_MARK: Final = "\u27e6{}:{}\u27e7"
_MARKED: Final = re.compile("%E2%9F%A6([a-z]+)%3A(.*?)%E2%9F%A7")
"""``_MARK``, percent-encoded."""


@dataclass(frozen=True, slots=True)
class LabelValue:
    """The value of the alert's label ``name``, written ``within`` a language and percent-encoded."""

    name: str
    within: Language


@dataclass(frozen=True, slots=True)
class Way:
    """Where people look. ``pieces`` are the parts of the address, percent-encoded but for the labels between them."""

    kind: Kind
    title: str
    pieces: tuple[str | LabelValue, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that the address needs, each once."""
        return tuple(dict.fromkeys(piece.name for piece in self.pieces if isinstance(piece, LabelValue)))

    def address(self, fill: Callable[[LabelValue], str], plain: Callable[[str], str] = str) -> str:
        """The whole address; ``fill`` gives what stands for a label, ``plain`` how the rest is written."""
        return "".join(fill(piece) if isinstance(piece, LabelValue) else plain(piece) for piece in self.pieces)


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What an alert or an objective is about. ``known`` are labels with one value, ``certain`` those it surely has."""

    name: str
    service: Service | None
    known: Mapping[str, str]
    certain: frozenset[str]

    def value(self, label: str, within: Language) -> str | None:
        """The value of ``label``, or a mark for it that ``way`` finds again; None when the alert may not have it."""
        if label in self.known:
            return self.known[label]
        return _MARK.format(within, label) if label in self.certain else None


def way(kind: Kind, title: str, address: str) -> Way:
    """A way whose ``address`` is percent-encoded, marks of labels included."""
    pieces: list[str | LabelValue] = []
    end = 0
    for match in _MARKED.finditer(address):
        pieces += [address[end : match.start()], LabelValue(unquote(match[2]), cast("Language", match[1]))]
        end = match.end()
    return Way(kind, title, tuple(piece for piece in (*pieces, address[end:]) if piece))


def encoded(text: str) -> str:
    """``text`` as a part of an address."""
    return quote(text, safe="")


def filled(label: LabelValue, value: str) -> str:
    """What stands for ``label`` where its value is ``value``."""
    for old, new in (*ESCAPES[label.within], *REPLACED):
        value = value.replace(old, new)
    return value


def known_address(url: str | None) -> str | None:
    """``url`` without a slash at its end, where it is known now; None where it is said elsewhere, or nowhere."""
    return None if url is None or references_in(url) else url.rstrip("/")
