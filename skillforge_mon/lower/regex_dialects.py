r"""Regular expressions of RE2, as specs have them, in the dialects of other engines: Java's, Oniguruma's of Ruby, and
PCRE's as Datadog's Sensitive Data Scanner has it.

Where the dialects differ: ``$`` is the end of the text in RE2, and comes before a last line break in Java; ``^`` and
``$`` are ends of lines in Oniguruma. A ``.`` that takes line breaks is ``(?s)``, in Oniguruma ``(?m)``. ``[`` and
``&&`` within brackets make sets of sets in both. ``\v`` is a class in Java. Octal numbers begin with ``\0`` in Java.
The scanner has no flag ``U`` and no ``\C``; its ``^`` and ``$`` are ends of lines.
Sources: https://github.com/google/re2/wiki/Syntax; java.util.regex.Pattern; Oniguruma, doc/RE and doc/SYNTAX.md;
docs.datadoghq.com, "Regular Expression Syntax".
"""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

from skillforge_mon.query.promql.regex import RegexError, matches_empty

Dialect: TypeAlias = Literal["java", "oniguruma", "pcre"]

_COUNT: Final = re.compile(r"\{[0-9]+(?:,[0-9]*)?\}")
_FLAGS: Final = re.compile(r"\(\?([imsU]*)(?:-([imsU]+))?([:)])")
_NAMED: Final = re.compile(r"\(\?P?<([A-Za-z0-9_]+)>")
_POSIX: Final = re.compile(r"\[:(\^?)([a-z]+):\]")
_OCTAL: Final = re.compile(r"\\(0[0-7]{0,2}|[1-7][0-7]{1,2})")
_PROPERTY: Final = re.compile(r"\\([pP])(?:\{(\^?)([^}]*)\}|(.))", re.DOTALL)
_JAVA_POSIX: Final = {
    "alnum": "Alnum", "alpha": "Alpha", "ascii": "ASCII", "blank": "Blank", "cntrl": "Cntrl", "digit": "Digit",
    "graph": "Graph", "lower": "Lower", "print": "Print", "punct": "Punct", "space": "Space", "upper": "Upper",
    "xdigit": "XDigit",
}  # fmt: skip
_IN_OTHER_WORDS: Final = {"v": r"\x0B", "a": r"\x07", "%": "%"}


class UnsayableRegexError(Exception):
    """What of a pattern has no counterpart; ``args`` is a text."""


def in_dialect(pattern: str, dialect: Dialect, group_prefix: str | None = None) -> str:
    """``pattern`` for another engine; it matches the same texts at the same places.

    Named groups keep their names, with ``group_prefix`` before each; where it is None they become groups without a
    name. Raises UnsayableRegexError, also for what RE2 itself refuses.
    """
    try:
        matches_empty(pattern)
    except RegexError as error:
        raise UnsayableRegexError(f"`{pattern}` is no regular expression of RE2: {error.message}") from None
    return _Writer(pattern, dialect, group_prefix).text()


def group_names(pattern: str) -> tuple[str, ...]:
    """The names of the groups, in their order."""
    return tuple(match[1] for match in _NAMED.finditer(pattern))


class _Writer:
    """One walk over a pattern that RE2 accepts."""

    def __init__(self, pattern: str, dialect: Dialect, group_prefix: str | None) -> None:
        self.pattern = pattern
        self.dialect = dialect
        self.group_prefix = group_prefix
        self.at = 0
        self.lines = [False]  # of each open group: whether `^` and `$` are ends of lines

    def text(self) -> str:
        parts = []
        while self.at < len(self.pattern):
            parts.append(self._next())
        return "".join(parts)

    def _next(self) -> str:
        pattern, char = self.pattern, self.pattern[self.at]
        if char == "\\":
            return self._escape()
        if char == "[":
            return self._brackets()
        if char == "(":
            return self._opening()
        if char == "{":
            count = _COUNT.match(pattern, self.at)
            self.at += len(count[0]) if count else 1
            return count[0] if count else r"\{"
        self.at += 1
        if char == ")":
            self.lines.pop()
        if char == "$" and not self.lines[-1]:
            return r"\z"
        if char == "^" and not self.lines[-1]:
            return r"\A"
        return r"\}" if char == "}" else char

    def _opening(self) -> str:
        flags = _FLAGS.match(self.pattern, self.at)
        if flags is not None:
            self.at = flags.end()
            on, off = flags[1], flags[2] or ""
            if "U" in on + off:
                raise UnsayableRegexError(f"the flag `U` of `{self.pattern}` has no counterpart")
            lines = ("m" in on or self.lines[-1]) and "m" not in off
            if flags[3] == ":":
                self.lines.append(lines)
            else:
                self.lines[-1] = lines
            on, off = self._flags(on), self._flags(off)
            if not on and not off:
                return "(?:" if flags[3] == ":" else ""
            return f"(?{on}{'-' + off if off else ''}{flags[3]}"
        self.lines.append(self.lines[-1])
        named = _NAMED.match(self.pattern, self.at)
        self.at = named.end() if named is not None else self.at + 1
        if named is None or self.group_prefix is None:
            return "(?:"
        return f"(?<{self.group_prefix}{named[1]}>"

    def _flags(self, letters: str) -> str:
        return letters if self.dialect != "oniguruma" else letters.replace("m", "").replace("s", "m")

    def _escape(self) -> str:
        pattern, start = self.pattern, self.at
        if octal := _OCTAL.match(pattern, start):
            self.at = octal.end()
            return f"\\x{int(octal[1], 8):02X}"
        if found := _PROPERTY.match(pattern, start):
            self.at = found.end()
            name = found[3] or found[4]
            negated = (found[1] == "P") != bool(found[2])
            if self.dialect == "java" and len(name) > 2:
                name = f"Is{name}"
            return f"\\{'P' if negated else 'p'}{{{name}}}"
        char = pattern[start + 1]
        self.at += 2
        if char == "Q":
            end = pattern.find("\\E", self.at)
            literal = pattern[self.at : end if end >= 0 else len(pattern)]
            self.at = end + 2 if end >= 0 else len(pattern)
            return literal_text(literal)
        if char == "C":
            raise UnsayableRegexError(r"`\C`, one byte, has no counterpart")
        return _IN_OTHER_WORDS.get(char, f"\\{char}")

    def _brackets(self) -> str:
        pattern = self.pattern
        self.at += 1
        parts = ["["]
        if pattern[self.at] == "^":
            parts.append("^")
            self.at += 1
        first = True
        while first or pattern[self.at] != "]":
            posix = _POSIX.match(pattern, self.at)
            if posix is not None:
                self.at = posix.end()
                parts.append(self._posix(posix))
            elif pattern[self.at] == "\\":
                parts.append(self._escape())
            else:
                char = pattern[self.at]
                self.at += 1
                parts.append(f"\\{char}" if char in "[]&^{}" else char)
            first = False
        self.at += 1
        return "".join((*parts, "]"))

    def _posix(self, posix: re.Match[str]) -> str:
        negated, name = bool(posix[1]), posix[2]
        if name == "word":
            return r"\W" if negated else r"\w"
        if self.dialect != "java":
            return posix[0]
        return f"\\{'P' if negated else 'p'}{{{_JAVA_POSIX[name]}}}"


def literal_text(text: str) -> str:
    """``text`` as a pattern that matches nothing else, in every dialect."""
    return re.sub(r"([\\.+*?()|\[\]{}^$&#/-])", r"\\\1", text)
