"""How many bad events it takes: the numbers, from which traffic on they do not matter, and how seldom chance has so many."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from skillforge_mon.lower.bad_event_minimum import COUNTED, TIMED, BadEventMinimum

FACTORS = st.decimals(Decimal(1), Decimal(1000), places=2)
MINIMA = st.builds(BadEventMinimum, st.integers(1, 100), st.integers(0, 5))


@pytest.mark.parametrize(
    ("allowed", "number"), [("0", "3"), ("0.01", "3.3"), ("0.25", "4.5"), ("1", "6"), ("4", "9"), ("100", "33")]
)
def test_three_events_and_three_times_the_square_root_of_those_that_are_allowed(allowed: str, number: str) -> None:
    assert COUNTED.number(Decimal(allowed)) == Decimal(number)
    assert TIMED.number(Decimal(allowed)) == 3


@pytest.mark.parametrize(
    ("factor", "allowed", "bad", "most"),
    [
        ("14.4", "0.3276", "4.717", 5),
        ("6", "1.0000", "6.000", 6),
        ("3", "2.6180", "7.854", 8),
        ("1", "14.3739", "14.374", 15),
    ],
)
def test_from_so_many_allowed_events_on_the_burn_rate_is_stricter(
    factor: str, allowed: str, bad: str, most: int
) -> None:
    crossover = COUNTED.crossover(Decimal(factor))
    assert (str(round(crossover, 4)), str(round(COUNTED.number(crossover), 3))) == (allowed, bad)
    assert COUNTED.most(Decimal(factor)) == most


@given(minimum=MINIMA, factor=FACTORS, share=st.decimals(Decimal("0.01"), Decimal("0.99"), places=2))
def test_the_minimum_matters_below_the_crossover_and_not_above(
    minimum: BadEventMinimum, factor: Decimal, share: Decimal
) -> None:
    crossover = minimum.crossover(factor)
    assert abs(minimum.number(crossover) - factor * crossover) < Decimal("1e-15")
    assert minimum.number(crossover * share) > factor * crossover * share
    assert minimum.number(crossover / share) < factor * crossover / share


def test_a_constant_is_left_behind_when_the_burn_rate_asks_for_as_many() -> None:
    assert BadEventMinimum(10).crossover(Decimal("14.4")) == pytest.approx(Decimal(10) / Decimal("14.4"))
    assert BadEventMinimum(0).crossover(Decimal(6)) == 0
    assert [BadEventMinimum(10).most(factor) for factor in (Decimal("14.4"), Decimal(1))] == [10, 10]


@pytest.mark.parametrize(
    ("minimum", "computed"),
    [(COUNTED, True), (TIMED, False), (BadEventMinimum(10), False), (BadEventMinimum(0), False)],
)
def test_a_number_without_deviations_is_not_computed(minimum: BadEventMinimum, computed: bool) -> None:
    assert minimum.computed is computed


@pytest.mark.parametrize(
    ("budget", "counted", "timed"), [("0.001", 4, 3), ("0.01", 4, 3), ("0.05", 5, 3), ("0.1", 6, 3), ("0.5", 10, 3)]
)
def test_the_fewest_that_are_ever_enough(budget: str, counted: int, timed: int) -> None:
    """Nothing but these events is in the window."""
    assert (COUNTED.least(Decimal(budget)), TIMED.least(Decimal(budget))) == (counted, timed)


@given(minimum=MINIMA, factor=FACTORS, budget=st.decimals(Decimal("0.0001"), Decimal("0.9"), places=4))
def test_no_more_are_enough_than_it_ever_waits_for(minimum: BadEventMinimum, factor: Decimal, budget: Decimal) -> None:
    assume(factor * budget < 1)
    assert minimum.events <= minimum.least(budget) <= minimum.most(factor)


@pytest.mark.parametrize(("factor", "one_in"), [("14.4", 31_726), ("6", 1_684), ("3", 162), ("1", 2)])
def test_how_seldom_chance_fails_so_many_where_the_objective_is_just_met(factor: str, one_in: int) -> None:
    """With the traffic at which it is the most probable: a burn rate of 1 is what such a service has."""
    crossover = float(COUNTED.crossover(Decimal(factor)))
    traffic = (crossover * each / 5000 for each in range(1, 10_000))
    chance = max(exceeds(allowed, needed(float(factor), allowed)) for allowed in traffic)
    assert round(1 / chance) == pytest.approx(one_in, rel=0.002)


def needed(factor: float, allowed: float) -> int:
    """How many bad events meet both the minimum and the burn rate."""
    return max(math.ceil(COUNTED.number(Decimal(allowed))), math.floor(factor * allowed) + 1)


def exceeds(mean: float, count: int) -> float:
    """How probable it is that a Poisson distribution of this mean gives ``count`` or more."""
    term = math.exp(-mean) * mean**count / math.factorial(count)
    total = 0.0
    while total + term > total:
        total += term
        count += 1
        term *= mean / count
    return total
