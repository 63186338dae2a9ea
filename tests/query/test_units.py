"""Units: what names say, and how fractions cancel."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.query.units import RATIO, Unit, added, counted_in_name, scaled, unit_in_name, unit_named

IN_NAMES = [
    ("http_requests_total", "counter", "requests"),
    ("node_cpu_seconds_total", "counter", "seconds"),
    ("network_receive_bytes_total", "counter", "bytes"),
    ("node_vmstat_pgmajfault", "counter", "pgmajfault"),
    ("process_start_time_seconds", "gauge", "seconds"),
    ("disk_used_ratio", "gauge", "ratio"),
    ("humidity_percent", "gauge", "percent"),
    ("node_hwmon_temp_celsius", "gauge", "celsius"),
    ("http_requests_created", "gauge", "seconds"),
    ("queue_messages", "gauge", ""),
    ("http.server.request.seconds", "histogram", "seconds"),
    ("job:latency_seconds", "gauge", "seconds"),
    ("total", "counter", "total"),
]


@pytest.mark.parametrize(("metric", "type_", "unit"), IN_NAMES)
def test_the_unit_that_a_name_says(metric: str, type_: str, unit: str) -> None:
    assert unit_in_name(metric, type_) == unit


COUNTED = [
    ("http_request_duration_seconds", "requests"),
    ("rpc_latency_seconds", "rpcs"),
    ("response_size_bytes", "responses"),
    ("queries_duration_seconds", "queries"),
    ("gc_pause_seconds", "observations"),
    ("duration_seconds", "observations"),
    ("seconds", "observations"),
]


@pytest.mark.parametrize(("metric", "thing"), COUNTED)
def test_what_a_histogram_counts(metric: str, thing: str) -> None:
    assert counted_in_name(metric) == thing


NAMES = [
    (Unit(), "ratio"),
    (Unit(("bytes",)), "bytes"),
    (Unit(("bytes",), ("seconds",)), "bytes_per_second"),
    (Unit((), ("seconds",)), "per_second"),
    (Unit(("seconds",), ("requests",)), "seconds"),
    (Unit(("errors",), ("requests",)), "ratio"),
    (Unit(("messages",), ("requests",)), ""),
    (Unit(("requests",), ("bytes",)), ""),
    (Unit(("bytes", "seconds")), ""),
    (Unit(("bytes", "volts"), ("seconds",)), ""),
    (Unit(("bytes",), ("requests", "volts")), ""),
]


@pytest.mark.parametrize(("unit", "name"), NAMES)
def test_the_name_of_a_unit(unit: Unit, name: str) -> None:
    assert unit.name == name


@pytest.mark.parametrize("name", ["bytes", "requests_per_second", "ratio", "percent"])
def test_a_named_unit_has_that_name(name: str) -> None:
    unit = unit_named(name)
    assert unit is not None
    assert unit.name == name


@pytest.mark.parametrize(
    ("short", "name"),
    [("s", "seconds"), ("ms", "milliseconds"), ("B_per_second", "bytes_per_second"), ("%", "percent")],
)
def test_short_forms_of_units_are_understood(short: str, name: str) -> None:
    unit = unit_named(short)
    assert unit is not None
    assert unit.name == name


def test_no_name_is_no_unit() -> None:
    assert unit_named("") is None


def test_only_conversions_and_margins_keep_a_unit() -> None:
    seconds = Unit(("seconds",))
    assert scaled(seconds, 1000) == Unit(("milliseconds",))
    assert scaled(RATIO, 100) == Unit(("percent",))
    assert scaled(seconds, 0.9) == seconds
    assert scaled(seconds, 60) is None
    assert scaled(None, 2) is None


def test_what_is_added_has_one_unit() -> None:
    hits, misses, seconds = Unit(("hits",)), Unit(("misses",)), Unit(("seconds",))
    assert added(hits, hits) == hits
    assert added(hits, None) == hits
    assert added(None, None) is None
    assert added(hits, misses) == Unit(("count",))
    assert added(hits, seconds) is None


UNITS = st.builds(
    lambda top, bottom: Unit().times(Unit(tuple(top))).by(Unit(tuple(bottom))),
    st.lists(st.sampled_from("abc"), max_size=3),
    st.lists(st.sampled_from("abc"), max_size=3),
)


@given(UNITS, UNITS)
def test_multiplying_by_what_was_divided_by_gives_the_unit_back(left: Unit, right: Unit) -> None:
    assert left.by(right).times(right) == left
    assert left.times(right) == right.times(left)
    assert left.by(left) == RATIO
