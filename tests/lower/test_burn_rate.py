"""The mathematics of burn rates: the workbook's numbers, other SLO windows, and what follows from them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.lower.burn_rate import (
    BurnPair,
    BurnTier,
    budget_time,
    default_tiers,
    round_length,
    round_length_up,
    tiers_of,
)
from skillforge_mon.lower.burn_text import float_exact, percentage, rounded, spaced
from skillforge_mon.spec.quantities import Duration

BASE = Duration.of(minutes=5)


def length(text: str) -> Duration:
    return Duration.parse(text)


def table(window: str, base: Duration = BASE) -> list[tuple[str, str, str, str, str]]:
    """The default tiers as short window, long window, factor, share of the budget, severity."""
    return [
        (str(tier.short), str(tier.long), str(tier.factor.normalize()), percentage(tier.budget), tier.severity)
        for tier in default_tiers(length(window), base)
    ]


def test_thirty_days_have_the_numbers_of_the_workbook() -> None:
    assert table("30d") == [
        ("5m", "1h", "14.4", "2%", "critical"),
        ("30m", "6h", "6", "5%", "critical"),
        ("2h", "1d", "3", "10%", "warning"),
        ("6h", "3d", "1", "10%", "warning"),
    ]


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("28d", [("5m", "1h", "2.143%"), ("30m", "6h", "5.357%"), ("2h", "1d", "10.71%"), ("6h", "3d", "10.71%")]),
        ("7d", [("5m", "15m", "2.143%"), ("5m", "1h30m", "5.357%"), ("30m", "6h", "10.71%"), ("1h30m", "18h", "10.71%")]),
        ("90d", [("15m", "3h", "2%"), ("1h30m", "18h", "5%"), ("6h", "3d", "10%"), ("18h", "9d", "10%")]),
    ],
)  # fmt: skip
def test_other_windows_scale_the_pairs_and_keep_the_factors(window: str, expected: list[tuple[str, ...]]) -> None:
    found = table(window)
    assert [(short, long, share) for short, long, _, share, _ in found] == expected
    assert [factor for _, _, factor, _, _ in found] == ["14.4", "6", "3", "1"]


def test_of_two_tiers_with_the_same_windows_the_more_sensitive_one_is_kept() -> None:
    assert table("1d") == [
        ("5m", "10m", "6", "4.167%", "critical"),
        ("5m", "45m", "3", "9.375%", "warning"),
        ("10m", "2h", "1", "8.333%", "warning"),
    ]


@given(days=st.integers(1, 400), minutes=st.integers(5, 60))
def test_every_default_tier_can_be_measured_and_holds_the_formula(days: int, minutes: int) -> None:
    window, base = Duration.of(days=days), Duration.of(minutes=minutes)
    tiers = default_tiers(window, base)
    assert {tier.severity for tier in tiers} == {"critical", "warning"}
    for tier in tiers:
        assert base <= tier.short
        assert 2 * tier.short <= tier.long
        assert tier.factor >= 1
        assert abs(tier.factor - tier.budget * int(window) / int(tier.long)) < Decimal("1e-20")


def test_pairs_of_the_user_are_taken_as_they_are() -> None:
    pair = BurnPair(length("2m"), length("30m"), Decimal("0.01"), "critical")
    assert tiers_of([pair], length("30d")) == (
        BurnTier(length("2m"), length("30m"), Decimal("14.4"), Decimal("0.01"), "critical"),
    )


def test_a_tier_says_when_it_fires_and_how_soon() -> None:
    page = default_tiers(length("30d"), BASE)[0]
    assert page.threshold(Decimal("0.999")) == Decimal("0.0144")
    assert page.detection_time(Decimal("0.999"), Decimal(1)) == Duration(51_840)
    assert page.detection_time(Decimal("0.999"), Decimal("0.144")) == length("6m")
    assert page.detection_time(Decimal("0.999"), Decimal("0.0144")) is None
    assert page.can_fire(Decimal("0.95"))
    assert not page.can_fire(Decimal("0.9"))


@pytest.mark.parametrize(
    ("objective", "window", "expected"),
    [("0.999", "30d", "43m 12s"), ("0.95", "30d", "1d 12h"), ("0.99999", "7d", "6s 48ms"), ("0", "7d", "7d")],
)
def test_the_budget_in_time(objective: str, window: str, expected: str) -> None:
    assert spaced(budget_time(Decimal(objective), length(window))) == expected


@pytest.mark.parametrize(
    ("exact", "near", "above"),
    [
        ("56m", "1h", "1h"),
        ("70s", "1m", "2m"),
        ("1h24m", "1h30m", "1h30m"),
        ("12d4h", "12d", "13d"),
        ("1s", "1m", "1m"),
    ],
)
def test_lengths_are_rounded_to_what_people_use(exact: str, near: str, above: str) -> None:
    assert str(round_length(length(exact))) == near
    assert str(round_length_up(length(exact))) == above


def test_numbers_are_exact_for_machines_and_short_for_people() -> None:
    third = Decimal(2) / Decimal(7) / 1000
    assert str(float_exact(third)) == "0.00028571428571428571"
    assert float(float_exact(third)) == float(third)
    assert str(float_exact(Decimal("0.0144"))) == "0.0144"
    assert str(rounded(third)) == "0.0002857"
    assert percentage(third) == "0.02857%"
    assert percentage(Decimal("0.99999")) == "99.999%"
    assert percentage(Decimal(0)) == "0%"
