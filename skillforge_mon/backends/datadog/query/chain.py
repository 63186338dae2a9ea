"""Queries that are one source and its methods: of logs and other events, formulas, service checks and SLOs."""

from __future__ import annotations

import re
from typing import Final, Literal

from skillforge_mon.backends.datadog.query.calls import read_methods
from skillforge_mon.backends.datadog.query.errors import DatadogSyntaxError
from skillforge_mon.backends.datadog.query.expression import ExpressionParser
from skillforge_mon.backends.datadog.query.lexer import Scanner
from skillforge_mon.backends.datadog.query.tree import CheckQuery, EventQuery, FormulaQuery, Node, SloQuery, Text

SOURCE: Final = re.compile(r"([a-z][a-z0-9_-]*)\s*\(", re.ASCII)


def read_event_query(scanner: Scanner) -> EventQuery:
    """The whole of ``scanner``'s text. Raises DatadogSyntaxError."""
    source, search, start = _opened(scanner, "a search in quotes")
    return EventQuery(source, search.value, read_methods(scanner), scanner.limit(), (start, start + len(source)))


def read_slo_query(scanner: Scanner) -> SloQuery:
    """The whole of ``scanner``'s text. Raises DatadogSyntaxError."""
    measure, slo, start = _opened(scanner, "the SLO's identifier in quotes")
    methods = read_methods(scanner)
    known: Literal["burn_rate", "error_budget"] = "burn_rate" if measure == "burn_rate" else "error_budget"
    return SloQuery(known, slo.value, methods, scanner.limit(), (start, start + len(measure)))


def read_check_query(scanner: Scanner) -> CheckQuery:
    """The whole of ``scanner``'s text. Raises DatadogSyntaxError."""
    check = scanner.string()
    if check is None:
        raise scanner.unexpected("expected the name of a service check in quotes", 'such as `"datadog.agent.up"`')
    methods = read_methods(scanner)
    if scanner.looks_like(re.compile("[<>=!]")) is not None:
        place = (scanner.start(), len(scanner.text.rstrip()))
        help_ = "how many checks in a row must fail stands in `options.thresholds`"
        raise scanner.error("a service check compares with no number", place, help_)
    scanner.end("the last method")
    return CheckQuery(check.value, methods, check.place)


def read_formula_query(scanner: Scanner) -> FormulaQuery:
    """The whole of ``scanner``'s text. Raises DatadogSyntaxError."""
    word, formula, start = _opened(scanner, "a formula in quotes")
    expression = _formula(scanner, formula)
    return FormulaQuery(expression, read_methods(scanner), scanner.limit(), (start, start + len(word)))


def _formula(scanner: Scanner, text: Text) -> Node:
    """What stands in the quotes, with its places in the query; with backslashes in it, its place is the whole text."""
    whole = text.place
    plain = whole[1] - whole[0] == len(text.value) + 2
    inside = Scanner(" " * (whole[0] + 1) + text.value) if plain else Scanner(text.value)
    try:
        found = ExpressionParser(inside, names=True).expression()
        inside.end("the formula")
    except DatadogSyntaxError as error:
        if plain:
            raise
        raise scanner.error(error.message, whole, error.help) from error
    return found


def _opened(scanner: Scanner, wanted: str) -> tuple[str, Text, int]:
    """``name("text")``: both, and where the name begins."""
    match = scanner.read(SOURCE)
    if match is None:
        raise scanner.unexpected("expected the query's source", 'such as `logs("status:error")`')
    text = scanner.string()
    if text is None:
        raise scanner.unexpected(f"expected {wanted}", f'write `{match[1]}("…")`')
    if not scanner.take(")"):
        help_ = 'a quote within the text is written `\\"`' if scanner.text[text.place[0]] == '"' else ""
        raise scanner.unexpected("expected `)` after the text in quotes", help_)
    return match[1], text, match.start(1)
