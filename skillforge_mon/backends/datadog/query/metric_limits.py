"""Whether Datadog takes a query of a monitor on metrics: its words, windows and numbers.

Sources: docs.datadoghq.com, API, "Create a monitor"; "Configure Monitors" (evaluation windows: 1 month for metric
monitors); "Metric Monitor"; "Change Alert Monitors"; "Anomaly Monitor" (API); "Forecasts Monitor"; "Outlier Monitor".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skillforge_mon.backends.datadog import capabilities
from skillforge_mon.backends.datadog.query import codes, functions
from skillforge_mon.backends.datadog.query.metric import WINDOWS, window_of
from skillforge_mon.backends.datadog.query.problem import Problem
from skillforge_mon.backends.datadog.query.tree import (
    MINUTES,
    AnyQuery,
    Function,
    Keyword,
    MonitorQuery,
    Number,
    Text,
    Window,
    metrics,
    nodes,
)
from skillforge_mon.backends.datadog.query.words import expression_problems
from skillforge_mon.spec.suggest import nearest

LONGEST_METRIC_MINUTES: Final = MINUTES["mo"]
"""docs.datadoghq.com, "Metric Monitor": 1 minute to 730 hours."""
FORECAST_MINUTES: Final = (12 * 60, 3 * MINUTES["mo"])
"""docs.datadoghq.com, "Forecasts Monitor": 12 hours to 3 months."""
OUTLIER_MINUTES: Final = 24 * 60
"""docs.datadoghq.com, "Outlier Monitor": 1 minute to 24 hours."""
ANOMALY_POINTS: Final = 5
"""docs.datadoghq.com, "Anomaly Monitor", API: ``interval`` is at most a fifth of ``alert_window``."""


def metric_problems(query: MonitorQuery) -> Iterator[Problem]:
    if query.aggregator not in capabilities.TIME_AGGREGATORS:
        known = capabilities.TIME_AGGREGATORS
        meant = nearest(query.aggregator, known)
        help_ = f"did you mean `{meant}`?" if meant else f"there is: {', '.join(known)}"
        message = f"a window is not reduced by `{query.aggregator}`"
        yield Problem(codes.UNKNOWN_WORD, message, query.place, help_)
    found = {
        node.name: node
        for node in nodes(query.expression)
        if isinstance(node, Function) and node.name in {functions.ANOMALIES, functions.FORECAST, functions.OUTLIERS}
    }
    yield from _metric_window(query, found)
    yield from _change(query)
    yield from expression_problems(query.expression)
    if functions.ANOMALIES in found:
        yield from _anomalies(query, found[functions.ANOMALIES])
    outliers = found.get(functions.OUTLIERS)
    if outliers is not None and not any(metric.by for metric in metrics(outliers.argument)):
        message = "outliers are found among groups, and the query has none"
        place = (outliers.place[0], outliers.place[0] + len(outliers.name))
        yield Problem(codes.ARGUMENT, message, place, "group it, such as `by {host}`")


def _metric_window(query: MonitorQuery, found: dict[str, Function]) -> Iterator[Problem]:
    window = query.window
    forecast = functions.FORECAST in found
    if forecast != (window.kind == "next"):
        if forecast:
            message = f"a forecast looks ahead, and `{window}` looks back"
            help_ = f"write `next_{window.amount}{window.unit}`" if window.kind == "last" else "write `next_1w`"
        else:
            message, help_ = f"`{window}` is a window of forecasts", WINDOWS
        yield Problem(codes.WINDOW, message, window.place, help_)
    elif window.kind == "current":
        if str(window) not in capabilities.CUMULATIVE_WINDOWS:
            help_ = f"there is: {', '.join(capabilities.CUMULATIVE_WINDOWS)}"
            yield Problem(codes.WINDOW, f"`{window}` is no cumulative window", window.place, help_)
    elif forecast:
        shortest, longest = FORECAST_MINUTES
        if not shortest <= window.minutes <= longest:
            help_ = "forecasts look 12 hours to 3 months ahead"
            yield Problem(codes.WINDOW, f"`{window}` is no window of a forecast", window.place, help_)
    elif functions.OUTLIERS in found and not 1 <= window.minutes <= OUTLIER_MINUTES:
        help_ = "outliers are looked for in 1 minute to 24 hours"
        yield Problem(codes.WINDOW, f"`{window}` is no window of an outlier monitor", window.place, help_)
    elif not 1 <= window.minutes <= LONGEST_METRIC_MINUTES:
        help_ = "windows are `last_1m` to `last_730h`, which is a month"
        yield Problem(codes.WINDOW, f"`{window}` is no window of a {capabilities.MONITOR_TYPE}", window.place, help_)


def _change(query: MonitorQuery) -> Iterator[Problem]:
    if query.change is None or query.change.against in capabilities.CHANGE_SHIFTS:
        return
    window = window_of(query.change.against, query.change.place)
    if window is not None and window.kind == "last" and 1 <= window.minutes <= LONGEST_METRIC_MINUTES:
        return
    help_ = f"there is: {', '.join(capabilities.CHANGE_SHIFTS)}, and windows such as `last_1h`"
    message = f"changes are not measured against `{query.change.against}`"
    yield Problem(codes.WINDOW, message, query.change.place, help_)


def alert_window(query: AnyQuery) -> tuple[Function, Text | None] | None:
    """The ``anomalies()`` of ``query``, and its ``alert_window``; None where it looks for no anomalies."""
    if not isinstance(query, MonitorQuery):
        return None
    for node in nodes(query.expression):
        if isinstance(node, Function) and node.name == functions.ANOMALIES:
            value = _keyword(node, "alert_window")
            return node, value if isinstance(value, Text) else None
    return None


def _keyword(function: Function, name: str) -> Number | Text | None:
    for argument in function.parameters:
        if isinstance(argument, Keyword) and argument.name == name and isinstance(argument.value, Number | Text):
            return argument.value
    return None


def _anomalies(query: MonitorQuery, function: Function) -> Iterator[Problem]:
    text, interval = _keyword(function, "alert_window"), _keyword(function, "interval")
    window: Window | None = None
    if isinstance(text, Text):
        window = window_of(text.value, text.place)
        if window is None or window.kind != "last":
            yield Problem(codes.WINDOW, f"`{text.value}` is no window", text.place, "write `last_15m`")
        elif query.window.kind == "last" and window.minutes > query.window.minutes:
            message = f"`{window}` is longer than the query's own window, `{query.window}`"
            yield Problem(codes.WINDOW, message, text.place, "the query's window should be about five times as long")
    if window is not None and isinstance(interval, Number) and interval.value * ANOMALY_POINTS > window.minutes * 60:
        message = f"with a point every {interval.value:f} s, `{window}` has fewer than {ANOMALY_POINTS} points"
        help_ = f"write `interval={window.minutes * 60 // ANOMALY_POINTS}` or less"
        yield Problem(codes.COARSE_ANOMALY, message, interval.place, help_)
    seasonality = _keyword(function, "seasonality")
    algorithm = function.parameters[0] if function.parameters else None
    if seasonality is not None and isinstance(algorithm, Text) and algorithm.value.casefold() == "basic":
        message = "the algorithm `basic` knows no seasons"
        yield Problem(codes.ARGUMENT, message, seasonality.place, "leave it out, or write `agile` or `robust`")
    if query.limit.number is not None and not 0 <= query.limit.number <= 1:
        message = "what is compared is the share of the points that are anomalies"
        yield Problem(codes.ARGUMENT, message, query.limit.place, "compare it with a number from 0 to 1")
