"""Functions and methods that a monitor's query may have, and what each takes.

Sources: [P] the recorded traffic of ``datadog-api-client`` 2.62.0; docs.datadoghq.com, "Functions" and its pages
(Algorithms, Arithmetic, Count, Exclusion, Interpolation, Rank, Rate, Regression, Rollup, Smoothing, Timeshift, Beta
Functions), "Anomaly Monitor" (API), "Forecasts Monitor", "Outlier Monitor", and API, "Create a monitor", for those of
events, checks and SLOs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["number", "text", "either"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: a number, or a word or text, one of ``choices`` where there are any (in any case of letters)."""

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """Parameters after what a function works on, ``required`` of them at least; further ones by their names.

    ``further`` says that there may be more of them, of whatever kind.
    """

    parameters: tuple[Parameter, ...] = ()
    required: int = 0
    keywords: Mapping[str, Parameter] = field(default_factory=dict)
    further: bool = False


_NONE: Final = Signature()
_AGGREGATORS: Final = ("avg", "sum", "min", "max", "count")
_LIMIT: Final = Signature((Parameter("threshold", "number"),), 1)
_RANKINGS: Final = ("max", "mean", "min", "sum", "last", "l2norm", "area", "norm")
_SEASONS: Final = ("hourly", "daily", "weekly")
_YES_OR_NO: Final = ("true", "false")

ANOMALIES: Final = "anomalies"
FORECAST: Final = "forecast"
OUTLIERS: Final = "outliers"
ANOMALY_ALGORITHMS: Final = ("basic", "agile", "robust")

FUNCTIONS: Final[Mapping[str, Signature]] = {
    ANOMALIES: Signature(
        (Parameter("algorithm", "text", ANOMALY_ALGORITHMS), Parameter("deviations", "number")),
        2,
        {
            "direction": Parameter("direction", "text", ("above", "below", "both")),
            "alert_window": Parameter("alert_window", "text"),
            "interval": Parameter("interval", "number"),
            "count_default_zero": Parameter("count_default_zero", "text", _YES_OR_NO),
            "seasonality": Parameter("seasonality", "text", _SEASONS),
            "timezone": Parameter("timezone", "text"),
        },
    ),
    FORECAST: Signature(
        (Parameter("algorithm", "text", ("linear", "seasonal")), Parameter("deviations", "number")),
        2,
        {
            "interval": Parameter("interval", "either"),
            "history": Parameter("history", "text"),
            "model": Parameter("model", "text", ("default", "simple", "reactive")),
            "seasonality": Parameter("seasonality", "text", _SEASONS),
            "timezone": Parameter("timezone", "text"),
        },
    ),
    OUTLIERS: Signature(
        (
            Parameter("algorithm", "text", ("DBSCAN", "MAD", "scaledDBSCAN", "scaledMAD")),
            Parameter("tolerance", "number"),
            Parameter("percentage", "number"),
        ),
        2,
    ),
    **dict.fromkeys(("abs", "log2", "log10", "ceil", "floor", "cumsum", "integral"), _NONE),
    **dict.fromkeys(("default_zero", "exclude_null", "count_nonzero", "count_not_null"), _NONE),
    **dict.fromkeys(("clamp_min", "clamp_max", "cutoff_min", "cutoff_max"), _LIMIT),
    **dict.fromkeys(
        ("per_second", "per_minute", "per_hour", "dt", "diff", "monotonic_diff", "derivative", "throughput"), _NONE
    ),
    **dict.fromkeys(("robust_trend", "trend_line", "piecewise_constant"), _NONE),
    **dict.fromkeys(("ewma_1", "ewma_3", "ewma_5", "ewma_7", "ewma_10", "ewma_20"), _NONE),
    **dict.fromkeys(("median_3", "median_5", "median_7", "median_9"), _NONE),
    **dict.fromkeys(("rollingavg_5", "rollingavg_13", "rollingavg_21", "rollingavg_29"), _NONE),
    **dict.fromkeys(("hour_before", "day_before", "week_before", "month_before"), _NONE),
    "timeshift": Signature((Parameter("seconds", "number"),), 1),
    "calendar_shift": Signature((Parameter("period", "text"), Parameter("timezone", "text")), 1),
    "moving_rollup": Signature((Parameter("interval", "number"), Parameter("aggregator", "text", _AGGREGATORS)), 1),
    "top": Signature(
        (
            Parameter("limit", "number"),
            Parameter("by", "text", _RANKINGS),
            Parameter("direction", "text", ("asc", "desc")),
        ),
        3,
    ),
    **{
        f"{end}{count}{by}": _NONE
        for end in ("top", "bottom")
        for count in (5, 10, 15, 20)
        for by in ("", "_mean", "_min", "_max", "_last", "_area", "_l2norm")
    },
}  # fmt: skip

GRAPHS_ONLY: Final = frozenset(("autosmooth",))
"""docs.datadoghq.com, "Smoothing": `autosmooth()` cannot be used in monitors."""

METRIC_METHODS: Final[Mapping[str, Signature]] = {
    "as_count": _NONE,
    "as_rate": _NONE,
    "weighted": _NONE,
    "rollup": Signature(
        (Parameter("aggregator", "either", _AGGREGATORS), Parameter("interval", "either")), 1, further=True
    ),
    "fill": Signature(
        (Parameter("method", "text", ("linear", "last", "zero", "null")), Parameter("limit", "number")), 1
    ),
}  # fmt: skip
"""``rollup`` also takes an interval alone, and calendar periods with a start and a time zone."""

EVENT_ROLLUPS: Final = (
    "count", "cardinality", "avg", "sum", "min", "max", "median", "pc75", "pc90", "pc95", "pc98", "pc99",
)  # fmt: skip
"""Measures of events. docs.datadoghq.com, "Error Tracking Monitor", "Logs Monitor"."""

_TEXT: Final = Signature((Parameter("text", "text"),), 1)
_TEXTS: Final = Signature((Parameter("text", "text"),), 1, further=True)
_ROLLUP: Final = Signature((Parameter("method", "text", EVENT_ROLLUPS), Parameter("measure", "text")), 1)

EVENT_METHODS: Final[Mapping[str, Signature]] = {
    "index": _TEXTS, "rollup": _ROLLUP, "by": _TEXTS, "last": _TEXT, "current": _TEXT,
}  # fmt: skip
ERROR_METHODS: Final[Mapping[str, Signature]] = {
    **EVENT_METHODS,
    "source": Signature((Parameter("source", "text", ("all", "browser", "mobile", "backend")),), 1),
    "new": _NONE,
    "impact": _NONE,
}
PROCESS_METHODS: Final[Mapping[str, Signature]] = {
    "over": _TEXTS,
    "by": _TEXTS,
    "rollup": Signature((Parameter("method", "text", ("count",)),), 1),
    "last": _TEXT,
}
FORMULA_METHODS: Final[Mapping[str, Signature]] = {
    "by": _TEXTS,
    "rollup": Signature((Parameter("method", "text", _AGGREGATORS),), 1),
    "last": _TEXT,
    "current": _TEXT,
    **dict.fromkeys(("change", "anomaly", "forecast"), Signature(further=True)),
}
"""[P] ``formula("query1").rollup("sum").last("5m")`` of monitors on metrics, test_create_a_monitor_with_aggregate_*."""
CHECK_METHODS: Final[Mapping[str, Signature]] = {
    "over": _TEXTS,
    "exclude": _TEXTS,
    "by": _TEXTS,
    "last": Signature((Parameter("count", "number"),), 1),
    "count_by_status": _NONE,
    "pct_by_status": _NONE,
}
BUDGET_METHODS: Final[Mapping[str, Signature]] = {"over": _TEXT}
BURN_METHODS: Final[Mapping[str, Signature]] = {"over": _TEXT, "long_window": _TEXT, "short_window": _TEXT}


def event_methods(source: str) -> Mapping[str, Signature]:
    """The methods of a query on events that begins with ``source``."""
    if source == "processes":
        return PROCESS_METHODS
    return ERROR_METHODS if source.startswith("error-tracking") else EVENT_METHODS
