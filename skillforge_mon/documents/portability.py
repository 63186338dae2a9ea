"""Which backend says which object, and how well: the portability table of a project."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skillforge_mon.documents.document import Grade
from skillforge_mon.documents.manifest import Manifest

_NOT_THERE = "–"


@dataclass(frozen=True, slots=True)
class Cell:
    """How well one backend says one object, and every reason why it is not exact."""

    grade: Grade
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Portability:
    """``rows`` are by the object's id; an object has a cell only for the backends that it is compiled for."""

    project: str
    environment: str
    backends: tuple[str, ...]
    rows: Mapping[str, Mapping[str, Cell]]


def portability(manifest: Manifest) -> Portability:
    """The table of what ``manifest`` says, objects and backends in the order of their names."""
    rows: dict[str, dict[str, Cell]] = {}
    for backend, objects in manifest.exact.items():
        for object_id in objects:
            rows.setdefault(object_id, {})[backend] = Cell(Grade.EXACT)
    order = list(Grade)
    for verdict in manifest.verdicts:
        cells = rows.setdefault(verdict.object_id, {})
        before = cells.get(verdict.backend, Cell(Grade.EXACT))
        grade = max(before.grade, verdict.grade, key=order.index)
        cells[verdict.backend] = Cell(grade, (*before.reasons, verdict.reason))
    backends = sorted({backend for cells in rows.values() for backend in cells})
    return Portability(manifest.project, manifest.environment, tuple(backends), dict(sorted(rows.items())))


def portability_markdown(tables: Sequence[Portability], limit: int) -> str:
    """The tables for a comment on a pull request, each folded, with the reasons below it: ``limit`` characters at most.

    Rows and reasons that do not fit are counted. Texts of the spec are never read as markup.
    """
    parts: list[str] = []
    room = limit
    for table in tables:
        head, rows, reasons, tail = _pieces(table)
        room -= len(head) + len(tail) + _FOR_THE_REST
        if room < 0:
            break
        taken_rows, room = _fitting(rows, room)
        taken_reasons, room = _fitting(reasons, room) if len(taken_rows) == len(rows) else ([], room)
        left = len(rows) - len(taken_rows) + len(reasons) - len(taken_reasons)
        rest = f"\nThis comment is full: {left} lines more are in `manifest.json`.\n" if left else ""
        parts.append("".join([head, *taken_rows, *(["\n"] if taken_reasons else []), *taken_reasons, rest, tail]))
    return "".join(parts)


_FOR_THE_REST = 80


def _pieces(table: Portability) -> tuple[str, list[str], list[str], str]:
    title = f"How well each backend says the {len(table.rows)} objects of {table.project}/{table.environment}"
    head = (
        f"\n<details><summary>{_shown(title)}</summary>\n\n"
        f"| object | {' | '.join(table.backends)} |\n|---|{'---|' * len(table.backends)}\n"
    )
    rows: list[str] = []
    reasons: list[str] = []
    for object_id, cells in table.rows.items():
        shown = [cells[name].grade.value if name in cells else _NOT_THERE for name in table.backends]
        rows.append(f"| {_shown(object_id)} | {' | '.join(shown)} |\n")
        for backend, cell in cells.items():
            if cell.reasons:
                reasons.append(f"- {_shown(object_id)}, {backend}: {_shown('; '.join(cell.reasons))}\n")
    return head, rows, reasons, "\n</details>\n"


def _fitting(lines: Sequence[str], room: int) -> tuple[list[str], int]:
    taken: list[str] = []
    for line in lines:
        if len(line) > room:
            return taken, 0
        taken.append(line)
        room -= len(line)
    return taken, room


_MARKUP = str.maketrans({character: f"&#{ord(character)};" for character in "|*_`[]~@#\\:$"})


def _shown(text: str) -> str:
    """``text`` on one line as it stands: no markup, no mention, no link, no cell of its own."""
    return " ".join(html.escape(text, quote=False).split()).translate(_MARKUP) if text else ""
