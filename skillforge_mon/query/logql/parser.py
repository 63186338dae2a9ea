"""Text to tree: what is a query on the whole; what stands inside braces and behind them is in lines.py."""

from __future__ import annotations

from typing import Literal

from skillforge_mon.query.logql.errors import LogQLSyntaxError
from skillforge_mon.query.logql.lines import LinesReader
from skillforge_mon.query.logql.tree import (
    GROUPED_RANGES,
    MAX_DEPTH,
    PRECEDENCE,
    RANGE_OPERATIONS,
    SET_OPERATORS,
    VECTOR_OPERATIONS,
    WITH_UNWRAP,
    Binary,
    Grouping,
    LabelReplace,
    Length,
    LogLines,
    LogQL,
    Matching,
    MetricExpr,
    Number,
    RangeAggregate,
    Unwrap,
    Vector,
    VectorAggregate,
)

_OPERATIONS = (*RANGE_OPERATIONS, *VECTOR_OPERATIONS, "vector", "label_replace")


def parse_logql(text: str, *, variables: bool = False) -> LogQL:
    """The tree of ``text``. Raises LogQLSyntaxError.

    With ``variables``, those of Grafana (``$__auto``, ``${window}``) may stand for a length of time or a number.
    """
    reader = _Reader(text, variables=variables)
    found = reader.query()
    if reader.kind != "eof":
        raise reader.unexpected("the end of the query")
    return found


class _Reader(LinesReader):
    """Recursive descent over the grammar of pkg/logql/syntax/syntax.y, operators by precedence."""

    def query(self) -> LogQL:
        if self._begins_lines():
            lines = self._bare_lines()
            unwrapped = next((stage for stage in lines.stages if isinstance(stage, Unwrap)), None)
            if unwrapped is not None:
                raise LogQLSyntaxError(
                    "numbers are taken out of lines only to compute with them", *unwrapped.span,
                    "write `sum_over_time({…} | unwrap … [5m])`",
                )  # fmt: skip
            return lines
        return self.metric(0)

    def _begins_lines(self) -> bool:
        """Whether braces come first, within brackets or not."""
        index = self.index
        while self.tokens[index][0] == "(":
            index += 1
        return self.tokens[index][0] == "{"

    def _bare_lines(self) -> LogLines:
        if self.kind != "(":
            return self.lines()
        opening = self.advance()
        inner = self._bare_lines()
        self.closing(opening)
        return inner

    def metric(self, least: int) -> MetricExpr:
        """An expression whose operators bind at least as tightly as ``least``."""
        self.nesting += 1
        if self.nesting > MAX_DEPTH:
            raise self.error(f"the query is nested more than {MAX_DEPTH} levels deep")
        left = self._operand()
        while self._operator() in PRECEDENCE and PRECEDENCE[self._operator()] >= least:
            left = self._binary(left)
        self.nesting -= 1
        return left

    def _operator(self) -> str:
        """The operator that comes next, by kind or by word; something else otherwise."""
        kind, text, _, _ = self.token
        return text if kind == "word" else kind

    def _binary(self, left: MetricExpr) -> Binary:
        _, _, op_start, op_end = self.token
        op = self._operator()
        self.advance()
        bool_ = self.word("bool")
        matching = self._matching()
        own = PRECEDENCE[op]
        right = self.metric(own if op == "^" else own + 1)
        for side in (left, right):
            if op in SET_OPERATORS and isinstance(side, Number):
                raise LogQLSyntaxError(
                    f"`{op}` joins series, and a number is none", op_start, op_end, f"write `vector({side.text})`"
                )
        return Binary(op, left, right, bool_, matching, (op_start, op_end))

    def _matching(self) -> Matching | None:
        found = next((word for word in ("on", "ignoring") if self.is_word(word)), None)
        if found is None:
            return None
        self.advance()
        labels = self.names()
        group: Literal["", "left", "right"] = ""
        include: tuple[str, ...] = ()
        sides: tuple[Literal["left", "right"], ...] = ("left", "right")
        for side in sides:
            if self.word(f"group_{side}"):
                group = side
                include = self.names() if self.kind == "(" else ()
        return Matching(found == "on", labels, group, include)

    def _operand(self) -> MetricExpr:
        kind, text, start, end = self.token
        if kind == "(":
            if self._begins_lines():
                raise self.error("lines are no numbers: count them first", help="write `count_over_time({…}[5m])`")
            opening = self.advance()
            inner = self.metric(0)
            self.closing(opening)
            return inner
        if kind in ("+", "-") and self.tokens[self.index + 1][0] == "number":
            self.advance()
            number = self.advance()
            return Number(f"-{number[1]}" if kind == "-" else number[1], (start, number[3]))
        if kind == "number" or (kind == "variable" and self.variables):
            self.advance()
            return Number(text, (start, end))
        if kind == "{":
            raise self.error("lines are no numbers: count them first", help="write `count_over_time({…}[5m])`")
        if kind != "word":
            raise self.unexpected('a selector such as `{app="web"}`, or an operation such as `rate`')
        if text in RANGE_OPERATIONS:
            return self._range_aggregate()
        if text in VECTOR_OPERATIONS:
            return self._vector_aggregate()
        if text == "vector":
            return self._vector()
        if text == "label_replace":
            return self._label_replace()
        raise self.unknown(text, _OPERATIONS, "LogQL has no operation")

    def _vector(self) -> Vector:
        self.advance()
        opening = self.expect("(", "`(` and a number")
        number = self.number()
        self.closing(opening)
        return Vector(number)

    def _label_replace(self) -> LabelReplace:
        self.advance()
        opening = self.expect("(", "`(`")
        expr = self.metric(0)
        texts = []
        for what in ("the new label", "its value", "the label that is read", "a regular expression"):
            self.expect(",", f"`,` and {what}")
            start = self.token[2]
            texts.append(self.string(what))
        self.regex(texts[-1], start)
        self.closing(opening)
        return LabelReplace(expr, (texts[0], texts[1], texts[2], texts[3]))

    def _vector_aggregate(self) -> VectorAggregate:
        _, op, start, end = self.advance()
        grouping = self._grouping()
        opening = self.expect("(", f"`(` behind `{op}`")
        param = None
        if VECTOR_OPERATIONS[op]:
            if "." in self.token[1]:
                raise self.error(f"`{op}` wants a whole number")
            param = self.number()
            self.expect(",", f"`,` behind the number of `{op}`")
        expr = self.metric(0)
        self.closing(opening)
        if grouping is None:
            grouping = self._grouping()
        if grouping is not None and op.startswith("sort"):
            raise LogQLSyntaxError(f"`{op}` cannot be grouped", start, end)
        return VectorAggregate(op, expr, param, grouping, (start, end))

    def _grouping(self) -> Grouping | None:
        for word in ("by", "without"):
            if self.word(word):
                return Grouping(word == "without", self.names())
        return None

    def _range_aggregate(self) -> RangeAggregate:
        _, op, start, end = self.advance()
        opening = self.expect("(", f"`(` behind `{op}`")
        param = None
        if RANGE_OPERATIONS[op]:
            param = self.number()
            self.expect(",", f"`,` behind the number of `{op}`")
        lines, length, offset = self._range()
        self.closing(opening)
        unwrapped = next((stage for stage in lines.stages if isinstance(stage, Unwrap)), None)
        if unwrapped is None and op in WITH_UNWRAP:
            raise LogQLSyntaxError(
                f"`{op}` computes with numbers, and the lines give none", start, end,
                "put `| unwrap` and a label in front of the range",
            )  # fmt: skip
        if unwrapped is not None and op not in WITH_UNWRAP | {"rate", "absent_over_time"}:
            raise LogQLSyntaxError(f"`{op}` does not compute with numbers: leave `unwrap` out", *unwrapped.span)
        grouping = self._grouping()
        if grouping is not None and op not in GROUPED_RANGES:
            raise LogQLSyntaxError(
                f"`{op}` cannot be grouped",
                start,
                end,
                f"write `sum {'without' if grouping.without else 'by'} (…) (…)`",
            )
        return RangeAggregate(op, lines, length, offset, param, grouping, (start, end))

    def _range(self) -> tuple[LogLines, Length, Length | None]:
        """Lines with a range: behind the selector, or behind all that is done to the lines."""
        if self.kind == "(":
            opening = self.advance()
            if self._begins_lines() and self.kind == "(":
                found = self._range()
                self.closing(opening)
                return found
            lines = self.lines()
            if self.kind == "[":
                length, offset = self._length()
                self.closing(opening)
                return lines, length, offset
            self.closing(opening)
            return lines, *self._length()
        if self.kind != "{":
            raise self.unexpected('a selector such as `{app="web"}`')
        lines = self.lines()
        length, offset = self._length()
        if self.kind not in (")", "eof") and not lines.stages:
            lines = LogLines(lines.matchers, (*lines.stages, *self.stages()), (lines.span[0], self.end()))
        return lines, length, offset

    def _length(self) -> tuple[Length, Length | None]:
        opening = self.expect("[", "`[` and a length of time such as `5m`")
        length = self.length()
        _, _, start, end = self.token
        self.closing(opening)
        if (length.span[0], start) != (opening[3], length.span[1]):
            raise LogQLSyntaxError("no space may stand between these brackets", opening[2], end)
        offset = self.length(signed=True) if self.word("offset") else None
        return length, offset
