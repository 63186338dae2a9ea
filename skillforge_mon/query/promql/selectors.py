"""Selectors and what may follow them: ranges, subqueries, ``offset`` and ``@``."""

from __future__ import annotations

from typing import cast

from skillforge_mon.query.promql import typecheck
from skillforge_mon.query.promql.errors import PromQLSyntaxError
from skillforge_mon.query.promql.numbers import at_milliseconds, duration_of
from skillforge_mon.query.promql.reader import Reader
from skillforge_mon.query.promql.tree import (
    METRIC_NAME_LABEL,
    At,
    Duration,
    Expr,
    Matcher,
    MatchOp,
    MatrixSelector,
    Span,
    Subquery,
    VectorSelector,
)

_MATCH_OPERATORS = frozenset(("=", "!=", "=~", "!~"))
_SIGNS = ("+", "-")
_ARITHMETIC = frozenset(("+", "-", "*", "/", "%", "^", "("))


class SelectorReader(Reader):
    """The part of the grammar in which time and labels are chosen."""

    __slots__ = ()

    def selector(self) -> VectorSelector:
        """``name{matchers}`` without what may follow."""
        name: str | None = None
        index = self.index
        start = self.tokens[index][2]
        name_span = (start, start)
        matchers: tuple[Matcher, ...] = ()
        if self.kind != "{":
            _, name, _, name_end = self.advance()
            name_span = (start, name_end)
        if self.kind == "{":
            name, name_span, matchers = self._braces(name, name_span)
        self.height = 1
        selector = VectorSelector(name, matchers, None, None, (start, self.end()), name_span)
        if name is None and index != self.info_labels_at:
            typecheck.check_selector(selector)
        return selector

    def _braces(self, name: str | None, name_span: Span) -> tuple[str | None, Span, tuple[Matcher, ...]]:
        opening = self.advance()
        outside = name
        matchers: list[Matcher] = []
        while self.kind != "}":
            kind, label, start, end = self.tokens[self.index]
            if kind not in ("identifier", "string"):
                raise self.unexpected("the matchers", "a label name or `}`")
            self.advance()
            if self.kind in _MATCH_OPERATORS:
                matchers.append(self._matcher(label, start, end))
            elif kind == "identifier":
                raise self.unexpected("the matchers", "one of `=`, `!=`, `=~`, `!~`")
            elif name is None and label:
                name, name_span = label, (start, end)
            else:
                if outside is not None:
                    raise typecheck.second_name(outside, label, start, end)
                matchers.append(Matcher(METRIC_NAME_LABEL, "=", label, (start, end), (start, end), (start, end)))
            if outside is not None and matchers and matchers[-1].label == METRIC_NAME_LABEL:
                raise typecheck.second_name(outside, matchers[-1].value, start, self.end())
            if self.kind != ",":
                break
            self.advance()
        self.expect_closing(opening, "the matchers", "`,` or `}`")
        return name, name_span, tuple(matchers)

    def _matcher(self, label: str, start: int, label_end: int) -> Matcher:
        op = cast("MatchOp", self.advance()[0])
        if self.kind != "string":
            raise self.unexpected("the matchers", "a string", "label values are always quoted")
        _, value, value_start, end = self.advance()
        matcher = Matcher(label, op, value, (start, end), (start, label_end), (value_start, end))
        if op == "=~" or op == "!~":
            typecheck.check_regex(matcher, self.text)
        return matcher

    def postfix(self, expr: Expr) -> Expr:
        """``expr`` with the ``[…]``, ``offset`` or ``@`` that stands behind it."""
        if self.kind == "[":
            return self._range(expr)
        _, word, start, _ = self.advance()
        if word == "@":
            at = self._at(start)
            return typecheck.with_at(expr, at, self.end())
        offset = self._offset()
        return typecheck.with_offset(expr, offset, start, self.end())

    def _range(self, expr: Expr) -> Expr:
        opening = self.advance()
        length = self._range_duration("a range")
        if self.kind != ":":
            end = self.expect_closing(opening, "a range", "`:` or `]`")
            vector = typecheck.range_of(expr, opening[2], end)
            self.grow(0)
            return MatrixSelector(vector, length, (vector.span[0], end))
        self.advance()
        step = None if self.kind == "]" else self._range_duration("the step of a subquery")
        end = self.expect_closing(opening, "a subquery", "a duration or `]`" if step is None else "`]`")
        typecheck.check_subquery(expr)
        self.grow(0)
        return Subquery(expr, length, step, None, None, (expr.span[0], end))

    def _range_duration(self, context: str) -> Duration:
        """A duration inside brackets: longer than nothing."""
        start = self.tokens[self.index][2]
        sign = self._sign()
        if self.kind not in ("number", "duration"):
            if self.kind == "(":
                raise self._refuse_arithmetic()
            raise self.unexpected(context, "a duration such as `5m`")
        kind, text, number_start, end = self.advance()
        duration = duration_of(kind, text, sign, number_start, (start, end))
        if duration.milliseconds <= 0:
            raise PromQLSyntaxError("the duration must be longer than 0", start, end)
        if self.kind in _ARITHMETIC:
            raise self._refuse_arithmetic()
        return duration

    def _sign(self) -> int:
        sign = 1
        while self.kind in _SIGNS:
            if self.advance()[0] == "-":
                sign = -sign
        return sign

    def _refuse_arithmetic(self) -> PromQLSyntaxError:
        _, _, start, end = self.tokens[self.index]
        return PromQLSyntaxError(
            "calculating with durations is an experiment of Prometheus that monmc does not use", start, end,
            "write the result, such as `10m` for `5m * 2`",
        )  # fmt: skip

    def _offset(self) -> Duration:
        start = self.tokens[self.index][2]
        sign = self._sign()
        if self.kind == "(":
            raise self._refuse_arithmetic()
        if self.kind not in ("number", "duration"):
            raise self.unexpected("`offset`", "a duration such as `5m`")
        kind, text, number_start, end = self.advance()
        return duration_of(kind, text, sign, number_start, (start, end))

    def _at(self, start: int) -> At:
        if self.kind == "start" or self.kind == "end":
            anchor = self.kind
            self.advance()
            if self.kind != "(":
                raise self.unexpected("`@`", "`()`")
            opening = self.advance()
            end = self.expect_closing(opening, "`@`", "`)`")
            return At("start" if anchor == "start" else "end", (start, end))
        negative = False
        if self.kind in _SIGNS:
            negative = self.advance()[0] == "-"
        if self.kind not in ("number", "duration"):
            raise self.unexpected("`@`", "a time in seconds since 1970, `start()` or `end()`")
        kind, text, number_start, end = self.advance()
        return At(at_milliseconds(kind, text, negative, number_start, end), (start, end))
