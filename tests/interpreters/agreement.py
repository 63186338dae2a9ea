"""Whether an evaluation of Datadog is what the reasons of the translation allow it to be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from skillforge_mon.backends.datadog.translate import Translation
from skillforge_mon.query.algebra import Node, Window, walk
from tests.interpreters.algebra import Dialect, Interpreter
from tests.interpreters.bounds import Bounds, Interval, certain
from tests.interpreters.datadog import Datadog
from tests.interpreters.reasons import Time, Value, bounds_of
from tests.interpreters.series import Key, RawSeries

MINUTE = 60_000
NOTHING: Interval = (math.inf, -math.inf)


@dataclass(frozen=True, slots=True)
class Judged:
    """One group at one evaluation: Datadog's value, what it may be, and whether it alerts and may or must."""

    group: Key
    value: float | None
    allowed: Interval
    alerts: bool
    must: bool
    may: bool

    @property
    def agrees(self) -> bool:
        """Whether the value is within its bounds, and the alert what it must or may be."""
        low, high = self.allowed
        slack = 1e-9 * max((abs(end) for end in self.allowed if math.isfinite(end)), default=0.0) + 1e-9
        inside = self.value is None or low - slack <= self.value <= high + slack
        return inside and (not self.must or self.alerts) and (self.may or not self.alerts)


def judged(
    translation: Translation, node: Node, op: str, number: Decimal, hold: int, series: list[RawSeries],
    datadog: Datadog, time: int,
) -> list[Judged]:  # fmt: skip
    """Every group of ``node op number`` that must hold for ``hold`` milliseconds, at the evaluation at ``time``."""
    allowed = bounds_of(translation.differences)
    ranges = [part.length for part in walk(node) if isinstance(part, Window) and part.function != "latest_rate"]
    range_ = max(ranges, default=0)
    further = _further(allowed, range_, hold)
    bounds = Bounds(Interpreter(series, Dialect(left_open=True)), allowed, range_, further)
    found = datadog.evaluate(translation.query, time)
    must_at, may_at, all_of = _times(allowed, hold, time, series[0].step)
    history = {moment: bounds.of(node, moment) for moment in {*must_at, *may_at}}
    if Value.ONE_MORE in allowed and () not in found.values:
        history = {moment: {key: each for key, each in found.items() if key} for moment, found in history.items()}
    results = []
    for group in history[time].keys() | found.values.keys():
        if group not in history[time]:  # Prometheus has no such series
            results.append(Judged(group, found.values[group], NOTHING, group in found.alerting, must=False, may=False))
            continue
        must = all(certain(op, number, history[moment][group]) is True for moment in must_at)
        possible = [certain(op, number, history[moment][group]) is not False for moment in may_at]
        intervals = [each[group] for each in history.values()]
        hull = (min(low for low, _ in intervals), max(high for _, high in intervals))
        may = all(possible) if all_of else any(possible)
        results.append(Judged(group, found.values.get(group), hull, group in found.alerting, must, may))
    return results


def _further(allowed: frozenset[Value | Time], range_: int, hold: int) -> int:
    """How much longer the window is than what it stands for, where that is no whole minute."""
    if Time.ROUNDED not in allowed or not range_:
        return 0
    if Time.JOINED in allowed:
        return -(range_ * (1 + hold // range_)) % MINUTE
    return -(range_ if Time.NOW in allowed else range_ + hold) % MINUTE


def _times(
    allowed: frozenset[Value | Time], hold: int, time: int, step: int
) -> tuple[Sequence[int], Sequence[int], bool]:
    """When the condition must be true for an alert to be due, when it may be, and whether it must be at all of these."""
    if Time.LAST_MINUTE in allowed:
        return [time], range(time, time - MINUTE, -step), False
    if Time.NOW in allowed or not hold:
        return [time], [time], True
    whole = range(time, time - hold - 1, -step)
    if Time.ALL_POINTS in allowed:
        rounded = -(-hold // MINUTE) * MINUTE
        return range(time, time - rounded - 1, -step), range(time, time - hold, -step), True
    return whole, whole, Time.JOINED not in allowed
