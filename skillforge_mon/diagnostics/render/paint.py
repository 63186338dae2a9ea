"""Colours by plain ANSI codes; without colour the same text, untouched."""

from __future__ import annotations

from skillforge_mon.diagnostics.diagnostic import Severity

_CODES = {
    Severity.ERROR: "1;31",
    Severity.WARNING: "1;33",
    Severity.NOTE: "1;36",
    "gutter": "34",
    "bold": "1",
    "good": "32",
}


class Paint:
    """Paints text, or leaves it as it is when ``colour`` is off."""

    __slots__ = ("colour",)

    def __init__(self, colour: bool) -> None:
        self.colour = colour

    def __call__(self, text: str, style: Severity | str) -> str:
        """``text`` in the colour of a severity, or as ``gutter``, ``bold`` or ``good``."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.colour and text else text
