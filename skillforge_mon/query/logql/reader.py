"""Going through tokens, and saying what was expected instead of the present one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from skillforge_mon.query.logql.errors import LogQLSyntaxError
from skillforge_mon.query.logql.lexer import Token, tokenize
from skillforge_mon.query.logql.tree import KEYWORDS, Length
from skillforge_mon.spec.suggest import nearest

_CLOSING: Final = {"(": ")", "{": "}", "[": "]"}


class Reader:
    """Reads tokens from left to right. With ``variables``, those of Grafana may stand for lengths and numbers."""

    def __init__(self, text: str, *, variables: bool) -> None:
        self.text = text
        self.tokens, self.unreadable = tokenize(text)
        self.index = 0
        self.nesting = 0
        self.variables = variables

    @property
    def token(self) -> Token:
        """The present token."""
        return self.tokens[self.index]

    @property
    def kind(self) -> str:
        """Its kind."""
        return self.tokens[self.index][0]

    def advance(self) -> Token:
        """Steps over the present token and returns it."""
        token = self.tokens[self.index]
        self.index += 1
        return token

    def end(self) -> int:
        """Where the token before the present one ends."""
        return self.tokens[self.index - 1][3]

    def error(self, message: str, help: str = "") -> LogQLSyntaxError:  # noqa: A002 - the field's word
        """``message`` about the present token."""
        _, _, start, end = self.token
        return LogQLSyntaxError(message, start, end, help)

    def unexpected(self, expected: str, help: str = "") -> LogQLSyntaxError:  # noqa: A002 - the field's word
        """The error for the present token, which nothing in the grammar can follow."""
        kind, _, start, end = self.token
        if kind == "error" and self.unreadable is not None:
            return self.unreadable
        if kind == "eof":
            return LogQLSyntaxError(f"the query ends where {expected} was expected", start, end, help)
        advice = help
        if kind == "variable" and not self.variables:
            advice = advice or "Grafana's variables belong into dashboards only"
        return LogQLSyntaxError(f"unexpected `{self.text[start:end]}`, expected {expected}", start, end, advice)

    def unknown(self, word: str, known: Iterable[str], what: str) -> LogQLSyntaxError:
        """The error for a word that means nothing here."""
        choices = list(known)
        meant = nearest(word, choices)
        return self.error(
            f"{what} `{word}`", f"did you mean `{meant}`?" if meant else f"it has: {', '.join(sorted(choices))}"
        )

    def expect(self, kind: str, expected: str) -> Token:
        """Steps over a token of ``kind``."""
        if self.kind != kind:
            raise self.unexpected(expected)
        return self.advance()

    def closing(self, opening: Token) -> None:
        """Steps over the bracket that closes ``opening``."""
        wanted = _CLOSING[opening[0]]
        if self.kind == "eof":
            raise LogQLSyntaxError(f"this `{opening[0]}` is never closed: expected `{wanted}`", opening[2], opening[3])
        self.expect(wanted, f"`{wanted}`")

    def is_word(self, *words: str) -> bool:
        """Whether the present token is one of ``words``."""
        kind, text, _, _ = self.token
        return kind == "word" and text in words

    def word(self, word: str) -> bool:
        """Steps over ``word`` if it comes next."""
        if self.is_word(word):
            self.advance()
            return True
        return False

    def name(self, expected: str) -> str:
        """The name of a label."""
        if self.is_word(*KEYWORDS):
            raise self.error(f"`{self.token[1]}` is a word of LogQL's own, and no label's name")
        return self.expect("word", expected)[1]

    def names(self) -> tuple[str, ...]:
        """``(a, b)``."""
        opening = self.expect("(", "`(` and names of labels")
        found: list[str] = []
        while self.kind != ")":
            found.append(self.name("the name of a label or `)`"))
            if self.kind != ",":
                break
            self.advance()
            if self.kind == ")":
                raise self.unexpected("the name of a label")
        self.closing(opening)
        return tuple(found)

    def string(self, what: str) -> str:
        """The value of a string."""
        help_ = "texts are always quoted" if self.kind in ("word", "number", "duration") else ""
        if self.kind != "string":
            raise self.unexpected(f"{what} as a string", help_)
        return self.advance()[1]

    def number(self) -> str:
        """A number as it is written."""
        sign = ""
        if self.kind in ("+", "-"):
            sign = "-" if self.advance()[0] == "-" else ""
        if self.kind == "variable" and self.variables:
            return self.advance()[1]
        return sign + self.expect("number", "a number")[1]

    def length(self, *, signed: bool = False) -> Length:
        """A length of time as it is written."""
        _, _, start, _ = self.token
        sign = ""
        if signed and self.kind == "-":
            self.advance()
            sign = "-"
        if self.kind == "variable" and self.variables:
            _, text, _, end = self.advance()
            return Length(text, (start, end))
        _, text, first, end = self.expect("duration", "a length of time such as `5m`")
        if "." in text:
            raise LogQLSyntaxError(f"`{text}` is no length of a range", first, end, "write whole numbers: `1h30m`")
        return Length(sign + text, (start, end))
