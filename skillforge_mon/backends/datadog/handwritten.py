"""Monitor queries that a user wrote: taken as they are, after a look at what Datadog would refuse.

The forms are those of the API description of ``Monitor.query``, one for each type of monitor.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from skillforge_mon.backends.datadog import capabilities, codes
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.model.project import Alert

_NUMBER = r"-?\d+(?:\.\d+)?"
_END = re.compile(rf"(>=|<=|==|!=|>|<)\s*({_NUMBER})\s*$", re.ASCII)
_BARE_FRACTION = re.compile(r"(?:>=|<=|==|!=|>|<)\s*-?\.\d+\s*$", re.ASCII)
_HEAD = re.compile(r"\s*(\w+)\(([^()]*)\)\s*:", re.ASCII)
_CHANGE = re.compile(r"\s*(?:change|pct_change)\((\w+)\(([^()]*)\)\s*,\s*([^()]*?)\s*\)\s*:", re.ASCII)
_WINDOW = re.compile(r"(last|next)_(\d+)([mhdw])|(current_\w+)", re.ASCII)
_MINUTES = {"m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}
_BY_BRACES = re.compile(r"\bby\s*\{([^{}]*)\}")
_BY_CALL = re.compile(r"\.by\(([^()]*)\)")
_ALERT_WINDOW = re.compile(r"alert_window\s*=\s*'([^']*)'")
_PAIRS = {")": "(", "}": "{", "]": "["}
_OPENINGS = {
    "service check": ('"', ".over(", ".last(", ".count_by_status()"),
    "slo alert": ("", ".over("),
    "process alert": ("processes(", ".rollup(", ".last("),
    "log alert": ("", ".last("),
    "event-v2 alert": ("", ".last("),
    "rum alert": ("", ".last("),
    "trace-analytics alert": ("", ".last("),
    "audit alert": ("", ".last("),
    "ci-pipelines alert": ("", ".last("),
    "error-tracking alert": ("", ".last("),
}
"""Type -> how its query begins, and what else must be in it."""


@dataclass(frozen=True, slots=True)
class Written:
    """A query of the user's own. ``op`` and ``number`` are what it ends with, None for types that do not compare."""

    type: str
    query: str
    op: str | None
    number: Decimal | None
    by: tuple[str, ...]


def written_query(alert: Alert, report: Report) -> Written | None:
    """The query that ``alert`` has for Datadog; None when it is malformed, which has been reported."""
    spec = alert.spec.datadog
    assert spec is not None  # noqa: S101 - only called for alerts with a query of their own
    assert spec.query is not None  # noqa: S101
    type_ = spec.type or capabilities.MONITOR_TYPE
    query = spec.query.strip()
    place = alert.place.at("datadog", "query")
    problems: list[tuple[str, str]] = []

    def problem(text: str, help_: str) -> None:
        problems.append((text, help_))

    _brackets(query, problem)
    end = _END.search(query)
    if type_ == "composite":
        _composite(query, problem)
    elif type_ in capabilities.METRIC_TYPES:
        _metric(query, end, problem)
    else:
        _other(type_, query, end, problem)
    for text, help_ in problems:
        report.add(codes.MALFORMED_QUERY.at(place, f"the Datadog query of `{alert.name}` {text}", help=help_))
    if problems or not _windows(alert, query, report):
        return None
    return Written(
        type_,
        query,
        end[1] if end is not None else None,
        Decimal(end[2]) if end is not None else None,
        _by(query),
    )


def _brackets(query: str, problem: Callable[[str, str], None]) -> None:
    opened: list[str] = []
    quote = ""
    for sign in query:
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "({[":
            opened.append(sign)
        elif sign in _PAIRS and (not opened or opened.pop() != _PAIRS[sign]):
            problem(f"closes `{sign}` where nothing is open", "balance the brackets")
            return
    if quote:
        problem(f"does not close {quote}", "balance the quotes")
    elif opened:
        problem(f"does not close `{opened[-1]}`", "balance the brackets")


def _composite(query: str, problem: Callable[[str, str], None]) -> None:
    if re.fullmatch(r"[\d\s&|!()]+", query) is None:
        problem("joins something other than monitors", "a composite query is like `123 && (456 || !789)`")


def _metric(query: str, end: re.Match[str] | None, problem: Callable[[str, str], None]) -> None:
    if _BARE_FRACTION.search(query):
        problem("compares with a number without a digit before the point", "write `0.5`, not `.5`")
    elif end is None:
        problem("does not end in a comparison", "end it with a number, such as `> 100`")
    change = _CHANGE.match(query)
    head = change or _HEAD.match(query)
    if head is None:
        problem("does not begin with a window", "begin with the window, such as `avg(last_5m):`")
        return
    if head[1] not in capabilities.TIME_AGGREGATORS:
        known = ", ".join(capabilities.TIME_AGGREGATORS)
        problem(f"reduces its window by `{head[1]}`", f"aggregators are: {known}")
    if not _legal_window(head[2].strip(), forecast="forecast(" in query):
        problem(
            f"has the window `{head[2].strip()}`",
            "windows are `last_1m` to `last_10080m`, `last_1h` to `last_168h`, `last_1d` to `last_7d` and `last_1w`",
        )
    if change is not None and change[3] not in capabilities.CHANGE_SHIFTS:
        problem(f"compares with `{change[3]}`", f"changes are against: {', '.join(capabilities.CHANGE_SHIFTS)}")


def _legal_window(window: str, *, forecast: bool) -> bool:
    match = _WINDOW.fullmatch(window)
    if match is None:
        return False
    if match[4] is not None:
        return match[4] in capabilities.CUMULATIVE_WINDOWS
    length = int(match[2]) * _MINUTES[match[3]]
    if match[1] == "next":
        return forecast and length > 0
    return 1 <= length <= capabilities.LONGEST_WINDOW_MINUTES


def _other(type_: str, query: str, end: re.Match[str] | None, problem: Callable[[str, str], None]) -> None:
    opening, *parts = _OPENINGS[type_]
    for part in parts:
        if part not in query:
            problem(f"has no `{part}`", f"queries of a {type_} have one")
    if not query.startswith(opening):
        problem(f"does not begin with `{opening}`", f"queries of a {type_} do")
    if type_ == "service check":
        if end is not None:
            problem("compares with a number", "a service check has its thresholds in `options`")
    elif end is None:
        problem("does not end in a comparison", "end it with a number, such as `> 100`")


def _windows(alert: Alert, query: str, report: Report) -> bool:
    """False, and a report, for an anomaly monitor whose windows are missing or do not agree."""
    spec = alert.spec.datadog
    assert spec is not None  # noqa: S101
    if "anomalies(" not in query:
        return True
    windows = spec.threshold_windows
    inside = _ALERT_WINDOW.search(query)
    if not {"trigger_window", "recovery_window"} <= set(windows):
        text = "is an anomaly monitor, and has no `threshold_windows`"
        help_ = "add `threshold_windows: {trigger_window: last_15m, recovery_window: last_15m}`"
    elif inside is not None and inside[1] != windows["trigger_window"]:
        text = f"is triggered by `{windows['trigger_window']}`, and its query looks at `{inside[1]}`"
        help_ = "give both the same window"
    else:
        return True
    report.add(
        codes.ANOMALY_WINDOWS.at(alert.place.at("datadog", "threshold_windows"), f"`{alert.name}` {text}", help=help_)
    )
    return False


def _by(query: str) -> tuple[str, ...]:
    match = _BY_BRACES.search(query) or _BY_CALL.search(query)
    if match is None:
        return ()
    tags = (tag.strip().strip("\"'") for part in match[1].split(",") for tag in [part])
    return tuple(tag for tag in tags if tag and tag != "*")
