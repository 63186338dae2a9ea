"""Whatever a spec asks for, what is sent to Datadog lies within its limits."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.datadog.slo_windows import TIMEFRAMES, highest, legal_tier, target, timeframe
from skillforge_mon.lower.burn_rate import BurnTier
from skillforge_mon.spec.quantities import Duration

objectives = st.decimals("0.00001", "0.999999999", places=9)
lengths = st.integers(1_000, 40 * 86_400_000).map(Duration)
tiers = st.builds(
    lambda short, extra, factor: BurnTier(short, Duration(short + extra), factor, Decimal("0.1"), "critical"),
    lengths,
    lengths,
    st.decimals("0.001", "100000", places=3),
)
HOUR = 3_600_000


@given(tiers, st.sampled_from(TIMEFRAMES), objectives)
def test_a_pair_is_always_legal(tier: BurnTier, over: Duration, objective: Decimal) -> None:
    promised = target(objective) / 100
    legal = legal_tier(tier, over, promised)
    assert int(legal.long) % HOUR == 0
    assert HOUR <= legal.long <= 48 * HOUR
    assert int(legal.short) % 60_000 == 0
    assert 0 < legal.short < legal.long
    assert 0 < legal.factor <= 1 / (1 - promised)
    assert legal.budget == legal.factor * int(legal.long) / int(over)


@given(st.integers(1, 48), st.integers(1, 59), st.decimals("0.001", "100", places=3))
def test_a_legal_pair_stays_as_it_is(hours: int, minutes: int, factor: Decimal) -> None:
    long, short = Duration.of(hours=hours), Duration.of(minutes=minutes)
    tier = BurnTier(short, long, factor, factor * int(long) / int(TIMEFRAMES[1]), "critical")
    assert legal_tier(tier, TIMEFRAMES[1], Decimal("0.99")) == tier


@given(objectives)
def test_a_target_has_three_decimals_and_is_less_than_all(objective: Decimal) -> None:
    percent = target(objective)
    assert 0 < percent < 100
    assert percent == percent.quantize(Decimal("0.001"))
    assert abs(percent - objective * 100) <= Decimal("0.001")


@pytest.mark.parametrize(
    ("window", "expected"),
    [("7d", "7d"), ("6d", "7d"), ("28d", "30d"), ("31d", "30d"), ("90d", "90d"), ("84d", "90d"), ("12w", "90d"),
     ("1d", None), ("14d", None), ("60d", None), ("365d", None)],
)  # fmt: skip
def test_a_window_becomes_the_nearest_when_that_is_near(window: str, expected: str | None) -> None:
    found = timeframe(Duration.parse(window))
    assert found == (Duration.parse(expected) if expected is not None else None)


def test_the_highest_rate_is_that_of_a_total_outage() -> None:
    assert [highest(Decimal(text)) for text in ("0.9", "0.97", "0.999")] == [10, Decimal("33.333"), 1000]
