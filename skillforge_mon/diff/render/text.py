"""Changes for a terminal: a line for each object, what differs below it, the counts at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from skillforge_mon.diagnostics.diagnostic import Severity
from skillforge_mon.diagnostics.render.paint import Paint
from skillforge_mon.diagnostics.render.visible import visible
from skillforge_mon.diff.change import Change, ChangeKind, ChangeSet, FieldChange, counts_in_words

SIGNS = {
    ChangeKind.ADD: "+",
    ChangeKind.CHANGE: "~",
    ChangeKind.REMOVE: "-",
    ChangeKind.RENAME: ">",
    ChangeKind.MOVE: ">",
    ChangeKind.REPLACE: "±",
}
DRIFT = "!"
_STYLES: dict[str, Severity | str] = {
    "+": "good",
    "~": Severity.WARNING,
    "-": Severity.ERROR,
    ">": Severity.NOTE,
    "±": Severity.ERROR,
    "!": Severity.ERROR,
}
_WIDEST_NAME = 40
"""Columns beyond which a long name no longer moves the headlines of all others to the right."""


def render_text(sets: Sequence[ChangeSet], colour: bool = False) -> str:
    """All of ``sets``, each backend under its own title. Unchanged objects are not told."""
    paint = Paint(colour)
    lines = [line for each in sets for line in _set_lines(each, paint)]
    touched = [each.files.words for each in sets if each.files.words]
    return "\n".join([*lines, counts_in_words(sets) + (f" ({'; '.join(touched)})" if touched else "")]) + "\n"


def title(backend: str, of: ChangeSet) -> str:
    """``Prometheus  shop/production``."""
    return f"{backend.capitalize()}  {of.project}/{of.environment}, against {visible(of.against)}"


def rows(of: ChangeSet) -> list[tuple[str, list[tuple[str, Change]]]]:
    """The changes and the drift by backend, each with its sign."""
    signed = [(SIGNS[change.kind], change) for change in of.changes] + [(DRIFT, change) for change in of.drift]
    signed.sort(key=lambda pair: pair[1].backend)
    return [(backend, list(pairs)) for backend, pairs in groupby(signed, key=lambda pair: pair[1].backend)]


def _set_lines(of: ChangeSet, paint: Paint) -> Iterator[str]:
    for backend, signed in rows(of):
        yield paint(title(backend, of), "bold")
        kinds = max(len(change.object_kind) for _, change in signed)
        names = min(max(len(visible(change.name)) for _, change in signed), _WIDEST_NAME)
        for sign, change in signed:
            name = visible(change.name)
            head = f"{change.object_kind:<{kinds}}  {name:<{names}}  {visible(change.headline)}".rstrip()
            yield f"  {paint(sign, _STYLES[sign])} {head}"
            indent = " " * (kinds + 8)
            for field in change.details:
                yield from _field_lines(field, change, indent, paint)


def _field_lines(field: FieldChange, change: Change, indent: str, paint: Paint) -> Iterator[str]:
    if field.sentence != change.headline:
        yield f"{indent}{visible(field.sentence)}"
    for line in field.lines:
        shown = visible(line).rstrip()
        yield f"{indent}  {paint(shown, _STYLES[line[0]]) if line[0] in '+-' else shown}".rstrip()
