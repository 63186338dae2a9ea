"""Loads over time in words: ``100/s for 10m``, ``0 to 50/s for 5m``, ``3``, ``20/s at 300ms``, ``absent``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from skillforge_mon.spec.quantities import Duration, Quantity, QuantityError

Level = Literal["rate", "value", "stops", "absent"]

EXAMPLES: Final = (
    "a value such as `5`, a rate such as `100/s`, `10/s at 300ms`, `1 to 9`, `stops` or `absent`, and `for 5m`"
)


class ShapeError(Exception):
    """``str()`` says what is wrong, ``expected`` what can be written."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.expected = EXAMPLES


@dataclass(frozen=True, slots=True)
class LoadPiece:
    """``begin`` to ``end`` (the same but in a ramp), per second for a rate; ``at`` is what a histogram observes.

    ``length`` is None when it goes on to the end.
    """

    kind: Level
    begin: Decimal
    end: Decimal
    at: Decimal | None
    length: Duration | None


_NUMBER = r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
_PIECE: Final = re.compile(
    rf"(?:(?P<word>stops|absent)|(?P<begin>{_NUMBER})(?P<begin_per>/[smh])?(?:\s+to\s+(?P<end>{_NUMBER}))?"
    r"(?P<per>/[smh])?(?:\s+at\s+(?P<at>\S+))?)(?:\s+for\s+(?P<length>\S+))?"
)
_SECONDS: Final = {"/s": 1, "/m": 60, "/h": 3600}


def parse_piece(text: str) -> LoadPiece:
    """One piece of a load. Raises ShapeError."""
    match = _PIECE.fullmatch(text.strip())
    if match is None:
        raise ShapeError(f"`{text}` is not a load")
    length = _length(match["length"])
    if match["word"] is not None:
        return LoadPiece("absent" if match["word"] == "absent" else "stops", Decimal(0), Decimal(0), None, length)
    per = match["per"] or match["begin_per"]
    if match["end"] is not None and match["begin_per"] is not None and match["begin_per"] != match["per"]:
        raise ShapeError(f"`{text}` begins and ends in different units")
    if match["at"] is not None and per is None:
        raise ShapeError(f"`{text}` does not say how many observations there are")
    if match["end"] is not None and length is None:
        raise ShapeError(f"`{text}` does not say how long the ramp takes: add `for 5m`")
    begin = Decimal(match["begin"])
    end = Decimal(match["end"]) if match["end"] is not None else begin
    if per is None:
        return LoadPiece("value", begin, end, None, length)
    if begin < 0 or end < 0:
        raise ShapeError(f"`{text}` would take events back")
    seconds = _SECONDS[per]
    return LoadPiece("rate", begin / seconds, end / seconds, _observed(match["at"]), length)


def _length(text: str | None) -> Duration | None:
    if text is None:
        return None
    try:
        found = Duration.parse(text)
    except QuantityError as error:
        raise ShapeError(str(error)) from None
    if not found:
        raise ShapeError("a piece of a load lasts longer than 0s")
    return found


def _observed(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        return Quantity.parse(text).base
    except QuantityError as error:
        raise ShapeError(str(error)) from None
