"""What the cases of SLOs that count time have in common: series, a run, and what the model says of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from skillforge_mon.lower.slo import BurnAlert, SloPlan
from skillforge_mon.model.paging import slo_levels
from skillforge_mon.model.project import Level
from skillforge_mon.proving.alert_cases import Proof
from skillforge_mon.proving.case import Case, Check, Skipped, ValueCheck, duration
from skillforge_mon.proving.slo_cases import SloCases
from skillforge_mon.proving.slo_laid import Laid, Phase, Share, SharedTime
from skillforge_mon.proving.slo_model import BurnModel, RunClock
from skillforge_mon.proving.slo_traffic import MINUTE
from skillforge_mon.proving.unsupported import UnsupportedError

MOST_EVALUATIONS: Final = 3_000
MOST_SAMPLES: Final = 1_000_000
"""Of one run: it takes seconds then."""


@dataclass(frozen=True, slots=True)
class Run:
    """How a case is run: evaluated every ``every`` milliseconds, with a sample each ``step``."""

    every: int
    step: int


EVERY_MINUTE: Final = Run(MINUTE, MINUTE)


class TimedCases(SloCases):
    """What the cases of one SLO that counts time are made with."""

    alone = False

    def __init__(self, proof: Proof, plan: SloPlan, time: SharedTime) -> None:
        super().__init__(proof, plan, time)
        self.time = time
        self.lingers = time.settles
        self.base = int(plan.base)
        self.slice = int(plan.slice or 0)
        self.configured = int(proof.evaluation)
        self.quick = Run(self.configured, min(MINUTE, self.slice))

    def timed(self, scenario: str, laid: Laid, checks: Sequence[Check], run: Run, phases: Sequence[Phase]) -> Case:
        """A case over ``laid``."""
        slo = self.plan.slo
        return Case(
            slo.id,
            scenario,
            slo.place.span,
            "",
            self.proof.rules.slo(slo.name),
            laid.series,
            self.traffic.reads,
            tuple(checks),
            run.step,
            run.every,
            sum(phase.steps for phase in phases),
            self.alone,
        )

    def clock(self, every: int) -> RunClock:
        """A run that is evaluated ``every`` so many milliseconds."""
        return RunClock(every, self.configured, self.proof.left_open)

    def model(self, laid: Laid, every: int) -> BurnModel:
        """What must come of it."""
        clock = self.clock(every)
        return BurnModel(self.plan, clock, laid.counts(self.base, clock))

    def levels(self, alert: BurnAlert) -> tuple[Level | None, ...]:
        """The levels at which ``alert`` fires."""
        return tuple(slo_levels(self.proof.project, self.plan.slo, alert.severity)) or (None,)

    def attempt(self, scenario: str, making: Callable[[str], Case]) -> Case | Skipped:
        """What is made, or why it cannot be."""
        try:
            return making(scenario)
        except UnsupportedError as reason:
            return Skipped(self.plan.slo.id, scenario, self.plan.slo.place.span, str(reason))

    def bounded(self, span: int, run: Run, share: Share) -> None:
        """Raises UnsupportedError where a run would take minutes."""
        if span // run.every > MOST_EVALUATIONS:
            raise UnsupportedError(f"a run of {duration(span)}, evaluated every {duration(run.every)}")
        if span // run.step * share.all > MOST_SAMPLES:
            raise UnsupportedError(f"a run of {duration(span)} with {share.all} series")

    def rounded(self, time: int, query: str, number: float, what: str) -> ValueCheck:
        """To three digits behind the point, or two where the third hangs on the rounding of a float."""
        unclear = abs(math.modf(abs(number) * 1000)[0] - 0.5) < 1e-4
        if not unclear:
            return super().rounded(time, query, number, what)
        found = super().rounded(time, query, math.floor(number * 100 + 0.5) / 100, what)
        return replace(found, query=found.query.replace(", 0.001)", ", 0.01)"))
