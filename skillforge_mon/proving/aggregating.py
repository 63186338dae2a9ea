"""Aggregations ("Operators, Aggregation operators")."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from skillforge_mon.proving.evaluate import Evaluator, Labels, Vector, key_of, without_name
from skillforge_mon.proving.rates import deviation, quantile
from skillforge_mon.proving.unsupported import UnsupportedError
from skillforge_mon.query.promql import Aggregate, Grouping


def _sum(values: Sequence[float]) -> float:
    return math.fsum(values) if all(map(math.isfinite, values)) else sum(values)


def _numbers(values: Sequence[float]) -> list[float]:
    """Without those that are no number: these are never the least nor the greatest."""
    return [value for value in values if not math.isnan(value)]


_FUNCTIONS: Final[Mapping[str, Callable[[Sequence[float]], float]]] = {
    "sum": _sum,
    "avg": lambda values: _sum(values) / len(values),
    "min": lambda values: min(_numbers(values), default=math.nan),
    "max": lambda values: max(_numbers(values), default=math.nan),
    "count": lambda values: float(len(values)),
    "group": lambda _: 1.0,
    "stddev": lambda values: math.sqrt(deviation(values)),
    "stdvar": deviation,
}


def aggregated(evaluator: Evaluator, expr: Aggregate, time: int) -> Vector:
    """The aggregation at ``time``. Raises UnsupportedError for the operators that it does not know."""
    groups: dict[tuple[tuple[str, str], ...], tuple[Labels, Vector]] = {}
    for labels, value in evaluator.vector(expr.expr, time):
        group = _left(expr.grouping, labels)
        groups.setdefault(key_of(group), (group, []))[1].append((labels, value))
    if expr.op in {"topk", "bottomk"} and expr.param is not None:
        count = int(evaluator.number(expr.param, time))
        highest = expr.op == "topk"
        return [
            sample
            for _, members in groups.values()
            for sample in sorted(members, key=lambda member: member[1], reverse=highest)[:count]
        ]
    if expr.op == "quantile" and expr.param is not None:
        share = evaluator.number(expr.param, time)
        return [(labels, quantile(share, [value for _, value in members])) for labels, members in groups.values()]
    function = _FUNCTIONS.get(expr.op)
    if function is None:
        raise UnsupportedError(f"the aggregation `{expr.op}`")
    return [(labels, function([value for _, value in members])) for labels, members in groups.values()]


def _left(grouping: Grouping | None, labels: Labels) -> Labels:
    if grouping is None:
        return {}
    names = {label.name for label in grouping.labels}
    if grouping.without:
        return {name: value for name, value in without_name(labels).items() if name not in names}
    return {name: value for name, value in labels.items() if name in names}
