"""Writes plain data as the YAML that an expert would write by hand, and that every reader reads alike.

The style, in full:

- two spaces per level, list items indented below their key, everything in block style; flow only for empty ``[]``
  and ``{}``;
- a string is plain where YAML 1.1 and 1.2 readers (PyYAML, libyaml, Go's yaml.v2 and yaml.v3, Rust's yaml-rust) all
  read the same string, else single-quoted; double-quoted only for characters that have to be escaped to be seen;
- a string of several lines is a literal block (``|``), never a folded one; one with spaces at the end of a line is
  double-quoted, since nobody would see them;
- keys keep the order in which they come.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from skillforge_mon.documents.document import Plain
from skillforge_mon.documents.number_text import decimal_text, float_text

# Controls, separators, invisible and directional format characters, surrogates and non-characters. An explicit list:
# str.isprintable() follows the Unicode tables of the Python that runs, and the bytes would too.
_UNSEEN: Final = (
    "\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ud800-\udfff"
    "\ufeff\ufff0-\uffff"
)
_HAS_UNSEEN: Final = re.compile(f"[{_UNSEEN}]").search
_ESCAPED: Final = re.compile(f'[{_UNSEEN}\t\n"\\\\]')
_SURROGATE: Final = re.compile("[\ud800-\udfff]").search
_SHORT_ESCAPES: Final = {
    "\t": "\\t",
    "\n": "\\n",
    "\r": "\\r",
    "\b": "\\b",
    "\f": "\\f",
    '"': '\\"',
    "\\": "\\\\",
}

# What some reader takes for a boolean, a null or a float. yaml-rust reads whatever Rust's own float parser does.
_WORDS: Final = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity"))
_LONGEST_WORD: Final = max(map(len, _WORDS))
_PLAIN_START: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_/($^;\\")
# Wider than any reader's numbers, sexagesimals and timestamps: quoting one too many does no harm.
_LIKE_A_NUMBER: Final = re.compile(r"0[xXoObB].*|[0-9][0-9_:.,eE+\-TtZz ]*").fullmatch
_LONGEST_IMPLICIT_KEY: Final = 1000  # YAML 1.2, section 7.4.2: 1024, quotes and escapes included

_Append = Callable[[str], None]
_Texts = dict[str, str]


_REMEMBERED: _Texts = {}
"""How strings are written, for all documents: their keys and most of their values are the same few words."""
_MOST_REMEMBERED: Final = 20_000


def write_yaml(data: Plain, header: str = "") -> str:
    """``data`` as one YAML document that ends with a newline, below ``header`` as comment lines.

    Raises ValueError for NaN, the infinities and lone surrogates, and TypeError for keys and values that plain data
    cannot have. Both are defects of an emitter, not of a spec.
    """
    parts: list[str] = []
    texts = _REMEMBERED
    if len(texts) > _MOST_REMEMBERED:
        texts.clear()
    if header:
        parts.extend(_comment(line) for line in header.rstrip("\n").split("\n"))
    exact = _exact(data)
    if type(exact) is dict and exact:
        _write_mapping(exact, "", "", parts.append, texts)
    elif type(exact) is list and exact:
        _write_sequence(exact, "", "", parts.append, texts)
    elif type(exact) is str:
        parts.append(_one_line(exact, texts) + "\n")
    else:
        parts.append(_scalar(exact) + "\n")
    return "".join(parts)


def _comment(line: str) -> str:
    # A line separator inside a comment would end it for a YAML 1.1 reader.
    return f"# {_ESCAPED_IN_COMMENT(_escape, line)}".rstrip() + "\n"


def _write_mapping(mapping: dict[Any, Any], lead: str, pad: str, append: _Append, texts: _Texts) -> None:
    """Append the lines of ``mapping``: the first starts with ``lead``, all others with ``pad``."""
    deeper = pad + "  "
    for key, value in mapping.items():
        name = texts.get(key)
        if name is None:
            name = _one_line(key, texts)
        if len(name) > _LONGEST_IMPLICIT_KEY:
            name = f"? {name}\n{pad}"
        kind = type(value)
        if kind not in _EXACT_KINDS:
            value = _exact(value)
            kind = type(value)
        if kind is str:
            append(f"{lead}{name}: {texts.get(value) or _string(value, pad, texts)}\n")
        elif kind is dict and value:
            append(f"{lead}{name}:\n")
            _write_mapping(value, deeper, deeper, append, texts)
        elif kind is list and value:
            append(f"{lead}{name}:\n")
            _write_sequence(value, deeper, deeper, append, texts)
        else:
            append(f"{lead}{name}: {_scalar(value)}\n")
        lead = pad


def _write_sequence(items: list[Any], lead: str, pad: str, append: _Append, texts: _Texts) -> None:
    """Append the lines of ``items``: the first starts with ``lead``, all others with ``pad``."""
    deeper = pad + "  "
    for value in items:
        kind = type(value)
        if kind not in _EXACT_KINDS:
            value = _exact(value)
            kind = type(value)
        if kind is str:
            append(f"{lead}- {texts.get(value) or _string(value, pad, texts)}\n")
        elif kind is dict and value:
            _write_mapping(value, f"{lead}- ", deeper, append, texts)
        elif kind is list and value:
            _write_sequence(value, f"{lead}- ", deeper, append, texts)
        else:
            append(f"{lead}- {_scalar(value)}\n")
        lead = pad


def _scalar(value: Any) -> str:
    """A value that fits on a line and is no string; empty collections too."""
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if type(value) is int:
        return int.__repr__(value)
    if type(value) is float:
        return float_text(value)
    if type(value) is Decimal:
        return decimal_text(value)
    return "{}" if type(value) is dict else "[]"


_EXACT_KINDS: Final = frozenset((str, dict, list, int, float, bool, type(None), Decimal))


def _exact(value: Any) -> Any:
    """``value`` as the built-in type that it stands for: tuples as lists, enums and other subclasses as their base."""
    if type(value) in _EXACT_KINDS:
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return list(value)
    raise TypeError(f"a document holds a value of type {type(value).__name__}: {value!r}")


def _string(value: str, pad: str, texts: _Texts) -> str:
    """``value`` as a value: a literal block below ``pad`` where it has lines to show, else on one line."""
    if "\n" not in value:
        return _one_line(value, texts)
    if _HAS_UNSEEN(value) or " \n" in value or "\t\n" in value or value[-1] in " \t" or not value.strip("\n"):
        return _double_quoted(value)
    body = value[:-1] if value[-1] == "\n" else value
    keep = "+" if value.endswith("\n\n") else "" if value[-1] == "\n" else "-"
    # The first line with text on it sets the indentation, unless it is said.
    indentation = "2" if body.lstrip("\n")[0] in " \t" else ""
    inner = f"\n{pad}  "
    lines = "".join(inner + line if line else "\n" for line in body.split("\n"))
    return f"|{indentation}{keep}{lines}"


def _one_line(value: str, texts: _Texts) -> str:
    """``value`` on one line, as a key or a value; remembered in ``texts`` unless a literal block could say it."""
    if not isinstance(value, str):
        raise TypeError(f"a document has a key of type {type(value).__name__}: {value!r}")
    if "\n" in value:
        return _double_quoted(value)
    if _is_plain(value):
        text = str.__str__(value)
    elif "\t" in value or _HAS_UNSEEN(value):
        text = _double_quoted(value)
    else:
        text = "'" + value.replace("'", "''") + "'"
    texts[value] = text
    return text


def _is_plain(value: str) -> bool:
    """Whether every reader takes ``value``, which has no line break, without quotes for the same string."""
    if not value or value[-1] in " :" or ": " in value or " #" in value:
        return False
    if not (value.isascii() and value.isprintable()) and (_HAS_UNSEEN(value) or "\t" in value):
        return False
    first = value[0]
    if first in _PLAIN_START:
        return len(value) > _LONGEST_WORD or value.lower() not in _WORDS
    if first > "\x7f":
        return True
    return first in "0123456789" and _LIKE_A_NUMBER(value) is None


def _double_quoted(value: str) -> str:
    if surrogate := _SURROGATE(value):
        raise ValueError(f"a document holds half of a surrogate pair, {surrogate.group()!a}, which UTF-8 cannot say")
    return f'"{_ESCAPED.sub(_escape, value)}"'


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return _SHORT_ESCAPES.get(character) or f"\\u{ord(character):04x}"


_ESCAPED_IN_COMMENT: Final = re.compile(f"[{_UNSEEN}\t]").sub
