"""How wide a line of source is in a terminal, code point by code point, so that carets stand where they should.

Widths follow Unicode's UAX #11 (wide and fullwidth characters take two cells) and UTS #51 (an emoji sequence takes as
many cells as one emoji).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from skillforge_mon.diagnostics.render.visible import visible_character

TAB_STOP = 4
_PLAIN = re.compile(r"[ -~]*")
_ZERO_WIDTH_JOINER = "\u200d"
_EMOJI_VARIATION = "\ufe0f"


@dataclass(frozen=True, slots=True)
class Cells:
    """A line as a terminal shows it.

    ``shown[i]`` is what code point i prints. ``starts[i]`` is the cell in which it begins; one more entry at the end
    gives the width of the line. A code point that joins the one before it begins where that one does.
    """

    shown: tuple[str, ...]
    starts: tuple[int, ...]

    @property
    def width(self) -> int:
        """The width of the whole line in cells."""
        return self.starts[-1]

    def stretch(self, start: int, end: int) -> tuple[int, int]:
        """The cells under the code points ``start`` to ``end`` (exclusive): at least one, also past the line's end."""
        last = len(self.shown)
        first_cell = self.starts[min(start, last)]
        if end > last:
            return first_cell, max(self.width, first_cell) + 1
        beyond = bisect_right(self.starts, self.starts[max(end - 1, start)])
        return first_cell, self.starts[beyond] if beyond < len(self.starts) else first_cell + 1


def measure(line: str) -> Cells:
    """The cells of ``line``: tabs become spaces up to the next stop, dangerous characters their escapes."""
    if _PLAIN.fullmatch(line):
        return Cells(tuple(line), tuple(range(len(line) + 1)))
    shown: list[str] = []
    starts: list[int] = []
    cell = cluster = 0
    previous = ""
    for character in line:
        text = " " * (TAB_STOP - cell % TAB_STOP) if character == "\t" else visible_character(character)
        if text != character:
            width = len(text)
        elif character == _EMOJI_VARIATION:
            width = 0
            cell += cell - cluster == 1
        else:
            width = 0 if joins(previous, character, cell - cluster) else width_of(character)
        if width:
            cluster = cell
        shown.append(text)
        starts.append(cluster)
        cell += width
        previous = character
    return Cells(tuple(shown), (*starts, cell))


def joins(previous: str, character: str, cluster_width: int) -> bool:
    """True where an emoji ``character`` is drawn into the emoji before it: after a joiner, or as its skin tone."""
    if cluster_width != 2 or width_of(character) != 2:
        return False
    return previous == _ZERO_WIDTH_JOINER or "\U0001f3fb" <= character <= "\U0001f3ff"


@lru_cache(maxsize=4096)
def width_of(character: str) -> int:
    """The cells of one code point on its own: 0 for combining marks, 2 for wide characters, otherwise 1."""
    if unicodedata.category(character) in {"Mn", "Me", "Cf"} or "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
