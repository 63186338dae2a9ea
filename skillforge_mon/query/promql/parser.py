"""Tokens to a tree: the grammar of Prometheus 3.5 by recursive descent, with operator precedence for binaries.

The reference is promql/parser/generated_parser.y of Prometheus 3.5. Types are checked while the tree is built, so
that the first error in the text is the one reported.

Four oddities of Prometheus 3.5 are not copied: that any letter may stand for the colon in ``[1h:5m]``, that a
comment right behind ``[`` is refused, that some hexadecimal numbers with an ``e`` are, and that ``offset NaN`` is not.
Functions of other versions are read too; ``versions.requirements`` tells them apart.
"""

from __future__ import annotations

from typing import cast

from skillforge_mon.query.promql import typecheck
from skillforge_mon.query.promql.errors import PromQLSyntaxError
from skillforge_mon.query.promql.lexer import REGEX_OUTSIDE_BRACES
from skillforge_mon.query.promql.numbers import number_value
from skillforge_mon.query.promql.reader import METRIC_WORDS
from skillforge_mon.query.promql.selectors import SelectorReader
from skillforge_mon.query.promql.tree import (
    AGGREGATIONS,
    MAX_DEPTH,
    PRECEDENCE,
    SET_OPERATORS,
    Aggregate,
    AggregateOp,
    Binary,
    BinaryOp,
    Call,
    Card,
    Expr,
    Grouping,
    LabelName,
    NumberLiteral,
    Paren,
    StringLiteral,
    Unary,
    UnaryOp,
    ValueType,
    VectorMatching,
)

_MODIFIERS = frozenset(("bool", "on", "ignoring", "group_left", "group_right"))
_POSTFIX = frozenset(("[", "offset", "@"))


def parse(text: str) -> Expr:
    """The tree of one PromQL expression. Raises PromQLSyntaxError at the first place that Prometheus would refuse."""
    reader = _ExpressionReader(text)
    try:
        return reader.whole()
    except RecursionError:
        raise reader.too_deep() from None


def _only_a_comment(text: str) -> str:
    """What to do when an expression is nothing but a comment: most often, its lines have been folded into one."""
    if not text.lstrip().startswith("#"):
        return ""
    return "a comment goes to the end of its line, and a folded block (`>`) is one line: begin the block with `|`"


class _ExpressionReader(SelectorReader):
    """The rest of the grammar: operators, functions, aggregations."""

    __slots__ = ()

    def whole(self) -> Expr:
        """The one expression of the text."""
        if self.kind == "eof":
            raise PromQLSyntaxError("there is no expression here", 0, len(self.text), _only_a_comment(self.text))
        expr = self._expression(1)
        if self.kind != "eof":
            raise self._unexpected_after_expression()
        return expr

    def _unexpected_after_expression(self) -> PromQLSyntaxError:
        _, text, _, _ = self.tokens[self.index]
        advice = ""
        if self.kind == "=" and self.text.startswith("=~", self.tokens[self.index][2]):
            advice = REGEX_OUTSIDE_BRACES
        elif self.kind == "=":
            advice = "equality is written `==`"
        elif self.kind in ("by", "without"):
            advice = f"`{text}` belongs to an aggregation, such as `sum {text} (job) (…)`"
        elif self.kind in ("group_left", "group_right"):
            advice = f"`{text}` needs `on (…)` or `ignoring (…)` before it"
        elif self.kind == ")":
            advice = "there is one `)` too many"
        raise self.unexpected("", "an operator or the end of the expression", advice)

    def _expression(self, least: int) -> Expr:
        """An expression whose binary operators all bind at least as tightly as ``least``."""
        self.nesting += 1
        if self.nesting > MAX_DEPTH:
            raise self.too_deep()
        start = self.tokens[self.index][2]
        left = self._operand()
        precedence = PRECEDENCE.get(self.kind, 0)
        while precedence >= least and precedence:
            height = self.height
            _, word, op_start, op_end = self.advance()
            op = cast("BinaryOp", word.lower())
            matching, return_bool = None, False
            if self.kind in _MODIFIERS:
                matching, return_bool = self._modifiers(op)
            right = self._expression(precedence if op == "^" else precedence + 1)
            self.grow(height)
            vectors = left.type is ValueType.VECTOR and right.type is ValueType.VECTOR
            left = Binary(op, left, right, matching, return_bool, (start, self.end()), (op_start, op_end))
            if not vectors:
                left = typecheck.checked_binary(left)
            precedence = PRECEDENCE.get(self.kind, 0)
        self.nesting -= 1
        return left

    def _operand(self) -> Expr:
        kind = self.kind
        if kind == "identifier" or kind == "metric":
            if self.tokens[self.index + 1][0] == "(":
                expr: Expr = self._call()
            else:
                expr = self.selector()
        elif kind == "number" or kind == "duration":
            _, text, start, end = self.advance()
            expr = NumberLiteral(number_value(kind, text, start), text, (start, end))
            self.height = 1
        elif kind in AGGREGATIONS and self.tokens[self.index + 1][0] in ("(", "by", "without"):
            expr = self._aggregate()
        elif kind == "(":
            expr = self._paren()
        elif kind == "{" or kind in METRIC_WORDS:
            expr = self.selector()
        elif kind == "string":
            _, text, start, end = self.advance()
            expr = StringLiteral(text, (start, end))
            self.height = 1
        elif kind == "-" or kind == "+":
            return self._signed()
        else:
            raise self.unexpected("", "a metric, a number, a function or `(`")
        while self.kind in _POSTFIX:
            expr = self.postfix(expr)
        return expr

    def _signed(self) -> Expr:
        _, sign, start, _ = self.advance()
        # A sign binds like `*`: `-a ^ b` is `-(a ^ b)`, `-a * b` is `(-a) * b`.
        operand = self._expression(PRECEDENCE["^"])
        span = (start, self.end())
        if isinstance(operand, NumberLiteral):
            value = -operand.value if sign == "-" else operand.value
            return NumberLiteral(value, self.text[start : span[1]], span)
        typecheck.check_signed(operand)
        self.grow(0)
        return Unary(cast("UnaryOp", sign), operand, span)

    def _paren(self) -> Paren:
        opening = self.advance()
        expr = self._expression(1)
        end = self.expect_closing(opening, "parentheses", "an operator or `)`")
        self.grow(0)
        return Paren(expr, (opening[2], end))

    def _arguments(self, name: str) -> tuple[list[Expr], int]:
        """``(a, b)``: the arguments, and where the closing parenthesis ends."""
        opening = self.advance()
        arguments: list[Expr] = []
        height = 0
        if self.kind != ")":
            while True:
                arguments.append(self._expression(1))
                height = max(height, self.height)
                if self.kind != ",":
                    break
                _, _, start, end = self.advance()
                if self.kind == ")":
                    raise PromQLSyntaxError("a comma must not stand before `)` in a list of arguments", start, end)
                if name == "info":
                    self.info_labels_at = self.index
        end = self.expect_closing(opening, f"the arguments of `{name}`", "an operator, `,` or `)`")
        self.height = height
        self.grow(0)
        return arguments, end

    def _call(self) -> Call:
        kind, name, start, name_end = self.advance()
        if kind == "metric":
            raise self.unexpected("", "an operator", "a function's name has no colon")
        function = typecheck.known_function(name, start, name_end)
        arguments, end = self._arguments(name)
        call = Call(name, tuple(arguments), (start, end), (start, name_end))
        typecheck.check_call(call, function, self.text)
        return call

    def _aggregate(self) -> Aggregate:
        _, word, start, op_end = self.advance()
        op = cast("AggregateOp", word.lower())
        grouping = None
        if self.kind != "(":
            grouping = self._grouping()
            if self.kind != "(":
                raise self.unexpected(f"`{op}`", "`(`")
        arguments, end = self._arguments(op)
        if grouping is None and (self.kind == "by" or self.kind == "without"):
            grouping = self._grouping()
            end = self.end()
        expr, param = typecheck.aggregate_arguments(op, arguments, (start, op_end), (start, end))
        return Aggregate(op, expr, param, grouping, (start, end), (start, op_end))

    def _grouping(self) -> Grouping:
        _, word, start, _ = self.advance()
        labels = self.label_list(word)
        return Grouping(word.lower() == "without", labels, (start, self.end()))

    def _modifiers(self, op: str) -> tuple[VectorMatching | None, bool]:
        """``bool``, ``on (…)`` or ``ignoring (…)``, ``group_left (…)`` or ``group_right (…)`` behind an operator."""
        return_bool = self.kind == "bool"
        if return_bool:
            _, _, start, end = self.advance()
            typecheck.check_bool(op, start, end)
        if self.kind not in ("on", "ignoring"):
            if self.kind in ("group_left", "group_right"):
                raise self.unexpected("", "`on (…)` or `ignoring (…)` before it")
            return None, return_bool
        kind, word, start, _ = self.advance()
        labels = self.label_list(word)
        card = Card.MANY_TO_MANY if op in SET_OPERATORS else Card.ONE_TO_ONE
        include: tuple[LabelName, ...] = ()
        if self.kind in ("group_left", "group_right"):
            side, word, group_start, group_end = self.advance()
            typecheck.check_group(op, word, group_start, group_end)
            card = Card.MANY_TO_ONE if side == "group_left" else Card.ONE_TO_MANY
            if self.kind == "(":
                include = self.label_list(word)
        matching = VectorMatching(card, kind == "on", labels, include, (start, self.end()))
        typecheck.check_include(matching)
        return matching, return_bool
