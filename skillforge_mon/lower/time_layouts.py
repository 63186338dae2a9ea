"""Layouts of times as Go has them (``2006-01-02 15:04:05``), in the letters of Java's ``DateTimeFormatter``.

Sources: the package ``time`` of Go, "Constants"; java.time.format.DateTimeFormatter, "Patterns for Formatting and
Parsing". ``_2``, a day with a space before it, is ``ppd``.
"""

from __future__ import annotations

import re
from typing import Final

_LETTERS: Final = {
    "January": "MMMM", "Jan": "MMM", "01": "MM", "1": "M",
    "2006": "yyyy", "06": "yy",
    "Monday": "EEEE", "Mon": "EEE",
    "02": "dd", "_2": "ppd", "2": "d",
    "15": "HH", "03": "hh", "3": "h",
    "04": "mm", "4": "m", "05": "ss", "5": "s",
    "PM": "a", "pm": "a", "MST": "zzz",
    "Z07:00": "XXX", "Z0700": "XX", "Z07": "X", "-07:00": "xxx", "-0700": "xx", "-07": "x",
}  # fmt: skip
_PART: Final = re.compile("|".join(map(re.escape, sorted(_LETTERS, key=len, reverse=True))) + r"|[.,]([09]+)(?![0-9])")


def java_layout(layout: str) -> str:
    """``yyyy-MM-dd HH:mm:ss`` for ``2006-01-02 15:04:05``. Everything that is no part of a time stands for itself."""
    parts: list[str] = []
    literal = ""
    at = 0
    while at < len(layout):
        found = _PART.match(layout, at)
        if found is None:
            literal += layout[at]
            at += 1
            continue
        parts.append(_quoted(literal))
        literal = ""
        parts.append(_letters(found))
        at = found.end()
    return "".join((*parts, _quoted(literal)))


def _letters(found: re.Match[str]) -> str:
    digits = found[1]
    if digits is None:
        return _LETTERS[found[0]]
    # Nines are a fraction that may be missing.
    fraction = f"{found[0][0]}{'S' * len(digits)}"
    return f"[{fraction}]" if digits[0] == "9" else fraction


def _quoted(text: str) -> str:
    """``text`` with letters and signs of the pattern's own language in quotes."""
    return re.sub(r"[A-Za-z\[\]{}#]+", lambda match: f"'{match[0]}'", text.replace("'", "''"))
