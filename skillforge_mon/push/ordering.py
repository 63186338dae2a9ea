"""Which object comes first: what others refer to before them, then by the order of the kinds."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from skillforge_mon.documents.document import Reference
from skillforge_mon.push.steps import Wanted

Node = TypeVar("Node", bound=Hashable)


class Cycle(Exception):  # noqa: N818 - it says what is the case
    """Objects that refer to each other; ``members`` are the keys around the circle."""

    def __init__(self, members: Sequence[Hashable]) -> None:
        super().__init__(" -> ".join(map(str, members)))
        self.members = tuple(members)


def in_order(wanted: Sequence[Wanted]) -> list[Wanted]:
    """``wanted`` with everything behind what it refers to, otherwise as it was. Raises Cycle."""
    by_reference = {Reference(each.kind, each.key): each for each in wanted}
    needs = {
        name: [reference for reference in each.references if reference in by_reference and reference != name]
        for name, each in by_reference.items()
    }
    return [by_reference[name] for name in sequence(needs)]


def sequence(needs: Mapping[Node, Iterable[Node]]) -> list[Node]:
    """The nodes, each behind all that it needs, otherwise in their order. Raises Cycle."""
    done: dict[Node, None] = {}
    for start in needs:
        path: dict[Node, None] = {}
        stack = [(start, False)]
        while stack:
            node, finished = stack.pop()
            if finished:
                del path[node]
                done[node] = None
            elif node in path:
                members = list(path)
                raise Cycle([*members[members.index(node) :], node])
            elif node not in done:
                path[node] = None
                stack.append((node, True))
                stack += [(other, False) for other in reversed(list(needs[node])) if other not in done]
    return list(done)


def levels(needs: Mapping[Node, Iterable[Node]], level_of: Callable[[Node], int]) -> dict[Node, int]:
    """The level of each node: its own, or that of what it needs where that is higher. Raises Cycle."""
    found: dict[Node, int] = {}
    for node in sequence(needs):
        found[node] = max([level_of(node), *(found[other] for other in needs[node])])
    return found
