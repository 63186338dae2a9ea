"""What another objective or window of an SLO means: how much may go wrong, and from when somebody is told."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from skillforge_mon.diff.change import FieldChange
from skillforge_mon.diff.wording import length, share
from skillforge_mon.lower.burn_rate import SHORTEST_SLO_WINDOW, budget_time, default_tiers, tiers_of
from skillforge_mon.lower.slo import BASE_WINDOW
from skillforge_mon.model.project import Slo
from skillforge_mon.spec.quantities import Duration

_TOLD = {"critical": "page", "warning": "ticket"}


def objective_change(old: Decimal, new: Decimal) -> FieldChange:
    """``objective 99.9 % -> 99.95 %``."""
    return FieldChange("objective", share(old), share(new))


def budget_change(
    old: tuple[Decimal, Duration], new: tuple[Decimal, Duration], pages: Sequence[FieldChange] = ()
) -> FieldChange:
    """What two pairs of objective and window leave: ``budget 43 m 12 s -> 21 m 36 s per 30 d``, and who hears when."""
    before, after = length(budget_time(*old)), length(budget_time(*new))
    if old[1] == new[1]:
        words = f"budget {before} -> {after} per {length(new[1])}"
    else:
        words = f"budget {before} per {length(old[1])} -> {after} per {length(new[1])}"
    return FieldChange("budget", before, after, "; ".join([words, *(page.words for page in pages)]))


def threshold_change(severity: str, old: Decimal | None, new: Decimal | None) -> FieldChange | None:
    """The share of bad events from which the fastest alert of a severity fires; None where it stays what it was."""
    told = _TOLD[severity]
    if old == new:
        return None
    before = share(old) if old is not None else None
    after = share(new) if new is not None else None
    if before is None:
        words = f"{told} from {after} errors (never before)"
    elif after is None:
        words = f"no {told} any more (was from {before} errors)"
    else:
        words = f"{told} from {after} errors (was {before})"
    return FieldChange(told, before, after, words)


def slo_effects(old: Slo, new: Slo) -> tuple[FieldChange, ...]:
    """What follows from the fields that differ; empty when the promise and its alerts are the same."""
    changes = [
        change
        for severity in _TOLD
        if (change := threshold_change(severity, _fastest(old, severity), _fastest(new, severity))) is not None
    ]
    before, after = _promise(old), _promise(new)
    if before != after:
        return (budget_change(before, after, changes[:1]), *changes[1:])
    return tuple(changes)


def _promise(slo: Slo) -> tuple[Decimal, Duration]:
    return slo.spec.objective, slo.spec.window


def _fastest(slo: Slo, severity: str) -> Decimal | None:
    """The bad share at which the fastest pair of windows of this severity fires; None without one that can."""
    spec = slo.spec
    if not spec.alerting or (not spec.burn and spec.window < SHORTEST_SLO_WINDOW):
        return None
    tiers = tiers_of(spec.burn, spec.window) if spec.burn else default_tiers(spec.window, BASE_WINDOW)
    possible = [tier for tier in tiers if tier.severity == severity and tier.can_fire(spec.objective)]
    return max((tier.threshold(spec.objective) for tier in possible), default=None)
