"""What the mathematics of burn rates says of an SLO that counts time: its error ratios, and when each alert is active.

From what is counted (events and bad events per second over the base window, at each evaluation) all else follows: the
share of bad events over a window is the sum of its bad counts by the sum of all, and a pair of windows is active while
the share is above its threshold over both and enough events have been bad over the long one (Site Reliability Workbook,
chapter 5, "Alerting on SLOs").

Where a number stands on its threshold, to the rounding of a float, either is right: the model can be asked for what is
told at the latest (``strict``) and at the earliest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from skillforge_mon.backends.prometheus.slo_rules import SloSeries
from skillforge_mon.lower.burn_rate import BurnTier
from skillforge_mon.lower.slo import BurnAlert, SloPlan
from skillforge_mon.proving.evaluate import LOOKBACK
from skillforge_mon.spec.quantities import Duration

_ROUNDING: Final = 1e-9
"""Relative; the sums of a few thousand floats differ by less."""


@dataclass(frozen=True, slots=True)
class Count:
    """Events and bad events per second, over the base window that ends at one evaluation."""

    total: float
    bad: float


@dataclass(frozen=True, slots=True)
class RunClock:
    """How a run is evaluated: every ``run`` milliseconds, of rules that are meant for every ``configured``."""

    run: int
    configured: int
    left_open: bool


class _Sums:
    """Sums of bad and of all events over neighbouring counts."""

    def __init__(self, counts: Sequence[Count | None]) -> None:
        self.bad = [0.0, *accumulate(each.bad if each is not None else 0.0 for each in counts)]
        self.total = [0.0, *accumulate(each.total if each is not None else 0.0 for each in counts)]

    def over(self, first: int, last: int) -> Count:
        begin, end = max(0, first), max(0, last + 1)
        return Count(self.total[end] - self.total[begin], self.bad[end] - self.bad[begin])


class BurnModel:
    """The SLO of ``plan`` over ``counts``, one for each evaluation; None where there is nothing to count."""

    def __init__(self, plan: SloPlan, clock: RunClock, counts: Sequence[Count | None]) -> None:
        self.plan = plan
        self.clock = clock
        self.counts = counts
        self.series = SloSeries(plan, Duration(clock.configured))
        self._sums = _Sums(counts)
        base, run = int(plan.base), clock.run
        lookback = LOOKBACK - clock.left_open
        tiles = range(0, (len(counts) - 1) * run + 1, base)
        self._tiles = _Sums([counts[tile // run] if tile % run <= lookback else None for tile in tiles])

    def summed(self, window: Duration, index: int) -> Count:
        """The sums of the counts over ``window`` at an evaluation: of all, or of one for each base window."""
        every = int(self.plan.base) if self.series.tiled(window) else self.clock.run
        now = index * self.clock.run
        start = now - int(window)
        first = start // every + 1 if self.clock.left_open or start % every else start // every
        sums = self._tiles if self.series.tiled(window) else self._sums
        return sums.over(first, now // every)

    def ratio(self, window: Duration, index: int) -> float | None:
        """The share of bad events over ``window``; None without events."""
        counted = self.counts[index] if window == self.plan.base else self.summed(window, index)
        return counted.bad / counted.total if counted is not None and counted.total > 0 else None

    def bad_events(self, window: Duration, index: int) -> float:
        """How many events were bad within ``window``."""
        every = int(self.plan.base) if self.series.tiled(window) else self.clock.configured
        return self.summed(window, index).bad * every / 1000

    def tier(self, tier: BurnTier, index: int, *, strict: bool) -> float | None:
        """The error ratio over the long window if ``tier`` is active, else None."""
        factor = 1 + _ROUNDING if strict else 1 - _ROUNDING
        threshold = float(tier.threshold(self.plan.slo.spec.objective)) * factor
        long, short = self.ratio(tier.long, index), self.ratio(tier.short, index)
        if long is None or short is None or long <= threshold or short <= threshold:
            return None
        return long if self.bad_events(tier.long, index) >= self.plan.minimum.events * factor else None

    def active(self, alert: BurnAlert, index: int, *, strict: bool) -> float | None:
        """The value of ``alert`` if it is active, else None: that of the first of its pairs that is."""
        found = (self.tier(tier, index, strict=strict) for tier in alert.tiers)
        return next((value for value in found if value is not None), None)


@dataclass(frozen=True, slots=True)
class Told:
    """At which evaluations something fires: surely (``strict``), and perhaps (``lenient``)."""

    strict: tuple[bool, ...]
    lenient: tuple[bool, ...]

    def certain(self, index: int) -> bool:
        """Whether rounding does not matter there."""
        return self.strict[index] == self.lenient[index]

    def first(self) -> tuple[int, int] | None:
        """The last evaluation before anything may fire, and the first at which it does; None when it never does."""
        found = next((index for index, fires in enumerate(self.strict) if fires and self.lenient[index]), None)
        earliest = next((index for index, fires in enumerate(self.lenient) if fires), None)
        return (earliest - 1, found) if found is not None and earliest is not None else None

    def end(self) -> tuple[int, int] | None:
        """The last evaluation at which it fires, and the first after which nothing may; None when it does not end."""
        last = next((index for index in reversed(range(len(self.strict))) if self.strict[index]), None)
        latest = next((index for index in reversed(range(len(self.lenient))) if self.lenient[index]), None)
        return (
            (last, latest + 1) if last is not None and latest is not None and latest + 1 < len(self.lenient) else None
        )


def told(model: BurnModel, alert: BurnAlert, hold: int, begin: int = 0) -> Told:
    """When ``alert`` fires that must be active for ``hold`` milliseconds first; it is not before ``begin``."""

    def followed(*, strict: bool) -> tuple[bool, ...]:
        since: int | None = None
        found: list[bool] = []
        for index in range(len(model.counts)):
            if index < begin or model.active(alert, index, strict=strict) is None:
                since = None
            elif since is None:
                since = index
            found.append(since is not None and (index - since) * model.clock.run >= hold)
        return tuple(found)

    return Told(followed(strict=True), followed(strict=False))
