"""What panels ask of SLOs whose windows differ: each of the recorded series once, and for the right SLOs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from skillforge_mon.lower.burn_text import length_text
from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.lower.slo_events import ONE, number
from skillforge_mon.query.promql import Binary, Card, Expr, LabelName, Matcher, VectorMatching, VectorSelector

ERROR_RATIO = "slo:error_ratio:"
"""The share of bad events over a window (``rate5m``) or a period of the calendar (``month``), which follows."""
ALL_EVENTS = "slo:events_total:rate"
BAD_EVENTS = "slo:events_bad:rate"
"""Events per second over the SLO's base window, which follows."""
BUDGET = "slo:error_budget:ratio"
BUDGET_LEFT = "slo:error_budget_remaining:ratio"


@dataclass(frozen=True, slots=True, eq=False)
class ShownSlos:
    """The SLOs of a row. ``matchers`` select their series, ``ungrouped`` those that are the same for all groups."""

    plans: tuple[SloPlan, ...]
    matchers: tuple[Matcher, ...]
    ungrouped: tuple[Matcher, ...]

    def error_ratios(self) -> list[Expr]:
        """The share of bad events now: over the base windows."""
        return self._each(lambda plan: f"{ERROR_RATIO}rate{length_text(plan.base)}")

    def kept(self) -> list[Expr]:
        """The share of good events over the windows of the promises."""
        return [Binary("-", ONE, ratio) for ratio in self._each(_ratio_of_window)]

    def events(self) -> list[tuple[Expr, str]]:
        """All events and bad events per second, each with its word."""
        found: list[tuple[Expr, str]] = []
        for base in sorted({plan.base for plan in self.plans}):
            for name, word in ((ALL_EVENTS, "all"), (BAD_EVENTS, "bad")):
                found.append((VectorSelector(f"{name}{length_text(base)}", self.matchers), word))
        return found

    def time_left(self) -> list[Expr]:
        """What is left of the budget as seconds of a total outage: its share, times the budget, times the window."""
        budget = VectorSelector(BUDGET, self.ungrouped)
        by_slo = VectorMatching(Card.MANY_TO_ONE, on=True, labels=(LabelName("slo"),))
        found: list[Expr] = []
        for window in sorted({plan.nominal for plan in self.plans}):
            left = VectorSelector(BUDGET_LEFT, self._of([plan for plan in self.plans if plan.nominal == window]))
            share = Binary("*", left, budget, by_slo)
            found.append(Binary("*", share, number(Decimal(int(window)) / 1000)))
        return found

    def _each(self, series: Callable[[SloPlan], str]) -> list[Expr]:
        """The series that ``series`` names.

        Where it names several, the one of an SLO may be there for another as well, over another of its windows, and
        would show twice: then each is asked for its own SLOs.
        """
        by_name: dict[str, list[SloPlan]] = {}
        for plan in sorted(self.plans, key=lambda plan: (plan.base, plan.nominal)):
            by_name.setdefault(series(plan), []).append(plan)
        return [VectorSelector(name, self._of(plans)) for name, plans in by_name.items()]

    def _of(self, plans: list[SloPlan]) -> tuple[Matcher, ...]:
        if len(plans) == len(self.plans):
            return self.matchers
        names = [plan.slo.name for plan in self.plans if plan in plans]
        return (*self.matchers, Matcher("slo", "=~", "|".join(map(re.escape, names))))


def _ratio_of_window(plan: SloPlan) -> str:
    if plan.calendar is not None:
        return f"{ERROR_RATIO}{plan.calendar.name}"
    return f"{ERROR_RATIO}rate{length_text(plan.nominal)}"
