"""A query of the algebra with Datadog's metrics in place of its series: the plan that a monitor's query is made from.

Prometheus reduces each series over its range first, then aggregates over series, then calculates. Datadog aggregates
over series first, reduces over one window for the whole query, and calculates before or after that. So the leaves of a
plan are metrics that are aggregated already, each with its own range, and the calculations over them are those of the
algebra; ``evaluation`` decides on the one window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from skillforge_mon.backends.datadog.query.tree import Metric
from skillforge_mon.query.algebra import Calculation, leaves

How: TypeAlias = Literal["points", "latest_rate", "avg", "min", "max", "rate", "increase", "percentile"]
"""``points`` is the value at each moment, ``latest_rate`` that of ``irate``; the others are taken over a range."""

AT_MOMENTS: frozenset[How] = frozenset(("points", "latest_rate"))
COUNTED: frozenset[How] = frozenset(("rate", "increase"))


@dataclass(frozen=True, slots=True)
class Reading:
    """A metric that is read. ``range`` is in milliseconds, 0 for what is read at moments.

    ``by_known`` is False when the query keeps all labels of series whose labels nobody knows. ``aggregated`` says that
    the query aggregates over series; ``fixed_space`` that only one aggregation makes sense (parts of a distribution).
    ``shift`` is Datadog's function for an offset. ``scraped`` are the labels that Prometheus adds while scraping, so
    that Datadog has them only where the Agent is told to. ``written`` is what stands in the query.
    """

    metric: Metric
    how: How
    range: int
    written: str
    shift: str = ""
    aggregated: bool = False
    by_known: bool = True
    fixed_space: bool = False
    scraped: frozenset[str] = frozenset()


Plan: TypeAlias = Calculation[Reading]


def has_groups(plan: Plan) -> bool:
    """True when the result may have several series, or one with labels."""
    return any(reading.metric.by or not reading.by_known for reading in leaves(plan))


def grouping(plan: Plan) -> frozenset[str] | None:
    """The tags that the result is grouped by, None for a number."""
    first = next(leaves(plan), None)
    return None if first is None else frozenset(first.metric.by)
