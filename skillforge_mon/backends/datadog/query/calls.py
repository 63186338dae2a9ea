"""Arguments in round brackets, and the methods that stand after a query: ``.rollup(avg, 60).fill(zero)``."""

from __future__ import annotations

import re

from skillforge_mon.backends.datadog.query.lexer import Scanner
from skillforge_mon.backends.datadog.query.tree import Argument, Keyword, Method, Number, Text, Word

_METHOD = re.compile(r"\.\s*([A-Za-z_]\w*)", re.ASCII)
_KEYWORD = re.compile(r"([A-Za-z_]\w*)\s*=(?!=)", re.ASCII)
_WORD = re.compile(r"[A-Za-z_]\w*|[0-9]+(?:mo|[smhdw])(?!\w)", re.ASCII)
"""A word, or a time as monitors on jobs have it: ``.last(10d)``."""


def read_methods(scanner: Scanner) -> tuple[Method, ...]:
    """All methods that come next."""
    found = []
    while scanner.sees("."):
        match = scanner.read(_METHOD)
        if match is None:
            scanner.take(".")
            raise scanner.unexpected("expected the name of a method after `.`")
        start = match.start(1)
        scanner.expect("(", f"after `.{match[1]}`")
        found.append(Method(match[1], _arguments(scanner, start), (start, scanner.position)))
    return tuple(found)


def _arguments(scanner: Scanner, start: int) -> tuple[Argument, ...]:
    """The arguments of the method that began at ``start``, and the bracket after them."""
    if scanner.take(")"):
        return ()
    found = [read_argument(scanner)]
    while scanner.take(","):
        found.append(read_argument(scanner))
    close(scanner, start)
    return tuple(found)


def close(scanner: Scanner, start: int) -> None:
    """The bracket that ends the arguments of what began at ``start``."""
    if scanner.take(")"):
        return
    if scanner.at_end:
        name = re.match(r"[\w.]+", scanner.text[start:])
        shown = name[0] if name is not None else ""
        raise scanner.error(
            f"the bracket of `{shown}(` is not closed", (start, start + len(shown) + 1), "close it with `)`"
        )
    raise scanner.unexpected("expected `,` or `)`")


def read_argument(scanner: Scanner) -> Argument:
    """The argument that comes next."""
    keyword = scanner.read(_KEYWORD)
    if keyword is None:
        return _value(scanner)
    value = _value(scanner)
    return Keyword(keyword[1], value, (keyword.start(), value.place[1]))


def _value(scanner: Scanner) -> Number | Text | Word:
    text = scanner.string()
    if text is not None:
        return text
    word = scanner.read(_WORD)
    if word is not None:
        return Word(word[0], word.span())
    number = scanner.number()
    if number is None:
        raise scanner.unexpected("expected a number, a word or a text in quotes")
    return number
