"""A source file as the user sees it: its name, its text, and where its lines begin."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from skillforge_mon.diagnostics.diagnostic import Span

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(slots=True, eq=False)
class SourceFile:
    """One file of a spec. ``name`` is what diagnostics show; ``text`` is its decoded text without a byte order mark.

    Offsets count code points from 0, lines and columns count from 1. Lines end at LF, CRLF or CR, as editors count.
    """

    name: str
    text: str = field(repr=False)
    _starts: list[int] | None = field(default=None, init=False, repr=False)
    _lines: list[str] | None = field(default=None, init=False, repr=False)

    @property
    def line_starts(self) -> list[int]:
        """The offset of the first code point of every line."""
        if self._starts is None:
            self._starts = [0, *(found.end() for found in _LINE_BREAK.finditer(self.text))]
        return self._starts

    @property
    def lines(self) -> list[str]:
        """The lines without their line breaks."""
        if self._lines is None:
            self._lines = _LINE_BREAK.split(self.text)
        return self._lines

    def line(self, number: int) -> str:
        """Line ``number`` (from 1) without its line break; empty outside the file."""
        lines = self.lines
        return lines[number - 1] if 1 <= number <= len(lines) else ""

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column (from 1) of a code point; the end of the text for offsets beyond it."""
        starts = self.line_starts
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """The stretch between two offsets, ``end`` exclusive."""
        return Span(self.name, *self.position(start), *self.position(max(start, end)))
