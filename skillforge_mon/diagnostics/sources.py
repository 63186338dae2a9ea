"""The texts that diagnostics point into, kept so that a renderer can show the line under the caret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_LINE_BREAK = re.compile(r"\r\n|\n|\r")


@dataclass(slots=True)
class Sources:
    """Texts by file name, with the names that spans carry.

    Lines are split where editors split them (LF, CRLF and CR), the first time that a line of the file is asked for.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    _lines: dict[str, list[str]] = field(default_factory=dict, repr=False)

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> Sources:
        """Sources of the given file names and texts."""
        return cls(dict(texts))

    def line(self, file: str, number: int) -> str | None:
        """Line ``number`` (from 1) without its line break, or None where there is no such file or line."""
        lines = self._of(file)
        return lines[number - 1] if 1 <= number <= len(lines) else None

    def line_count(self, file: str) -> int:
        """How many lines the file has; 0 where the file is not known."""
        return len(self._of(file))

    def _of(self, file: str) -> list[str]:
        if file not in self._lines:
            text = self.texts.get(file)
            self._lines[file] = [] if text is None else _LINE_BREAK.split(text)
        return self._lines[file]
