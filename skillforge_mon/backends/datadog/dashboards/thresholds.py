"""The coloured lines of a panel as markers of a graph, and as the colours of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from skillforge_mon.documents.document import Plain
from skillforge_mon.lower.layout import ThresholdStep
from skillforge_mon.spec.quantities import plain_number

_WORSE = ("ok", "warning", "critical")
_LINES = {"ok": "ok dashed", "warning": "warning dashed", "critical": "error dashed"}
"""[api] WidgetMarker.display_type: a severity and a kind of line."""
_PALETTES = {"ok": "white_on_green", "warning": "white_on_yellow", "critical": "white_on_red"}


def markers(steps: Sequence[ThresholdStep]) -> list[Plain]:
    """A line where each step begins, in the colour of the worse of its two sides."""
    found: list[Plain] = []
    for below, above in pairwise(steps):
        state = max(below.state, above.state, key=_WORSE.index)
        found.append({"value": f"y = {_number(above.start)}", "display_type": _LINES[state], "label": state})
    return found


def conditional_formats(steps: Sequence[ThresholdStep]) -> list[Plain]:
    """The colour of each step. The first that fits counts, so they go down from the highest."""
    if len(steps) < 2:
        return []
    found: list[Plain] = [
        {"comparator": ">=", "value": step.start, "palette": _PALETTES[step.state]} for step in reversed(steps[1:])
    ]
    return [*found, {"comparator": "<", "value": steps[1].start, "palette": _PALETTES[steps[0].state]}]


def _number(start: float | None) -> str:
    return plain_number(Decimal(str(start)))
