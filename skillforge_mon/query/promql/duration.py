"""Durations as PromQL writes them: ``5m``, ``1h30m``, ``1d12h``, ``500ms``."""

from __future__ import annotations

import re

UNITS = {
    "y": 365 * 24 * 60 * 60 * 1000,
    "w": 7 * 24 * 60 * 60 * 1000,
    "d": 24 * 60 * 60 * 1000,
    "h": 60 * 60 * 1000,
    "m": 60 * 1000,
    "s": 1000,
    "ms": 1,
}
"""Milliseconds in each unit, the biggest first: a duration must name its units in this order, each at most once."""

LONGEST_MS = (2**63 - 1) // 1_000_000
"""Prometheus counts durations in nanoseconds in 64 bits: about 292 years."""

_PART = re.compile(r"([0-9]+)([a-z]+)")
_WHOLE = re.compile("".join(rf"(?:([0-9]+){unit})?" for unit in UNITS))
_EXACT_ONLY = ("y", "w")


def duration_milliseconds(text: str) -> int:
    """The milliseconds of a duration such as ``1h30m``.

    Raises ValueError with a sentence for the user when ``text`` is not a duration.
    """
    whole = _WHOLE.fullmatch(text)
    if whole is None or not text:
        raise ValueError(_explain(text))
    total = sum(
        int(amount) * size for amount, size in zip(whole.groups(), UNITS.values(), strict=True) if amount is not None
    )
    if total > LONGEST_MS:
        raise ValueError(f"the duration `{text}` is too long: Prometheus allows at most 292 years")
    return total


def duration_text(milliseconds: int) -> str:
    """The text in which Prometheus itself prints a duration: ``5400000`` is ``1h30m``, ``0`` is ``0s``.

    Years and weeks are used only when nothing remains, because ``90d`` reads better than ``12w6d``.
    """
    if milliseconds == 0:
        return "0s"
    sign, rest = ("-", -milliseconds) if milliseconds < 0 else ("", milliseconds)
    parts = [sign]
    for unit, size in UNITS.items():
        amount, remainder = divmod(rest, size)
        if amount and not (unit in _EXACT_ONLY and remainder):
            parts.append(f"{amount}{unit}")
            rest = remainder
    return "".join(parts)


def _explain(text: str) -> str:
    parts = _PART.findall(text)
    if "".join(amount + unit for amount, unit in parts) != text or not parts:
        return f"`{text}` is not a duration: write whole numbers with units, such as `90s` or `1h30m`"
    unknown = next((unit for _, unit in parts if unit not in UNITS), None)
    if unknown is not None:
        return f"`{unknown}` is not a unit of time: the units are {', '.join(UNITS)}"
    return f"the units of `{text}` must go from big to small, each at most once, as in `1h30m`"
