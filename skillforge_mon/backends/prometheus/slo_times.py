"""When burn-rate alerts fire and end, by the rules as they are written: the moments between which each must happen.

Until an outage begins nothing is bad; then the share ``errors`` of all events is, in traffic that does not change. The
counts are rates over the base window b, so an outage is seen whole only after b, and the ratio over a window w is, t
after the beginning,

    w = b            errors t / b
    w summed up      errors t^2 / (2 b w) up to b, then errors (t - b/2) / w
    w tiled          errors t / w, as of the end of the last base window, which is up to b ago

An outage ends after all windows have been filled; the alert with it when the short window has fallen below the
threshold. The latest moment adds a scrape, and an evaluation of the recordings and of the alert each.

Where time is counted, it is known how many events there are, and so when enough of them have been bad: of one series,
so that with several it may be earlier. How many real events there are is not known: what is said holds where there are
enough. A composite SLO reads what others have recorded, up to an evaluation ago.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from skillforge_mon.backends.prometheus.slo_alerts import is_slow
from skillforge_mon.backends.prometheus.slo_rules import LONG_INTERVAL, LONG_WINDOW, SloSeries
from skillforge_mon.lower.burn_rate import BurnTier
from skillforge_mon.lower.slo import BurnAlert
from skillforge_mon.spec.quantities import Duration


@dataclass(frozen=True, slots=True)
class Between:
    """A moment is not before ``earliest`` and not after ``latest``, counted from the beginning or end of an outage."""

    earliest: Duration
    latest: Duration


def fires_after(series: SloSeries, alert: BurnAlert, errors: Decimal, scrape: Duration) -> Between | None:
    """When the first level of ``alert`` fires after ``errors`` (1 for all) of the events began to fail; None: never."""
    found = [
        Between(
            max(each.earliest for each in both),
            Duration(max(each.latest for each in both) + _alert_interval(series, alert)),
        )
        for tier in alert.tiers
        if _fires(series, tier, errors) and (both := [*_met(series, tier, errors, scrape)])
    ]
    if not found:
        return None
    return Between(min(each.earliest for each in found), min(each.latest for each in found))


def ends_after(series: SloSeries, alert: BurnAlert, errors: Decimal, scrape: Duration) -> Between | None:
    """When ``alert`` is over after a long outage of ``errors`` has ended; None where it has never fired."""
    firing = [tier for tier in alert.tiers if _fires(series, tier, errors)]
    if not firing:
        return None
    moments = [_fallen(series, tier, errors, scrape) for tier in firing]
    latest = max(each.latest for each in moments) + _alert_interval(series, alert)
    return Between(max(each.earliest for each in moments), Duration(latest))


def _alert_interval(series: SloSeries, alert: BurnAlert) -> Duration:
    return max(series.evaluation, LONG_INTERVAL) if is_slow(alert) else series.evaluation


def _fires(series: SloSeries, tier: BurnTier, errors: Decimal) -> bool:
    """Whether ``tier`` ever does: so many go bad, and its long window has room for enough of them."""
    if errors <= tier.threshold(series.plan.slo.spec.objective):
        return False
    filled = _filled_by_minimum(series, tier)
    return filled is None or filled <= errors * int(tier.long)


def _met(series: SloSeries, tier: BurnTier, errors: Decimal, scrape: Duration) -> Iterator[Between]:
    """When each condition of ``tier`` is met: both ratios, and enough bad events."""
    share = float(tier.threshold(series.plan.slo.spec.objective) / errors)
    for window in (tier.short, tier.long):
        yield _reached(series, window, share * window, scrape)
    filled = _filled_by_minimum(series, tier)
    if filled is not None:
        latest = _reached(series, tier.long, float(filled / errors), scrape).latest
        yield Between(Duration(0), latest)


def _filled_by_minimum(series: SloSeries, tier: BurnTier) -> Decimal | None:
    """How many milliseconds of nothing but bad events are enough; None where nobody knows how many events there are."""
    plan, slice_ = series.plan, series.plan.slice
    if slice_ is None:
        return None
    return plan.minimum.number(plan.allowed(tier.long, slice_)) * int(slice_)


def _reached(series: SloSeries, window: Duration, filled: float, scrape: Duration) -> Between:
    """When ``window`` holds ``filled`` milliseconds of the outage."""
    base = int(series.plan.base)
    delay = int(scrape) + _recorded_every(series, window)
    if window == base:
        return Between(Duration(int(filled)), Duration(math.ceil(filled) + delay))
    if series.tiled(window):
        return Between(Duration(int(filled)), Duration(math.ceil(filled) + base + delay))
    summed = filled + base / 2 if filled > base / 2 else math.sqrt(2 * base * filled)
    return Between(Duration(int(summed)), Duration(math.ceil(summed) + delay))


def _fallen(series: SloSeries, tier: BurnTier, errors: Decimal, scrape: Duration) -> Between:
    """When the ratio over the short window has fallen to the threshold; the long one falls later.

    From Prometheus 3.0 on a range holds one sample fewer, so it may be an evaluation earlier.
    """
    base, window = int(series.plan.base), tier.short
    left = float(tier.threshold(series.plan.slo.spec.objective) / errors) * window
    delay = int(scrape) + _recorded_every(series, window)
    if window == base:
        return Between(Duration(int(base - left)), Duration(math.ceil(base - left) + delay))
    fewer = int(series.evaluation)
    gone = window - left - fewer
    if series.tiled(window):
        return Between(Duration(int(gone)), Duration(math.ceil(gone) + base + delay))
    summed = gone + base / 2 if left > base / 2 else window + base - math.sqrt(2 * base * left) - fewer
    return Between(Duration(int(summed)), Duration(math.ceil(summed) + delay))


def _recorded_every(series: SloSeries, window: Duration) -> int:
    """Counts and ratios are evaluated one after the other in a group; those of long windows in a slower one."""
    quick = int(series.evaluation) * (2 if series.plan.slo.spec.composite is not None else 1)
    return quick + max(quick, int(LONG_INTERVAL)) if window >= LONG_WINDOW else quick
