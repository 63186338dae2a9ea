"""The coloured lines of a panel: from the numbers of alerts and SLOs, or from what the user gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from skillforge_mon.lower.layout import ThresholdStep
from skillforge_mon.lower.watches import Watch, by_severity
from skillforge_mon.spec.quantities import json_number

_WORSE = ("warning", "critical")


def given_steps(thresholds: Mapping[str, float | int]) -> tuple[ThresholdStep, ...]:
    """The steps of ``{warning: 5, critical: 10}``; with the critical number the smaller one, low values are bad."""
    warning, critical = thresholds.get("warning"), thresholds.get("critical")
    if warning is not None and warning == critical:
        return (ThresholdStep(None, "ok"), ThresholdStep(critical, "critical"))
    if warning is not None and critical is not None and critical < warning:
        return (ThresholdStep(None, "critical"), ThresholdStep(critical, "warning"), ThresholdStep(warning, "ok"))
    steps = sorted((number, state) for state, number in thresholds.items())
    return (ThresholdStep(None, "ok"), *(ThresholdStep(number, state) for number, state in steps)) if steps else ()


def watched_steps(watches: Iterable[Watch]) -> tuple[ThresholdStep, ...]:
    """The steps at which ``watches`` fire; none where low and high values that are bad overlap."""
    first = by_severity(watches)
    below = _states(first, "below")
    above = _states(first, "above")
    if below and above and below[-1][0] > above[0][0]:
        return ()
    if not below and not above:
        return ()
    steps: list[ThresholdStep] = []
    start: int | float | None = None
    for number, state in below:
        steps.append(ThresholdStep(start, state))
        start = json_number(number)
    steps.append(ThresholdStep(start, "ok"))
    steps += (ThresholdStep(json_number(number), state) for number, state in above)
    return tuple(steps)


def _states(first: Mapping[tuple[str, str], Decimal], direction: str) -> list[tuple[Decimal, str]]:
    """The numbers at which each severity begins in one direction, ascending; what a worse one covers is left out."""
    warning, critical = (first.get((direction, severity)) for severity in _WORSE)
    if warning is not None and critical is not None:
        covered = warning >= critical if direction == "above" else warning <= critical
        if covered:
            warning = None
    numbers = (
        (number, state) for number, state in ((warning, "warning"), (critical, "critical")) if number is not None
    )
    return sorted(numbers)
