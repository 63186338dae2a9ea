"""Where several environments are checked at once: which of them a problem is in, where the spec itself has it not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Span


def with_environments(
    reported: Mapping[str, Iterable[Diagnostic]], spec: str, overlays: Span | None
) -> dict[str, tuple[Diagnostic, ...]]:
    """``reported``, by environment, with a note on what is not a problem of all of them.

    ``spec`` is the name under which the spec as it stands is reported, if it is: what is wrong there needs no note. Nor
    does what stands within ``overlays``, the section that the environments are written in. A problem whose facts differ
    is told once, so what is only a fact of some environment is noted as well.
    """
    found: dict[tuple[str, Span | None, str], dict[str, Diagnostic]] = {}
    for name, diagnostics in reported.items():
        for diagnostic in diagnostics:
            found.setdefault(_key(diagnostic), {})[name] = diagnostic
    noted = {key: _noted(told, spec, len(reported), overlays) for key, told in found.items()}
    return {
        name: tuple(replace(each, notes=noted[_key(each)]) for each in diagnostics)
        for name, diagnostics in reported.items()
    }


def _key(diagnostic: Diagnostic) -> tuple[str, Span | None, str]:
    """What makes two reports the same problem, as in :class:`Report`."""
    return diagnostic.code, diagnostic.span, diagnostic.headline


def _noted(told: Mapping[str, Diagnostic], spec: str, count: int, overlays: Span | None) -> tuple[str, ...]:
    first = next(iter(told.values()))
    notes = list(first.notes)
    if spec not in told and len(told) < count and not _within(first.span, overlays):
        named = ", ".join(f"`{name}`" for name in told)
        notes.append(f"only in the environment{'' if len(told) == 1 else 's'} {named}")
    known = set(first.notes)
    for name, diagnostic in told.items():
        notes += (f"in the environment `{name}`: {note}" for note in diagnostic.notes if note not in known)
        known.update(diagnostic.notes)
    return tuple(notes)


def _within(span: Span | None, outer: Span | None) -> bool:
    if span is None or outer is None or span.file != outer.file:
        return False
    start, end = (outer.line, outer.column), (outer.end_line, outer.end_column)
    return start <= (span.line, span.column) < end
