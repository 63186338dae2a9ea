"""What a monitor on metrics calculates: ``default_zero(sum:a{*} by {host}.as_count()) / sum:b{*} * 100``."""

from __future__ import annotations

import re
from decimal import Decimal

from skillforge_mon.backends.datadog.query.calls import close, read_argument, read_methods
from skillforge_mon.backends.datadog.query.lexer import OPERATORS, Scanner
from skillforge_mon.backends.datadog.query.scope import ScopeParser
from skillforge_mon.backends.datadog.query.scope_tree import Place
from skillforge_mon.backends.datadog.query.tree import (
    Argument,
    Arithmetic,
    ArithmeticOp,
    Function,
    Limit,
    Metric,
    Node,
    Number,
    QueryName,
)

_WORD = re.compile(r"[A-Za-z_][\w.]*", re.ASCII)
_NAME = re.compile(r"[A-Za-z][\w.]*", re.ASCII)
_BY = re.compile(r"by\b")
_TAG = re.compile(r"[^\s,(){}]+")
_VALUES = re.compile(r"\(\s*v\s*:\s*v\s*([<>=!]+)")


class ExpressionParser:
    """Reads expressions.

    ``names`` says whether bare words are names of queries, as in formulas; ``variables`` whether ``$name`` is a
    variable, as it is on dashboards only.
    """

    def __init__(self, scanner: Scanner, *, names: bool = False, variables: bool = False) -> None:
        self.scanner = scanner
        self.names = names
        self.variables = variables

    def expression(self) -> Node:
        """Sums and differences."""
        left = self._product()
        while (op := self._operator("+", "-")) is not None:
            right = self._product()
            left = Arithmetic(op, left, right, (left.place[0], right.place[1]))
        return left

    def _product(self) -> Node:
        left = self._operand()
        while (op := self._operator("*", "/")) is not None:
            right = self._operand()
            left = Arithmetic(op, left, right, (left.place[0], right.place[1]))
        return left

    def _operator(self, *choices: ArithmeticOp) -> ArithmeticOp | None:
        for op in choices:
            if self.scanner.take(op):
                self.scanner.part()
                return op
        return None

    def _operand(self) -> Node:
        scanner = self.scanner
        with scanner.deeper():
            start = scanner.start()
            number = scanner.number()
            if number is not None:
                return number
            if scanner.take("-"):
                operand = self._operand()
                return Arithmetic("*", Number(Decimal(-1), (start, start + 1)), operand, (start, operand.place[1]))
            if scanner.take("("):
                inner = self.expression()
                if scanner.take(")"):
                    return inner
                if scanner.at_end:
                    raise scanner.error("`(` is not closed", (start, start + 1), "close it with `)`")
                raise scanner.unexpected("expected an operator or `)`")
            word = scanner.read(_WORD)
            if word is None:
                if self.names:
                    raise scanner.unexpected("expected the name of a query, a number or a function")
                raise scanner.unexpected(
                    "expected a metric, a number or a function", "metrics are written `avg:system.load.1{*}`"
                )
            return self._named(word[0], word.span())

    def _named(self, name: str, place: Place) -> Node:
        scanner = self.scanner
        values = scanner.read(_VALUES)
        if values is not None:
            return self._metric(name, place, self._limited(values))
        if scanner.sees("("):
            return self._function(name, place)
        if scanner.take(":"):
            return self._metric(name, place, None)
        if scanner.sees("{"):
            return self._rest_of_metric("", name, (place[0], place[0]), place, None)
        if self.names:
            return QueryName(name, place)
        raise scanner.error(
            f"`{name}` is neither a metric nor a function", place, f"metrics are written `avg:{name}{{*}}`"
        )

    def _limited(self, values: re.Match[str]) -> Limit:
        """``(v: v<=0.3):`` of a distribution, of which the comparison has been read."""
        scanner = self.scanner
        if values[1] not in OPERATORS:
            known = " ".join(OPERATORS)
            raise scanner.error(f"`{values[1]}` compares nothing", values.span(1), f"comparisons are: {known}")
        number = scanner.number()
        if number is None:
            raise scanner.unexpected(f"expected a number after `v{values[1]}`")
        limit = Limit(values[1], number.value, (values.start(1), number.place[1]))
        scanner.expect(")", "after the values that are counted")
        scanner.expect(":", "before the name of the metric")
        return limit

    def _metric(self, space: str, place: Place, values: Limit | None) -> Metric:
        name = self.scanner.read(_NAME)
        if name is None:
            raise self.scanner.unexpected(f"expected the name of a metric after `{space}:`")
        return self._rest_of_metric(space, name[0], place, name.span(), values)

    def _rest_of_metric(self, space: str, name: str, place: Place, named: Place, values: Limit | None) -> Metric:
        scanner = self.scanner
        if not scanner.sees("{"):
            shown = f"{space}:{name}"
            raise scanner.error(
                f"`{shown}` has no filters", (place[0], named[1]), f"write `{shown}{{*}}` for everything"
            )
        filters = ScopeParser(scanner, variables=self.variables).scope()
        by = self._tags() if scanner.read(_BY) is not None else ()
        methods = read_methods(scanner)
        if methods and scanner.looks_like(_BY) is not None:
            raise scanner.unexpected("expected the end of the metric", "`by {…}` stands before the methods")
        return Metric(space, name, filters, by, methods, values, (place[0], scanner.position), named)

    def _tags(self) -> tuple[str, ...]:
        scanner = self.scanner
        scanner.expect("{", "after `by`", "write `by {host}`")
        found = []
        while True:
            tag = scanner.read(_TAG)
            if tag is None:
                raise scanner.unexpected("expected a tag to group by", "write `by {host,env}`")
            if "$" in tag[0] and not self.variables:
                message = f"`{tag[0]}` is a template variable, which only dashboards have"
                raise scanner.error(message, tag.span(), "write the tags")
            found.append(tag[0])
            if scanner.take("}"):
                return tuple(found)
            scanner.expect(",", "or `}` after a tag to group by", "write `by {host,env}`")

    def _function(self, name: str, place: Place) -> Function:
        scanner = self.scanner
        scanner.take("(")
        if scanner.take(")"):
            whole = (place[0], scanner.position)
            raise scanner.error(f"`{name}()` has nothing to work on", whole, f"write `{name}(avg:system.load.1{{*}})`")
        argument = self.expression()
        parameters: list[Argument] = []
        while scanner.take(","):
            parameters.append(read_argument(scanner))
        close(scanner, place[0])
        return Function(name, argument, tuple(parameters), (place[0], scanner.position))
