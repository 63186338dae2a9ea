"""Where each code point of a scalar's value stands in the source text.

The text is read a second time, by the rules of YAML 1.1 as libyaml applies them, and the reading is compared with the
value: if they differ in anything, the answer is None rather than a wrong place. It is read only when a diagnostic has
to point into a scalar, so that loading stays quick.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Place = tuple[int, int]
"""Start and end offset (exclusive) in the source of what one code point of the value was written as."""

_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_BLANKS = re.compile(r"[ \t]+")
_BLOCK_HEADER = re.compile("[|>]([-+0-9]{0,2})[^\r\n\x85\u2028\u2029]*")
_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_HEX_ESCAPES = {"x": 2, "u": 4, "U": 8}


class _Reading:
    """The value read so far, with one place for each of its code points."""

    __slots__ = ("characters", "places")

    def __init__(self) -> None:
        self.characters: list[str] = []
        self.places: list[Place] = []

    def add(self, character: str, start: int, end: int) -> None:
        self.characters.append(character)
        self.places.append((start, end))


def value_offsets(source: str, start: int, end: int, style: str, value: str) -> list[Place] | None:
    """One place for each code point of ``value``, which was read from ``source[start:end]`` in ``style``.

    None when the places cannot be told for certain.
    """
    for reading in _readings(source, start, end, style):
        if "".join(reading.characters) == value:
            return reading.places
    return None


def _readings(source: str, start: int, end: int, style: str) -> Iterator[_Reading]:
    if style == "":
        yield _read_flow(source, start, end, style)
    elif style in ("'", '"'):
        yield _read_flow(source, start + 1, end - 1, style)
    else:
        header = _BLOCK_HEADER.match(source, start, end)
        if header is None:
            return
        content = header.end()
        for indent in _possible_indents(source, content, end, header[1]):
            yield _read_block(source, content, end, style, header[1], indent)


def _read_flow(source: str, position: int, end: int, style: str) -> _Reading:
    """A plain or quoted scalar: lines are folded, and the blanks around line breaks do not count."""
    reading = _Reading()
    while position < end:
        character = source[position]
        if character in " \t\r\n\x85\u2028\u2029":
            position = _read_space(source, position, end, reading, escaped=False)
        elif style == "'" and source.startswith("''", position):
            reading.add("'", position, position + 2)
            position += 2
        elif style == '"' and character == "\\":
            position = _read_escape(source, position, end, reading)
        else:
            reading.add(character, position, position + 1)
            position += 1
    return reading


def _read_escape(source: str, position: int, end: int, reading: _Reading) -> int:
    """One ``\\`` escape of a double-quoted scalar, an escaped line break included; the offset behind it."""
    line_break = _BREAK.match(source, position + 1, end)
    if line_break:
        return _read_space(source, line_break.end(), end, reading, escaped=True)
    letter = source[position + 1 : position + 2]
    digits = _HEX_ESCAPES.get(letter, 0)
    behind = min(end, position + 2 + digits)
    if digits:
        try:
            character = chr(int(source[position + 2 : behind], 16))
        except (ValueError, OverflowError):
            character = ""
    else:
        character = _ESCAPES.get(letter, "")
    reading.add(character, position, behind)
    return behind


def _read_space(source: str, position: int, end: int, reading: _Reading, *, escaped: bool) -> int:
    """Blanks and line breaks between two words; the offset behind them.

    One break becomes a space, n + 1 breaks become n. ``escaped``: the first break was already taken, and is nothing.
    """
    blanks = _BLANKS.match(source, position, end)
    after = blanks.end() if blanks else position
    if not escaped and not _BREAK.match(source, after, end):
        for offset in range(position, after):
            reading.add(source[offset], offset, offset + 1)
        return after
    breaks: list[Place] = []
    position = after
    while found := _BREAK.match(source, position, end):
        breaks.append(found.span())
        blanks = _BLANKS.match(source, found.end(), end)
        position = blanks.end() if blanks else found.end()
    if not escaped:
        first = breaks.pop(0)
        if _normal(source, first) != "\n":
            reading.add(_normal(source, first), *first)
        elif not breaks:
            reading.add(" ", *first)
    for place in breaks:
        reading.add(_normal(source, place), *place)
    return position


def _normal(source: str, place: Place) -> str:
    """What a line break becomes in a value: LF, except for the two Unicode separators, which stay."""
    written = source[place[0] : place[1]]
    return written if written in "\u2028\u2029" else "\n"


def _possible_indents(source: str, content: int, end: int, indicators: str) -> Iterator[int]:
    """The indentations that the content of a block scalar may have.

    Without an indicator it is that of the first line with text. With one it counts from the parent, which is not known
    here, so that every indentation that its lines allow is a candidate.
    """
    lines = _BREAK.split(source[content:end])[1:]
    depths = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip(" ")]
    longest_blank = max((len(line) for line in lines if not line.strip(" ")), default=0)
    if not any(character.isdigit() for character in indicators):
        yield depths[0] if depths else max(1, longest_blank)
    else:
        yield from range(min(depths, default=longest_blank), -1, -1)


def _read_block(source: str, position: int, end: int, style: str, indicators: str, indent: int) -> _Reading:
    """A literal or folded block scalar whose text begins at column ``indent``; ``position`` is behind its header."""
    reading = _Reading()
    header_break = _BREAK.match(source, position, end)
    if header_break is None:
        return reading
    at_start_of_line, trailing = _read_empty_lines(source, header_break.end(), end, indent)
    leading: Place | None = None
    blank_before = False
    while at_start_of_line is not None:
        position = at_start_of_line
        blank_now = source[position] in " \t"
        if leading is not None:
            if style == ">" and not blank_before and not blank_now and _normal(source, leading) == "\n":
                if not trailing:
                    reading.add(" ", *leading)
            else:
                reading.add(_normal(source, leading), *leading)
        for place in trailing:
            reading.add(_normal(source, place), *place)
        blank_before = blank_now
        line_break = _BREAK.search(source, position, end)
        line_end = line_break.start() if line_break else end
        for offset in range(position, line_end):
            reading.add(source[offset], offset, offset + 1)
        if line_break is None:
            return reading
        leading = line_break.span()
        at_start_of_line, trailing = _read_empty_lines(source, line_break.end(), end, indent)
    if "-" not in indicators and leading is not None:
        reading.add(_normal(source, leading), *leading)
    if "+" in indicators:
        for place in trailing:
            reading.add(_normal(source, place), *place)
    return reading


def _read_empty_lines(source: str, position: int, end: int, indent: int) -> tuple[int | None, list[Place]]:
    """The breaks of the empty lines from ``position``, and where the next line's text begins (None at the end)."""
    breaks: list[Place] = []
    while True:
        behind = position
        while behind < min(end, position + indent) and source[behind] == " ":
            behind += 1
        found = _BREAK.match(source, behind, end)
        if found is None:
            return (behind if behind < end and behind - position == indent else None), breaks
        breaks.append(found.span())
        position = found.end()
