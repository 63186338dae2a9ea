"""Text to tokens, as pkg/logql/syntax/lex.go of Loki has it, comments and white space left out."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from skillforge_mon.query.logql.errors import LogQLSyntaxError
from skillforge_mon.query.promql.strings import StringError, unquote

Token: TypeAlias = tuple[str, str, int, int]
"""Kind, text, start and end. The text of a string is its value, quotes and escapes resolved.

The kind is one of ``word``, ``number``, ``duration``, ``bytes``, ``string``, ``flag``, ``variable``, ``eof``, ``error``
(what follows cannot be read), or the symbol itself.
"""

_SPACE = re.compile(r"(?:[ \t\r\n]++|\#[^\n]*+)*+").match
_TOKEN = re.compile(
    r"""
      (?P<variable>\$(?:[A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_.]*(?::[A-Za-z0-9_]+)?\}))
    | (?P<flag>--[a-z][a-z-]*)
    | (?P<duration>(?:[0-9]+(?:\.[0-9]+)?(?:ns|us|µs|ms|[smhdwy]))+(?![A-Za-z0-9_]))
    | (?P<bytes>[0-9]+(?:\.[0-9]+)?(?:[kKMGTPE]i?)?[bB](?![A-Za-z0-9_]))
    | (?P<number>(?:0[xX][0-9a-fA-F]+|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(?![A-Za-z0-9_]))
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<string>"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"|`[^`]*+`)
    | (?P<symbol>\|=|\|~|\|>|!=|!~|!>|=~|==|>=|<=|[-+*/%^=<>(){}\[\],|])
    """,
    re.VERBOSE,
).match
_STRAY: Final = re.compile(r"[0-9.][0-9A-Za-z_.]*").match


def tokenize(text: str) -> tuple[list[Token], LogQLSyntaxError | None]:
    """All tokens of ``text``, the last of kind ``eof``; or those before the first unreadable place, the last of kind
    ``error``, together with the error to raise when the parser gets there.
    """
    tokens: list[Token] = []
    position = 0
    while True:
        blank = _SPACE(text, position)
        position = blank.end() if blank is not None else position
        if position == len(text):
            tokens.append(("eof", "", position, position))
            return tokens, None
        match = _TOKEN(text, position)
        if match is None:
            error = _unreadable(text, position)
            tokens.append(("error", "", error.start, error.end))
            return tokens, error
        kind, value, end = match.lastgroup or "", match[0], match.end()
        if kind == "string":
            try:
                tokens.append((kind, unquote(value), position, end))
            except StringError as problem:
                error = LogQLSyntaxError(
                    problem.message, position + problem.start, position + problem.end, problem.help
                )
                tokens.append(("error", "", error.start, error.end))
                return tokens, error
        else:
            tokens.append((value if kind == "symbol" else kind, value, position, end))
        position = end


def _unreadable(text: str, start: int) -> LogQLSyntaxError:
    character = text[start]
    stray = _STRAY(text, start)
    if stray is not None:
        return LogQLSyntaxError(
            f"`{stray[0]}` is neither a number nor a duration nor a size", start, stray.end(),
            "numbers look like `1.5`, durations like `5m`, sizes like `20KB`",
        )  # fmt: skip
    if character in '"`':
        line_end = text.find("\n", start) if character == '"' else -1
        return LogQLSyntaxError(
            f"the string is not closed: expected {character} at its end",
            start, len(text) if line_end < 0 else line_end,
            r"a string in quotes ends on its line; write a line break as \n, or use backticks" if line_end >= 0 else "",
        )  # fmt: skip
    if character == "'":
        return LogQLSyntaxError("LogQL has no strings between '", start, start + 1, 'write "…" or `…`')
    if character == "!":
        return LogQLSyntaxError("`!` must be followed by `=`, `~` or `>`", start, start + 1)
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    return LogQLSyntaxError(f"unexpected character `{shown}`", start, start + 1)
