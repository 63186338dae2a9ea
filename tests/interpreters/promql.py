"""PromQL that the algebra says, generated: every construct of it, over a few metrics."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from tests.interpreters.series import RawSeries
from tests.interpreters.worlds import counters, gauges, histograms

GAUGES: Final = ("depth", "limit")
COUNTERS: Final = ("requests_total", "errors_total")
BUCKETS: Final = "seconds_bucket"
LABELS: Final = ("job", "code")
_CODES: Final = ("200", "500")
_JOBS: Final = ("a", "b")

_matchers = st.sampled_from(("", "", "", '{job="a"}', '{code!="500"}', '{code=~"5..", job!~"c|d"}', '{code=""}'))
_offsets = st.sampled_from(("", "", "", " offset 1m", " offset 7m", " offset -2m"))
_lengths = st.sampled_from(("30s", "1m", "90s", "4m", "5m", "10m"))
_limits = st.sampled_from(("0", "2", "-3.5", "0.37", "40"))


@st.composite
def worlds(draw: st.DrawFn) -> list[RawSeries]:
    """Some of the series, each with and without gaps."""
    found: list[RawSeries] = []
    for name in GAUGES:
        for job in _JOBS:
            codes = draw(st.sampled_from((_CODES, _CODES[:1])))
            found.extend(draw(gauges({"__name__": name, "job": job, "code": code})) for code in codes)
    for name in COUNTERS:
        for job in draw(st.sampled_from((_JOBS, _JOBS[:1]))):
            found.extend(draw(counters({"__name__": name, "job": job, "code": code})) for code in _CODES)
    for job in _JOBS:
        found += draw(histograms({"__name__": BUCKETS, "job": job}, ("0.5", "2", "+Inf")))
    return found


selections = st.builds(
    lambda name, matchers, offset: f"{name}{matchers}{offset}",
    st.sampled_from((*GAUGES, *COUNTERS)),
    _matchers,
    _offsets,
)
_window_functions = st.sampled_from((
    "rate", "increase", "irate", "delta", "idelta", "deriv", "changes", "resets",
    *(f"{name}_over_time" for name in ("avg", "min", "max", "sum", "count", "last", "present", "stddev", "stdvar")),
))  # fmt: skip
windows = st.builds(
    lambda function, name, matchers, length, offset: f"{function}({name}{matchers}[{length}]{offset})",
    _window_functions,
    st.sampled_from((*GAUGES, *COUNTERS)),
    _matchers,
    _lengths,
    _offsets,
)
quantiles = st.builds(
    lambda level, by, length: f"histogram_quantile({level}, sum by ({by}) (rate({BUCKETS}[{length}])))",
    st.sampled_from(("0", "0.25", "0.9", "1", "1.5")),
    st.sampled_from(("le", "le, job")),
    _lengths,
)
absences = st.builds(
    lambda name, matchers, length: (
        f"absent_over_time({name}{matchers}[{length}])" if length else f"absent({name}{matchers})"
    ),
    st.sampled_from((*GAUGES, "nowhere")),
    st.sampled_from(("", '{job="c"}', '{job="a", code="500"}', '{job=~"c"}', '{job="a", job="b"}')),
    st.sampled_from(("", "30s", "4m")),
)
forecasts = st.builds(
    lambda name, length, offset, ahead: f"predict_linear({name}[{length}]{offset}, {ahead})",
    st.sampled_from(GAUGES),
    _lengths,
    _offsets,
    st.sampled_from(("60", "3600", "-30")),
)
anomalies = st.builds(
    lambda name, matchers, length: (
        f"({name}{matchers} - avg_over_time({name}{matchers}[{length}])) / stddev_over_time({name}{matchers}[{length}])"
    ),
    st.sampled_from(GAUGES),
    _matchers,
    st.sampled_from(("4m", "10m")),
)
# Functions that jump are applied to samples only: next to a jump the last bit of a sum would decide.
jumps = st.builds(
    lambda function, inner: f"{function}({inner})",
    st.sampled_from(("ceil", "floor", "sgn", "round")),
    selections,
)
leaves = st.one_of(
    selections,
    windows,
    windows,
    windows,
    jumps,
    quantiles,
    absences,
    forecasts,
    anomalies,
    st.just("vector(3)"),
    _limits,
)
_groupings = st.builds(
    lambda word, labels: f"{word} ({', '.join(labels)})" if word else "",
    st.sampled_from(("", "by", "without")),
    st.lists(st.sampled_from(LABELS), max_size=2, unique=True),
)
_joins = st.sampled_from(
    ("", "", "", "on (job, code)", "on (job)", "ignoring (code)", "on (job) group_left ()", "on () group_right ()",
     "ignoring (code) group_left (code)", "on ()")
)  # fmt: skip


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(
            lambda op, by, expr: f"{op} {by} ({expr})",
            st.sampled_from(("sum", "avg", "min", "max", "count", "group", "stddev", "stdvar")),
            _groupings,
            inner,
        ),
        st.builds(
            lambda left, op, join, right: f"({left}) {op} {join} ({right})",
            inner,
            st.sampled_from(("+", "-", "*", "/")),
            _joins,
            inner,
        ),
        st.builds(
            lambda function, expr: f"{function}({expr})",
            st.sampled_from(("abs", "exp", "sqrt", "ln", "log2", "log10")),
            inner,
        ),
        st.builds(lambda expr, low: f"clamp_min({expr}, {low})", inner, _limits),
        st.builds(lambda expr, high: f"clamp_max({expr}, {high})", inner, _limits),
        st.builds(lambda expr: f"clamp({expr}, 1, 2e1)", inner),
        st.builds(lambda expr, join: f"({expr}) or {join} vector(0)", inner, st.sampled_from(("", "on ()"))),
        st.builds(lambda expr: f"-({expr})", inner),
        st.builds(lambda expr: f"sort_desc({expr})", inner),
    )


queries = st.recursive(leaves, _grown, max_leaves=4)
comparisons = st.tuples(
    st.sampled_from((">", ">=", "<", "<=", "!=")),
    st.sampled_from(("0.013", "7.77", "-1.003", "1.003")),  # numbers that no sample is, and no sum of samples
)
holds = st.sampled_from((0, 60_000, 180_000))
