"""Cases of composite SLOs: those of all SLOs that count time, and what each part does to the whole."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.proving.alert_cases import Proof
from skillforge_mon.proving.case import Case, Check, Skipped, ValueCheck
from skillforge_mon.proving.slo_composite_traffic import CompositeTraffic, Ratios
from skillforge_mon.proving.slo_laid import Phase
from skillforge_mon.proving.slo_time_cases import TimeCases
from skillforge_mon.proving.slo_timed import EVERY_MINUTE
from skillforge_mon.proving.slo_traffic import MINUTE

_MINUTES = 3
_HALF = 0.5


class CompositeCases(TimeCases):
    """The cases of one composite SLO. Its parts record what other cases make up, so each has a run of its own."""

    alone = True

    def __init__(self, proof: Proof, plan: SloPlan) -> None:
        self.parts = CompositeTraffic(plan, proof.plans, left_open=proof.left_open)
        super().__init__(proof, plan, self.parts)

    def scenarios(self) -> Iterator[tuple[str, Iterator[Case | Skipped]]]:
        """What may happen to the SLO, by name."""
        yield "parts", self.each_part()
        yield from super().scenarios()

    def each_part(self) -> Iterator[Case | Skipped]:
        """One part after the other is bad alone, and then says nothing while the others are bad."""
        names = list(self.plan.slo.parts)
        uneven = self.parts.uneven(_HALF)
        moments: list[tuple[int, Ratios]] = []
        checks: list[Check] = []
        for index, name in enumerate(names):
            others: Ratios = [ratio if each != index else None for each, ratio in enumerate(uneven)]
            for ratios, what in (
                ([_HALF if each == index else 0.0 for each in range(len(names))], f"half of {name} is bad"),
                (others, f"{name} says nothing"),
            ):
                moments.append((_MINUTES, ratios))
                time = (len(moments) * _MINUTES - 1) * MINUTE
                share, ratio = self.parts.combined(ratios), self.series.ratio(self.plan.base)
                if share is None:
                    checks.append(ValueCheck(time, ratio, {}, f"{what}, and neither does any other"))
                else:
                    checks.append(self.rounded(time, ratio, share, what))
        laid = self.parts.over(moments, MINUTE)
        yield self.timed("parts", laid, checks, EVERY_MINUTE, [Phase(len(moments) * _MINUTES, "bad")])
