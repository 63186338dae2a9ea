r"""String literals with the escapes of Go: ``"a\n"``, ``'it\'s'``, ``\u00e9``, ``\xff``, and raw text in backticks."""

from __future__ import annotations

import re

_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\\"'])|x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))|\\(.?)", re.DOTALL
)
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", '"': '"', "'": "'"}
_PRINTED = {
    "\a": r"\a",
    "\b": r"\b",
    "\f": r"\f",
    "\n": r"\n",
    "\r": r"\r",
    "\t": r"\t",
    "\v": r"\v",
    "\\": r"\\",
    '"': r"\"",
}
_PLAIN = re.compile(r"[ !#-\[\]-~]*")
_UNREADABLE = re.compile("[\ud800-\udfff\ufffd]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_FIRST_BYTE_SURROGATE = 0xDC00
_FIRST_SURROGATE, _LAST_SURROGATE = 0xD800, 0xDFFF
_LAST_CODE_POINT = 0x10FFFF
_LAST_SHORT = 0xFFFF
_LAST_BYTE = 0xFF
_ASCII = 0x80


class StringError(Exception):
    """A string literal is malformed, between two offsets from its opening quote."""

    def __init__(self, message: str, start: int, end: int, help: str = "") -> None:  # noqa: A002 - the field's word
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.help = help


def unquote(literal: str) -> str:
    """The value of a literal, its quotes included. Raises StringError.

    Bytes written as escapes that do not form UTF-8 become lone surrogates, as Python's "surrogateescape" does.
    """
    unreadable = _UNREADABLE.search(literal) if not literal.isascii() else None
    if unreadable is not None:
        raise StringError(
            "the string holds a character that is not valid UTF-8", unreadable.start(), unreadable.end(),
            r"write it as an escape, such as \ufffd",
        )  # fmt: skip
    quote = literal[0]
    body = literal[1:-1]
    if quote == "`" or "\\" not in body:
        return body
    pieces: list[str] = []
    position = 0
    with_bytes = False
    for match in _ESCAPE.finditer(body):
        pieces.append(body[position : match.start()])
        piece = _resolve(match, quote)
        with_bytes = with_bytes or "\ud800" <= piece <= "\udfff"
        pieces.append(piece)
        position = match.end()
    pieces.append(body[position:])
    value = "".join(pieces)
    if with_bytes:
        value = value.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    return value


def _resolve(match: re.Match[str], quote: str) -> str:
    simple, byte, octal, short, long, unknown = match.groups()
    start, end = match.start() + 1, match.end() + 1
    if simple is not None:
        if simple in "\"'" and simple != quote:
            raise StringError(f"`\\{simple}` is not an escape in a string between {quote}", start, end,
                              f"write {simple} without the backslash")  # fmt: skip
        return _SIMPLE[simple]
    if byte is not None or octal is not None:
        code = int(byte, 16) if byte is not None else int(octal, 8)
        if code > _LAST_BYTE:
            raise StringError(f"`\\{octal}` is more than a byte can hold", start, end)
        return chr(code) if code < _ASCII else chr(_FIRST_BYTE_SURROGATE + code)
    if short is not None or long is not None:
        code = int(short or long, 16)
        if code > _LAST_CODE_POINT or _FIRST_SURROGATE <= code <= _LAST_SURROGATE:
            raise StringError("the escape is not a Unicode character", start, end)
        return chr(code)
    if unknown and unknown in "xuU01234567":
        raise StringError(
            f"the escape `\\{unknown}` is not complete", start, end,
            r"write two digits behind \x, four behind \u, eight behind \U, three octal ones behind \ alone",
        )  # fmt: skip
    raise StringError(
        f"unknown escape `\\{unknown}`", start, end,
        rf"in a regular expression write `\\{unknown}`, or put the string in backticks",
    )  # fmt: skip


def is_text(value: str) -> bool:
    """False when ``value`` holds bytes that are not UTF-8."""
    return value.isascii() or _SURROGATE.search(value) is None


def quote_string(value: str) -> str:
    r"""``value`` as a literal in double quotes; what does not print is escaped."""
    if _PLAIN.fullmatch(value):
        return f'"{value}"'
    return f'"{"".join([_printed(character) for character in value])}"'


def _printed(character: str) -> str:
    escape = _PRINTED.get(character)
    if escape is not None:
        return escape
    code = ord(character)
    if _FIRST_SURROGATE <= code <= _LAST_SURROGATE:
        return f"\\x{code - _FIRST_BYTE_SURROGATE:02x}"
    if character.isprintable() and character != "\ufffd":
        return character
    return f"\\u{code:04x}" if code <= _LAST_SHORT else f"\\U{code:08x}"
