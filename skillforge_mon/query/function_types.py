"""What each function of PromQL does to units, signs and totals, as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from skillforge_mon.query.units import BOOLEAN, COUNTED, RATIO, SECONDS, Unit

UnitRule = Literal[
    "unknown", "same", "per_second", "seconds", "count", "boolean", "share", "observed", "average", "total", "sum"
]


@dataclass(frozen=True, slots=True)
class FunctionRule:
    """How a function's result comes from its argument at position ``subject``.

    ``unit``: ``same`` is that of the argument, ``per_second`` that by seconds, ``observed`` what a histogram observes,
    ``average`` and ``total`` the same except for values that are 0 or 1, whose average is a share and whose sum is a
    count; ``sum`` is the sum of a histogram's observations; the others are fixed. ``sign`` says whether values may be
    negative. ``keeps_total``: running totals stay running totals. ``keeps_buckets``: histograms stay histograms.
    ``keeps_share``: what lies between 0 and 1 stays there.
    ``never_empty``: there is a result even of nothing.
    """

    unit: UnitRule
    sign: Literal["same", "any", "never"] = "same"
    subject: int = 0
    keeps_total: bool = False
    keeps_buckets: bool = False
    keeps_share: bool = False
    never_empty: bool = False

    def measure_of(self, argument: Unit | None) -> Unit | None:
        """The unit of the result, for an argument of the given unit."""
        if self.unit in {"same", "average", "total"}:
            return argument
        if self.unit == "per_second":
            return argument.by(SECONDS) if argument is not None else None
        return _FIXED.get(self.unit)


_FIXED: dict[UnitRule, Unit] = {"seconds": SECONDS, "count": COUNTED, "boolean": BOOLEAN, "share": RATIO}

_CLAMPING = "clamp clamp_max clamp_min"
_ROUNDING = "ceil floor round"
_ORDERING = "sort sort_desc sort_by_label sort_by_label_desc label_replace label_join info"
_PICKING = "max_over_time min_over_time last_over_time first_over_time"
_TRANSCENDENT = (
    "exp ln log10 log2 sqrt sgn acos acosh asin asinh atan atanh cos cosh deg rad sin sinh tan tanh pi"
    " stdvar_over_time histogram_stdvar"
)
_OF_A_TIME = "day_of_month day_of_week day_of_year days_in_month hour minute month year"

FUNCTION_RULES: dict[str, FunctionRule] = {
    **{name: FunctionRule("same") for name in _CLAMPING.split()},
    **{name: FunctionRule("same", keeps_share=True) for name in _ROUNDING.split()},
    **{
        name: FunctionRule("same", keeps_total=True, keeps_buckets=True, keeps_share=True)
        for name in (*_ORDERING.split(), *_PICKING.split())
    },
    "abs": FunctionRule("same", "never", keeps_share=True),
    **{name: FunctionRule("unknown", "any") for name in _TRANSCENDENT.split()},
    **{name: FunctionRule("unknown", "never") for name in _OF_A_TIME.split()},
    **{name: FunctionRule("seconds", "never") for name in ("time", "timestamp")},
    **{
        name: FunctionRule("seconds", "never")
        for name in ("ts_of_first_over_time", "ts_of_last_over_time", "ts_of_max_over_time", "ts_of_min_over_time")
    },
    **{name: FunctionRule("per_second", keeps_buckets=True) for name in ("rate", "irate")},
    **{name: FunctionRule("count", "never") for name in ("changes", "resets", "count_over_time")},
    **{name: FunctionRule("same", "never") for name in ("stddev_over_time", "mad_over_time")},
    **{name: FunctionRule("same", "any", keeps_buckets=True) for name in ("delta", "idelta")},
    "increase": FunctionRule("same", keeps_buckets=True),
    "deriv": FunctionRule("per_second", "any"),
    "predict_linear": FunctionRule("same", "any"),
    "double_exponential_smoothing": FunctionRule("same", "any"),
    "holt_winters": FunctionRule("same", "any"),
    "avg_over_time": FunctionRule("average", keeps_total=True, keeps_buckets=True, keeps_share=True),
    "sum_over_time": FunctionRule("total", keeps_buckets=True),
    "absent": FunctionRule("boolean", "never"),
    "absent_over_time": FunctionRule("boolean", "never"),
    "present_over_time": FunctionRule("boolean", "never"),
    "scalar": FunctionRule("same", never_empty=True),
    "vector": FunctionRule("same", never_empty=True),
    "quantile_over_time": FunctionRule("same", subject=1, keeps_total=True, keeps_share=True),
    "histogram_quantile": FunctionRule("observed", subject=1),
    "histogram_fraction": FunctionRule("share", "never", subject=2),
    "histogram_avg": FunctionRule("observed", "any"),
    "histogram_stddev": FunctionRule("observed", "never"),
    "histogram_sum": FunctionRule("sum", "any"),
    "histogram_count": FunctionRule("same", "never"),
}
"""Every function; one that is not here has a result of which nothing is known."""
