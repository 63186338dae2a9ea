"""Texts as Python source writes them, in the form that ``ruff format`` leaves as it is."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Final

_WIDTH: Final = 88
_ESCAPES: Final = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def string(text: str) -> str:
    """``text`` as a string literal: double quotes, unless single ones need fewer escapes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    body = "".join(f"\\{quote}" if character == quote else _escaped(character) for character in text)
    return f"{quote}{body}{quote}"


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def docstring(paragraphs: Iterable[str], indent: str) -> str:
    """``paragraphs`` as a docstring at ``indent``, wrapped, ending with a line break; each ends with a full stop."""
    first, *rest = (_sentence(paragraph) for paragraph in paragraphs)
    # A quotation mark at the beginning would look like a fourth one of the docstring's.
    start = '""" ' if first.startswith('"') else '"""'
    wrapped = [_wrapped(first, indent, start), *(f"\n{_wrapped(paragraph, indent)}" for paragraph in rest)]
    one_line = not rest and "\n" not in wrapped[0] and len(wrapped[0]) + 3 <= _WIDTH
    end = '"""\n' if one_line else f'\n{indent}"""\n'
    return "\n".join(wrapped) + end


def _sentence(text: str) -> str:
    text = "".join(character if character.isprintable() else "?" for character in text)
    text = text.replace("\\", "\\\\").replace('"""', "'''")
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _wrapped(text: str, indent: str, start: str = "") -> str:
    return textwrap.fill(
        start + text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
