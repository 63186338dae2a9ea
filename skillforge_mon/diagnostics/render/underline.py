"""Spans cut into underlines: one stretch of one line each, inside the text whatever the span says."""

from __future__ import annotations

from dataclasses import dataclass

from skillforge_mon.diagnostics.diagnostic import Span
from skillforge_mon.diagnostics.sources import Sources

WHOLE_UP_TO = 4
"""A span of more lines than this is shown by its first two lines and its last."""


@dataclass(frozen=True, slots=True)
class Underline:
    """Code points ``start`` to ``end`` (from 0, exclusive) of line ``line``; at least one, perhaps past the line's end.

    ``text`` is the label behind the underline.
    """

    line: int
    start: int
    end: int
    text: str
    primary: bool


def underlines(sources: Sources, span: Span, text: str, primary: bool) -> list[Underline]:
    """The underlines that show ``span``, the label behind the last; none where the sources do not have its first line.

    Indentation and the blanks at a line's end are not underlined in spans over several lines.
    """
    first = sources.line(span.file, span.line)
    if first is None:
        return []
    start = min(max(span.column - 1, 0), len(first))
    stretches = [(span.line, start, _end_on_first_line(span, first, start))]
    for number in _further_lines(sources, span):
        line = sources.line(span.file, number) or ""
        until = line[: max(span.end_column - 1, 0)] if number == span.end_line else line
        stretch = (number, len(line) - len(line.lstrip()), len(until.rstrip()))
        if stretch[1] < stretch[2]:
            stretches.append(stretch)
    labels = [""] * (len(stretches) - 1) + [text]
    return [Underline(*stretch, label, primary) for stretch, label in zip(stretches, labels, strict=True)]


def _end_on_first_line(span: Span, first: str, start: int) -> int:
    if span.end_line > span.line:
        return max(len(first.rstrip()), start + 1)
    end = span.end_column - 1 if span.end_line == span.line else start
    return max(min(end, len(first)), start + 1)


def _further_lines(sources: Sources, span: Span) -> list[int]:
    last = min(span.end_line, sources.line_count(span.file))
    while last > span.line and _is_empty(sources, span, last):
        last -= 1
    if last - span.line < WHOLE_UP_TO:
        return list(range(span.line + 1, last + 1))
    return [span.line + 1, last]


def _is_empty(sources: Sources, span: Span, number: int) -> bool:
    line = sources.line(span.file, number) or ""
    return not (line[: max(span.end_column - 1, 0)] if number == span.end_line else line).strip()
