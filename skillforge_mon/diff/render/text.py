"""Changes for a terminal: a line for each object, what differs below it, the counts at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from skillforge_mon.backends.backend import title as backend_title
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
    several = len({each.project for each in sets}) > 1
    lines = [line for each in sets for line in _set_lines(each, paint, several)]
    touched = [each.files.words for each in sets if each.files.words]
    return "\n".join([*lines, counts_in_words(sets) + (f" ({'; '.join(touched)})" if touched else "")]) + "\n"


def title(backend: str, of: ChangeSet) -> str:
    """``Prometheus  shop/production``."""
    return f"{backend_title(backend)}  {of.project}/{of.environment}, against {visible(of.against)}"


def live_title(of: ChangeSet, several: bool) -> str:
    """``Datadog  production``, with the project where there are ``several``."""
    return f"{of.system}  {f'{of.project}/' if several else ''}{of.environment}"


def unchanged_words(of: ChangeSet) -> str:
    """``no changes (5 dashboards, 3 data sources)``."""
    counts = ", ".join(f"{count} {name if count == 1 else _plural(name)}" for name, count in of.unchanged)
    return f"no changes ({counts})" if counts else "no changes"


def _plural(name: str) -> str:
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"


def rows(of: ChangeSet) -> list[tuple[str, list[tuple[str, Change]]]]:
    """The changes, the drift and the leftovers by backend, each with its sign."""
    signed = [(SIGNS[change.kind], change) for change in of.changes] + [(DRIFT, change) for change in of.drift]
    signed += [(SIGNS[change.kind], change) for change in of.leftovers]
    signed.sort(key=lambda pair: pair[1].backend)
    return [(backend, list(pairs)) for backend, pairs in groupby(signed, key=lambda pair: pair[1].backend)]


def _set_lines(of: ChangeSet, paint: Paint, several: bool) -> Iterator[str]:
    if of.system:
        yield paint(live_title(of, several), "bold")
        if of.empty:
            yield f"  {unchanged_words(of)}"
    for backend, signed in rows(of):
        if not of.system:
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
