"""Queries of composite monitors: ``123 && (456 || !789)``."""

from __future__ import annotations

import re
from typing import Literal

from skillforge_mon.backends.datadog.query.lexer import Scanner
from skillforge_mon.backends.datadog.query.tree import CompositeQuery, Condition, Inverted, Joined, MonitorId

_MONITOR = re.compile(r"[0-9]+(?![\w.])|%\{[a-z_]+:[^{}]+\}", re.ASCII)
_WORD = re.compile(r"[A-Za-z]+", re.ASCII)
_SIGNS = {"and": "&&", "or": "||", "not": "!"}
_FORM = "a composite query is like `123 && (456 || !789)`"


def read_composite_query(scanner: Scanner) -> CompositeQuery:
    """The whole of ``scanner``'s text. Raises DatadogSyntaxError."""
    start = scanner.start()
    condition = _any(scanner)
    if not scanner.at_end:
        word = scanner.looks_like(_WORD)
        sign = _SIGNS.get(word[0].lower(), "") if word is not None else ""
        raise scanner.unexpected("expected `&&` or `||`", f"write `{sign}`" if sign else _FORM)
    return CompositeQuery(condition, (start, scanner.position))


def _any(scanner: Scanner) -> Condition:
    return _joined(scanner, "||", [_all(scanner)])


def _all(scanner: Scanner) -> Condition:
    return _joined(scanner, "&&", [_operand(scanner)])


def _joined(scanner: Scanner, op: Literal["&&", "||"], found: list[Condition]) -> Condition:
    while scanner.take(op):
        scanner.part()
        found.append(_all(scanner) if op == "||" else _operand(scanner))
    flat = tuple(
        each for item in found for each in (item.operands if isinstance(item, Joined) and item.op == op else (item,))
    )
    return flat[0] if len(flat) == 1 else Joined(op, flat, (found[0].place[0], found[-1].place[1]))


def _operand(scanner: Scanner) -> Condition:
    with scanner.deeper():
        start = scanner.start()
        if scanner.take("!"):
            operand = _operand(scanner)
            return Inverted(operand, (start, operand.place[1]))
        if scanner.take("("):
            condition = _any(scanner)
            if not scanner.take(")"):
                if scanner.at_end:
                    raise scanner.error("`(` is not closed", (start, start + 1), "close it with `)`")
                raise scanner.unexpected("expected `&&`, `||` or `)`", _FORM)
            return condition
        monitor = scanner.read(_MONITOR)
        if monitor is None:
            raise scanner.unexpected("expected a monitor's number", _FORM)
        return MonitorId(monitor[0], monitor.span())
