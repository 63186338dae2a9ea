"""For people at a terminal: each problem with its source line, a caret, the facts and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity, Span
from skillforge_mon.diagnostics.render.paint import Paint
from skillforge_mon.diagnostics.render.run import Run
from skillforge_mon.diagnostics.render.snippet import snippet
from skillforge_mon.diagnostics.render.underline import Underline, underlines
from skillforge_mon.diagnostics.render.visible import visible
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.diagnostics.summary import counts

WIDTH = 120
"""The width in cells where none is given."""
NEAR = 5
"""A second place at most this many lines away is shown in the same snippet."""
LEAST_DIGITS = 2
FIXABLE = "[fixable: monmc check --fix]"


def render(run: Run) -> str:
    """Every diagnostic with its snippet, and the summary as the last line.

    ``= more:`` stands below the first diagnostic of each code only.
    """
    paint = Paint(run.colour)
    explained: set[str] = set()
    blocks: list[str] = []
    for diagnostic in run.diagnostics:
        more = diagnostic.code not in explained
        explained.add(diagnostic.code)
        rows = body(diagnostic, run.sources, run.width or WIDTH, paint, more=more)
        blocks.append("\n".join([headline(diagnostic, paint), *rows]))
    return "\n\n".join([*blocks, _summary(run, paint)]) + "\n"


def headline(diagnostic: Diagnostic, paint: Paint) -> str:
    """``error[MON2104]: label `statuss` is not on metric …``."""
    code = paint(f"{diagnostic.severity.value}[{visible(diagnostic.code)}]", diagnostic.severity)
    return f"{code}{paint(f': {visible(diagnostic.headline)}', 'bold')}"


def body(diagnostic: Diagnostic, sources: Sources, width: int, paint: Paint, *, more: bool) -> list[str]:
    """The lines below the headline: places, snippets, notes, help and, if ``more``, where to read on."""
    blocks = _blocks(diagnostic, sources)
    numbers = [mark.line for block in blocks for mark in block.marks]
    digits = max(LEAST_DIGITS, len(str(max(numbers, default=0))))
    rows: list[str] = []
    for block in blocks:
        place = f"{' ' * digits}{paint(block.arrow, 'gutter')} {visible(str(block.span))}"
        if block.marks:
            file, severity = block.span.file, diagnostic.severity
            rows.append(place)
            rows += snippet(sources, file, block.marks, severity, digits=digits, width=width, paint=paint)
        else:
            rows.append(f"{place}  {visible(block.text)}" if block.text else place)
    margin = paint(" " * (digits + 1) + "=", "gutter")
    for note in diagnostic.notes:
        rows += _lines(f"{margin} ", note, digits)
    rows += _help(diagnostic, f"{margin} {paint('help:', 'bold')} ", digits)
    if more:
        rows.append(f"{margin} more: monmc explain {visible(diagnostic.code)}")
    return rows


@dataclass(frozen=True, slots=True)
class Block:
    """One place: its arrow, span and label, and what to underline (nothing where there is no source)."""

    arrow: str
    span: Span
    text: str
    marks: list[Underline]


def _blocks(diagnostic: Diagnostic, sources: Sources) -> list[Block]:
    """The primary place with the secondary ones near it, then each other secondary place on its own."""
    blocks: list[Block] = []
    far = list(diagnostic.secondary)
    if (span := diagnostic.span) is not None:
        marks = underlines(sources, span, diagnostic.label, primary=True)
        near = [label for label in far if marks and _is_near(label.span, marks, span.file)]
        far = [label for label in far if label not in near]
        for label in near:
            marks += underlines(sources, label.span, label.text, primary=False)
        blocks.append(Block("-->", span, diagnostic.label, marks))
    for label in far:
        marks = underlines(sources, label.span, label.text, primary=False)
        blocks.append(Block(":::", label.span, label.text, marks))
    return blocks


def _is_near(span: Span, marks: list[Underline], file: str) -> bool:
    return span.file == file and marks[0].line - NEAR <= span.line <= marks[-1].line + NEAR


def _help(diagnostic: Diagnostic, start: str, digits: int) -> list[str]:
    text = diagnostic.help or (diagnostic.fix.title if diagnostic.fix else "")
    if not text:
        return []
    rows = _lines(start, text, digits)
    if diagnostic.fix is not None and diagnostic.fix.safe:
        rows[-1] += f"   {FIXABLE}"
    return rows


def _lines(start: str, text: str, digits: int) -> list[str]:
    """``text`` behind ``start``; the further lines of the text stand under the first one's margin."""
    first, *further = map(visible, text.splitlines() or [""])
    return [start + first, *(f"{' ' * (digits + 3)}{line}".rstrip() for line in further)]


def _summary(run: Run, paint: Paint) -> str:
    line = run.summary.line(run.diagnostics)
    worst = next((severity for severity, count in counts(run.diagnostics).items() if count), None)
    words, place, rest = line.partition(" in ")
    style: Severity | str = worst or "good"
    return paint(words, style) + place + rest
