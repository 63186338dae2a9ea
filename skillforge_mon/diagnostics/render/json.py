"""For other programs: JSON with a version of its own.

Readers must accept fields and severities that they do not know; ``format_version`` grows when one changes its meaning
or goes away.
"""

from __future__ import annotations

import json
from typing import Any

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Fix, Severity, Span
from skillforge_mon.diagnostics.page import path_of
from skillforge_mon.diagnostics.render.run import Run
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.diagnostics.summary import counts

FORMAT_VERSION = 1
LONGEST_SNIPPET = 500
"""Code points of a line that a snippet holds at most."""


def render(run: Run) -> str:
    """One JSON object in ASCII, indented by two blanks."""
    number = counts(run.diagnostics)
    document = {
        "format_version": FORMAT_VERSION,
        "valid": not number[Severity.ERROR],
        **{f"{severity.value}_count": count for severity, count in number.items()},
        "diagnostics": [_diagnostic(diagnostic, run.sources) for diagnostic in run.diagnostics],
    }
    return json.dumps(document, indent=2) + "\n"


def _diagnostic(diagnostic: Diagnostic, sources: Sources) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "headline": diagnostic.headline,
        "range": _range(diagnostic.span) if diagnostic.span else None,
        "label": diagnostic.label,
        "snippet": _snippet(diagnostic.span, sources) if diagnostic.span else None,
        "secondary": [{"range": _range(label.span), "label": label.text} for label in diagnostic.secondary],
        "notes": list(diagnostic.notes),
        "help": diagnostic.help,
        "fix": _fix(diagnostic.fix) if diagnostic.fix else None,
        "documentation": path_of(diagnostic.code),
    }


def _range(span: Span) -> dict[str, Any]:
    """Lines and columns from 1, columns in code points, the end exclusive."""
    return {
        "file": span.file,
        "start": {"line": span.line, "column": span.column},
        "end": {"line": span.end_line, "column": span.end_column},
    }


def _snippet(span: Span, sources: Sources) -> dict[str, Any] | None:
    """The first line of the span, or the part around its start; the highlight counts from 0 within that text."""
    line = sources.line(span.file, span.line)
    if line is None:
        return None
    start = min(max(span.column - 1, 0), len(line))
    first = 0 if len(line) <= LONGEST_SNIPPET else max(0, start - LONGEST_SNIPPET // 2)
    text = line[first : first + LONGEST_SNIPPET]
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    end = min(max(end - first, start - first), len(text))
    return {"line": span.line, "text": text, "highlight_start": start - first, "highlight_end": end}


def _fix(fix: Fix) -> dict[str, Any]:
    return {"title": fix.title, "range": _range(fix.span), "replacement": fix.replacement, "safe": fix.safe}
