"""One sample line taken apart, in either format.

Sources: "Exposition formats" of the Prometheus documentation (text format 0.0.4, and quoted names as of 1.0.0), and
the ABNF of the OpenMetrics 1.0 specification. The text format allows blanks between all tokens, OpenMetrics exactly one
space where there must be one and none elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from skillforge_mon.query.exposition.page import Exemplar, Sample

METRIC_NAME: Final = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_LABEL_NAME: Final = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_QUOTED: Final = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_BLANKS: Final = re.compile(r"[ \t]*")
_TOKEN: Final = re.compile(r"[^ \t]+")
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_HEXADECIMAL: Final = re.compile(r"[+-]?0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][+-]?[0-9]+")
_SPECIAL: Final = re.compile(r"[+-]?inf(?:inity)?|nan", re.IGNORECASE)
_MILLISECONDS: Final = re.compile(r"[+-]?[0-9]{1,19}")
_ESCAPE: Final = re.compile(r"\\(.)")
_ESCAPED: Final = {"n": "\n", "\\": "\\", '"': '"'}
_EXEMPLAR_CHARACTERS: Final = 128  # OpenMetrics 1.0, "Exemplars": names and values together

_SHOWN: Final = 40
"""Characters of a wrong line that a message repeats."""


class LineError(Exception):
    """What is wrong with a line, and at which column (from 1)."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.column = column


def scan_sample(text: str, line: int, *, openmetrics: bool) -> Sample:
    """The sample on a line without its line break. Raises LineError."""
    cursor = _Cursor(text, openmetrics)
    cursor.blanks()
    name = cursor.match(METRIC_NAME)
    cursor.blanks()
    labels: dict[str, str] = {}
    if cursor.peek() == "{":
        quoted_name, labels = cursor.labels(name_allowed=not name)
        name = name or quoted_name
    if not name:
        raise LineError("a line begins with the name of a metric, or with `#`", cursor.column)
    cursor.gap("a value")
    value = cursor.number("the value")
    timestamp, exemplar = None, None
    if cursor.more():
        if cursor.peek() != "#":
            timestamp = cursor.seconds() if openmetrics else cursor.milliseconds()
        if openmetrics and (timestamp is None or cursor.more()):
            exemplar = cursor.exemplar()
    cursor.end()
    return Sample(name, labels, value, timestamp, exemplar, line)


def unescaped(text: str, *, quotes: bool) -> str:
    r"""``\\`` and ``\n`` as what they stand for, ``\"`` too where ``quotes``; any other backslash stays."""

    def character(match: re.Match[str]) -> str:
        if match[1] == '"' and not quotes:
            return match[0]
        return _ESCAPED.get(match[1], match[0])

    return _ESCAPE.sub(character, text) if "\\" in text else text


def number_of(text: str, *, hexadecimal: bool) -> float | None:
    """The number that ``text`` says, None where it says none."""
    if _DECIMAL.fullmatch(text) or _SPECIAL.fullmatch(text):
        return float(text)
    if hexadecimal and _HEXADECIMAL.fullmatch(text):
        try:
            return float.fromhex(text)
        except OverflowError:
            return float("-inf") if text.startswith("-") else float("inf")
    return None


@dataclass(slots=True)
class _Cursor:
    """A place in a line."""

    text: str
    openmetrics: bool
    at: int = 0

    @property
    def column(self) -> int:
        return self.at + 1

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found[0]

    def blanks(self) -> None:
        if not self.openmetrics:
            self.match(_BLANKS)

    def gap(self, what: str) -> None:
        """The blanks before a further part of the line, which has to come."""
        before = self.at
        if self.openmetrics:
            self.at += self.peek() == " "
        else:
            self.blanks()
        after_brace = not self.openmetrics and self.text[before - 1] in "} \t"
        if (self.at == before and not after_brace) or self.at == len(self.text) or self.peek() in " \t":
            raise LineError(f"{what} belongs here, after one space", self.column)

    def more(self) -> bool:
        """Go to the next part of the line, if there is one."""
        if self.openmetrics:
            if self.at == len(self.text):
                return False
            self.gap("a timestamp or an exemplar")
            return True
        self.blanks()
        return self.at < len(self.text)

    def expect(self, character: str, what: str) -> None:
        if self.peek() != character:
            raise LineError(f"`{character}` is missing {what}", self.column)
        self.at += 1

    def quoted(self, what: str) -> str:
        found = _QUOTED.match(self.text, self.at)
        if found is None:
            raise LineError(f"{what} stands in double quotes, which end on the same line", self.column)
        self.at = found.end()
        return unescaped(found[1], quotes=True)

    def labels(self, *, name_allowed: bool) -> tuple[str, dict[str, str]]:
        """The labels between braces, and the metric's quoted name where it stands among them."""
        self.expect("{", "before the labels")
        name, labels = "", dict[str, str]()
        self.blanks()
        while self.peek() != "}":
            start = self.column
            is_quoted = self.peek() == '"'
            label = self.quoted("a name") if is_quoted else self.match(_LABEL_NAME)
            self.blanks()
            if is_quoted and self.peek() in {",", "}"} and name_allowed and not name and not labels:
                name = label
                if not name:
                    raise LineError("the name of the metric is empty", start)
            elif not label:
                raise LineError("the name of a label belongs here", start)
            else:
                self.expect("=", f"after the label `{label}`")
                self.blanks()
                value = self.quoted(f"the value of the label `{label}`")
                if label in labels:
                    raise LineError(f"the label `{label}` is given twice", start)
                labels[label] = value
            self.blanks()
            if self.peek() == "}":
                break
            self.expect(",", "or `}` between labels")
            self.blanks()
            if self.openmetrics and self.peek() == "}":
                raise LineError("OpenMetrics has no comma after the last label", self.column - 1)
        self.at += 1
        return name, labels

    def number(self, what: str) -> float:
        start = self.column
        token = self.match(_TOKEN)
        value = number_of(token, hexadecimal=not self.openmetrics)
        if value is None:
            raise LineError(f"{what} is not a number: `{token[:_SHOWN]}`", start)
        return value

    def seconds(self) -> float:
        start = self.column
        value = self.number("the timestamp")
        if value != value or value in {float("inf"), float("-inf")}:
            raise LineError("the timestamp is not a number of seconds", start)
        return value

    def milliseconds(self) -> float:
        start = self.column
        token = self.match(_TOKEN)
        if not _MILLISECONDS.fullmatch(token):
            raise LineError(f"the timestamp is not a whole number of milliseconds: `{token[:_SHOWN]}`", start)
        return int(token) / 1000

    def exemplar(self) -> Exemplar:
        start = self.column
        self.expect("#", "before the exemplar")
        self.gap("the labels of the exemplar")
        _, labels = self.labels(name_allowed=False)
        if sum(len(name) + len(value) for name, value in labels.items()) > _EXEMPLAR_CHARACTERS:
            raise LineError(f"the labels of an exemplar have at most {_EXEMPLAR_CHARACTERS} characters", start)
        self.gap("the value of the exemplar")
        value = self.number("the value of the exemplar")
        return Exemplar(labels, value, self.seconds() if self.more() else None)

    def end(self) -> None:
        self.blanks()
        if self.at < len(self.text):
            raise LineError(
                f"nothing more belongs on this line: `{self.text[self.at : self.at + _SHOWN]}`", self.column
            )
