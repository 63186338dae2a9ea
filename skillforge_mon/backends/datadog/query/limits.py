"""Whether Datadog takes a query that has the right form: its words, windows and numbers, type by type.

Sources: docs.datadoghq.com, API, "Create a monitor"; "Configure Monitors" (evaluation windows: 48 hours, 1 month for
metric monitors); "Anomaly Monitor" (API); "Forecasts Monitor"; "Outlier Monitor"; "Composite Monitor"; "Burn Rate
Alerts" and "Error Budget Alerts".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from skillforge_mon.backends.datadog import capabilities, slo_windows
from skillforge_mon.backends.datadog.codes import MALFORMED_QUERY
from skillforge_mon.backends.datadog.query import codes, functions
from skillforge_mon.backends.datadog.query.metric_limits import LONGEST_METRIC_MINUTES, metric_problems
from skillforge_mon.backends.datadog.query.monitor_types import JOBS_TYPE, a
from skillforge_mon.backends.datadog.query.problem import Problem
from skillforge_mon.backends.datadog.query.scope_tree import Place
from skillforge_mon.backends.datadog.query.tree import (
    MINUTES,
    AnyQuery,
    CheckQuery,
    CompositeQuery,
    EventQuery,
    FormulaQuery,
    Method,
    MonitorQuery,
    Number,
    SloQuery,
    Text,
    Word,
    monitors,
)
from skillforge_mon.backends.datadog.query.words import expression_problems, method_problems

LONGEST_EVENT_MINUTES: Final = 48 * 60
"""[api] Monitor.query: ``#m`` from 1 to 2880, ``#h`` from 1 to 48, of every type on events."""
MOST_MONITORS: Final = 10
"""docs.datadoghq.com, "Composite Monitor": up to 10 individual monitors."""
MOST_RUNS: Final = 100
"""[api] Monitor.query, Service Check Query: ``count`` is limited to 100."""

_CHECK_EXAMPLES: Final = {"over": '"*"', "by": '"host"', "last": "4"}
_SLO_EXAMPLES: Final = {"over": "30d", "long_window": "1h", "short_window": "5m"}
_DURATION = re.compile(r"([0-9]{1,6})(mo|[smhdw])")


def problems(type_: str, query: AnyQuery) -> Iterator[Problem]:
    """What Datadog would refuse of ``query`` of a monitor of ``type_``, in the order of its parts."""
    match query:
        case MonitorQuery():
            yield from metric_problems(query)
        case EventQuery():
            methods = functions.event_methods(query.source)
            yield from method_problems(query.methods, methods, f"queries of {a(type_)}")
            yield from _event_query(type_, query)
        case FormulaQuery():
            yield from expression_problems(query.expression)
            yield from method_problems(query.methods, functions.FORMULA_METHODS, "formulas")
            yield from _window_call(type_, query.methods, query.place, longest=LONGEST_METRIC_MINUTES)
        case CheckQuery():
            yield from method_problems(query.methods, functions.CHECK_METHODS, "service checks")
            yield from _check_query(query)
        case SloQuery():
            known = functions.BURN_METHODS if query.measure == "burn_rate" else functions.BUDGET_METHODS
            yield from method_problems(query.methods, known, f"`{query.measure}` queries")
            yield from _slo_query(query)
        case CompositeQuery():
            yield from _composite_query(query)


def _event_query(type_: str, query: EventQuery) -> Iterator[Problem]:
    rollups = [method for method in query.methods if method.name == "rollup"]
    if not rollups and not query.source.startswith("error-tracking"):
        yield _missing(type_, "rollup", 'write `.rollup("count")`', query.place)
    for rollup in rollups if query.source != "processes" else ():
        texts = [argument for argument in rollup.arguments if isinstance(argument, Text)]
        if len(texts) == 1 and texts[0].value in functions.EVENT_ROLLUPS and texts[0].value != "count":
            help_ = f'write `.rollup("{texts[0].value}", "@duration")`'
            yield Problem(codes.ARGUMENT, f"`{texts[0].value}` is taken of a measure", rollup.place, help_)
    if query.source == "processes" and not any(method.name == "over" for method in query.methods):
        yield _missing(type_, "over", 'write `.over("*")` for all hosts', query.place)
    longest = None if query.source == "processes" else LONGEST_EVENT_MINUTES
    yield from _window_call(type_, query.methods, query.place, longest=longest)


def _missing(type_: str, method: str, help_: str, place: Place) -> Problem:
    message = f"the query of {a(type_)} has a `.{method}(…)`, and this one has none"
    return Problem(MALFORMED_QUERY, message, place, help_)


def _window_call(type_: str, methods: tuple[Method, ...], place: Place, *, longest: int | None) -> Iterator[Problem]:
    """``.last("5m")``, or ``.current("1h")`` since the last full hour."""
    calls = [method for method in methods if method.name in {"last", "current"}]
    if not calls:
        yield _missing(type_, "last", 'write `.last("5m")`', place)
    for call in calls:
        text = call.arguments[0] if call.arguments else None
        if isinstance(text, Word) and type_ != JOBS_TYPE:
            message = f"the window `{text.value}` stands without quotes"
            yield Problem(codes.WINDOW, message, text.place, f'write `.{call.name}("{text.value}")`')
        if not isinstance(text, Text):
            continue
        minutes = _minutes(text.value)
        seconds = text.value.endswith("s") and longest is None
        if call.name == "current" and f"current_{text.value}" not in capabilities.CUMULATIVE_WINDOWS:
            known = ", ".join(window.removeprefix("current_") for window in capabilities.CUMULATIVE_WINDOWS)
            yield Problem(codes.WINDOW, f"`{text.value}` is no cumulative window", text.place, f"there is: {known}")
        elif call.name == "last" and (minutes is None or (minutes < 1 and not seconds)):
            yield Problem(codes.WINDOW, f"`{text.value}` is no window", text.place, "windows are like `5m` and `4h`")
        elif call.name == "last" and longest is not None and minutes is not None and minutes > longest:
            message = f"`{text.value}` is no window of {a(type_)}"
            yield Problem(codes.WINDOW, message, text.place, f"windows are `1m` to `{longest // 60}h`")


def _minutes(text: str) -> Decimal | None:
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    return Decimal(match[1]) / 60 if match[2] == "s" else Decimal(match[1]) * MINUTES[match[2]]


def _check_query(query: CheckQuery) -> Iterator[Problem]:
    names = [method.name for method in query.methods]
    for name in ("over", "by", "last"):
        if name not in names and (name != "by" or "pct_by_status" not in names):
            yield _missing("service check", name, f"write `.{name}({_CHECK_EXAMPLES[name]})`", query.place)
    known = all(name in functions.CHECK_METHODS for name in names)
    if known and (not names or names[-1] not in {"count_by_status", "pct_by_status"}):
        end = max(query.place[1], *(method.place[1] for method in query.methods), 0)
        help_ = "end it with `.count_by_status()`"
        message = "the query of a service check does not end in `.count_by_status()`"
        yield Problem(MALFORMED_QUERY, message, (end, end), help_)
    for runs in runs_of(query):
        if not 1 <= runs.value <= MOST_RUNS or runs.value != int(runs.value):
            help_ = f"write a whole number from 1 to {MOST_RUNS}"
            yield Problem(codes.CHECK_COUNT, f"a service check does not look at {runs.value:f} runs", runs.place, help_)


def runs_of(query: CheckQuery) -> Iterator[Number]:
    """How many runs of a check are looked at: the number in ``.last(4)``."""
    for method in query.methods:
        if method.name == "last" and method.arguments and isinstance(method.arguments[0], Number):
            yield method.arguments[0]


def _slo_query(query: SloQuery) -> Iterator[Problem]:
    texts = {
        method.name: method.arguments[0]
        for method in query.methods
        if method.arguments and isinstance(method.arguments[0], Text)
    }
    wanted = ("over", "long_window", "short_window") if query.measure == "burn_rate" else ("over",)
    for name in wanted:
        if not any(method.name == name for method in query.methods):
            yield _missing("slo alert", name, f'write `.{name}("{_SLO_EXAMPLES[name]}")`', query.place)
    over = texts.get("over")
    timeframes = [slo_windows.days(each) for each in slo_windows.TIMEFRAMES]
    if isinstance(over, Text) and over.value not in timeframes:
        help_ = f"there is: {', '.join(timeframes)}"
        yield Problem(codes.SLO_WINDOW, f"SLOs have no timeframe of `{over.value}`", over.place, help_)
    yield from _burn_windows(texts.get("long_window"), texts.get("short_window"))
    number = query.limit.number
    if query.limit.op not in {">", ">="}:
        message = f"what is spent of a budget is not compared by `{query.limit.op}`"
        yield Problem(codes.SLO_WINDOW, message, query.limit.place, "write `>` or `>=`")
    elif number is None or number <= 0:
        yield Problem(codes.SLO_WINDOW, "the number is not above 0", query.limit.place)


def _burn_windows(long: object, short: object) -> Iterator[Problem]:
    if not isinstance(long, Text):
        return
    minutes = _minutes(long.value)
    shortest, longest = slo_windows.SHORTEST_LONG, slo_windows.LONGEST_LONG
    if minutes is None or not shortest <= minutes * 60_000 <= longest:
        help_ = f"write `{slo_windows.hours(shortest)}` to `{slo_windows.hours(longest)}`"
        yield Problem(codes.SLO_WINDOW, f"`{long.value}` is no long window", long.place, help_)
    elif isinstance(short, Text):
        length = _minutes(short.value)
        if length is None or not 0 < length < minutes:
            message = f"the short window `{short.value}` is not shorter than `{long.value}`"
            yield Problem(codes.SLO_WINDOW, message, short.place, f"a twelfth is usual: `{minutes // 12}m`")


def _composite_query(query: CompositeQuery) -> Iterator[Problem]:
    different = {monitor.id: monitor for monitor in reversed(list(monitors(query.condition)))}
    if len(different) > MOST_MONITORS:
        first_too_many = list(dict.fromkeys(monitor.id for monitor in monitors(query.condition)))[MOST_MONITORS]
        message = f"the query joins {len(different)} monitors, and Datadog joins at most {MOST_MONITORS}"
        yield Problem(codes.COMPOSITE_SIZE, message, different[first_too_many].place)
