"""A budget that was measured, and the table of several."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """A ratio that was measured and what it may be at most."""

    name: str
    ratio: float
    at_most: float
    detail: str

    @property
    def kept(self) -> bool:
        """True when the ratio is within the budget."""
        return self.ratio <= self.at_most


def told(budgets: Iterable[Budget]) -> int:
    """Print each of ``budgets`` as a row of a table, as soon as it is known; the exit code is 1 when one is missed."""
    print("| budget | ratio | at most | measured |")
    print("|---|---|---|---|")
    exit_code = 0
    for budget in budgets:
        kept = "" if budget.kept else " **missed**"
        print(f"| {budget.name} | {budget.ratio:.2g}{kept} | {budget.at_most:g} | {budget.detail} |", flush=True)
        exit_code = exit_code if budget.kept else 1
    return exit_code
