"""The mathematics of burn rates, on counts that are given: against numbers worked out by hand, and against slo_times."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.prometheus.slo_rules import SloSeries
from skillforge_mon.backends.prometheus.slo_times import ends_after, fires_after
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.proving.slo_model import BurnModel, Count, RunClock, Told, told
from skillforge_mon.spec.quantities import Duration
from tests.projects import project

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {evaluation_interval: 1m, scrape_interval: 1m}
slos:
  reach:
    objective: 99.9%
    available: up
"""
MINUTE = 60_000
HOUR = 60 * MINUTE


@cache
def plan() -> SloPlan:
    """An SLO of scrapes, one a minute, with a base window of 5 minutes."""
    found = project(SPEC)
    return Lowering(found, Report()).slos[0]


def model(bad: Sequence[float | None], run: int = MINUTE, *, left_open: bool = True) -> BurnModel:
    """One target, scraped once a minute, of which these shares of the base window were bad at each evaluation."""
    counts = [Count(1 / 60, share / 60) if share is not None else None for share in bad]
    return BurnModel(plan(), RunClock(run, MINUTE, left_open), counts)


def test_a_window_is_summed_up_from_counts() -> None:
    found = model([0.0] * 30 + [1.0] * 15 + [0.0] * 30)
    assert found.ratio(Duration.of(minutes=30), 49) == pytest.approx(0.5)
    assert found.bad_events(Duration.of(minutes=30), 49) == pytest.approx(15)


def test_a_range_of_prometheus_2_has_one_count_more() -> None:
    bad = [1.0] * 5 + [0.0] * 30
    assert model(bad).ratio(Duration.of(minutes=30), 32) == pytest.approx(2 / 30)
    assert model(bad, left_open=False).ratio(Duration.of(minutes=30), 32) == pytest.approx(3 / 31)


def test_a_long_window_takes_one_count_per_base_window() -> None:
    found = model([1.0 if index % 5 == 0 else 0.0 for index in range(400)])
    assert found.ratio(Duration.of(hours=6), 399) == pytest.approx(1)
    assert found.bad_events(Duration.of(hours=6), 399) == pytest.approx(360)


def test_what_nobody_counts_is_neither_good_nor_bad() -> None:
    found = model([1.0] * 5 + [None] * 5 + [0.0] * 5)
    assert found.ratio(Duration.of(minutes=5), 7) is None
    assert found.ratio(Duration.of(minutes=30), 14) == pytest.approx(0.5)


def test_three_scrapes_stand_on_the_least_that_must_be_bad() -> None:
    """Either is right, to the rounding of a float; two are too few, and four enough."""
    alert = plan().alerts[0]
    found = {count: told(model([0.0] * 400 + [count / 5] * 5 + [0.0] * 100), alert, 0) for count in (2, 3, 4)}
    assert {count: (any(each.strict), any(each.lenient)) for count, each in found.items()} == {
        2: (False, False), 3: (False, True), 4: (True, True),
    }  # fmt: skip


def test_a_level_waits_its_time() -> None:
    found = told(model([0.0] * 400 + [1.0] * 60 + [0.0] * 100), plan().alerts[0], 10 * MINUTE)
    at_once = told(model([0.0] * 400 + [1.0] * 60 + [0.0] * 100), plan().alerts[0], 0)
    first, waited = at_once.first(), found.first()
    assert first is not None
    assert waited is not None
    assert waited[1] - first[1] == 10


def test_when_it_is_sure_and_when_it_is_not() -> None:
    found = Told((False, False, True, True, False, False), (False, True, True, True, True, False))
    assert (found.first(), found.end()) == ((0, 2), (3, 5))
    assert [found.certain(index) for index in range(6)] == [True, False, True, True, False, True]
    assert Told((False,), (False,)).first() is None
    assert Told((True,), (True,)).end() is None


@given(errors=st.integers(1, 1000), severity=st.integers(0, 1))
def test_it_agrees_with_the_moments_that_explain_slo_says(errors: int, severity: int) -> None:
    """An outage of any share, after all windows were full of good scrapes, to two evaluations."""
    alert = plan().alerts[severity]
    share = Decimal(errors) / 1000
    run = 5 * MINUTE
    history = max(int(tier.long) for tier in alert.tiers)
    good = history // run + 1
    length = 2 * history // run
    bad = [0.0] * good + [float(share)] * length + [0.0] * (history // run)
    counts = [Count(1 / 60, each / 60) for each in bad]
    found = told(BurnModel(plan(), RunClock(run, run, left_open=True), counts), alert, 0)
    series = SloSeries(plan(), Duration(run))
    between = fires_after(series, alert, share, Duration(run))
    first, end = found.first(), found.end()
    assert (first is None) is (between is None)
    if first is None or between is None:
        return
    begin = (good - 1) * run
    assert between.earliest - 2 * run <= first[1] * run - begin <= between.latest + 2 * run
    over = ends_after(series, alert, share, Duration(run))
    assert over is not None
    assert end is not None
    assert over.earliest - 2 * run <= end[1] * run - (good + length - 1) * run <= over.latest + 2 * run
