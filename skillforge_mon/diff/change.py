"""What a comparison finds: changes of objects, each with the changes of its fields, and drift apart from them."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SPEC = "spec"
"""The ``backend`` of a change that was found by comparing two specs."""


class ChangeKind(enum.StrEnum):
    """What happens to an object."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    RENAME = "rename"
    MOVE = "move"
    REPLACE = "replace"


_IN_COUNTS = {
    ChangeKind.CHANGE: "to change",
    ChangeKind.ADD: "to add",
    ChangeKind.REMOVE: "to delete",
    ChangeKind.RENAME: "to rename",
    ChangeKind.MOVE: "to move",
    ChangeKind.REPLACE: "to replace",
}
_ALWAYS_COUNTED = (ChangeKind.CHANGE, ChangeKind.ADD, ChangeKind.REMOVE)
LONGEST_HEADLINE = 72
"""Characters up to which the change of a field is told on the line of its object."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an object: ``old`` and ``new`` as people read them, None where there is no such field.

    ``words`` say it in the words of the domain; without them it is told as ``path old -> new``. ``lines`` are those of
    a long text that differ, each beginning with ``+ ``, ``- `` or, for those between them, two blanks.
    """

    path: str
    old: str | None
    new: str | None
    words: str = ""
    lines: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The change on one line."""
        if self.words:
            return self.words
        if self.old is None:
            return f"now {self.path} {self.new}"
        if self.new is None:
            return f"no longer {self.path} {self.old}"
        return f"{self.path} {self.old} -> {self.new}"


@dataclass(frozen=True, slots=True)
class Change:
    """One object that differs. ``headline`` is what matters most about it; ``fields`` are all that differ.

    ``was`` is the former name of one that is renamed. For a change of output, ``files`` are those that it is in.
    """

    kind: ChangeKind
    backend: str
    object_kind: str
    name: str
    headline: str = ""
    fields: tuple[FieldChange, ...] = ()
    was: str = ""
    files: tuple[str, ...] = ()

    @property
    def details(self) -> tuple[FieldChange, ...]:
        """The fields that the headline does not tell, or not wholly."""
        return tuple(field for field in self.fields if field.lines or field.sentence != self.headline)


def headline_of(fields: Sequence[FieldChange]) -> str:
    """The first field's change where it fits on a line, else how many fields differ."""
    if not fields:
        return ""
    first = fields[0].sentence
    if len(first) <= LONGEST_HEADLINE:
        return first
    return "1 field differs" if len(fields) == 1 else f"{len(fields)} fields differ"


@dataclass(frozen=True, slots=True)
class FileCounts:
    """How many output files a change touches; ``layout`` are those that differ only in comments, order or layout."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    layout: int = 0

    @property
    def words(self) -> str:
        """``2 files to change, 1 to add``; empty when no file is touched."""
        counts = ((self.changed, "to change"), (self.added, "to add"), (self.removed, "to delete"))
        parts = [f"{count} {words}" for count, words in counts if count]
        if parts:
            number, _, rest = parts[0].partition(" ")
            parts[0] = f"{number} {'file' if number == '1' else 'files'} {rest}"
        if self.layout:
            noun = "file differs" if self.layout == 1 else "files differ"
            parts.append(f"{self.layout} {noun} only in comments, order or layout")
        return ", ".join(parts)


NO_FILES = FileCounts()


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Everything that one comparison of a project in one environment found, in the order in which it is shown.

    ``against`` says what it was compared with. ``drift`` are output files or live objects that were changed by somebody
    else; what a change of the spec does to those is among ``changes``.

    A comparison with what is live is of one ``system`` (``Datadog``). ``unchanged`` counts its objects that are as they
    should be, by what one is called; ``leftovers`` are ours and no longer in the spec, and stay unless they are pruned.
    """

    project: str
    environment: str
    against: str
    changes: tuple[Change, ...] = ()
    drift: tuple[Change, ...] = ()
    files: FileCounts = NO_FILES
    system: str = ""
    unchanged: tuple[tuple[str, int], ...] = ()
    leftovers: tuple[Change, ...] = ()

    @property
    def empty(self) -> bool:
        """True when nothing differs."""
        return not self.changes and not self.drift


def counts(sets: Iterable[ChangeSet]) -> dict[ChangeKind, int]:
    """How many changes there are of each kind, zeros included."""
    found = dict.fromkeys(_IN_COUNTS, 0)
    for each in sets:
        for change in each.changes:
            found[change.kind] += 1
    return found


def counts_in_words(sets: Sequence[ChangeSet]) -> str:
    """``2 to change, 1 to add, 0 to delete, 1 drifted``, ``no changes of ours, 1 drifted``, or ``no changes``."""
    drifted = sum(len(each.drift) for each in sets)
    if all(each.empty for each in sets):
        return "no changes"
    if all(not each.changes for each in sets):
        return f"no changes of ours, {drifted} drifted"
    numbers = counts(sets)
    parts = [f"{count} {_IN_COUNTS[kind]}" for kind, count in numbers.items() if count or kind in _ALWAYS_COUNTED]
    return ", ".join([*parts, *([f"{drifted} drifted"] if drifted else [])])
