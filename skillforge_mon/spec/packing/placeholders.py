"""Placeholders in the fragment of a pack, ``${pack:NAME}``, and what the fragment is once they are filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from skillforge_mon.diagnostics.diagnostic import Span
from skillforge_mon.spec.yaml.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from skillforge_mon.spec.yaml.source import SourceFile

PLACEHOLDER = re.compile(r"\$\{pack:([^{}]*)\}")
_MARK = "${pack:"
_BETWEEN = "|"
"""What stands between the items of a list within a text: there a list is a choice of a regular expression."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """The stretch of a filled text, from ``start``, that came from ``source_start`` to ``source_end`` of the template.

    ``literal``: code point for code point; otherwise the stretch stands for a placeholder.
    """

    start: int
    end: int
    source_start: int
    source_end: int
    literal: bool


@dataclass(slots=True, eq=False)
class FilledScalarNode(ScalarNode):
    """A text of a pack whose placeholders are filled in; its places are those of the text before that."""

    template: ScalarNode | None = None
    pieces: tuple[_Piece, ...] = ()

    def text_span(self, start: int, end: int) -> Span:
        """The place in the pack of the code points ``start`` to ``end``; within a value, that of its placeholder."""
        assert self.template is not None  # noqa: S101 - filled ones have a template
        end = max(start, end)
        return self.template.text_span(self._source(start, at_end=False), self._source(end, at_end=True))

    def _source(self, offset: int, *, at_end: bool) -> int:
        for piece in self.pieces:
            if piece.start <= offset < piece.end or (at_end and piece.start < offset <= piece.end):
                if piece.literal:
                    return piece.source_start + offset - piece.start
                return piece.source_end if at_end else piece.source_start
        return self.pieces[-1].source_end if self.pieces and offset > 0 else 0


def placeholders(node: Node) -> Iterator[tuple[str, Span]]:
    """The name of every placeholder below ``node``, keys included, each with its place."""
    if isinstance(node, MappingNode):
        for entry in node.entries.values():
            for found in PLACEHOLDER.finditer(entry.key):
                yield found[1], entry.key_span
            yield from placeholders(entry.node)
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from placeholders(item)
    elif isinstance(node.value, str) and _MARK in node.value:
        for found in PLACEHOLDER.finditer(node.text):
            yield found[1], node.text_span(found.start(), found.end())


class Filling:
    """One use of a pack: its parameters by name, None for those that have no value.

    ``file`` is what the nodes of the result point into; None leaves them where they are.
    """

    def __init__(self, values: Mapping[str, Node | None], file: SourceFile | None) -> None:
        self._values = values
        self._file = file

    def fragment(self, spec: MappingNode) -> MappingNode:
        """``spec`` filled in, without the objects that need a parameter which has no value."""
        sections: dict[str, Entry] = {}
        for key, entry in spec.entries.items():
            node = self._section(entry.node) if isinstance(entry.node, MappingNode) else self.node(entry.node)
            if node is not None:
                sections[key] = self._entry(entry, key, node)
        return MappingNode(sections, self._file or spec.file, spec.start, spec.end)

    def _section(self, section: MappingNode) -> MappingNode:
        objects: dict[str, Entry] = {}
        for entry in section.entries.values():
            key, node = self._text(entry.key), self.node(entry.node)
            if key is not None and node is not None:
                objects[key] = self._entry(entry, key, node)
        return MappingNode(objects, self._file or section.file, section.start, section.end)

    def node(self, node: Node) -> Node | None:
        """``node`` filled in; None when it needs a parameter that has no value.

        Of a map, only the entries whose keys need one are left out; of a list, only the items that do. A list that
        loses all of them is None itself.
        """
        if isinstance(node, MappingNode):
            entries: dict[str, Entry] = {}
            for entry in node.entries.values():
                key = self._text(entry.key)
                if key is None:
                    continue
                filled = self.node(entry.node)
                if filled is None:
                    return None
                entries[key] = self._entry(entry, key, filled)
            return MappingNode(entries, self._file or node.file, node.start, node.end)
        if isinstance(node, SequenceNode):
            items = [filled for item in node.items if (filled := self.node(item)) is not None]
            if node.items and not items:
                return None
            return SequenceNode(items, self._file or node.file, node.start, node.end)
        return self._scalar(node)

    def _entry(self, entry: Entry, key: str, node: Node) -> Entry:
        return Entry(key, self._file or entry.file, entry.start, entry.end, node)

    def _scalar(self, node: ScalarNode) -> Node | None:
        file = self._file or node.file
        template = ScalarNode(node.value, node.text, file, node.start, node.end, node.style)
        if not isinstance(node.value, str) or _MARK not in node.value:
            return template
        whole = PLACEHOLDER.fullmatch(node.value)
        if whole is not None and whole[1] in self._values:
            return self._values[whole[1]]
        pieces: list[_Piece] = []
        parts: list[str] = []
        position = length = 0
        for found in PLACEHOLDER.finditer(node.value):
            value = self._word(found)
            if value is None:
                return None
            for text, start, end, literal in (
                (node.value[position : found.start()], position, found.start(), True),
                (value, found.start(), found.end(), False),
            ):
                if text:
                    pieces.append(_Piece(length, length + len(text), start, end, literal))
                    parts.append(text)
                    length += len(text)
            position = found.end()
        rest = node.value[position:]
        if rest:
            pieces.append(_Piece(length, length + len(rest), position, len(node.value), True))
            parts.append(rest)
        text = "".join(parts)
        return FilledScalarNode(text, text, file, node.start, node.end, node.style, template, tuple(pieces))

    def _text(self, text: str) -> str | None:
        if _MARK not in text:
            return text
        parts: list[str] = []
        position = 0
        for found in PLACEHOLDER.finditer(text):
            value = self._word(found)
            if value is None:
                return None
            parts += [text[position : found.start()], value]
            position = found.end()
        return "".join([*parts, text[position:]])

    def _word(self, found: re.Match[str]) -> str | None:
        """The value of a placeholder as text; one that the pack does not declare stays as it is written."""
        if found[1] not in self._values:
            return found[0]
        node = self._values[found[1]]
        if isinstance(node, ScalarNode):
            return node.text
        if isinstance(node, SequenceNode):
            return _BETWEEN.join(item.text for item in node.items if isinstance(item, ScalarNode))
        return None
