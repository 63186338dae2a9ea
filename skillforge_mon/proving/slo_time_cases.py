"""Cases of SLOs that count time: what the mathematics of burn rates (slo_model) says must happen, to the evaluation.

healthy         all is just as it should be: nobody is told, and the budget is whole
all bad         all is just not as it should be: so is all of the time
no value        nothing can be judged: nobody is told, and the budget is whole
too few bad     one scrape or evaluation is bad, or one fewer than it takes: nobody is told
just below/above each threshold: who is told, after how long at each level, with every label and text; where all of a
                time is good or bad, only with all of it bad
burning         after all windows have filled: told at this evaluation, over at that one; for each pair of windows
outages         where all of a time is good or bad: the longest outage that is not told, and the shortest that is
vanished        the metrics are gone: one ticket says so, after a while
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import Final

from skillforge_mon.proving.case import AlertCheck, Case, Check, Skipped, ValueCheck, duration
from skillforge_mon.proving.slo_laid import Phase, Share
from skillforge_mon.proving.slo_model import told
from skillforge_mon.proving.slo_outages import LONGEST_STEP, OutageCases
from skillforge_mon.proving.slo_timed import Run
from skillforge_mon.proving.slo_traffic import MINUTE
from skillforge_mon.proving.texts import value_text
from skillforge_mon.proving.unsupported import UnsupportedError

_MARGIN: Final = 0.01
"""How far below and above a threshold the share of bad time is."""

_QUIET: Final = 20 * MINUTE


class TimeCases(OutageCases):
    """The cases of one SLO that counts time."""

    def scenarios(self) -> Iterator[tuple[str, Iterator[Case | Skipped]]]:
        """What may happen to the SLO, by name. Time goes by whatever the traffic: there is no little of it."""
        yield from ((name, made_up) for name, made_up in super().scenarios() if name != "low traffic")

    def quiet(self) -> Iterator[Case | Skipped]:
        """Nothing, too little, or nothing bad happens; and all is bad."""
        whole, run = self.time.whole(near=True), Run(MINUTE, self.quick.step)
        of_base = f"the error ratio over {self.plan.base}"
        for scenario, states, ratio in (
            ("healthy", (("good", _QUIET),), 0.0),
            ("all bad", (("good", _QUIET // 2), ("bad", 2 * self.base + self.time.settles)), 1.0),
        ):
            phases = [Phase(length // run.step, state) for state, length in states]  # type: ignore[arg-type]
            end = (sum(length for _, length in states) // MINUTE - 1) * MINUTE
            checks = [self.rounded(end, self.series.ratio(self.plan.base), ratio, f"{of_base} is {ratio:g}")]
            if not ratio:
                checks += [self.nobody(end, "nobody is told"), *self.whole_budget(end)]
            yield self.timed(scenario, self.time.laid(phases, run.step, whole), checks, run, phases)
        if self.time.has_nothing():
            phases = [Phase(_QUIET // 2 // run.step, "good"), Phase(3 * self.base // run.step, "nothing")]
            end = (_QUIET // 2 + 3 * self.base) // MINUTE * MINUTE - MINUTE
            checks = [
                self.nobody(end, "nobody is told"),
                *self.whole_budget(end),
                ValueCheck(end, self.series.total, {}, "nothing is counted"),
            ]
            yield self.timed("no value", self.time.laid(phases, run.step, whole), checks, run, phases)
        yield from self.too_few()

    def too_few(self) -> Iterator[Case | Skipped]:
        """One bad scrape or evaluation, and the most in a row of which nobody is told."""
        most = math.ceil(self.plan.minimum.events) - 1
        if most < 1:
            return
        try:
            made = {bad: case for bad in (1, *_fewer(most)) if (case := self.few(bad)) is not None}
        except UnsupportedError as reason:
            yield Skipped(self.plan.slo.id, f"few bad {self.plan.noun}", self.plan.slo.place.span, str(reason))
            return
        if not made:
            why = "a query over a range, which makes many bad evaluations of one"
            yield Skipped(self.plan.slo.id, f"few bad {self.plan.noun}", self.plan.slo.place.span, why)
        for bad in sorted({min(made), max(made)} if made else ()):
            yield made[bad]

    def few(self, bad: int) -> Case | None:
        """``bad`` scrapes or evaluations in a row; None where somebody may be told of so many."""
        if self.slice >= LONGEST_STEP:
            raise UnsupportedError(f"{self.plan.noun} every {duration(self.slice)}, longer than a value is seen")
        run = Run(self.configured, self.slice)
        # A composite has a value for each moment, not for the time before it: this is none of those that are summed up.
        before, after = 2 * self.base // run.step + 1, 3 * self.base // run.step
        phases = [Phase(before, "good"), Phase(bad, "bad"), Phase(after, "good")]
        laid = self.time.laid(phases, run.step, self.time.whole(near=False))
        model = self.model(laid, run.every)
        if any(any(told(model, alert, 0).lenient) for alert in self.plan.alerts):
            return None
        last = len(model.counts) - 1
        begin = before * run.step // run.every
        times = sorted({begin + (last - begin) * part // 8 for part in range(1, 9)})
        checks = [self.nobody(index * run.every, "nobody is told") for index in times]
        noun = self.plan.noun.removesuffix("s") if bad == 1 else self.plan.noun
        return self.timed(f"{bad} bad {noun}", laid, checks, run, phases)

    def thresholds(self) -> Iterator[Case | Skipped]:
        """Each threshold from both sides, with the same share of bad time from the first on."""
        if not self.time.shared:
            yield self.attempt("bad from the first on", partial(self.nearly, wanted=1.0))
            return
        thresholds = sorted({tier.threshold(self.objective) for alert in self.plan.alerts for tier in alert.tiers})
        for threshold in map(float, thresholds):
            for side, factor in (("below", 1 - _MARGIN), ("above", 1 + _MARGIN)):
                scenario = f"just {side} {value_text(threshold, 'percent', '')}"
                yield self.attempt(scenario, partial(self.nearly, wanted=min(threshold * factor, 1.0)))

    def nearly(self, scenario: str, wanted: float) -> Case:
        """About the share ``wanted`` of the time has ever been bad."""
        share = self.time.nearest(wanted, near=True) if wanted < 1 else self.time.whole(near=True)
        return self.steady(share, scenario)

    def steady(self, share: Share, scenario: str) -> Case:
        """``share`` of the time has ever been bad."""
        # How long it takes until enough has been bad, where the long window has room for it.
        needed = self.plan.minimum.events * self.slice / (share.value * share.all)
        told_at = [
            int(needed) + (int(level.after) if level is not None else 0)
            for alert in self.plan.alerts
            if any(float(tier.threshold(self.objective)) < share.value and needed <= tier.long for tier in alert.tiers)
            for level in self.levels(alert)
        ]
        span = max(told_at, default=_QUIET) + 2 * self.base + 4 * self.configured
        every = self.configured if span <= 72 * self.base else self.base
        run = Run(every, self.quick.step)
        self.bounded(span, run, share)
        phases = [Phase(span // run.step + 1, "bad")]
        laid = self.time.laid(phases, run.step, share)
        model = self.model(laid, every)
        found = [
            (alert, level, told(model, alert, int(level.after) if level is not None else 0))
            for alert in self.plan.alerts
            for level in self.levels(alert)
        ]
        last = len(model.counts) - 1
        moments = {last, *(index for *_, when in found if (first := when.first()) is not None for index in first)}
        what = f"{value_text(share.value, 'percent', '')} of {self.plan.noun} are bad"
        checks: list[Check] = [
            AlertCheck(
                index * every,
                self.name,
                tuple(self.firing(alert, level, share.value) for alert, level, when in found if when.strict[index]),
                what,
            )
            for index in sorted(moments)
            if index >= 0 and all(when.certain(index) for *_, when in found)
        ]
        speed = share.value / float(self.plan.budget)
        burning = f"slo:current_burn_rate:ratio{self.series.selector}"
        checks.append(
            self.rounded(
                last * every, burning, speed, f"the budget burns {value_text(speed, 'humanize', '')} times as fast"
            )
        )
        checks.extend(self.remaining(last * every, 1 - speed))
        return self.timed(scenario, laid, checks, run, phases)


def _fewer(most: int) -> Iterator[int]:
    """``most``, and numbers below it down to 2, about a fifth less each."""
    while most > 1:
        yield most
        most = min(most - 1, most * 4 // 5)
