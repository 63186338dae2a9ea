"""What Datadog's monitors have no words for: the algebra's constructs, and those that even the algebra cannot say."""

from __future__ import annotations

from typing import Final

from skillforge_mon.backends.datadog import capabilities
from skillforge_mon.backends.datadog.untranslatable import WAY_OUT, Untranslatable, cannot
from skillforge_mon.query.algebra import Anomaly, Applied, Arithmetic, Filled, Quantile, Reason, Series, Unsaid
from skillforge_mon.query.promql import Aggregate, Binary, Call, Expr

COMPOSITE: Final = (
    "write one alert for each side, and join their monitors: `datadog: {type: composite, query: '123 && 456'}`"
)
_MISSING: Final = "alert on the metric itself with `no_data: notify`, or write `datadog: {query: …}`"
_FORECAST: Final = "write a forecast monitor: `datadog: {query: \"max(next_4h):forecast(…, 'linear', 1) >= …\"}`"
_ANOMALY: Final = "write an anomaly monitor: `datadog: {query: \"avg(last_4h):anomalies(…, 'agile', 3) >= 1\"}`"
_INSTEAD: Final = {
    "absent": _MISSING, "absent_over_time": _MISSING, "present_over_time": _MISSING, "predict_linear": _FORECAST,
}  # fmt: skip


def refused(node: Series | Arithmetic[Series] | Applied[Series] | Filled[Series]) -> Untranslatable:
    """Why Datadog cannot say ``node``, and what to write instead."""
    expr = node.source
    if isinstance(node, Anomaly):
        return cannot(expr, "Datadog tells what is unusual by models of its own, not in standard deviations", _ANOMALY)
    if isinstance(node, Quantile):
        return _level(expr)
    if isinstance(node, Unsaid):
        return _unsaid(node)
    return _construct(expr)


def _level(expr: Expr) -> Untranslatable:
    kept = ", ".join(f"{level:g}" for level in capabilities.PERCENTILES)
    return cannot(expr, f"Datadog's distributions keep the quantiles {kept}")


def _unsaid(node: Unsaid) -> Untranslatable:
    expr = node.source
    match node.reason:
        case Reason.NO_VALUE:
            return cannot(expr, "that is no value that a monitor could watch")
        case Reason.SUBQUERY:
            return cannot(expr, "Datadog has no subqueries")
        case Reason.FIXED_TIME:
            return cannot(expr, "Datadog's queries have no `@`")
        case Reason.LIMIT:
            return cannot(expr, "the limit must be a number")
        case Reason.LEVEL:
            return _level(expr)
        case Reason.PART_OF_RECORDING:
            return cannot(
                expr, "Prometheus records it, and Datadog reads it only whole", "write its query here instead"
            )
        case Reason.RECORDS_ITSELF:
            return cannot(expr, "it records itself")
        case Reason.COMPARISON:
            return cannot(expr, "Datadog compares only at the end of a query", COMPOSITE)
        case Reason.AGGREGATION | Reason.SET_OPERATOR | Reason.OPERATOR | Reason.FUNCTION:
            return _construct(expr)


def _construct(expr: Expr) -> Untranslatable:
    """The operator or function that stops the translation, by its name in PromQL."""
    match expr:
        case Aggregate():
            return cannot(expr, f"Datadog's monitors aggregate by sum, avg, min and max, not by `{expr.op}`")
        case Binary(op="and" | "or" | "unless"):
            return cannot(expr, f"Datadog's queries have no `{expr.op}`", COMPOSITE)
        case Binary():
            return cannot(expr, f"Datadog calculates with + - * / only, not with `{expr.op}`")
        case Call():
            return cannot(expr, f"Datadog's monitors have no `{expr.function}()`", _INSTEAD.get(expr.function, WAY_OUT))
    return cannot(expr, "Datadog's monitors have no word for it")
