"""The one window of a monitor misses nothing that Prometheus would report."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from skillforge_mon.backends.datadog.query.tree import MonitorQuery
from tests.backends.datadog.translating import translated

LIMIT = 0.05


def window_of(promql: str, hold: int) -> MonitorQuery:
    return translated(promql, f"{hold}m").query


def fires_in_prometheus(bad: list[int], total: list[int], length: int, hold: int) -> bool:
    """Whether the quotient over ``length`` minutes was over the limit at each of the last ``hold`` + 1 minutes."""
    ends = range(len(total) - hold, len(total) + 1)
    return all(sum(bad[end - length : end]) > LIMIT * sum(total[end - length : end]) for end in ends)


@settings(max_examples=200, deadline=None)
@given(st.data(), st.integers(1, 10), st.integers(0, 25))
def test_a_quotient_that_fires_in_prometheus_fires_in_datadog(data: st.DataObject, length: int, hold: int) -> None:
    minutes = length + hold
    total = data.draw(st.lists(st.integers(0, 100), min_size=minutes, max_size=minutes))
    bad = [data.draw(st.integers(0, most)) for most in total]
    assume(fires_in_prometheus(bad, total, length, hold))
    query = window_of(f"sum(rate(errors_total[{length}m])) / sum(rate(requests_total[{length}m])) > {LIMIT}", hold)
    assert query.window.minutes <= minutes
    assert sum(bad[-query.window.minutes :]) > LIMIT * sum(total[-query.window.minutes :])


@settings(max_examples=200, deadline=None)
@given(st.data(), st.integers(1, 10), st.integers(1, 25), st.sampled_from(("min", "max")))
def test_the_least_and_the_greatest_fire_no_later(data: st.DataObject, length: int, hold: int, which: str) -> None:
    minutes = length + hold
    values = data.draw(st.lists(st.integers(0, 10), min_size=minutes, max_size=minutes))
    reduce = min if which == "min" else max
    ends = range(length, minutes + 1)
    assume(all(reduce(values[end - length : end]) > 3 for end in ends))
    query = window_of(f"{which}_over_time(temperature_celsius[{length}m]) > 3", hold)
    assert query.aggregator == which
    assert reduce(values[-query.window.minutes :]) > 3
