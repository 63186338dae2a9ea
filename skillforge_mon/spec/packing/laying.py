"""How fragments of packs come together, and how the user's spec is laid over them.

One rule, that of every overlay: maps merge deep, scalars and lists replace, null deletes. ``yaml.nodes.merge`` is the
same for environments; here the user's places win, because that is where the user can change something, and a null
with nothing below it stays, because within some objects it means something.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from skillforge_mon.diagnostics.diagnostic import Span
from skillforge_mon.spec.yaml.nodes import Entry, MappingNode, Node, SequenceNode, is_null, to_plain

Clash = Callable[[tuple[str, ...], Span, Span], None]
"""Is told of a path that two fragments fill in differently, with both places."""


def laid_under(fragment: MappingNode, user: MappingNode) -> MappingNode:
    """``user`` with what ``fragment`` adds below it. What both have keeps the place of the user's."""
    entries: dict[str, Entry] = {}
    for key, entry in user.entries.items():
        below = fragment.entries.get(key)
        if below is None:
            entries[key] = entry
        elif isinstance(entry.node, MappingNode) and isinstance(below.node, MappingNode):
            entries[key] = Entry(key, entry.file, entry.start, entry.end, laid_under(below.node, entry.node))
        elif not is_null(entry.node):
            entries[key] = entry
    entries |= {key: entry for key, entry in fragment.entries.items() if key not in user.entries}
    return MappingNode(entries, user.file, user.start, user.end)


def laid_together(
    fragments: Sequence[MappingNode], over: tuple[Node, ...], clash: Clash, path: tuple[str, ...] = ()
) -> MappingNode:
    """All ``fragments`` (one at least) as one.

    What they say differently is told to ``clash``, unless one of ``over``, the user's texts at this place, says it
    anyway. Which is first decides only the order of keys.
    """
    groups: dict[str, list[Entry]] = {}
    for fragment in fragments:
        for key, entry in fragment.entries.items():
            groups.setdefault(key, []).append(entry)
    entries: dict[str, Entry] = {}
    for key, group in groups.items():
        first = entries[key] = group[0]
        if len(group) == 1:
            continue
        above = tuple(found for node in over if isinstance(node, MappingNode) and (found := node.get(key)) is not None)
        maps = [entry.node for entry in group if isinstance(entry.node, MappingNode)]
        lists = [entry.node for entry in group if isinstance(entry.node, SequenceNode)]
        if len(maps) == len(group):
            node: Node = laid_together(maps, above, clash, (*path, key))
            entries[key] = Entry(key, first.file, first.start, first.end, node)
        elif not path and len(lists) == len(group):
            entries[key] = Entry(key, first.file, first.start, first.end, added_up(lists))
        elif all(isinstance(node, MappingNode) for node in above):
            said = to_plain(first.node)
            for other in group[1:]:
                if to_plain(other.node) != said:
                    clash((*path, key), first.key_span, other.key_span)
    return MappingNode(entries, fragments[0].file, fragments[0].start, fragments[0].end)


def added_up(lists: Sequence[SequenceNode]) -> SequenceNode:
    """The items of all, each once: packaged catalogues are knowledge, and one more never takes anything away."""
    items: list[Node] = []
    known: list[object] = []
    for each in lists:
        for item in each.items:
            plain = to_plain(item)
            if plain not in known:
                known.append(plain)
                items.append(item)
    return SequenceNode(items, lists[0].file, lists[0].start, lists[0].end)
