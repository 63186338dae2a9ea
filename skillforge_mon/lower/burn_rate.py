"""Multi-window, multi-burn-rate alerting without any backend.

After the Site Reliability Workbook, chapter 5, "Alerting on SLOs", approach 6: an alert fires when the error budget
burns too fast over a long window (the trouble matters) and over a short one (it is still going on). Burning at 1 spends
the whole budget in exactly the SLO's window, so for a pair of windows

    factor     = share of the budget x SLO window / long window
    threshold  = factor x (1 - objective)                          the error ratio that must be exceeded

The workbook gives pairs for 30 days. For another SLO window monmc scales the pairs' windows with it, and leaves the
factors as they are. So a page always means the same share of what was promised, whatever the length of the promise:

    SLO window   page 14.4x        page 6x            ticket 3x        ticket 1x
    30d          5m/1h    2 %      30m/6h    5 %      2h/1d  10 %      6h/3d     10 %
    28d          5m/1h    2.1 %    30m/6h    5.4 %    2h/1d  10.7 %    6h/3d     10.7 %
    7d           5m/15m   2.1 %    5m/1h30m  5.4 %    30m/6h 10.7 %    1h30m/18h 10.7 %
    90d          15m/3h   2 %      1h30m/18h 5 %      6h/3d  10 %      18h/9d    10 %

Keeping the windows instead breaks one of the two. With the shares kept, 7 days have factors of 3.4, 1.4, 0.7 and 0.2,
and the last two complain of a budget that lasts. With the factors kept, the first page comes after 8.6 % of a week's
budget, and after 0.7 % of a quarter's. Scaled windows are rounded to lengths that people use (1h for 56m), which moves
the shares a little; the table shows by how much.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from skillforge_mon.spec.quantities import Duration


class Pair(Protocol):
    """A pair of windows as a spec gives it: ``budget`` is the share that may be spent within the long one."""

    @property
    def short(self) -> Duration: ...
    @property
    def long(self) -> Duration: ...
    @property
    def budget(self) -> Decimal: ...
    @property
    def severity(self) -> str: ...


@dataclass(frozen=True, slots=True)
class BurnPair:
    """A pair of windows for an SLO of REFERENCE_WINDOW."""

    short: Duration
    long: Duration
    budget: Decimal
    severity: str


REFERENCE_WINDOW = Duration.of(days=30)
WORKBOOK_PAIRS = (
    BurnPair(Duration.of(minutes=5), Duration.of(hours=1), Decimal("0.02"), "critical"),
    BurnPair(Duration.of(minutes=30), Duration.of(hours=6), Decimal("0.05"), "critical"),
    BurnPair(Duration.of(hours=2), Duration.of(days=1), Decimal("0.10"), "warning"),
    BurnPair(Duration.of(hours=6), Duration.of(days=3), Decimal("0.10"), "warning"),
)
"""Site Reliability Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts": its parameters, and its example rules,
which add the ticket of two hours and one day."""

SHORTEST_SLO_WINDOW = Duration.of(days=1)
"""Below a day the workbook's pairs, scaled, would be shorter than what a rate can be taken over."""

_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000
_ROUND_LENGTHS = (
    *(count * _MINUTE for count in (1, 2, 5, 10, 15, 20, 30, 45, 60, 90)),
    *(count * _HOUR for count in (2, 3, 4, 6, 8, 9, 12, 18, 24, 36)),
    *(count * _DAY for count in (2, 3, 4, 5, 6, 7, 8, 9, 10)),
)


@dataclass(frozen=True, slots=True)
class BurnTier:
    """One pair of windows for one SLO window: fires when the budget burns faster than ``factor`` over both.

    ``budget`` is the share of the whole budget (0.02) that is spent within ``long`` at exactly that speed.
    """

    short: Duration
    long: Duration
    factor: Decimal
    budget: Decimal
    severity: str

    def threshold(self, objective: Decimal) -> Decimal:
        """The share of events that must be bad, over both windows, for an SLO with this ``objective`` (0.999)."""
        return self.factor * (1 - objective)

    def can_fire(self, objective: Decimal) -> bool:
        """False when even a total outage does not burn the budget that fast: no more than all events can be bad."""
        return self.threshold(objective) < 1

    def detection_time(self, objective: Decimal, error_ratio: Decimal) -> Duration | None:
        """How long after all was well it fires when ``error_ratio`` of the events go bad; None when it never does.

        In traffic that does not change, the long window reaches the threshold after threshold / error ratio of its
        length, and the short one earlier.
        """
        threshold = self.threshold(objective)
        if error_ratio <= threshold:
            return None
        return Duration(int(self.long * threshold / error_ratio))


def round_length(length: Duration) -> Duration:
    """The nearest length that people use, by ratio: an hour for 56 minutes; whole days from ten days on."""
    if length >= _ROUND_LENGTHS[-1]:
        return Duration((length + _DAY // 2) // _DAY * _DAY)
    return Duration(min(_ROUND_LENGTHS, key=lambda candidate: max(candidate / length, length / candidate)))


def round_length_up(length: Duration) -> Duration:
    """The shortest length that people use and that is not shorter than ``length``."""
    return Duration(next((each for each in _ROUND_LENGTHS if each >= length), -(-length // _DAY) * _DAY))


def default_tiers(window: Duration, shortest: Duration) -> tuple[BurnTier, ...]:
    """The workbook's tiers scaled to the SLO ``window``, with no window shorter than ``shortest``.

    A long window is at least twice its short one. Where that makes two tiers of a severity the same but for the factor
    (SLO windows of a few days), the more sensitive one is kept: it fires whenever the other does.
    """
    tiers: dict[tuple[Duration, Duration, str], BurnTier] = {}
    for pair in WORKBOOK_PAIRS:
        short = max(shortest, _scaled(pair.short, window))
        long = max(Duration(2 * short), _scaled(pair.long, window))
        factor = pair.budget * int(REFERENCE_WINDOW) / int(pair.long)
        tiers[short, long, pair.severity] = BurnTier(
            short, long, factor, factor * int(long) / int(window), pair.severity
        )
    return tuple(tiers.values())


def _scaled(length: Duration, window: Duration) -> Duration:
    return round_length(Duration(max(1, length * window // REFERENCE_WINDOW)))


def tiers_of(pairs: Iterable[Pair], window: Duration) -> tuple[BurnTier, ...]:
    """The tiers of pairs that a user gave for an SLO ``window``: taken as they are."""
    return tuple(
        BurnTier(pair.short, pair.long, pair.budget * int(window) / int(pair.long), pair.budget, pair.severity)
        for pair in pairs
    )


def budget_time(objective: Decimal, window: Duration) -> Duration:
    """How much of ``window`` may be a total outage: 43m12s for 99.9 % of 30 days; down to whole milliseconds."""
    return Duration(int((1 - objective) * int(window)))
