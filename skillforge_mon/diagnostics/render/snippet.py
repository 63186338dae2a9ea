"""The lines of source under a diagnostic, with a gutter of line numbers and underlines beneath."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from skillforge_mon.diagnostics.diagnostic import Severity
from skillforge_mon.diagnostics.render.clip import clip
from skillforge_mon.diagnostics.render.paint import Paint
from skillforge_mon.diagnostics.render.underline import Underline
from skillforge_mon.diagnostics.render.visible import visible
from skillforge_mon.diagnostics.sources import Sources

CONTEXT_LINES = 2
LEAST_ROOM = 20


def context(sources: Sources, file: str, number: int) -> list[int]:
    """Up to two lines just above line ``number`` that belong to the same YAML block: its siblings and its parents.

    A blank line, a comment, a document marker or a deeper line ends the block; a line at the margin has no block.
    """
    found: list[int] = []
    indent = _indent(sources.line(file, number) or "")
    for above in range(number - 1, max(number - 1 - CONTEXT_LINES, 0), -1):
        line = sources.line(file, above) or ""
        stripped = line.strip()
        if not indent or not stripped or stripped.startswith(("#", "---", "...")) or _indent(line) > indent:
            break
        indent = _indent(line)
        found.insert(0, above)
    return found


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def snippet(
    sources: Sources,
    file: str,
    marks: Sequence[Underline],
    severity: Severity,
    *,
    digits: int,
    width: int,
    paint: Paint,
) -> list[str]:
    """The lines that carry ``marks``, with the context of the first primary one, each at most ``width`` cells wide.

    ``digits`` is the width of the line numbers. Every mark has a line of its own below its source line, the primary
    ones (``^``) first; where lines are left out between two that are shown stands ``...``. Labels are not clipped.
    """
    blank = paint(" " * (digits + 1) + "|", "gutter")
    room = max(width - digits - 3, LEAST_ROOM)
    primary = next((mark.line for mark in marks if mark.primary), None)
    numbers = _shown({mark.line for mark in marks}.union(context(sources, file, primary) if primary else ()))
    rows = [blank]
    before = numbers[0]
    for number in numbers:
        if number > before + 1:
            rows.append(paint("...", "gutter"))
        before = number
        here = sorted((m for m in marks if m.line == number), key=lambda mark: (not mark.primary, mark.start))
        clipped = clip(sources.line(file, number) or "", [(mark.start, mark.end) for mark in here], room)
        rows.append(f"{paint(f'{number:>{digits}} |', 'gutter')} {clipped.text}".rstrip())
        for mark, (start, end) in zip(here, clipped.stretches, strict=True):
            sign = ("^" if mark.primary else "-") * (end - start)
            text = f"{sign} {visible(mark.text)}" if mark.text else sign
            rows.append(f"{blank} {' ' * start}{paint(text, severity if mark.primary else 'gutter')}")
    return rows


def _shown(numbers: set[int]) -> list[int]:
    """The line numbers in order; a gap of a single line is filled, because ``...`` would take as much room."""
    ordered = sorted(numbers)
    filled = {number + 1 for number, after in pairwise(ordered) if after == number + 2}
    return sorted(numbers | filled)
