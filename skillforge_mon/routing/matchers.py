r"""Matchers of labels as Alertmanager reads them: ``a="b"``, ``{a=~"b|c", d!=e}``, ``"a b"="c"``.

Two parsers exist. Where both can read a text and differ, Alertmanager takes the classic one's reading; what only one of
them can read is read by that one (https://prometheus.io/docs/alerting/latest/configuration/#label-matchers).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from skillforge_mon.query.promql.regex import RegexError
from skillforge_mon.routing.go_regex import whole_pattern

Labels = Mapping[str, str]

_CLASSIC = re.compile(r"\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(=~|=|!=|!~)\s*(.*?)\s*", re.DOTALL)
_TOKEN = re.compile(r"\s*(?:(=~|!~|!=|=)|([{},])|(\"(?:[^\"\\]|\\.)*\")|([^\s{}!=~,\\\"'`]+))", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", '"': '"', "\\": "\\"}
_QUOTED_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|.)", re.DOTALL)


class MatcherError(Exception):
    """A text that is no matcher; ``args[0]`` says why."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """``op`` is ``=``, ``!=``, ``=~`` or ``!~``. A label that is missing has an empty value."""

    name: str
    op: str
    value: str

    def fits(self, labels: Labels) -> bool:
        """Whether the label's value is what the matcher asks for; a regular expression must match all of it."""
        value = labels.get(self.name, "")
        if self.op.endswith("~"):
            return (whole_pattern(self.value).fullmatch(value) is not None) is (self.op == "=~")
        return (value == self.value) is (self.op == "=")

    def __str__(self) -> str:
        return f"{self.name}{self.op}{json.dumps(self.value, ensure_ascii=False)}"


def matcher(name: str, op: str, value: str) -> Matcher:
    """A matcher whose regular expression, if it is one, is valid. Raises MatcherError."""
    if op.endswith("~"):
        try:
            whole_pattern(value)
        except RegexError as error:
            raise MatcherError(f"the regular expression `{value}` is refused: {error}") from None
    return Matcher(name, op, value)


def parse_matchers(text: str) -> tuple[Matcher, ...]:
    """The matchers that ``text`` holds, separated by commas, in braces or not. Raises MatcherError."""
    try:
        return _classic(text)
    except MatcherError as error:
        try:
            return _modern(text)
        except MatcherError:
            raise error from None


def _classic(text: str) -> tuple[Matcher, ...]:
    parts: list[str] = []
    token, quoted, escaped = "", False, False
    for char in text.removeprefix("{").removesuffix("}"):
        if char == "," and not quoted:
            parts.append(token)
            token = ""
            continue
        if char == '"' and not escaped:
            quoted = not quoted
        escaped = char == "\\" and not escaped
        token += char
    if token:
        parts.append(token)
    return tuple(_classic_matcher(part) for part in parts)


def _classic_matcher(text: str) -> Matcher:
    found = _CLASSIC.fullmatch(text)
    if found is None:
        raise MatcherError(f"`{text.strip()}` is not a matcher")
    name, op, raw = found.groups()
    quoted = raw.startswith('"')
    if quoted:
        raw = raw[1:]
    value, index, closed = "", 0, False
    while index < len(raw):
        char = raw[index]
        if char == "\\" and index < len(raw) - 1:
            following = raw[index + 1]
            value += {"n": "\n", '"': '"', "\\": "\\"}.get(following, f"\\{following}")
            index += 2
            continue
        if char == '"':
            if not quoted or index < len(raw) - 1:
                raise MatcherError(f"`{text.strip()}` has a quotation mark within its value")
            closed = True
        else:
            value += char
        index += 1
    if quoted and not closed:
        raise MatcherError(f"`{text.strip()}` has a quotation mark that is not closed")
    return matcher(name, op, value)


def _modern(text: str) -> tuple[Matcher, ...]:
    tokens: list[tuple[str, str]] = []
    at = 0
    stripped = text.rstrip()
    while at < len(stripped):
        found = _TOKEN.match(stripped, at)
        if found is None:
            raise MatcherError(f"`{text.strip()}` is not a matcher")
        kind = ("op", "mark", "text", "text")[(found.lastindex or 1) - 1]
        written = found[found.lastindex or 1]
        tokens.append((kind, _unquoted(written) if kind == "text" and written.startswith('"') else written))
        at = found.end()
    if tokens[:1] == [("mark", "{")]:
        if tokens[-1] != ("mark", "}"):
            raise MatcherError(f"`{text.strip()}` has a brace that is not closed")
        tokens = tokens[1:-1]
    matchers = []
    while tokens:
        kinds = [kind for kind, _ in tokens[:3]]
        if kinds != ["text", "op", "text"]:
            raise MatcherError(f"`{text.strip()}` is not a matcher")
        matchers.append(matcher(tokens[0][1], tokens[1][1], tokens[2][1]))
        if len(tokens) > 3 and tokens[3] != ("mark", ","):
            raise MatcherError(f"`{text.strip()}` is not a matcher")
        tokens = tokens[4:]
    return tuple(matchers)


def _unquoted(text: str) -> str:
    """The text of a quoted string of Go."""

    def escape(found: re.Match[str]) -> str:
        what = found[1]
        if what in _ESCAPES:
            return _ESCAPES[what]
        if len(what) == 3 and what.isdigit():
            return chr(int(what, 8))
        if len(what) > 1:
            return chr(int(what[1:], 16))
        raise MatcherError(f"{text} has the escape `\\{what}`, which does not exist")

    return _QUOTED_ESCAPE.sub(escape, text[1:-1])
