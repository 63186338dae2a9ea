"""Queries of monitors on metrics: ``avg(last_5m):… > 1``, ``change(avg(last_5m),1h_ago):… > 1``."""

from __future__ import annotations

import re
from typing import Final, Literal

from skillforge_mon.backends.datadog.capabilities import TIME_AGGREGATORS
from skillforge_mon.backends.datadog.query.errors import DatadogSyntaxError
from skillforge_mon.backends.datadog.query.expression import ExpressionParser
from skillforge_mon.backends.datadog.query.lexer import Scanner
from skillforge_mon.backends.datadog.query.scope_tree import Place
from skillforge_mon.backends.datadog.query.tree import Change, MonitorQuery, Window, WindowUnit

_HEAD = re.compile(r"([A-Za-z_]\w*)\s*\(\s*(?=\w+\s*[,)])", re.ASCII)
_CHANGE = re.compile(r"(change|pct_change)\s*\(", re.ASCII)
_WORD = re.compile(r"\w+", re.ASCII)
_WINDOW = re.compile(r"(last|next|current)_([0-9]{1,6})(mo|[mhdw])", re.ASCII)

WINDOWS: Final = "windows are like `last_5m`, `last_4h`, `last_1d` and `last_1w`, or `current_1d`"
_UNITS: Final[dict[str, WindowUnit]] = {"m": "m", "h": "h", "d": "d", "w": "w", "mo": "mo"}


def read_metric_query(scanner: Scanner) -> MonitorQuery:
    """The whole of ``scanner``'s text. Raises DatadogSyntaxError."""
    changed = scanner.read(_CHANGE)
    aggregator, place, window = _windowed(scanner)
    change = _change(scanner, changed) if changed is not None else None
    scanner.expect(":", "after the window", "write `avg(last_5m):` before what is watched")
    expression = ExpressionParser(scanner).expression()
    return MonitorQuery(aggregator, window, expression, scanner.limit(), change, place)


def _change(scanner: Scanner, opened: re.Match[str]) -> Change:
    """What is compared with, and the bracket after it."""
    scanner.expect(",", "after the window", f"write `{opened[1]}(avg(last_5m),1h_ago):`")
    against = scanner.read(_WORD)
    if against is None:
        raise scanner.unexpected("expected the time to compare with", "such as `1h_ago`")
    scanner.expect(")", "after the time to compare with")
    return Change("change" if opened[1] == "change" else "pct_change", against[0], against.span())


def _windowed(scanner: Scanner) -> tuple[str, Place, Window]:
    """``avg(last_5m)``: the aggregator, its place and the window."""
    head = scanner.read(_HEAD)
    if head is None:
        raise _headless(scanner)
    word = scanner.read(_WORD)
    assert word is not None  # noqa: S101 - the head looks ahead for it
    window = window_of(word[0], word.span())
    if window is None:
        raise scanner.error(f"`{word[0]}` is no window", word.span(), WINDOWS)
    scanner.expect(")", "after the window")
    return head[1], head.span(1), window


def _headless(scanner: Scanner) -> DatadogSyntaxError:
    start = scanner.start()
    word = scanner.looks_like(_WORD)
    end = word.end() if word is not None else min(start + 1, len(scanner.text))
    known = word is not None and word[0] in TIME_AGGREGATORS
    if known and scanner.text[end : end + 1] == "(":
        scanner.position = end + 1
        return scanner.unexpected("expected a window", WINDOWS)
    return scanner.error("the query does not begin with a window", (start, end), "write `avg(last_5m):` before it")


def window_of(text: str, place: Place) -> Window | None:
    """The window that ``text`` is: its kind, amount and unit; whether a monitor takes it is not asked."""
    match = _WINDOW.fullmatch(text)
    if match is None:
        return None
    kind: Literal["last", "next", "current"] = "last"
    if match[1] != "last":
        kind = "next" if match[1] == "next" else "current"
    return Window(kind, int(match[2]), _UNITS[match[3]], place)
