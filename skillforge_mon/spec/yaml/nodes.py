"""The tree of a spec text: scalars, maps and lists that know their place.

Nodes are made once and never changed afterwards (aliases share them); ``merge`` makes new ones. They are not frozen
only because frozen dataclasses take three times as long to create, and a spec has hundreds of thousands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from skillforge_mon.diagnostics.diagnostic import Span
from skillforge_mon.spec.yaml.scalar_offsets import value_offsets
from skillforge_mon.spec.yaml.source import SourceFile

__all__ = [
    "Entry",
    "MappingNode",
    "Node",
    "ScalarNode",
    "ScalarValue",
    "SequenceNode",
    "SourceFile",
    "find",
    "merge",
    "to_plain",
]

ScalarValue: TypeAlias = str | int | float | bool | None


@dataclass(slots=True, eq=False)
class ScalarNode:
    """A single value.

    ``text`` is the value as text before it was read as a number, true, false or null: ``1.10`` stays ``1.10`` there.
    For strings it is the string itself. ``start`` and ``end`` are offsets in the file (quotes and the header of a
    block scalar included); ``style`` is ``''`` for a plain scalar, else ``'``, ``"``, ``|`` or ``>``.
    """

    value: ScalarValue
    text: str
    file: SourceFile = field(repr=False)
    start: int
    end: int
    style: str = ""

    @property
    def span(self) -> Span:
        """The place of the whole scalar."""
        end = self.end
        if self.style in ("|", ">"):
            end = self.start + len(self.file.text[self.start : end].rstrip())
        return self.file.span(self.start, end)

    def text_span(self, start: int, end: int) -> Span:
        """The place in the file of the code points ``start`` to ``end`` (exclusive) of ``text``.

        Knows quotes, escapes, folded lines and the indentation of block scalars. A place that is not in the text (a
        space that stands for a folded line break) is where it comes from; offsets outside the text are moved to its
        nearest end.
        """
        places = value_offsets(self.file.text, self.start, self.end, self.style, self.text)
        if places is None:
            return self.span
        if not places:
            return self.file.span(self.start, self.start) if self.style == "" else self.span
        start = max(0, min(start, len(places)))
        end = max(start, min(end, len(places)))
        first = places[start][0] if start < len(places) else places[-1][1]
        return self.file.span(first, places[end - 1][1] if end > start else first)


@dataclass(slots=True, eq=False)
class Entry:
    """One ``key: value`` of a map; ``start`` and ``end`` are the offsets of the key in ``file``."""

    key: str
    file: SourceFile = field(repr=False)
    start: int
    end: int
    node: Node

    @property
    def key_span(self) -> Span:
        """The place of the key."""
        return self.file.span(self.start, self.end)


@dataclass(slots=True, eq=False)
class MappingNode:
    """A map. Keys are strings, in the order of the text."""

    entries: dict[str, Entry]
    file: SourceFile = field(repr=False)
    start: int
    end: int

    @property
    def span(self) -> Span:
        """The place from the first key (or the brace) to the end of the last value."""
        return self.file.span(self.start, self.end)

    def get(self, key: str) -> Node | None:
        """The node under ``key``, or None when there is no such key (a null is a ScalarNode, never None)."""
        entry = self.entries.get(key)
        return entry.node if entry is not None else None

    def key_span(self, key: str) -> Span:
        """The place of ``key``; the map itself when it has no such key."""
        entry = self.entries.get(key)
        return entry.key_span if entry is not None else self.span


@dataclass(slots=True, eq=False)
class SequenceNode:
    """A list."""

    items: list[Node]
    file: SourceFile = field(repr=False)
    start: int
    end: int

    @property
    def span(self) -> Span:
        """The place from the first dash (or the bracket) to the end of the last item."""
        return self.file.span(self.start, self.end)


Node: TypeAlias = ScalarNode | MappingNode | SequenceNode


def to_plain(node: Node) -> Any:
    """The plain dict, list or scalar of ``node``, as pydantic wants it. Every call makes new containers."""
    kind = type(node)
    if kind is ScalarNode:
        return node.value  # type: ignore[union-attr]  # `type() is` is quicker than isinstance, but mypy cannot narrow by it
    if kind is MappingNode:
        return {key: to_plain(entry.node) for key, entry in node.entries.items()}  # type: ignore[union-attr]
    if kind is SequenceNode:
        return [to_plain(item) for item in node.items]  # type: ignore[union-attr]
    return node.value  # type: ignore[union-attr]  # a scalar that was filled in


def is_null(node: Node | None) -> bool:
    """True for a null that is written down."""
    return isinstance(node, ScalarNode) and node.value is None


def merge(base: Node, overlay: Node) -> Node:
    """``overlay`` laid over ``base``: maps merge deep, scalars and lists replace, null deletes (as RFC 7396).

    The inputs stay as they are. Every value of the result keeps its own place, so that its origin is known; a merged
    map keeps the place of ``base``. A null for a key that ``base`` does not have changes nothing.
    """
    if not isinstance(overlay, MappingNode):
        return overlay
    if not isinstance(base, MappingNode):
        return _without_nulls(overlay)
    entries = dict(base.entries)
    for key, entry in overlay.entries.items():
        below = entries.get(key)
        if is_null(entry.node):
            entries.pop(key, None)
        elif below is None:
            entries[key] = _entry_with(entry, _without_nulls(entry.node))
        elif isinstance(below.node, MappingNode) and isinstance(entry.node, MappingNode):
            entries[key] = _entry_with(below, merge(below.node, entry.node))
        else:
            entries[key] = _entry_with(entry, _without_nulls(entry.node))
    return MappingNode(entries, base.file, base.start, base.end)


def without_deleted(base: MappingNode, overlay: Node | None) -> MappingNode:
    """``base`` without what a null of ``overlay`` deletes, at any depth; nothing else of ``overlay`` counts."""
    if not isinstance(overlay, MappingNode):
        return base
    entries: dict[str, Entry] = {}
    for key, entry in base.entries.items():
        above = overlay.get(key)
        if is_null(above):
            continue
        entries[key] = (
            _entry_with(entry, without_deleted(entry.node, above)) if isinstance(entry.node, MappingNode) else entry
        )
    return MappingNode(entries, base.file, base.start, base.end)


def _entry_with(entry: Entry, node: Node) -> Entry:
    """``entry``, or a copy of it that holds ``node``."""
    return entry if node is entry.node else Entry(entry.key, entry.file, entry.start, entry.end, node)


def _without_nulls(node: Node) -> Node:
    """``node`` without the keys that are null, at any depth of its maps: there is nothing below to delete."""
    if not isinstance(node, MappingNode):
        return node
    changed = False
    entries: dict[str, Entry] = {}
    for key, entry in node.entries.items():
        if is_null(entry.node):
            changed = True
            continue
        kept = _entry_with(entry, _without_nulls(entry.node))
        changed = changed or kept is not entry
        entries[key] = kept
    return MappingNode(entries, node.file, node.start, node.end) if changed else node


def find(node: Node, path: tuple[str | int, ...]) -> tuple[Node, Entry | None]:
    """The nearest existing node along ``path``, and the entry that holds it.

    Segments that are not in the data are skipped: pydantic puts the tag of a union, the branch of a union and
    ``[key]`` into its locations, and names a missing field. The entry is None for the root and for list items.
    """
    entry: Entry | None = None
    for segment in path:
        if isinstance(node, MappingNode):
            found = node.entries.get(segment) if isinstance(segment, str) else None
            if found is not None:
                entry, node = found, found.node
        elif isinstance(node, SequenceNode) and isinstance(segment, int) and 0 <= segment < len(node.items):
            entry, node = None, node.items[segment]
    return node, entry
