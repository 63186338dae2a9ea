"""The functions of PromQL: what they take and return, and which version of Prometheus has them.

From promql/parser/functions.go and CHANGELOG.md of Prometheus 3.5, and the change logs of later versions.
"""

from __future__ import annotations

from dataclasses import dataclass

from skillforge_mon.query.promql.tree import SCALAR_FUNCTIONS, ValueType

Version = tuple[int, int]

ALWAYS: Version = (2, 0)
"""The version of what has been there since before any version that monmc writes for."""

UNLIMITED = -1
"""The ``variadic`` of a function that repeats its last argument without limit."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function's signature.

    ``variadic`` is 0 when every argument is required, n when the last one may occur 0 to n times, ``UNLIMITED`` when
    it may occur any number of times. ``removed`` is the first version without it, ``replacement`` its new name.
    """

    name: str
    arguments: tuple[ValueType, ...]
    returns: ValueType
    variadic: int = 0
    since: Version = ALWAYS
    experimental: bool = False
    removed: Version | None = None
    replacement: str = ""

    @property
    def fewest(self) -> int:
        """The least number of arguments."""
        return len(self.arguments) - (1 if self.variadic else 0)

    @property
    def most(self) -> int | None:
        """The greatest number of arguments; None when there is no limit."""
        return None if self.variadic == UNLIMITED else self.fewest + self.variadic if self.variadic else self.fewest


_S, _V, _M, _T = ValueType.SCALAR, ValueType.VECTOR, ValueType.MATRIX, ValueType.STRING

_OF_A_VECTOR = (
    "abs absent ceil exp floor histogram_count histogram_sum ln log10 log2 scalar sort sort_desc sqrt timestamp"
)
_OF_A_RANGE = (
    "absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate max_over_time"
    " min_over_time rate resets stddev_over_time stdvar_over_time sum_over_time"
)
_TRIGONOMETRIC = "acos acosh asin asinh atan atanh cos cosh deg rad sin sinh tan tanh"
_OF_AN_OPTIONAL_TIME = "day_of_month day_of_week days_in_month hour minute month year"


def _function(
    name: str,
    *arguments: ValueType,
    variadic: int = 0,
    since: Version = ALWAYS,
    experimental: bool = False,
    removed: Version | None = None,
    replacement: str = "",
) -> Function:
    returns = _S if name in SCALAR_FUNCTIONS else _V
    return Function(name, arguments, returns, variadic, since, experimental, removed, replacement)


FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        *(_function(name, _V) for name in _OF_A_VECTOR.split() if not name.startswith("histogram_")),
        *(_function(name, _V, since=(2, 40)) for name in _OF_A_VECTOR.split() if name.startswith("histogram_")),
        *(_function(name, _M) for name in _OF_A_RANGE.split()),
        *(_function(name, _V, since=(2, 31)) for name in _TRIGONOMETRIC.split()),
        *(_function(name, _V, variadic=1) for name in _OF_AN_OPTIONAL_TIME.split()),
        _function("clamp", _V, _S, _S, since=(2, 26)),
        _function("clamp_max", _V, _S),
        _function("clamp_min", _V, _S),
        _function("day_of_year", _V, variadic=1, since=(2, 37)),
        _function("double_exponential_smoothing", _M, _S, _S, since=(3, 0), experimental=True),
        _function("first_over_time", _M, since=(3, 7), experimental=True),
        _function("histogram_avg", _V, since=(2, 51)),
        _function("histogram_fraction", _S, _S, _V, since=(2, 40)),
        _function("histogram_quantile", _S, _V),
        _function("histogram_stddev", _V, since=(2, 47)),
        _function("histogram_stdvar", _V, since=(2, 47)),
        _function("holt_winters", _M, _S, _S, removed=(3, 0), replacement="double_exponential_smoothing"),
        _function("info", _V, _V, variadic=1, since=(2, 55), experimental=True),
        _function("label_join", _V, _T, _T, _T, variadic=UNLIMITED),
        _function("label_replace", _V, _T, _T, _T, _T),
        _function("last_over_time", _M, since=(2, 26)),
        _function("mad_over_time", _M, since=(2, 49), experimental=True),
        _function("pi", since=(2, 31)),
        _function("predict_linear", _M, _S),
        _function("present_over_time", _M, since=(2, 29)),
        _function("quantile_over_time", _S, _M),
        _function("round", _V, _S, variadic=1),
        _function("sgn", _V, since=(2, 26)),
        _function("sort_by_label", _V, _T, variadic=UNLIMITED, since=(2, 49), experimental=True),
        _function("sort_by_label_desc", _V, _T, variadic=UNLIMITED, since=(2, 49), experimental=True),
        _function("time"),
        _function("ts_of_first_over_time", _M, since=(3, 7), experimental=True),
        _function("ts_of_last_over_time", _M, since=(3, 5), experimental=True),
        _function("ts_of_max_over_time", _M, since=(3, 5), experimental=True),
        _function("ts_of_min_over_time", _M, since=(3, 5), experimental=True),
        _function("vector", _S),
    )
}
"""Every function by name."""
