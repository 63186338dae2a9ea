"""The events of a YAML parser become nodes with places.

One pass, without recursion, so that neither depth nor size of a text can break it. Aliases share the nodes of their
anchor, and what they add up to is counted: a text of ten lines can stand for more nodes than fit into memory.
"""

from __future__ import annotations

import re
from typing import Any, NoReturn, Protocol

from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from skillforge_mon.diagnostics.diagnostic import Fix, Label, Report
from skillforge_mon.spec import codes_yaml as codes
from skillforge_mon.spec.yaml.limits import Limits
from skillforge_mon.spec.yaml.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from skillforge_mon.spec.yaml.plain_scalars import NOT_ALWAYS_TEXT, resolve_plain
from skillforge_mon.spec.yaml.quoting import unquoted_template
from skillforge_mon.spec.yaml.source import SourceFile
from skillforge_mon.spec.yaml.tags import apply_tag, fits_collection, tag_problem

_PROPERTIES = re.compile(r"(?:(?:!<[^>\s]*>|[!&][^\s,\[\]{}]*)(?:\s+(?:#[^\r\n]*\s*)*)?){1,2}")

_MERGE = "<<"

_KEY, _MERGE_KEY, _DROPPED_KEY = range(3)
"""What becomes of a key: an entry, a merge of other maps, or nothing because it is not a key at all."""


class EventParser(Protocol):
    """What the C parser and the pure Python parser of PyYAML have in common."""

    def get_event(self) -> Any:
        """The next event; raises ``yaml.error.YAMLError`` at the first thing that is not YAML."""


class CompositionStoppedError(Exception):
    """The text goes beyond a limit; a diagnostic has said so."""


class _Open:
    """A map or list whose end has not been seen, and the key that is waiting for its value."""

    __slots__ = ("anchor", "entries", "flow", "items", "key", "key_end", "key_start", "merge", "node", "role")

    def __init__(self, node: MappingNode | SequenceNode, anchor: str | None, flow: bool) -> None:
        self.node = node
        self.entries = node.entries if isinstance(node, MappingNode) else None
        self.items = node.items if isinstance(node, SequenceNode) else None
        self.anchor = anchor
        self.flow = flow
        self.key: str | None = None
        self.key_start = self.key_end = 0
        self.role = _KEY
        self.merge: Entry | None = None


class Composer:
    """Composes one document. ``last_scalar`` helps to explain a syntax error: what was read just before it."""

    def __init__(self, source: SourceFile, report: Report, limits: Limits) -> None:
        self.source = source
        self.report = report
        self.limits = limits
        self.last_scalar: ScalarNode | None = None
        self.template_lines: set[int] = set()
        self._stack: list[_Open] = []
        self._root: Node | None = None
        self._anchors: dict[str, Node | None] = {}
        self._sizes: dict[Node, tuple[int, int]] = {}
        self._expanded = 0
        self._end = 0
        self._template_starts: set[int] = set()

    def compose(self, parser: EventParser) -> Node | None:
        """The root node of the first document, or None when there is no document.

        Everything that is wrong with the meaning of the text is reported on the way. Raises
        ``yaml.error.YAMLError`` where the text is not YAML, and ``CompositionStoppedError`` beyond a limit.
        """
        get_event = parser.get_event
        documents = 0
        while True:
            event = get_event()
            kind = type(event)
            if kind is ScalarEvent:
                self._scalar(event)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                self._open(event)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                self._close(event)
            elif kind is AliasEvent:
                self._alias(event)
            elif kind is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self._report_second_document(event)
                    return self._root
            elif kind is StreamEndEvent:
                return self._root

    def _scalar(self, event: Any) -> None:
        start: int = event.start_mark.index
        end: int = event.end_mark.index
        text: str = event.value
        style: str = event.style or ""
        value = resolve_plain(text) if not style and text[:1] in NOT_ALWAYS_TEXT else text
        node = ScalarNode(value, text, self.source, start, end, style)
        self._end = end
        if event.tag is not None or event.anchor is not None:
            node.start = self._content_start(start, end)
            if event.tag is not None and not apply_tag(node, event.tag):
                self.report.add(tag_problem(self.source, event.tag, start, node.start))
            if event.anchor is not None:
                self._name(event.anchor, node)
        elif style in ("|", ">"):
            self._end = start + len(self.source.text[start:end].rstrip())
        self.last_scalar = node
        if not self._stack:
            self._root = node
            return
        top = self._stack[-1]
        if top.items is not None:
            top.items.append(node)
        elif top.key is None:
            self._set_key(top, node)
        else:
            self._set_value(top, node)

    def _set_key(self, top: _Open, node: ScalarNode) -> None:
        top.key_start = node.start
        top.key_end = node.end
        if type(node.value) is str:
            top.key = node.value
            if node.value == _MERGE and not node.style:
                top.role = _MERGE_KEY
            return
        top.key = node.text
        if node.start == node.end and not node.style:
            self.report.add(
                codes.KEY_NOT_TEXT.at(
                    node.span, "a key is missing before the colon", help="write the name of the key before it"
                )
            )
            return
        kind = {bool: "true or false", type(None): "null"}.get(type(node.value), "a number")
        self.report.add(
            codes.KEY_NOT_TEXT.at(
                node.span,
                f"the key `{node.text}` is {kind}, and keys must be text",
                label="quote this key",
                fix=Fix(node.span, f'"{node.text}"', f"quote `{node.text}`", safe=False),
            )
        )

    def _set_value(self, top: _Open, node: Node) -> None:
        """``node`` becomes the value of the key that waits in ``top``."""
        key, role = top.key, top.role
        top.key = None
        if key is None or top.entries is None:
            return
        entry = Entry(key, self.source, top.key_start, top.key_end, node)
        if role == _KEY:
            first = top.entries.setdefault(key, entry)
        else:
            top.role = _KEY
            if role == _DROPPED_KEY:
                return
            first = top.merge = top.merge or entry
        if first is not entry:
            self.report.add(
                codes.DUPLICATE_KEY.at(
                    entry.key_span,
                    f"the key `{key}` stands twice in one map",
                    label="second time here",
                    secondary=(Label(first.key_span, "first here"),),
                    help="remove or rename one of the two" if role == _KEY else "merge several with `<<: [*one, *two]`",
                )
            )

    def _open(self, event: Any) -> None:
        start: int = event.start_mark.index
        if len(self._stack) >= self.limits.depth:
            self._stop_too_deep(start)
        properties = start
        if event.tag is not None or event.anchor is not None:
            start = self._content_start(start, len(self.source.text))
        node: MappingNode | SequenceNode
        if isinstance(event, MappingStartEvent):
            node = MappingNode({}, self.source, start, start)
            self._check_template(start)
        else:
            node = SequenceNode([], self.source, start, start)
        if event.tag is not None and not fits_collection(node, event.tag):
            self.report.add(tag_problem(self.source, event.tag, properties, start))
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        self._end = event.end_mark.index
        self._stack.append(_Open(node, event.anchor, bool(event.flow_style)))

    def _close(self, event: Any) -> None:
        top = self._stack.pop()
        node = top.node
        if top.flow:
            self._end = event.end_mark.index
        node.end = max(self._end, node.start)
        if top.merge is not None and isinstance(node, MappingNode):
            node.entries = self._merged_entries(top.merge) | node.entries
        if top.anchor is not None:
            self._name(top.anchor, node)
        if not self._stack:
            self._root = node
            return
        above = self._stack[-1]
        if above.items is not None:
            above.items.append(node)
        elif above.key is not None:
            self._set_value(above, node)
        else:
            self._drop_complex_key(above, node)

    def _drop_complex_key(self, above: _Open, node: Node) -> None:
        """A map or list stands where a key belongs; its value is dropped with it."""
        if node.start - 1 not in self._template_starts:
            kind = "map" if isinstance(node, MappingNode) else "list"
            self.report.add(
                codes.KEY_NOT_TEXT.at(
                    node.span, f"a {kind} stands where the name of a key belongs", help="keys must be text"
                )
            )
        above.key = ""
        above.role = _DROPPED_KEY

    def _alias(self, event: Any) -> None:
        start: int = event.start_mark.index
        self._end = end = event.end_mark.index
        span = self.source.span(start, end)
        node: Node | None = self._anchors.get(event.anchor)
        if node is None:
            if event.anchor in self._anchors:
                diagnostic = codes.RECURSIVE_ALIAS.at(
                    span,
                    f"`*{event.anchor}` stands inside the value that it names",
                    help=f"name a value outside of `&{event.anchor}`",
                )
            else:
                written = self.source.text[start:end]
                diagnostic = codes.UNKNOWN_ALIAS.at(
                    span,
                    f"no anchor `&{event.anchor}` stands above this alias in the file",
                    help=f'define it with `&{event.anchor}`, or quote the text: "{written}"',
                )
            self.report.add(diagnostic)
            node = ScalarNode(None, "", self.source, start, end)
        else:
            self._count(node, start, end)
        if not self._stack:
            self._root = node
            return
        top = self._stack[-1]
        if top.items is not None:
            top.items.append(node)
        elif top.key is not None:
            self._set_value(top, node)
        elif isinstance(node, ScalarNode):
            self._set_key(top, ScalarNode(node.value, node.text, self.source, start, end, node.style))
        else:
            self._drop_complex_key(top, node)

    def _count(self, node: Node, start: int, end: int) -> None:
        """Count what one more use of ``node`` adds, in nodes and in depth."""
        size, height = self._measure(node)
        self._expanded += size
        if self._expanded > self.limits.expanded_nodes:
            self.report.add(
                codes.TOO_MUCH_EXPANSION.at(
                    self.source.span(start, end),
                    f"aliases make this file stand for more than {self.limits.expanded_nodes} values",
                    label="the limit is passed here",
                    help="use fewer aliases of aliases",
                )
            )
            raise CompositionStoppedError
        if len(self._stack) + height > self.limits.depth:
            self._stop_too_deep(start)

    def _merged_entries(self, merge: Entry) -> dict[str, Entry]:
        """The entries that a merge key brings; of several maps that have the same key, the first wins."""
        value = merge.node
        sources = value.items if isinstance(value, SequenceNode) else [value]
        entries: dict[str, Entry] = {}
        for source in reversed(sources):
            if isinstance(source, MappingNode):
                entries.update(source.entries)
        if not all(isinstance(source, MappingNode) or self._is_broken_alias(source) for source in sources):
            self.report.add(
                codes.BAD_MERGE_KEY.at(
                    merge.key_span,
                    "the merge key `<<` needs a map or a list of maps",
                    secondary=(Label(value.span, "this is something else"),),
                    help='write the alias of a map, as in `<<: *defaults`; quote a key that is really called "<<"',
                )
            )
        return entries

    def _is_broken_alias(self, node: Node) -> bool:
        """Whether ``node`` stands for an alias that was reported: no other plain scalar begins with an asterisk."""
        return isinstance(node, ScalarNode) and not node.style and self.source.text.startswith("*", node.start)

    def _name(self, anchor: str, node: Node) -> None:
        self._anchors[anchor] = node
        self._measure(node)

    def _measure(self, node: Node) -> tuple[int, int]:
        """How many nodes ``node`` stands for, and how deep they go. Anchored nodes are measured once."""
        known = self._sizes.get(node)
        if known is not None:
            return known
        size, height = 1, 0
        if not isinstance(node, ScalarNode):
            inner = node.items if isinstance(node, SequenceNode) else [entry.node for entry in node.entries.values()]
            for child in inner:
                child_size, child_height = self._measure(child)
                size += child_size
                height = max(height, child_height)
            height += 1
            self._sizes[node] = (size, height)
        return size, height

    def _content_start(self, start: int, end: int) -> int:
        """Where the value itself begins, behind its anchor and its tag."""
        properties = _PROPERTIES.match(self.source.text, start, end)
        return properties.end() if properties else start

    def _check_template(self, start: int) -> None:
        """A map that begins with two braces is a placeholder that somebody forgot to quote."""
        if not self.source.text.startswith("{{", start):
            return
        self._template_starts.add(start)
        if start - 1 in self._template_starts:
            return
        self.template_lines.add(self.source.position(start)[0])
        self.report.add(unquoted_template(self.source, start))

    def _report_second_document(self, event: Any) -> None:
        start = event.start_mark.index
        length = 3 if self.source.text.startswith("---", start) else 1
        self.report.add(
            codes.SEVERAL_DOCUMENTS.at(
                self.source.span(start, start + length),
                "a second document begins here",
                help="remove the `---`, or put the second document into a file of its own",
            )
        )

    def _stop_too_deep(self, start: int) -> NoReturn:
        self.report.add(
            codes.NESTED_TOO_DEEPLY.at(
                self.source.span(start, start + 1),
                f"maps and lists are nested more than {self.limits.depth} deep",
                label="the limit is passed here",
            )
        )
        raise CompositionStoppedError
