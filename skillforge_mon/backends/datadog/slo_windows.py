"""The windows, targets and burn rates that Datadog's SLOs and their monitors can have, and the nearest legal ones.

Sources: docs.datadoghq.com, "Burn Rate Alerts" (Monitor creation, Maximum burn rate values) and "Metric-based SLOs"
(Set your SLO targets); the API's ``SLOTimeframe``.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from typing import Final

from skillforge_mon.lower.burn_rate import BurnTier
from skillforge_mon.spec.quantities import Duration

TIMEFRAMES: Final = tuple(Duration.of(days=days) for days in (7, 30, 90))
"""Over what an SLO is promised; ``custom`` is only told back."""

FARTHEST: Final = Decimal("1.25")
"""Up to how many times as long or as short a window may become. 28 days are 30 to everybody; a promise over two weeks
is another one than that over one."""

TARGET_STEP: Final = Decimal("0.001")
"""Targets are percentages with three decimals, above 0 and below 100."""

SHORTEST_LONG: Final = Duration.of(hours=1)
LONGEST_LONG: Final = Duration.of(hours=48)
"""The long window of a burn rate, in whole hours."""

_HOUR, _MINUTE = 3_600_000, 60_000
_SHORT_SHARE = 12
"""A short window is a twelfth of the long one where it could not be shorter than it otherwise."""


def timeframe(window: Duration) -> Duration | None:
    """The window of Datadog that is nearest to ``window``; None where none is near enough (FARTHEST)."""
    nearest = min(TIMEFRAMES, key=lambda each: _apart(each, window))
    return nearest if _apart(nearest, window) <= FARTHEST else None


def target(objective: Decimal) -> Decimal:
    """The objective (0.999) as a target that Datadog takes, in percent (99.9)."""
    nearest = (objective * 100).quantize(TARGET_STEP, ROUND_HALF_EVEN)
    return min(max(nearest, TARGET_STEP), 100 - TARGET_STEP).normalize()


def legal_tier(tier: BurnTier, over: Duration, objective: Decimal) -> BurnTier:
    """The nearest pair of windows that Datadog takes, at the same burn rate, for an SLO over the timeframe ``over``.

    The burn rate says from when on a budget does not last, so it stays; only one that not even a total outage reaches
    becomes the highest. ``budget`` of the result is the share that is spent within its long window at that rate.
    """
    long = _long(tier.long)
    short = Duration(max(_MINUTE, -(-int(tier.short) // _MINUTE) * _MINUTE))
    if short >= long:
        short = Duration(int(long) // _SHORT_SHARE)
    factor = min(tier.factor, highest(objective))
    return replace(tier, short=short, long=long, factor=factor, budget=factor * int(long) / int(over))


def highest(objective: Decimal) -> Decimal:
    """The greatest burn rate that Datadog takes, down to three decimals: that of a total outage."""
    return (1 / (1 - objective)).quantize(Decimal("0.001"), ROUND_DOWN)


def hours(long: Duration) -> str:
    """A long window as a query has it: ``48h``."""
    return f"{int(long) // _HOUR}h"


def minutes(short: Duration) -> str:
    """A short window as a query has it: ``30m``."""
    return f"{int(short) // _MINUTE}m"


def days(over: Duration) -> str:
    """A timeframe as the API has it: ``30d``."""
    return f"{int(over) // (24 * _HOUR)}d"


def _long(wanted: Duration) -> Duration:
    """The nearest whole number of hours by ratio, within the limits."""
    below = max(int(SHORTEST_LONG), int(wanted) // _HOUR * _HOUR)
    nearest = min((below, below + _HOUR), key=lambda each: _apart(Duration(each), wanted))
    return Duration(min(nearest, int(LONGEST_LONG)))


def _apart(one: Duration, other: Duration) -> Decimal:
    """How many times as long the longer one is."""
    return max(Decimal(int(one)) / int(other), Decimal(int(other)) / int(one))
