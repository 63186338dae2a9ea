"""Writes plain data as indented JSON, with the standard library's escaping and exact decimals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

from skillforge_mon.documents.document import Plain
from skillforge_mon.documents.number_text import decimal_text, float_text


def write_json(data: Plain) -> str:
    """``data`` as JSON text with two spaces per level, keys in their order, UTF-8 unescaped, and a last newline.

    The layout is that of ``json.dumps(data, indent=2, ensure_ascii=False)``, which is slower and cannot print a
    Decimal exactly. Raises ValueError for NaN, the infinities and lone surrogates, and TypeError for keys and values
    that JSON does not have.
    """
    parts: list[str] = []
    _write(data, "\n", parts.append)
    parts.append("\n")
    text = "".join(parts)
    if not text.isascii():
        text.encode()  # raises UnicodeEncodeError, a ValueError, for a lone surrogate
    return text


def _write(value: Any, line: str, append: Callable[[str], None]) -> None:
    """Append the text of ``value``; ``line`` is a line break and the indentation of the line that it stands on."""
    if isinstance(value, str):
        append(encode_basestring(value))
    elif isinstance(value, Mapping):
        if not value:
            append("{}")
            return
        inner = line + "  "
        separator = "{" + inner
        for key, member in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a document has a key of type {type(key).__name__}: {key!r}")
            if type(member) is str:
                append(f"{separator}{encode_basestring(key)}: {encode_basestring(member)}")
            else:
                append(f"{separator}{encode_basestring(key)}: ")
                _write(member, inner, append)
            separator = "," + inner
        append(line + "}")
    elif isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        if not value:
            append("[]")
            return
        inner = line + "  "
        separator = "[" + inner
        for member in value:
            append(separator)
            _write(member, inner, append)
            separator = "," + inner
        append(line + "]")
    else:
        append(_number_or_word(value))


def _number_or_word(value: Any) -> str:
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    raise TypeError(f"a document holds a value of type {type(value).__name__}: {value!r}")
