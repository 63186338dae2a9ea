"""Series for SLOs that count time: targets that answer or do not, values that are as they should be or not.

A share of time that is bad at every moment takes many series of which some are bad. Where a query returns one series
whatever goes in (``sum(queue_length)``), all of its time is good or bad. A query that returns the share of bad events
is solved for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from math import isclose
from typing import Final, cast

from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.lower.slo_events import number
from skillforge_mon.lower.slo_slices import GivenRatio, Scrapes, Slices
from skillforge_mon.proving.case import duration, selectors_of
from skillforge_mon.proving.drivers import Driver, Setting, Settings, drivers_of, made
from skillforge_mon.proving.evaluate import Clock, Evaluator
from skillforge_mon.proving.slo_laid import Laid, Phase, Share, State
from skillforge_mon.proving.slo_states import States, judged, value_of
from skillforge_mon.proving.slo_traffic import MINUTE, Load
from skillforge_mon.proving.solving import Solution, apart, reach_of, solve, solve_along
from skillforge_mon.proving.traffic import InputSeries
from skillforge_mon.proving.unsupported import UnsupportedError
from skillforge_mon.query.catalogue import Catalogue
from skillforge_mon.query.promql import Binary, VectorSelector
from skillforge_mon.query.promql.tree import BinaryOp

MOST_SAMPLES: Final = 9_000
"""That a query may read at once: promtool allows 10,000 (cmd/promtool/unittest.go, MaxSamples). Over a range of scrapes
Prometheus 2.42 counts each series twice."""

_CLOSE_ENOUGH: Final = 0.005
"""How near to a share that is asked for k of n must come, as a share of it."""

_COPY_LABELS: Final = ("instance", "pod", "replica", "copy")

_OTHER_TARGET: Final[Mapping[str, float]] = {"any": 0.0, "all": 1.0}
"""Of two targets one goes up and down. Where any is enough, the other is down, and where all must be up, it is up."""


_MOST_READ: Final = 2_000_000
"""Samples: what it takes to work out each moment until a range is full."""

_LEADS: Final = (10.0, 100.0, 1_000.0, 10_000.0)


class TimeTraffic:
    """The series of one SLO that counts scrapes or evaluations. Raises UnsupportedError where none can be made."""

    def __init__(self, plan: SloPlan, catalogue: Catalogue, version: tuple[int, int], *, left_open: bool) -> None:
        events = plan.events
        assert isinstance(events, Scrapes | Slices | GivenRatio)  # noqa: S101 - the caller has looked
        self.events = events
        self.expr = value_of(events)
        self.left_open = left_open
        self.reads: tuple[VectorSelector, ...] = selectors_of(self.expr)
        self.drivers = tuple(_grouped(each, plan.by) for each in drivers_of(self.expr, catalogue, version))
        self.counts = plan.slo.spec.available.counts if plan.slo.spec.available is not None else ""
        asked = {matcher.label for selector in self.reads for matcher in selector.matchers} | {*plan.by}
        self.free_label = next((each for each in _COPY_LABELS if each not in asked), None)
        if self.counts in _OTHER_TARGET:
            if self.free_label is None:
                raise UnsupportedError("a selector that leaves no label by which two targets differ")
            self.drivers = tuple(_labelled(self.drivers[0], self.free_label, index) for index in range(2))
        self.groups = {label: self.drivers[0].labels[label] for label in plan.by}
        if any(driver.labels[label] != value for driver in self.drivers for label, value in self.groups.items()):
            raise UnsupportedError("an SLO whose selectors differ in the labels of `group_by`")
        self.clock = Clock(min(MINUTE, int(events.every)), left_open)
        evaluations = int(plan.base) // int(events.every) + 1
        self.settles = reach_of(self.expr).ranges + reach_of(self.expr).offsets
        if (self.settles // self.clock.step) ** 2 > _MOST_READ:
            raise UnsupportedError(f"a range of {duration(self.settles)}, which takes too long to work out")
        self.lead: Setting = None
        self.solution = self._solution()
        self.lead = self._lead()
        self.most = MOST_SAMPLES // (2 if isinstance(events, Scrapes) else self._held(evaluations))
        self.copy_label = self._copy_label()
        self.shared = self.copy_label is not None or isinstance(events, GivenRatio)

    def whole(self, *, near: bool) -> Share:
        """All is bad. ``near``: what is good is just so, and what is bad just not."""
        return Share(1.0, solution=self.solution if near else self._apart(self.solution))

    def nearest(self, wanted: float, *, near: bool = False) -> Share:
        """A share near ``wanted``, where there are such. Raises UnsupportedError where it takes too many series."""
        if isinstance(self.events, GivenRatio):
            return self._solved(min(wanted, float(_ALMOST_ALL)))
        solution = self.solution if near else self._apart(self.solution)
        for all_ in range(1, self.most + 1):
            bad = round(wanted * all_)
            if bad and bad < all_ and isclose(bad / all_, wanted, rel_tol=_CLOSE_ENOUGH) and _readable(bad / all_):
                return Share(bad / all_, bad, all_, solution)
        raise UnsupportedError(
            f"a share of {wanted:.4g}, which takes more than the {self.most} series that promtool allows"
        )

    def laid(self, phases: Sequence[Phase], step: int, share: Share) -> Laid:
        """The series over ``phases``, a sample each ``step`` milliseconds."""
        clock = Clock(step, self.left_open)
        bad = self._copy(phases, step, share, is_bad=True)
        parts = [(States(self.events, bad, phases, clock), share.bad)]
        if share.all == 1:
            return Laid(tuple(bad), tuple(parts))
        good = self._copy(phases, step, share, is_bad=False)
        parts.append((States(self.events, good, phases, clock), share.all - share.bad))
        series = (
            replace(each, labels={**each.labels, self.copy_label or "": f"a-{index}"})
            for index in range(share.all)
            for each in (bad if index < share.bad else good)
        )
        return Laid(tuple(series), tuple(parts))

    def series(self, loads: Iterable[Load], *, never_bad: bool = False) -> tuple[InputSeries, ...]:
        """Series that are there and good, or gone, over ``loads``; one sample a minute."""
        phases = [Phase(load.minutes, "good" if load.events is not None else "gone") for load in loads]
        return self.laid(phases, MINUTE, self.whole(near=False)).series

    def has_nothing(self) -> bool:
        """Whether the query returns no number while its series are NaN."""
        phases = [Phase(reach_of(self.expr).ranges // self.clock.step + 3, "nothing")]
        if self.drivers[self.solution.index].kind not in {"gauge", "ramp"} or isinstance(self.events, Scrapes):
            return False
        return self._judged(self._copy(phases, self.clock.step, self.whole(near=False), is_bad=True), phases)[0] == 0

    def _copy(self, phases: Sequence[Phase], step: int, share: Share, *, is_bad: bool) -> list[InputSeries]:
        solution = share.solution or self.solution
        settings = [(phase.steps, self._settings(phase.state, solution, is_bad=is_bad)) for phase in phases]
        fills = self.settles // step + 2
        if self.lead is not None and phases[0].state == "good" and phases[0].steps > fills:
            settings[:1] = [(fills, solution.settings(self.lead)), (phases[0].steps - fills, settings[0][1])]
        return made(self.drivers, settings, step)

    def _held(self, evaluations: int) -> int:
        """How many samples a query holds at once for each copy of the series: those of what a comparison compares, and
        what it leaves of them (rangeEval of promql/engine.go counts both)."""
        series = len(self._copy([Phase(1, "good")], self.clock.step, self.whole(near=True), is_bad=False))
        return evaluations * (series + 1)

    def _lead(self) -> Setting:
        """Where a range that is not full makes a value bad (``rate(x[10m]) > 5``), a setting with which it is good."""
        fills = self.settles // self.clock.step + 2
        phases = [Phase(3 * fills, "good")]
        quiet = self.solution.quiet
        if not self.settles or quiet is None or isinstance(self.events, Scrapes):
            return None
        for lead in (None, *(quiet * factor for factor in _LEADS)):
            self.lead = lead
            series = self._copy(phases, self.clock.step, Share(1.0), is_bad=False)
            evaluator = Evaluator(series, self.clock)
            moments = range(0, 3 * fills * self.clock.step, self.clock.step)
            if not any(judged(self.events, evaluator.vector(self.expr, moment))[1] for moment in moments):
                return lead
        raise UnsupportedError("a value that is bad until its range is full")

    def _settings(self, state: State, solution: Solution, *, is_bad: bool) -> Settings:
        if state == "gone":
            return tuple(None for _ in self.drivers)
        if state == "nothing":
            return solution.settings(float("nan"))
        return solution.settings(solution.fires if state == "bad" and is_bad else solution.quiet)

    def _judged(self, series: Sequence[InputSeries], phases: Sequence[Phase]) -> tuple[float, float]:
        """How many events there are at the end of ``phases``, and how much of them is bad."""
        end = (sum(phase.steps for phase in phases) - 1) * self.clock.step
        return judged(self.events, Evaluator(series, self.clock).vector(self.expr, end))

    def _states(self, solution: Solution) -> tuple[tuple[float, float], tuple[float, float]]:
        """What is counted of one series that is good, and of one that is bad."""
        steps = (reach_of(self.expr).ranges + reach_of(self.expr).offsets) // self.clock.step + 3
        share, phases = Share(1.0, solution=solution), [Phase(steps, "bad")]
        good, bad = (self._copy(phases, self.clock.step, share, is_bad=is_bad) for is_bad in (False, True))
        return self._judged(good, phases), self._judged(bad, phases)

    def _solution(self) -> Solution:
        """The settings with which all is just good, and just bad."""
        if self.counts or isinstance(self.events, Scrapes):
            return Solution((1.0, *(_OTHER_TARGET.get(self.counts, 1.0) for _ in self.drivers[1:])), 0, 1.0, 0.0, 1.0)
        if isinstance(self.events, GivenRatio):
            found = [self._from_none(_ALMOST_ALL)]
        else:
            bound, op = number(self.events.bound), cast("BinaryOp", self.events.op)
            found = [
                each
                for condition in (Binary(_OPPOSITE[op], self.expr, bound), Binary(op, self.expr, bound))
                for solution in [solve(condition, self.drivers, self.clock)]
                for each in (solution, replace(solution, quiet=solution.fires, fires=solution.quiet))
            ]
        for each in found:
            good, bad = self._states(each)
            if good[0] and bad[0] == good[0] and not good[1] and isclose(bad[1], bad[0], rel_tol=_CLOSE_ENOUGH):
                return each
        raise UnsupportedError("no series found with which all is good, and others with which all is bad")

    def _from_none(self, wanted: Decimal) -> Solution:
        """The settings with which the query returns no more than 0, and about ``wanted``."""
        none = solve(Binary(">", self.expr, number(Decimal(0))), self.drivers, self.clock)
        condition = Binary(">", self.expr, number(wanted))
        found = solve_along(condition, self.drivers, self.clock, none.usual, none.index)
        return replace(found, quiet=none.quiet)

    def _apart(self, solution: Solution) -> Solution:
        if self.counts or not isinstance(self.events, Slices):
            return solution
        condition = Binary(_OPPOSITE[self.events.op], self.expr, number(self.events.bound))
        found = apart(solution, condition, self.drivers, self.clock)
        good, bad = self._states(found)
        return found if good[0] and not good[1] and bad[1] == bad[0] else solution

    def _solved(self, wanted: float) -> Share:
        """The query returns about ``wanted``."""
        found = self._from_none(Decimal(repr(wanted)))
        good, bad = self._states(found)
        if not bad[0] or good[1] or not isclose(bad[1] / bad[0], wanted, rel_tol=_CLOSE_ENOUGH):
            raise UnsupportedError(
                f"no series found with which the query returns {wanted:.4g}, and others with which 0"
            )
        return Share(bad[1] / bad[0], solution=found)

    def _copy_label(self) -> str | None:
        """A label that tells apart series which the query judges one by one; None where it takes them together."""
        label = self.free_label
        if label is None or isinstance(self.events, GivenRatio) or self.counts in _OTHER_TARGET:
            return None
        steps = (reach_of(self.expr).ranges + reach_of(self.expr).offsets) // self.clock.step + 3
        phases, share = [Phase(steps, "bad")], Share(1.0, solution=self.solution)
        copies = [
            replace(each, labels={**each.labels, label: f"a-{index}"})
            for index, is_bad in enumerate((True, False, False))
            for each in self._copy(phases, self.clock.step, share, is_bad=is_bad)
        ]
        try:
            return label if self._judged(copies, phases) == (3.0, 1.0) else None
        except UnsupportedError:
            return None


_ALMOST_ALL: Final = Decimal("0.999999")
_DIGITS: Final = 6


def _labelled(driver: Driver, label: str, index: int) -> Driver:
    return replace(driver, labels={**driver.labels, label: f"a-{index}"})


def _grouped(driver: Driver, by: Sequence[str]) -> Driver:
    return replace(driver, labels={**{label: f"a-{label}" for label in by}, **driver.labels})


def _readable(share: float) -> bool:
    """Whether ``share`` in percent, to four digits, does not hang on the rounding of its last one."""
    digits = f"{share:.{_DIGITS}e}".partition("e")[0].replace(".", "")
    return digits[4:6] not in {"49", "50"}


_OPPOSITE: Final[Mapping[str, BinaryOp]] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
