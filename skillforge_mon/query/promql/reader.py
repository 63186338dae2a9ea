"""Going through tokens, and saying what was expected instead of the present one."""

from __future__ import annotations

from skillforge_mon.query.promql.errors import PromQLSyntaxError
from skillforge_mon.query.promql.lexer import Token, tokenize
from skillforge_mon.query.promql.strings import is_text
from skillforge_mon.query.promql.tree import AGGREGATIONS, MAX_DEPTH, LabelName

METRIC_WORDS = frozenset(
    ("identifier", "metric", *AGGREGATIONS, "by", "without", "and", "or", "unless", "offset", "start", "end")
)
"""Kinds of tokens that may name a metric outside braces."""

_LABEL_WORDS = METRIC_WORDS - {"without"} | {"on", "ignoring", "bool", "group_left", "group_right", "atan2"}
_CLOSING = {"(": ")", "{": "}", "[": "]"}


class Reader:
    """Reads tokens from left to right. ``kind`` is always the kind of the token at ``index``.

    ``height`` is the depth of the tree that was returned last, ``nesting`` the number of expressions being read.
    ``info_labels_at`` is the token where the second argument of ``info`` starts: matchers that may match everything.
    """

    __slots__ = ("height", "index", "info_labels_at", "kind", "nesting", "text", "tokens", "unreadable")

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens, self.unreadable = tokenize(text)
        self.index = 0
        self.kind = self.tokens[0][0]
        self.height = 0
        self.nesting = 0
        self.info_labels_at = -1

    def advance(self) -> Token:
        """Steps over the present token and returns it."""
        token = self.tokens[self.index]
        self.index += 1
        self.kind = self.tokens[self.index][0]
        return token

    def end(self) -> int:
        """Where the token before the present one ends."""
        return self.tokens[self.index - 1][3]

    def unexpected(self, context: str, expected: str, advice: str = "") -> PromQLSyntaxError:
        """The error for the present token, which nothing in the grammar can follow."""
        kind, _, start, end = self.tokens[self.index]
        if kind == "error" and self.unreadable is not None:
            return self.unreadable
        if kind == "eof":
            return PromQLSyntaxError(f"the expression ends where {expected} was expected", start, end, advice)
        where = f" in {context}" if context else ""
        return PromQLSyntaxError(f"unexpected `{self.text[start:end]}`{where}, expected {expected}", start, end, advice)

    def expect_closing(self, opening: Token, context: str, expected: str) -> int:
        """Steps over the bracket that closes ``opening``, and returns where it ends."""
        closing = _CLOSING[opening[0]]
        if self.kind == closing:
            return self.advance()[3]
        if self.kind == "eof":
            raise PromQLSyntaxError(
                f"this `{opening[0]}` is never closed: expected `{closing}`", opening[2], opening[3]
            )
        raise self.unexpected(context, expected)

    def too_deep(self) -> PromQLSyntaxError:
        """The error for a tree deeper than ``MAX_DEPTH``."""
        _, _, start, end = self.tokens[self.index]
        return PromQLSyntaxError(
            f"the expression is nested more than {MAX_DEPTH} levels deep", start, end,
            "record parts of it under names of their own",
        )  # fmt: skip

    def grow(self, other: int) -> None:
        """The next node stands above the last tree and one of height ``other``."""
        self.height = max(self.height, other) + 1
        if self.height > MAX_DEPTH:
            raise self.too_deep()

    def label_list(self, clause: str) -> tuple[LabelName, ...]:
        """``(a, b)`` behind the word ``clause``."""
        if self.kind != "(":
            raise self.unexpected(f"`{clause}`", "`(` and label names")
        opening = self.advance()
        labels: list[LabelName] = []
        while self.kind != ")":
            kind, name, start, end = self.tokens[self.index]
            if kind not in _LABEL_WORDS and kind != "string":
                if kind in ("without", "number"):
                    raise self.unexpected(f"`{clause}`", "a label name", f'this word must be quoted here: `"{name}"`')
                raise self.unexpected(f"`{clause}`", "a label name or `)`")
            if not name or not is_text(name):
                raise PromQLSyntaxError("a label name must be text, and not empty", start, end)
            self.advance()
            labels.append(LabelName(name, (start, end)))
            if self.kind != ",":
                break
            self.advance()
        self.expect_closing(opening, f"`{clause}`", "`,` or `)`")
        return tuple(labels)
