"""Outages of SLOs that count time, after all windows were full of good time: when each is told, and when it is over.

Where a share of each moment can be bad, each pair of windows has an outage that it is the one to see. Where all of a
moment is good or bad, the shortest outage that is told at each severity is found, and the longest that is not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from skillforge_mon.lower.burn_rate import BurnTier
from skillforge_mon.lower.slo import BurnAlert
from skillforge_mon.lower.slo_slices import Scrapes
from skillforge_mon.proving.case import Case, Check, Skipped, ValueCheck, duration
from skillforge_mon.proving.slo_laid import Laid, Phase, Share
from skillforge_mon.proving.slo_model import Told, told
from skillforge_mon.proving.slo_timed import MOST_EVALUATIONS, MOST_SAMPLES, Run, TimedCases
from skillforge_mon.proving.slo_traffic import MINUTE
from skillforge_mon.proving.texts import value_text
from skillforge_mon.proving.unsupported import UnsupportedError
from skillforge_mon.query.promql.strings import quote_string

LONGEST_STEP: Final = 5 * MINUTE
"""A value is seen for so long after its sample."""

_EVALUATIONS: Final = 60
"""In about as many the history before an outage is told, where so few tell what many do."""

_MORE: Final = (1, 4, 16)
"""By how much the series are multiplied, so that few evaluations count enough bad events."""

_ENOUGH: Final = 1.2
"""How many times as many bad events as it takes there are where the share would else be too small for them."""

_NEARLY_ALL: Final = 0.99


class OutageCases(TimedCases):
    """The outages of one SLO that counts time."""

    def burning(self) -> Iterator[Case | Skipped]:
        """Each pair of windows, after all were full of good time: when its outage is told, and when that is over."""
        for alert in self.plan.alerts:
            tiers = sorted(alert.tiers, key=lambda tier: tier.threshold(self.objective), reverse=True)
            if not self.time.shared:
                yield from self.outages(alert)
                continue
            worse: float | None = None
            for tier in tiers:
                threshold = float(tier.threshold(self.objective))
                errors = math.sqrt(threshold * worse) if worse is not None else threshold * 1.5
                worse = threshold
                making = partial(self.pair, alert=alert, tier=tier, errors=min(errors, (1 + threshold) / 2))
                yield self.attempt(f"{alert.severity} burn over {tier.short}/{tier.long}", making)

    def history(self, alert: BurnAlert) -> int:
        """How long the longest window of ``alert`` is."""
        return max(int(tier.long) for tier in alert.tiers)

    def faithful(self, alert: BurnAlert) -> Run:
        """A run in which as many events are counted as there are: bad ones of a short window at each evaluation."""
        tiled = all(self.series.tiled(tier.long) for tier in alert.tiers)
        return Run(self.base if tiled else self.configured, self.quick.step)

    def pair(self, scenario: str, alert: BurnAlert, tier: BurnTier, errors: float) -> Case:
        """An outage of about the share ``errors``, which ``tier`` is there to see."""
        share = self.time.nearest(errors)
        if share.all == 1 and share.value * int(tier.long) < _ENOUGH * self.plan.minimum.events * self.slice:
            # One series has so few bad evaluations then that it takes a worse outage to tell of it.
            share = self.time.nearest(
                min(_ENOUGH * self.plan.minimum.events * self.slice / int(tier.long), _NEARLY_ALL)
            )
        truth = self.faithful(alert)
        longest = self.history(alert)
        when = self.first_told(alert, share, truth, longest)
        if when is None:
            raise UnsupportedError("an outage that is never told")
        coarse = self.base * max(1, round(longest / self.base / _EVALUATIONS))
        for every in dict.fromkeys((max(coarse, truth.every), max(self.base, truth.every), truth.every)):
            for times in _MORE if share.all > 1 else (1,):
                several = replace(share, bad=share.bad * times, all=share.all * times)
                span = longest + when + self.tail(alert, every) + 4 * every
                run = self.thrifty(Run(every, truth.step), several, span)
                if span // run.step * several.all > MOST_SAMPLES or (times > 1 and several.all > self.time.most):
                    continue
                found = self.first_told(alert, several, run, longest)
                if found is not None and abs(found - when) <= 2 * every + self.base:
                    unit = math.lcm(run.every, run.step)
                    return self.outage(scenario, alert, several, run, -(-(found + 2 * run.every) // unit) * unit)
        raise UnsupportedError("an outage that no run shows as it is")

    def thrifty(self, run: Run, share: Share, span: int) -> Run:
        """``run`` with longer steps where there would be too many samples."""
        steps = [run.step, self.base // -(-self.base // LONGEST_STEP)]
        if isinstance(self.plan.events, Scrapes):
            steps.append(run.every)  # a scrape for each evaluation is seen by that one
        fitting = [step for step in steps if not run.every % step]
        few = (step for step in fitting if span // step * share.all <= MOST_SAMPLES)
        return replace(run, step=next(few, max(fitting, default=run.step)))

    def begin(self, alert: BurnAlert, run: Run) -> int:
        """When the outage begins: at an evaluation at which a sample is taken, after all windows have filled."""
        unit = math.lcm(run.every, run.step)
        return -(-self.history(alert) // unit) * unit + unit

    def first_told(self, alert: BurnAlert, share: Share, run: Run, most: int) -> int | None:
        """How long after its beginning an outage that does not end is told."""
        begin = self.begin(alert, run)
        phases = [Phase(begin // run.step, "good"), Phase(most // run.step + 1, "bad")]
        self.bounded(begin + most, run, replace(share, bad=1, all=1))
        first = self.when(alert, self.time.laid(phases, run.step, share), run, begin).first()
        return first[1] * run.every - begin if first is not None else None

    def when(self, alert: BurnAlert, laid: Laid, run: Run, begin: int) -> Told:
        """When the first level of ``alert`` fires, from ``begin`` on."""
        hold = min(int(level.after) if level is not None else 0 for level in self.levels(alert))
        return told(self.model(laid, run.every), alert, hold, begin // run.every)

    def outage(self, scenario: str, alert: BurnAlert, share: Share, run: Run, length: int) -> Case:
        """An outage of ``length`` milliseconds, and what comes of it until that is over."""
        begin = self.begin(alert, run)
        tail = self.tail(alert, run.every)
        phases = [
            Phase(begin // run.step, "good"), Phase(length // run.step, "bad"), Phase(tail // run.step + 1, "good"),
        ]  # fmt: skip
        self.bounded(begin + length + tail, run, share)
        laid = self.time.laid(phases, run.step, share)
        when = self.when(alert, laid, run, begin)
        query = (
            f'group(ALERTS{{alertstate="firing", slo={quote_string(self.plan.slo.name)}, '
            f"severity={quote_string(alert.severity)}}})"
        )
        bad = f"{value_text(share.value, 'percent', '')} of {self.plan.noun}"

        def check(index: int, words: str) -> ValueCheck:
            samples = {"{}": 1.0} if when.strict[index] else {}
            since = duration(max(0, index * run.every - begin))
            return ValueCheck(index * run.every, query, samples, f"{since} after {bad} went bad: {words}")

        first, end = when.first(), when.end()
        checks: list[Check] = []
        if first is None:
            if any(when.lenient):
                raise UnsupportedError("an outage that stands on a threshold")
            last = len(when.strict) - 1
            span = last - begin // run.every
            moments = sorted({begin // run.every + span * part // 8 for part in range(1, 9)})
            checks = [check(index, "too little to be told") for index in moments]
        else:
            checks = [check(first[0], "not told yet"), check(first[1], "told")]
            if end is None:
                raise UnsupportedError("an outage whose end is not told within the windows")
            checks += [check(end[0], "not over yet"), check(end[1], "over")]
        rules = self.proof.rules.telling(self.plan.slo.name, alert.severity)
        return replace(self.timed(scenario, laid, checks, run, phases), groups=rules)

    def tail(self, alert: BurnAlert, every: int) -> int:
        """How long after an outage ``alert`` is over: when its longest short window has forgotten it."""
        return max(int(tier.short) for tier in alert.tiers) + 2 * self.base + 8 * every

    def outages(self, alert: BurnAlert) -> Iterator[Case | Skipped]:
        """All is good, then all is bad, then all is good: the longest that is not told, and the shortest that is."""
        if self.slice >= LONGEST_STEP:
            reason = f"{self.plan.noun} every {duration(self.slice)}, longer than a value is seen"
            yield Skipped(self.plan.slo.id, f"{alert.severity} burn", self.plan.slo.place.span, reason)
            return
        run = replace(self.faithful(alert), step=self.slice)
        share = self.time.whole(near=False)
        most = min(self.history(alert), (MOST_EVALUATIONS * run.every - self.begin(alert, run)) // 2) // self.slice
        try:
            least = self.shortest(alert, share, run, most, strict=True)
            quiet = self.shortest(alert, share, run, most, strict=False) - 1
        except UnsupportedError as unsupported:
            yield Skipped(self.plan.slo.id, f"{alert.severity} burn", self.plan.slo.place.span, str(unsupported))
            return
        for bad, words in ((quiet, "are not told"), (least, "are told")):
            if bad:
                making = partial(self.outage, alert=alert, share=share, run=run, length=bad * self.slice)
                yield self.attempt(f"{alert.severity}: {bad} bad {self.plan.noun} {words}", making)

    def shortest(self, alert: BurnAlert, share: Share, run: Run, most: int, *, strict: bool) -> int:
        """The fewest bad slices in a row that are told. Raises UnsupportedError when ``most`` are not."""
        begin = self.begin(alert, run)
        tail = 2 * self.base + 4 * run.every

        def is_told(count: int) -> bool:
            phases = [Phase(begin // run.step, "good"), Phase(count, "bad"), Phase(tail // run.step + 1, "good")]
            when = self.when(alert, self.time.laid(phases, run.step, share), run, begin)
            return any(when.strict if strict else when.lenient)

        if not is_told(most):
            raise UnsupportedError("an outage that is never told")
        low, high = 0, most
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if is_told(middle) else (middle, high)
        return high
