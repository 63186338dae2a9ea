r"""Regular expressions as Prometheus reads them: the RE2 syntax of Go, without look-around or backreferences.

A pattern is checked, never run. What Go's regexp/syntax package refuses is refused here: the grammar is that of
https://github.com/google/re2/wiki/Syntax as far as Go has it. Prometheus anchors every pattern at both ends.
"""

from __future__ import annotations

import re
from functools import lru_cache

from skillforge_mon.query.promql.unicode_names import CATEGORIES, SCRIPTS

MOST_REPEATS = 1000
"""Go refuses counted repetitions beyond this, nested ones multiplied."""

NO_LOOK_AROUND = "RE2 has no look-around"
"""How the message begins that tells of it: what to write instead depends on what the pattern is for."""

DEEPEST_NESTING = 150
"""Patterns nested deeper are refused; Go's own limit is 1,000."""

_PLAIN = r"[A-Za-z0-9_ \-/:,@#%&=~<>\"'!;|]*+"
_HARMLESS = re.compile(rf"{_PLAIN}(?:(?:\.|\\[.\-/])[*+]?{_PLAIN})*+")
_HARMLESS_AND_EMPTY = re.compile(r"(?:\\?[.\-/]\*)*+")
_ESCAPES = frozenset("AzbBdDsSwWafnrtv")
_NULLABLE_ESCAPES = frozenset("AzB")
_COUNT = re.compile(r"\{([0-9]+)(?:(,)([0-9]*))?\}")
_FLAGS = re.compile(r"(?:\(\?[imsU]*(?:-[imsU]+)?\))+")
_OPENING = re.compile(r"\((?!\?)|\(\?[imsU]*(?:-[imsU]+)?:|\(\?P?<[A-Za-z0-9_]+>")
_POSIX = re.compile(r"\[:\^?(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit):\]")
_HEX = re.compile(r"\\x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]+)\})")
_OCTAL = re.compile(r"\\(?:0[0-7]{0,2}|[1-7][0-7]{1,2})")
_PROPERTY = re.compile(r"\\[pP](?:\{\^?([^}]*)\}|(.))", re.DOTALL)
_LAST_CODE_POINT = 0x10FFFF


class RegexError(Exception):
    """The pattern is refused, because of what stands between two offsets in it."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end


@lru_cache(maxsize=4096)
def matches_empty(pattern: str) -> bool:
    """True when ``pattern`` matches the empty string, that is, a label that is missing. Raises RegexError."""
    if _HARMLESS.fullmatch(pattern):
        return any(not branch or _HARMLESS_AND_EMPTY.fullmatch(branch) for branch in pattern.split("|"))
    return _Pattern(pattern).check()


class _Pattern:
    """One pass over a pattern. Each method returns whether what it read can be empty."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def check(self) -> bool:
        nullable, _ = self._alternatives(0)
        if self.position < len(self.text):
            raise self._error("unexpected `)`: no group is open here", 1)
        return nullable

    def _error(self, message: str, length: int) -> RegexError:
        return RegexError(message, self.position, min(self.position + length, len(self.text)))

    def _alternatives(self, depth: int) -> tuple[bool, int]:
        """Reads up to the end or an unmatched ``)``. Also returns the largest product of nested repeat counts."""
        if depth > DEEPEST_NESTING:
            raise self._error("the groups are nested too deeply", 1)
        any_branch, branch, product = False, True, 1
        while self.position < len(self.text):
            character = self.text[self.position]
            if character == ")":
                break
            if character == "|":
                any_branch, branch = any_branch or branch, True
                self.position += 1
            elif not self._skip_flags():
                nullable, repeats = self._repeated(character, depth)
                branch = branch and nullable
                product = max(product, repeats)
        return any_branch or branch, product

    def _skip_flags(self) -> bool:
        """Steps over groups such as ``(?i)``, which hold nothing. Returns whether there were any."""
        flags = _FLAGS.match(self.text, self.position)
        if flags is None:
            return False
        self.position = flags.end()
        return True

    def _repetition(self) -> tuple[str, re.Match[str] | None]:
        """The repetition that stands here, as written, with its counts; or an empty string."""
        operator = self.text[self.position]
        if operator in "*+?":
            return operator, None
        count = _COUNT.match(self.text, self.position) if operator == "{" else None
        return (count[0], count) if count else ("", None)

    def _repeated(self, character: str, depth: int) -> tuple[bool, int]:
        """One atom with the repetitions behind it."""
        start = self.position
        written, count = self._repetition()
        if written:
            raise self._error(f"`{written}` has nothing to repeat", len(written))
        nullable, repeats = self._atom(character, depth)
        previous = ""
        while self.position < len(self.text):
            if self._skip_flags():
                previous = ""
                continue
            written, count = self._repetition()
            if not written:
                break
            if previous:
                raise self._error(f"`{written}` cannot follow `{previous}`", len(written))
            if count is not None:
                fewest, most = self._counts(count)
                repeats *= max(fewest, most, 1)
                if repeats > MOST_REPEATS:
                    raise RegexError(f"the pattern repeats more than {MOST_REPEATS} times", start, count.end())
                nullable = nullable or fewest == 0
            else:
                nullable = nullable or written != "+"
            self.position += len(written)
            if self.text.startswith("?", self.position):
                self.position += 1
                written += "?"
            previous = written
        return nullable, repeats

    def _counts(self, count: re.Match[str]) -> tuple[int, int]:
        fewest = int(count[1])
        most = fewest if count[2] is None else int(count[3]) if count[3] else -1
        if fewest > MOST_REPEATS or most > MOST_REPEATS:
            raise self._error(f"`{count[0]}` repeats more than {MOST_REPEATS} times", len(count[0]))
        if 0 <= most < fewest:
            raise self._error(f"`{count[0]}` has its bounds the wrong way round", len(count[0]))
        return fewest, most

    def _atom(self, character: str, depth: int) -> tuple[bool, int]:
        """Returns whether the atom can be empty, and its repeat product."""
        if character == "(":
            return self._group(depth)
        if character == "[":
            self._character_class()
            return False, 1
        if character == "\\":
            return self._escape(), 1
        self.position += 1
        return character in "^$", 1

    def _group(self, depth: int) -> tuple[bool, int]:
        start = self.position
        opening = _OPENING.match(self.text, start)
        if opening is None:
            raise self._error(_group_help(self.text[start : start + 4]), 3)
        self.position = opening.end()
        nullable, repeats = self._alternatives(depth + 1)
        if self.position >= len(self.text):
            raise RegexError("the group is never closed: expected `)`", start, len(self.text))
        self.position += 1
        return nullable, repeats

    def _escape(self) -> bool:
        """Reads an escape outside a class. Returns whether it matches the empty string."""
        following = self.text[self.position + 1 : self.position + 2]
        if following == "Q":
            end = self.text.find(r"\E", self.position + 2)
            quoted = self.text[self.position + 2 : None if end < 0 else end]
            self.position = len(self.text) if end < 0 else end + 2
            return not quoted
        if following in "pP" and following:
            self._property()
            return False
        if following and following in _ESCAPES:
            self.position += 2
            return following in _NULLABLE_ESCAPES
        self._escaped_character()
        return False

    def _property(self) -> None:
        match = _PROPERTY.match(self.text, self.position)
        if match is None:
            raise self._error("the character class is not complete: write `\\p{L}` or `\\pL`", 2)
        name = match[1] if match[2] is None else match[2]
        if name not in CATEGORIES and name not in SCRIPTS:
            raise self._error(f"`{match[0]}` is not a Unicode category or script", len(match[0]))
        self.position = match.end()

    def _escaped_character(self) -> int:
        """Reads an escape that stands for one character, and returns its code point."""
        text, start = self.text, self.position
        character = text[start + 1 : start + 2]
        if not character:
            raise self._error("the pattern ends in a single backslash", 1)
        if hexadecimal := _HEX.match(text, start):
            code = int(hexadecimal[1] or hexadecimal[2], 16)
            if code > _LAST_CODE_POINT:
                raise self._error(f"`{hexadecimal[0]}` is not a Unicode character", len(hexadecimal[0]))
            self.position = hexadecimal.end()
            return code
        if octal := _OCTAL.match(text, start):
            self.position = octal.end()
            return int(octal[0][1:], 8)
        if character.isdigit() and character.isascii():
            raise self._error(f"`\\{character}` refers back to a group, which RE2 does not have", 2)
        if character in "afnrtv" or (character.isascii() and not character.isalnum()):
            self.position = start + 2
            return ord(character)
        raise self._error(f"`\\{character}` is not an escape of RE2", 2)

    def _character_class(self) -> None:
        start = self.position
        self.position += 2 if self.text.startswith("[^", start) else 1
        first = True
        while True:
            if self.position >= len(self.text):
                raise RegexError("the character class is never closed: expected `]`", start, len(self.text))
            character = self.text[self.position]
            if character == "]" and not first:
                self.position += 1
                return
            first = False
            self._class_member()

    def _class_member(self) -> None:
        text = self.text
        if posix := _POSIX.match(text, self.position):
            self.position = posix.end()
            return
        if text.startswith("[:", self.position) and (end := text.find(":]", self.position + 2)) >= 0:
            name = text[self.position : end + 2]
            raise self._error(f"`{name}` is not a class of characters", len(name))
        following = text[self.position + 1 : self.position + 2] if text[self.position] == "\\" else ""
        if following and following in "pP":
            self._property()
            return
        if following and following in "dDsSwW":
            self.position += 2
            return
        start = self.position
        low = self._class_character()
        if text.startswith("-", self.position) and text[self.position + 1 : self.position + 2] not in ("]", ""):
            self.position += 1
            high = self._class_character()
            if high < low:
                raise RegexError(f"the range `{text[start : self.position]}` goes backwards", start, self.position)

    def _class_character(self) -> int:
        if self.text[self.position] == "\\":
            return self._escaped_character()
        self.position += 1
        return ord(self.text[self.position - 1])


def _group_help(opening: str) -> str:
    if opening.startswith(("(?=", "(?!")) or opening in ("(?<=", "(?<!"):
        written = opening if "<" in opening else opening[:3]
        return f"{NO_LOOK_AROUND} (`{written}`)"
    return f"`{opening[:3]}` does not open a group of RE2"
