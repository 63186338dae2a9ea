"""Denominators that are 0 while the numerator is not, so that a quotient is infinite and exceeds every threshold."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal, TypeAlias

from skillforge_mon.query.catalogue import Catalogue
from skillforge_mon.query.containment import bare
from skillforge_mon.query.promql import (
    Aggregate,
    Binary,
    Call,
    Duration,
    Expr,
    MatrixSelector,
    VectorSelector,
    metric_name,
    selectors,
    transform,
)
from skillforge_mon.query.types import infer

Reason: TypeAlias = Literal["another time", "no limit"]

_ZERO_MEANS_NONE = frozenset(
    ("container_spec_memory_limit_bytes", "container_spec_memory_swap_limit_bytes",
     "container_spec_memory_reservation_limit_bytes", "redis_memory_max_bytes", "redis_config_maxmemory",
     "scrape_sample_limit")
)  # fmt: skip
"""Limits that are 0 where there is none: cAdvisor (``specMemoryValue`` in metrics/prometheus.go), Redis (redis.conf,
``maxmemory``: 0 is no limit), Prometheus ("Configuration", ``sample_limit``: 0 means no limit)."""
_HELP_OF_SUCH = re.compile(r"\b0\b[^.;]{0,20}\b(none|no limit|unlimited|disabled)\b", re.IGNORECASE)
_KEEPING_ZERO = frozenset(("sum", "avg", "max", "min"))
_RATES = frozenset(("rate", "irate", "increase"))
_OVER_TIME = frozenset(("avg_over_time", "max_over_time", "min_over_time", "sum_over_time", "last_over_time"))


def zero_below(numerator: Expr, denominator: Expr, catalogue: Catalogue) -> Reason | None:
    """Why ``denominator`` may be 0 while ``numerator`` is more; None when that is not known.

    ``another time``: it is the numerator as it was at another time, and counts what may not have happened then. ``no
    limit``: it is a limit that is 0 where there is none. A part by its whole is neither: 0 by 0 is no number, which
    stands no comparison.
    """
    source = _source(denominator)
    if source is None:
        return None
    name = metric_name(source)
    entry = catalogue.lookup(name) if name is not None else None
    if name in _ZERO_MEANS_NONE or (entry is not None and _HELP_OF_SUCH.search(entry.help)):
        return "no limit"
    numerator = bare(numerator)
    if isinstance(numerator, Binary) and numerator.op == "-" and bare(numerator.rhs) == bare(denominator):
        numerator = numerator.lhs  # by how much it has grown
    if _offsets(numerator) == _offsets(denominator) or _without_offsets(numerator) != _without_offsets(denominator):
        return None
    measure = infer(denominator, catalogue).measure
    counts = entry is not None and entry.is_counter and _is_rated(denominator)
    return "another time" if counts or (measure is not None and measure.counts) else None


def _source(expr: Expr) -> VectorSelector | None:
    """What is read, where nothing on the way keeps it from being 0; None otherwise."""
    expr = bare(expr)
    match expr:
        case VectorSelector():
            return expr
        case Aggregate() if expr.op in _KEEPING_ZERO:
            return _source(expr.expr)
        case Call() if expr.function in _RATES or expr.function in _OVER_TIME:
            argument = bare(expr.args[0])
            return argument.vector if isinstance(argument, MatrixSelector) else None
    return None


def _is_rated(expr: Expr) -> bool:
    expr = bare(expr)
    if isinstance(expr, Aggregate):
        return _is_rated(expr.expr)
    return isinstance(expr, Call) and expr.function in _RATES


def _offsets(expr: Expr) -> tuple[Duration | None, ...]:
    return tuple(selector.offset for selector in selectors(expr))


def _without_offsets(expr: Expr) -> Expr:
    def now(node: Expr) -> Expr:
        return replace(node, offset=None) if isinstance(node, VectorSelector) else node

    return transform(bare(expr), now)
