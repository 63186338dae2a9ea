"""A text that is read from left to right: words, numbers, texts in quotes and signs, white space left out.

What a character means depends on where it stands (``-`` is a sign in an expression, and part of a tag in braces), so
each parser asks for what it can use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Final

from skillforge_mon.backends.datadog.query.errors import DatadogSyntaxError
from skillforge_mon.backends.datadog.query.scope_tree import Place
from skillforge_mon.backends.datadog.query.tree import Limit, Number, Text

DEEPEST: Final = 50
"""Brackets within brackets that are read. Real queries have a few; a text of nothing but brackets must not hang."""
MOST_PARTS: Final = 200
"""Operators in one query that are read."""

_SPACE = re.compile(r"\s*")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?(?![\w.])", re.ASCII)
_NUMERAL = re.compile(r"-?\.?[0-9][\w.]*", re.ASCII)
_BARE_FRACTION = re.compile(r"-?\.[0-9]+", re.ASCII)
_STRINGS = {'"': re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL), "'": re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL)}
_LEXEME = re.compile(r"[\w.$%@-]+|&&|\|\||[<>=!]=?|.", re.DOTALL)
_COMPARISON = re.compile(r"[<>=!]+")

OPERATORS: Final = (">", ">=", "<", "<=", "==", "!=")
"""docs.datadoghq.com, API, "Create a monitor", ``operator``."""
_MEANT = {"=": "==", "=>": ">=", "=<": "<=", "<>": "!=", "===": "==", "!==": "!="}


class Scanner:
    """Reads ``text``. Every error that it makes is a DatadogSyntaxError."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self._depth = 0
        self._parts = 0

    def start(self) -> int:
        """The place of what comes next."""
        match = _SPACE.match(self.text, self.position)
        if match is not None:
            self.position = match.end()
        return self.position

    @property
    def at_end(self) -> bool:
        """Whether nothing but white space is left."""
        return self.start() == len(self.text)

    def sees(self, sign: str) -> bool:
        """Whether ``sign`` comes next."""
        return self.text.startswith(sign, self.start())

    def take(self, sign: str) -> bool:
        """Go past ``sign`` where it comes next."""
        if not self.sees(sign):
            return False
        self.position += len(sign)
        return True

    def looks_like(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What ``pattern`` finds at what comes next."""
        return pattern.match(self.text, self.start())

    def read(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Go past what ``pattern`` finds at what comes next."""
        match = self.looks_like(pattern)
        if match is not None:
            self.position = match.end()
        return match

    def expect(self, sign: str, where: str, help: str = "") -> None:  # noqa: A002
        """Go past ``sign``, or say that it is missing ``where``."""
        if not self.take(sign):
            raise self.unexpected(f"expected `{sign}` {where}", help)

    def unexpected(self, wanted: str, help: str = "") -> DatadogSyntaxError:  # noqa: A002
        """What comes next is not what was ``wanted``."""
        start = self.start()
        found = _LEXEME.match(self.text, start)
        if found is None:
            return DatadogSyntaxError(f"{wanted}, and the query ends", start, start, help)
        return DatadogSyntaxError(f"{wanted}, and there is `{found[0]}`", start, found.end(), help)

    def error(self, message: str, place: Place, help: str = "") -> DatadogSyntaxError:  # noqa: A002
        """Something is wrong at ``place``."""
        return DatadogSyntaxError(message, *place, help)

    def number(self) -> Number | None:
        """The number that comes next, with its sign; None when none does."""
        start = self.start()
        match = self.read(_NUMBER)
        if match is not None:
            return Number(Decimal(match[0]), match.span())
        numeral = _NUMERAL.match(self.text, start)
        if numeral is None:
            return None
        if _BARE_FRACTION.fullmatch(numeral[0]):
            whole = numeral[0].replace(".", "0.")
            raise self.error(f"`{numeral[0]}` has no digit before the point", numeral.span(), f"write `{whole}`")
        raise self.error(f"`{numeral[0]}` is no number", numeral.span(), "numbers are like `5`, `0.25` or `-1.5`")

    def string(self) -> Text | None:
        """The text in quotes that comes next, without them; None when none does.

        A backslash before a quote or a backslash stands for that sign. Any other one stays, as searches have their own.
        """
        start = self.start()
        quote = self.text[start : start + 1]
        pattern = _STRINGS.get(quote)
        if pattern is None:
            return None
        match = self.read(pattern)
        if match is None:
            raise self.error(f"{quote} opens a text that does not end", (start, len(self.text)), "close the quotes")
        value = re.sub(r"\\([\\" + quote + "])", r"\1", match[1])
        return Text(value, match.span())

    def limit(self) -> Limit:
        """The comparison that ends a query, and nothing after it."""
        start = self.start()
        operator = self.read(_COMPARISON)
        if operator is None:
            raise self.unexpected("expected a comparison", "end the query with a number, such as `> 100`")
        if operator[0] not in OPERATORS:
            meant = _MEANT.get(operator[0], "")
            help_ = f"did you mean `{meant}`?" if meant else f"comparisons are: {' '.join(OPERATORS)}"
            raise self.error(f"`{operator[0]}` compares nothing", operator.span(), help_)
        word = self.read(_THRESHOLD)
        number = self.number() if word is None else None
        if word is None and number is None:
            raise self.unexpected(f"expected a number after `{operator[0]}`", "such as `> 100`")
        limit = Limit(operator[0], number.value if number is not None else None, (start, self.position))
        self.end(after="the number")
        return limit

    def end(self, after: str) -> None:
        """Nothing may come after what was read."""
        if not self.at_end:
            rest = self.text[self.start() :].rstrip()
            place = (self.start(), self.start() + len(rest))
            shown = rest if len(rest) <= 20 else f"{rest[:20]}…"
            raise self.error(f"`{shown}` stands after {after}, where the query ends", place)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Read something within brackets."""
        self._depth += 1
        if self._depth > DEEPEST:
            message = f"more than {DEEPEST} brackets are open"
            raise self.error(message, (self.position, min(self.position + 1, len(self.text))))
        yield
        self._depth -= 1

    def part(self) -> None:
        """Count one more operator."""
        self._parts += 1
        if self._parts > MOST_PARTS:
            message = f"the query has more than {MOST_PARTS} operators"
            raise self.error(message, (self.position, min(self.position + 1, len(self.text))))


_THRESHOLD = re.compile(r"threshold\b")
