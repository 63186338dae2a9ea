"""Changes of a dashboard: rows and panels by their titles, whether they moved, and what differs in each."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from skillforge_mon.diff.change import FieldChange
from skillforge_mon.diff.spec_fields import Fields, differences, flat
from skillforge_mon.model.project import Dashboard, Row

_K = TypeVar("_K")
_SETS = {"red": "rate, errors and duration", "slo": "objectives and budgets", "use": "hosts", "alerts": "alerts"}


@dataclass(frozen=True, slots=True)
class _Shown:
    """A row or a panel: the row that it stands in (for a row, itself), and its fields."""

    row: str
    fields: Fields


def row_changes(old: Dashboard, new: Dashboard) -> Iterator[FieldChange]:
    """What differs in the rows of two versions of a dashboard."""
    yield from _compared("row", _rows(old), _rows(new))
    yield from _compared("panel", _panels(old), _panels(new))


def _rows(dashboard: Dashboard) -> dict[str, _Shown]:
    found: dict[str, _Shown] = {}
    for index, name in enumerate(row_names(dashboard.rows)):
        found[name] = _Shown("", flat(dashboard.rows[index].spec, leave_out=("panels",)))
    return found


def row_names(rows: Sequence[Row]) -> list[str]:
    """What each row is called: its title, what it shows, or its first panel; each name once."""
    names: list[str] = []
    for row in rows:
        spec = row.spec
        if spec.title is not None:
            name = spec.title
        elif spec.use is not None:
            name = f"{_SETS[spec.use]} of {row.service.name}" if row.service is not None else _SETS[spec.use]
        else:
            name = f"with {row.panels[0].spec.title}" if row.panels else "without a title"
        names.append(_unique(name, names))
    return names


def _panels(dashboard: Dashboard) -> dict[str, _Shown]:
    found: dict[str, _Shown] = {}
    for row, name in zip(dashboard.rows, row_names(dashboard.rows), strict=True):
        for panel in row.panels:
            found[_unique(panel.spec.title, found)] = _Shown(name, flat(panel.spec, leave_out=("title",)))
    return found


def _unique(name: str, taken: Sequence[str] | Mapping[str, object]) -> str:
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name} ({number})"
    return found


def _compared(kind: str, old: Mapping[str, _Shown], new: Mapping[str, _Shown]) -> Iterator[FieldChange]:
    places = moved([name for name in old if name in new], [name for name in new if name in old])
    rows_before, rows_after = ({shown.row for shown in each.values()} for each in (old, new))
    for name, after in new.items():
        path = f'{kind} "{name}"'
        before = old.get(name)
        if before is None:
            place = f' to row "{after.row}"' if after.row else ""
            yield FieldChange(path, None, name, f"{path} added{place}")
            continue
        # Of a row that only got another title, the row itself tells.
        if before.row != after.row and (before.row in rows_after or after.row in rows_before):
            words = f'{path} moved from row "{before.row}" to row "{after.row}"'
            yield FieldChange(path, before.row, after.row, words)
        elif name in places:
            yield FieldChange(path, _place(name, old), _place(name, new), f"{path} moved")
        for change in differences(before.fields, after.fields, queries=_queries(before.fields, after.fields)):
            yield FieldChange(
                f"{path} {change.path}", change.old, change.new, f"{path}: {change.sentence}", change.lines
            )
    for name in old:
        if name not in new:
            yield FieldChange(f'{kind} "{name}"', name, None, f'{kind} "{name}" removed')


def _place(name: str, among: Mapping[str, _Shown]) -> str:
    return f"place {list(among).index(name) + 1}"


def _queries(old: Fields, new: Fields) -> frozenset[str]:
    if any("type" in fields and fields["type"].text == "logs" for fields in (old, new)):
        return frozenset()
    return frozenset(path for path in (*old, *new) if path.endswith(".expr"))


def moved(old: Sequence[_K], new: Sequence[_K]) -> set[_K]:
    """The members that changed their place among the others; as few as explain the new order."""
    if old == new:
        return set()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    kept = {item for block in matcher.get_matching_blocks() for item in old[block.a : block.a + block.size]}
    return {item for item in new if item not in kept}
