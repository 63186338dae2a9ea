r"""Go's regular expressions as patterns of Python that match the same whole texts.

The grammar is https://github.com/google/re2/wiki/Syntax as far as Go has it. Greediness does not matter where whole
texts are matched. Unicode properties (``\pL``) have no counterpart in Python and are refused.
"""

from __future__ import annotations

import re
from functools import lru_cache

from skillforge_mon.query.promql.regex import RegexError, matches_empty

_SETS = {
    "d": "0-9",
    "w": "0-9A-Za-z_",
    "s": "\\t\\n\\f\\r ",
    "D": "\\x00-/:-\\U0010ffff",
    "W": "\\x00-/:-@\\[-^`{-\\U0010ffff",
    "S": "\\x00-\\x08\\x0b\\x0e-\\x1f!-\\U0010ffff",
}
_POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": "\\x00-\\x7f",
    "blank": "\\t ",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\t\\n\\v\\f\\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_NOT_POSIX = {
    "alnum": "\\x00-/:-@\\[-`{-\\U0010ffff",
    "alpha": "\\x00-@\\[-`{-\\U0010ffff",
    "ascii": "\\x80-\\U0010ffff",
    "blank": "\\x00-\\x08\\x0a-\\x1f!-\\U0010ffff",
    "cntrl": " -~\\x80-\\U0010ffff",
    "digit": "\\x00-/:-\\U0010ffff",
    "graph": "\\x00- \\x7f-\\U0010ffff",
    "lower": "\\x00-`{-\\U0010ffff",
    "print": "\\x00-\\x1f\\x7f-\\U0010ffff",
    "punct": "\\x00- 0-9A-Za-z\\x7f-\\U0010ffff",
    "space": "\\x00-\\x08\\x0e-\\x1f!-\\U0010ffff",
    "upper": "\\x00-@\\[-\\U0010ffff",
    "word": "\\x00-/:-@\\[-^`{-\\U0010ffff",
    "xdigit": "\\x00-/:-@G-`g-\\U0010ffff",
}
_POSIX_CLASS = re.compile(r"\[:(\^?)([a-z]+):\]")
_HEX = re.compile(r"\\x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]+)\})")
_OCTAL = re.compile(r"\\(0[0-7]{0,2}|[1-7][0-7]{1,2})")
_FLAGS = re.compile(r"\(\?([imsU]*)(?:-([imsU]+))?([:)])")
_NAMED = re.compile(r"\(\?P?<[A-Za-z0-9_]+>")


@lru_cache(maxsize=4096)
def whole_pattern(pattern: str) -> re.Pattern[str]:
    """``pattern``, compiled so that ``fullmatch`` says what Go says of ``^(?:pattern)$``. Raises RegexError."""
    matches_empty(pattern)
    try:
        return re.compile(_Translation(pattern).text())
    except (re.error, OverflowError) as error:
        raise RegexError(f"monmc cannot evaluate this regular expression: {error}", 0, len(pattern)) from None


class _Translation:
    """One walk over a pattern that Go accepts."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        # Of each open group: the flag groups that began in its middle and hold to its end, and whether (?m) is on.
        self.open: list[tuple[str, bool]] = [("", False)]

    def text(self) -> str:
        parts = []
        while self.at < len(self.pattern):
            parts.append(self._next())
        return "".join(parts) + ")" * self.open[0][0].count("(")

    def _next(self) -> str:
        pattern, char = self.pattern, self.pattern[self.at]
        if char == "\\":
            return self._escape(in_class=False)
        if char == "[":
            return self._character_class()
        if char == "(":
            return self._opening()
        self.at += 1
        flags, lines = self.open[-1]
        if char == ")":
            self.open.pop()
            return ")" * (flags.count("(") + 1)
        if char == "|":
            # Flags hold beyond the bar, which must not end up inside the group that carries them.
            return ")" * flags.count("(") + "|" + flags
        if char == "$" and not lines:
            return r"\Z"
        if char in "*+?" and pattern[self.at : self.at + 1] == "?":
            self.at += 1
        if char == "}" and pattern[self.at : self.at + 1] == "?" and self._counted():
            self.at += 1
        return char

    def _counted(self) -> bool:
        return re.search(r"\{[0-9]+(?:,[0-9]*)?\}$", self.pattern[: self.at]) is not None

    def _opening(self) -> str:
        if flags := _FLAGS.match(self.pattern, self.at):
            self.at = flags.end()
            on, off, end = flags[1].replace("U", ""), (flags[2] or "").replace("U", ""), flags[3]
            lines = ("m" in on or self.open[-1][1]) and "m" not in off
            written = f"(?{on}{'-' + off if off else ''}:" if on or off else "(?:"
            if end == ":":
                self.open.append(("", lines))
            else:
                self.open[-1] = (self.open[-1][0] + written, lines)
            return written
        named = _NAMED.match(self.pattern, self.at)
        self.at = named.end() if named else self.at + 1
        self.open.append(("", self.open[-1][1]))
        return "(?:"

    def _escape(self, *, in_class: bool) -> str:
        pattern, start = self.pattern, self.at
        if number := _HEX.match(pattern, start) or _OCTAL.match(pattern, start):
            self.at = number.end()
            digits = next(group for group in number.groups() if group)
            return re.escape(chr(int(digits, 8 if number.re is _OCTAL else 16)))
        char = pattern[start + 1]
        self.at += 2
        if char == "Q":
            end = pattern.find("\\E", self.at)
            literal = pattern[self.at : end if end >= 0 else len(pattern)]
            self.at = end + 2 if end >= 0 else len(pattern)
            return re.escape(literal)
        if char in _SETS:
            return _SETS[char] if in_class else f"[{_SETS[char]}]"
        if char in "bB" and not in_class:
            return f"(?a:\\{char})"
        if char in "pPC":
            raise RegexError(f"monmc cannot evaluate `\\{char}`", start, self.at)
        if char == "z":
            return r"\Z"
        return f"\\{char}" if char in "Aafnrtv" else re.escape(char)

    def _character_class(self) -> str:
        pattern = self.pattern
        self.at += 1
        parts = ["["]
        if pattern[self.at] == "^":
            parts.append("^")
            self.at += 1
        first = True
        while first or pattern[self.at] != "]":
            first = False
            if posix := _POSIX_CLASS.match(pattern, self.at):
                parts.append((_NOT_POSIX if posix[1] else _POSIX)[posix[2]])
                self.at = posix.end()
            elif pattern[self.at] == "\\":
                parts.append(self._escape(in_class=True))
            else:
                char = pattern[self.at]
                parts.append("-" if char == "-" and self._is_range() else re.escape(char))
                self.at += 1
        self.at += 1
        return "".join((*parts, "]"))

    def _is_range(self) -> bool:
        return self.pattern[self.at - 1] not in "[^" and self.pattern[self.at + 1] != "]"
