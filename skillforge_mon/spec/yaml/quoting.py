"""Texts that should have been quoted: what to write instead."""

from __future__ import annotations

import re

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Fix, Label
from skillforge_mon.spec import codes_yaml as codes
from skillforge_mon.spec.yaml.source import SourceFile

_BLOCK_VALUE = re.compile(r"(?P<before>\s*(?:- +)*(?:[^\s'\"#{\[,][^'\"#{\[]*?: +)?)(?P<value>\S.*?)\s*(?:\s#.*)?")
_UNQUOTED_TEMPLATE = re.compile(r"^\s*(?:- +)*(?:[^\s'\"#{\[]+: +|[^\s'\"#{\[][^'\"#:]*: +)?(?P<braces>\{\{)")

_LONGEST_LINE = 2000
"""A longer line was not written by hand, and looking at it again for each of its mistakes would take long."""


def quoted(text: str) -> str:
    """``text`` as a quoted YAML scalar on one line, in the quotes that need the fewest escapes."""
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def quote_fix(source: SourceFile, start: int) -> Fix | None:
    """Quotes the rest of the line from ``start``, where that rest is the whole value of a key or list item.

    None inside of brackets and wherever else the value may end earlier or later.
    """
    number, column = source.position(start)
    line = source.line(number)
    found = _BLOCK_VALUE.fullmatch(line) if len(line) <= _LONGEST_LINE else None
    if found is None or found.end("before") != column - 1:
        return None
    value = found["value"]
    return Fix(source.span(start, start + len(value)), quoted(value), "quote this text", safe=False)


def rest_of_value(source: SourceFile, start: int) -> int:
    """The offset behind the text that begins at ``start``: the end of its line, without a comment."""
    number, column = source.position(start)
    rest = source.line(number)[column - 1 :]
    return start + len(re.sub(r"\s+#.*$", "", rest).rstrip())


def unquoted_template(source: SourceFile, start: int) -> Diagnostic:
    """The diagnostic for a value that begins with ``{{`` at ``start``."""
    fix = quote_fix(source, start)
    end = start + len(fix.replacement) - 2 if fix else start + 2
    return codes.UNQUOTED_TEMPLATE.at(
        source.span(start, end) if fix is None else fix.span,
        "a text that begins with `{{` must be quoted",
        label="YAML reads a brace as the beginning of a map",
        help=f"write {fix.replacement}" if fix else "put the whole text in quotes",
        fix=fix,
    )


def template_on_line(source: SourceFile, number: int) -> Diagnostic | None:
    """The same for line ``number``, if a value of it begins with ``{{`` without a quote."""
    found = _UNQUOTED_TEMPLATE.match(source.line(number))
    if found is None:
        return None
    return unquoted_template(source, source.line_starts[number - 1] + found.start("braces"))


def reserved_character(source: SourceFile, start: int) -> Diagnostic:
    """The diagnostic for a value that begins at ``start`` with a character that YAML keeps for itself."""
    character = source.text[start]
    fix = quote_fix(source, start)
    return codes.RESERVED_CHARACTER.at(
        source.span(start, start + 1),
        f"a text that begins with `{character}` must be quoted"
        if character != "`"
        else "a text that begins with a backtick must be quoted",
        label="YAML keeps this character for itself",
        help=f"write {fix.replacement}" if fix else "put the whole text in quotes",
        fix=fix,
    )


def colon_in_text(source: SourceFile, first_colon: int, second_colon: int) -> Diagnostic:
    """The diagnostic for ``key: text: more``, from the offsets of its two colons."""
    start = first_colon + 1
    while source.text[start] == " ":
        start += 1
    fix = quote_fix(source, start)
    return codes.COLON_IN_TEXT.at(
        source.span(second_colon, second_colon + 1),
        "a text with a colon and a space in it must be quoted",
        label="YAML reads this colon as the end of another key",
        secondary=(Label(source.span(start, rest_of_value(source, start)), "the text to quote"),),
        help=f"write {fix.replacement}" if fix else "put the whole text in quotes",
        fix=fix,
    )
