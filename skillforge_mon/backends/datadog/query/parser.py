"""From the text of a monitor's query to its tree, by the type of the monitor."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from skillforge_mon.backends.datadog.capabilities import METRIC_TYPES
from skillforge_mon.backends.datadog.query import monitor_types as types
from skillforge_mon.backends.datadog.query.chain import (
    SOURCE,
    read_check_query,
    read_event_query,
    read_formula_query,
    read_slo_query,
)
from skillforge_mon.backends.datadog.query.composite import read_composite_query
from skillforge_mon.backends.datadog.query.errors import DatadogSyntaxError, DatadogTypeError
from skillforge_mon.backends.datadog.query.expression import ExpressionParser
from skillforge_mon.backends.datadog.query.lexer import Scanner
from skillforge_mon.backends.datadog.query.metric import read_metric_query
from skillforge_mon.backends.datadog.query.printer import print_node, print_query
from skillforge_mon.backends.datadog.query.scope_tree import Place
from skillforge_mon.backends.datadog.query.tree import AnyQuery, Node
from skillforge_mon.spec.suggest import nearest

_CHECK = re.compile(r"\"[^\"]*\"?|'[^']*'?")
_WINDOWED = re.compile(r"(?:change|pct_change)(?=\s*\()|\w+(?=\s*\(\s*(?:last|next|current)_)", re.ASCII)
_COMPOSITE = re.compile(r"[!(\s]*(?:[0-9]+|%\{[a-z_]+:[^{}]+\})(?=[)\s]*(?:&&|\|\||$))", re.ASCII)


def parse_monitor(type_: str, text: str) -> AnyQuery:
    """The query ``text`` of a monitor of ``type_``, as its API names types.

    What is not asked: whether functions and methods of these names exist, and whether windows and numbers are ones
    that Datadog takes; ``limits.problems`` says so. Raises DatadogSyntaxError; as a DatadogTypeError where the text is
    the query of another type.
    """
    scanner = Scanner(text)
    if scanner.at_end:
        raise scanner.error("the query is empty", (scanner.position, scanner.position))
    found = _opening(text)
    if found is not None and type_ not in found[0]:
        owners, place = found
        message = f"this is the query of {types.a(owners[0])}, and the monitor is {types.a(type_)}"
        raise DatadogTypeError(message, *place, owners)
    return _reader(type_, scanner, formula=found is not None and found[0] == types.FORMULA_TYPES)(scanner)


def _reader(type_: str, scanner: Scanner, *, formula: bool) -> Callable[[Scanner], AnyQuery]:
    if formula:
        return read_formula_query
    if type_ in METRIC_TYPES:
        return read_metric_query
    if type_ == types.CHECK_TYPE:
        return read_check_query
    if type_ == types.COMPOSITE_TYPE:
        return read_composite_query
    if type_ == types.SLO_TYPE:
        _known_opening(scanner, type_, types.SLO_MEASURES)
        return read_slo_query
    if type_ in types.FORMULA_TYPES or types.sources_of(type_):
        _known_opening(scanner, type_, types.sources_of(type_) or (types.FORMULA,))
        return read_event_query
    raise scanner.error(f"{type_} monitors have no query that can be read", (scanner.start(), len(scanner.text)))


def _known_opening(scanner: Scanner, type_: str, known: tuple[str, ...]) -> None:
    """The text begins with one of ``known`` and a bracket, or it is none of a monitor of ``type_``."""
    opening = scanner.looks_like(SOURCE)
    if opening is not None and opening[1] in known:
        return
    choices = " or ".join(f"`{name}(`" for name in known)
    message = f"queries of {types.a(type_)} begin with {choices}"
    start = scanner.start()
    place = opening.span(1) if opening is not None else (start, min(start + 1, len(scanner.text)))
    meant = nearest(opening[1], known) if opening is not None else ""
    raise scanner.error(message, place, f"did you mean `{meant}`?" if meant else "")


def _opening(text: str) -> tuple[tuple[str, ...], Place] | None:
    """The types of monitors that the beginning of ``text`` belongs to, and its place; None where it is unknown."""
    scanner = Scanner(text)
    opening = scanner.looks_like(SOURCE)
    if opening is not None:
        name = opening[1]
        known = {
            **types.SOURCES,
            types.FORMULA: types.FORMULA_TYPES,
            **dict.fromkeys(types.SLO_MEASURES, (types.SLO_TYPE,)),
        }
        if name in known:
            return known[name], opening.span(1)
    for pattern, owners in (
        (_WINDOWED, METRIC_TYPES),
        (_CHECK, (types.CHECK_TYPE,)),
        (_COMPOSITE, (types.COMPOSITE_TYPE,)),
    ):
        match = scanner.looks_like(pattern)
        if match is not None:
            return owners, match.span()
    return None


def parse_expression(text: str, *, variables: bool = False) -> Node:
    """A metric query without window and comparison, as SLOs and dashboards have them. Raises DatadogSyntaxError.

    ``variables`` allows template variables, ``$env``, which only dashboards have.
    """
    scanner = Scanner(text)
    found = ExpressionParser(scanner, variables=variables).expression()
    scanner.end("the expression")
    return found


@lru_cache(maxsize=4096)
def normal_query(type_: str, text: str) -> str:
    """The query in the one form of all queries that say the same; ``text`` without white space around it where it
    cannot be read.
    """
    try:
        return print_query(parse_monitor(type_, text))
    except DatadogSyntaxError:
        return text.strip()


@lru_cache(maxsize=4096)
def normal_expression(text: str) -> str:
    """The same of a query without window and comparison."""
    try:
        return print_node(parse_expression(text, variables=True))
    except DatadogSyntaxError:
        return text.strip()
