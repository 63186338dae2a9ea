"""Conditions that reach Datadog, generated, with the series that both systems see: one project, four metrics."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from hypothesis import strategies as st

from skillforge_mon.backends.datadog.names import Names
from skillforge_mon.backends.datadog.translate import Translation, translate
from skillforge_mon.model.conditions import split_comparison
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import parse
from skillforge_mon.spec.quantities import Duration
from tests.interpreters.datadog import Datadog, Source, count, gauge
from tests.interpreters.series import RawSeries
from tests.interpreters.worlds import STEP, counters, gauges
from tests.projects import project

_SPEC: Final = """
version: 1
project: shop
targets: {prometheus: {scrape_interval: 30s}, datadog: {}}
metrics:
  depth: {type: gauge, exported_by_push: true, labels: {queue: bounded, zone: bounded}}
  limit: {type: gauge, exported_by_push: true, labels: {queue: bounded, zone: bounded}}
  requests_total: {type: counter, exported_by_push: true, labels: {queue: bounded, zone: bounded}}
  errors_total: {type: counter, exported_by_push: true, labels: {queue: bounded, zone: bounded}}
"""
GAUGES: Final = {"depth": "shop.depth", "limit": "shop.limit"}
COUNTERS: Final = {"requests_total": "shop.requests.count", "errors_total": "shop.errors.count"}


@lru_cache
def shop() -> Project:
    """The project."""
    return project(_SPEC)


def translated(promql: str, hold: int) -> Translation:
    """The condition ``promql`` that must hold for ``hold`` milliseconds. Raises Untranslatable."""
    value, comparison = split_comparison(parse(promql))
    return translate(shop(), Names(shop()), value, comparison, Duration(hold))


def datadog(series: list[RawSeries]) -> Datadog:
    """What the Agent sends of the series, as the project names them."""
    return Datadog([_sent(each) for each in series], STEP)


def _sent(series: RawSeries) -> Source:
    name = series.labels["__name__"]
    tags = {label: value for label, value in series.labels.items() if label != "__name__"}
    return gauge(GAUGES[name], tags, series) if name in GAUGES else count(COUNTERS[name], tags, series)


@st.composite
def worlds(draw: st.DrawFn) -> list[RawSeries]:
    """Every metric for two queues in one or two zones, scraped without a miss."""
    zones = draw(st.sampled_from((("a",), ("a", "b"))))
    places = [{"queue": queue, "zone": zone} for queue in ("q1", "q2") for zone in zones]
    found = [draw(gauges({"__name__": name, **place}, gaps=False)) for name in GAUGES for place in places]
    found += [
        draw(counters({"__name__": name, **place}, gaps=False, restarts=False)) for name in COUNTERS for place in places
    ]
    return found


_matchers = st.sampled_from(("", "", '{queue="q1"}', '{zone!="b"}', '{queue=~"q1|q2"}'))
_lengths = ("1m", "90s", "2m", "4m", "5m")
_numbers = st.sampled_from(("2", "0.5", "-3", "100"))


@lru_cache
def _leaves(length: str, kinds: tuple[str, ...]) -> st.SearchStrategy[str]:
    """One range for all windows, as one monitor has one."""
    gauge_names, counter_names = st.sampled_from(tuple(GAUGES)), st.sampled_from(tuple(COUNTERS))
    over_gauge = [kind for kind in kinds if kind.endswith("_over_time")]
    over_counter = [kind for kind in kinds if kind in {"rate", "increase", "irate"}]
    options: list[st.SearchStrategy[str]] = []
    if "points" in kinds:
        options.append(st.builds(lambda name, by: f"{name}{by}", gauge_names, _matchers))
    for functions, names in ((over_gauge, gauge_names), (over_counter, counter_names)):
        if functions:
            options.append(
                st.builds(
                    lambda function, name, by: f"{function}({name}{by}[{length}])",
                    st.sampled_from(functions),
                    names,
                    _matchers,
                )
            )
    return st.one_of(options)


@cache
def _values(grouping: str, length: str, kinds: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Arithmetic between what is grouped alike."""
    leaves = _leaves(length, kinds)
    grouped = st.builds(
        lambda op, leaf: f"{op} {grouping} ({leaf})", st.sampled_from(("sum", "avg", "min", "max", "sum")), leaves
    )
    pairs = st.builds(
        lambda op, a, sign, b: f"{op} {grouping} ({a} {sign} {b})",
        st.sampled_from(("sum", "avg")),
        leaves,
        st.sampled_from("+-"),
        leaves,
    )
    return st.recursive(
        st.one_of(
            grouped, pairs, st.builds(lambda leaf, number: f"sum {grouping} ({leaf} * {number})", leaves, _numbers)
        ),
        lambda inner: st.one_of(
            st.builds(lambda a, op, b: f"({a}) {op} ({b})", inner, st.sampled_from("+-*/"), inner),
            st.builds(lambda a, op, n: f"({a}) {op} {n}", inner, st.sampled_from("+-*/"), _numbers),
            st.builds(lambda a, op, n: f"{n} {op} ({a})", inner, st.sampled_from("+-"), _numbers),
            st.builds(lambda function, a: f"{function}({a})", st.sampled_from(("abs", "-", "ceil")), inner),
            st.builds(
                lambda function, a, n: f"{function}({a}, {n})",
                st.sampled_from(("clamp_min", "clamp_max")),
                inner,
                _numbers,
            ),
            st.builds(lambda a: f"(({a}) or vector(0))", inner),
            st.builds(lambda a: f"({a}) * vector(2)", inner),
        ),
        max_leaves=3,
    )


_KINDS: Final = (
    ("points",), ("points", "irate"), ("rate",), ("rate", "increase"), ("increase",), ("avg_over_time",),
    ("min_over_time",), ("max_over_time",), ("sum_over_time",), ("rate", "points"), ("avg_over_time", "points"),
    ("last_over_time",),
)  # fmt: skip


@st.composite
def conditions(draw: st.DrawFn) -> tuple[str, int]:
    """A condition, and for how many milliseconds it must hold."""
    grouping = draw(st.sampled_from(("", "by (queue)", "by (queue, zone)")))
    value = draw(_values(grouping, draw(st.sampled_from(_lengths)), draw(st.sampled_from(_KINDS))))
    op, number = draw(st.sampled_from((">", ">=", "<", "<="))), draw(st.sampled_from(("0.37", "7.13", "51.77", "-2.2")))
    return f"{value} {op} {number}", draw(st.sampled_from((0, 60_000, 90_000, 180_000, 300_000)))
