"""Text to tokens, as promql/parser/lex.go of Prometheus 3.5 has it, comments and white space left out.

What a character means depends on where it stands: inside braces every word is a label's name and ``=~`` is one
token; inside brackets ``:`` stands alone, elsewhere it may be part of a metric's name.
"""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from skillforge_mon.query.promql.errors import PromQLSyntaxError
from skillforge_mon.query.promql.strings import StringError, unquote
from skillforge_mon.query.promql.tree import AGGREGATIONS

Token: TypeAlias = tuple[str, str, int, int]
"""Kind, text, start and end. The text of a string is its value, quotes and escapes resolved.

The kind is one of ``identifier``, ``metric`` (a word with a colon), ``number``, ``duration``, ``string``, ``eof``,
``error`` (what follows cannot be read), or the token itself: a symbol, or a keyword in small letters.
"""

KEYWORDS: Final = frozenset(
    (*AGGREGATIONS, "and", "or", "unless", "atan2", "offset", "by", "without", "on", "ignoring", "group_left",
     "group_right", "bool", "start", "end")
)  # fmt: skip
"""The words with a meaning of their own, in any mixture of capitals and small letters."""

REGEX_OUTSIDE_BRACES: Final = 'regular expressions are matched inside braces: `up{job=~"…"}`'
"""The advice for ``=~`` and ``!~`` used as operators."""

_SPACE = r"(?:[ \t\r\n]++|\#[^\r\n]*+)*+"
_WORD_END = r"(?![A-Za-z0-9_])"
_DURATION = rf"(?>[0-9]+(?:ms|[smhdwy])(?:[0-9]+(?:ms|[smhdw]))*){_WORD_END}"
_DIGITS = r"[0-9]+(?:_[0-9]+)*"
_NUMBER = (
    rf"(?>0[xX]_?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*"
    rf"|(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?){_WORD_END}"
)
_STRING = r""""[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'|`[^`]*+`"""

_OUTSIDE = re.compile(
    rf"{_SPACE}(?:([A-Za-z_:][A-Za-z0-9_:]*)|({_DURATION})|({_NUMBER})|({_STRING})"
    r"|(==|!=|<=|>=|[-+*/%^=<>(){\[\],@])|(\Z))"
).match
_IN_BRACES = re.compile(rf"{_SPACE}(?:([A-Za-z_][A-Za-z0-9_]*)|((?!))|((?!))|({_STRING})|(=~|!~|!=|[=,}}])|(\Z))").match
_IN_BRACKETS = re.compile(rf"{_SPACE}(?:((?!))|({_DURATION})|({_NUMBER})|((?!))|([-+*/%^:()\]])|(\Z))").match
_BLANK = re.compile(_SPACE).match
_LEXEME = re.compile(r"[0-9.][0-9A-Za-z_.]*")

_KIND_OF_WORD = {**{word: word for word in KEYWORDS}, "inf": "number", "nan": "number"}
_WORD, _STRING_GROUP, _SYMBOL = 1, 4, 5
_KIND_OF_GROUP = ("", "identifier", "duration", "number", "string", "", "eof")


def tokenize(text: str) -> tuple[list[Token], PromQLSyntaxError | None]:
    """All tokens of ``text``, the last of kind ``eof``; or those before the first unreadable place, the last of
    kind ``error``, together with the error to raise when the parser gets there.
    """
    tokens: list[Token] = []
    append = tokens.append
    kind_of_word = _KIND_OF_WORD.get
    match_token = _OUTSIDE
    position = 0
    while True:
        match = match_token(text, position)
        if match is None:
            error = _unreadable(text, _blank_end(text, position), match_token is _IN_BRACES)
            append(("error", "", error.start, error.end))
            return tokens, error
        group: int = match.lastindex or 0
        start, position = match.span(group)
        value = match[group]
        if group == _SYMBOL:
            append((value, value, start, position))
            if value == "{":
                match_token = _IN_BRACES
            elif value == "[":
                match_token = _IN_BRACKETS
            elif value in "}]":
                match_token = _OUTSIDE
        elif group == _WORD:
            if match_token is _IN_BRACES:
                append(("identifier", value, start, position))
            elif ":" in value:
                append(("metric", value, start, position))
            else:
                append((kind_of_word(value.lower(), "identifier"), value, start, position))
        elif group == _STRING_GROUP:
            try:
                append(("string", unquote(value), start, position))
            except StringError as problem:
                error = PromQLSyntaxError(problem.message, start + problem.start, start + problem.end, problem.help)
                append(("error", "", error.start, error.end))
                return tokens, error
        else:
            append((_KIND_OF_GROUP[group], value, start, position))
            if value == "" and group == len(_KIND_OF_GROUP) - 1:
                return tokens, None


def _blank_end(text: str, position: int) -> int:
    blank = _BLANK(text, position)
    return blank.end() if blank else position


def _unreadable(text: str, start: int, in_braces: bool) -> PromQLSyntaxError:
    character = text[start]
    lexeme = _LEXEME.match(text, start)
    if lexeme is not None and not in_braces:
        return PromQLSyntaxError(
            f"`{lexeme[0]}` is neither a number nor a duration", start, lexeme.end(),
            "numbers look like `1.5`, `1e6` or `0x1F`; durations like `5m` or `1h30m`",
        )  # fmt: skip
    if character in "\"'`":
        line_end = text.find("\n", start) if character != "`" else -1
        return PromQLSyntaxError(
            f"the string is not closed: expected {character} at its end",
            start, len(text) if line_end < 0 else line_end,
            "" if line_end < 0 else r"a string in quotes ends on its line; write a line break as \n, or use backticks",
        )  # fmt: skip
    if character == "!":
        advice = REGEX_OUTSIDE_BRACES if not in_braces and text.startswith("!~", start) else ""
        choice = "`=` or `~`" if in_braces else "`=`"
        return PromQLSyntaxError(f"`!` must be followed by {choice}", start, start + 1, advice)
    if character == "&" or character == "|":
        word = "and" if character == "&" else "or"
        return PromQLSyntaxError(f"unexpected `{character}`", start, start + 1, f"the operator is written `{word}`")
    if character == "$":
        return PromQLSyntaxError(
            "unexpected `$`",
            start,
            start + 1,
            "PromQL has no variables; a panel may have Grafana's in its matchers, and `[$__rate_interval]` and "
            "`[$__range]`",
        )
    where = " inside braces" if in_braces else ""
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    return PromQLSyntaxError(f"unexpected character `{shown}`{where}", start, start + 1)
