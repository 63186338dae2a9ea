"""User text made safe for a terminal: nothing in it can move the cursor, change colours or reorder the line."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_JOINERS = "\u200c\u200d"
_PLAIN = re.compile(r"[ -~]*")


def visible(text: str) -> str:
    """``text`` on one line, with what a terminal would obey or hide written as YAML's escapes (``\\x1b``, ``\\u202e``).

    Control characters, line breaks, bidirectional overrides, zero-width characters and lone surrogates are escaped.
    The joiners that scripts and emoji need (U+200C, U+200D) and variation selectors stay.
    """
    if _PLAIN.fullmatch(text):
        return text
    return "".join(map(visible_character, text))


@lru_cache(maxsize=4096)
def visible_character(character: str) -> str:
    """One code point as :func:`visible` writes it; a tab becomes ``\\t``."""
    if character in "\t\n\r":
        return {"\t": "\\t", "\n": "\\n", "\r": "\\r"}[character]
    if character not in _JOINERS and unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return escaped(character)
    return character


def escaped(character: str) -> str:
    """The code point in the shortest numeric escape of YAML's double-quoted scalars."""
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
