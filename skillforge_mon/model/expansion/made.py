"""Objects that nobody wrote, as nodes of the tree: each of their values stands where it was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from skillforge_mon.spec.yaml.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode

Made: TypeAlias = "Mapping[str, Made] | Sequence[Made] | str | int | float | bool"
"""Plain data, as a spec would have it."""

Fragment: TypeAlias = "dict[str, dict[str, Made]]"
"""Section -> name -> object."""


def made(data: Made, asked: Entry) -> Node:
    """``data`` as nodes, all of which stand where ``asked`` has its name."""
    if isinstance(data, Mapping):
        return MappingNode(
            {key: Entry(key, asked.file, asked.start, asked.end, made(value, asked)) for key, value in data.items()},
            asked.file,
            asked.start,
            asked.end,
        )
    if isinstance(data, Sequence) and not isinstance(data, str):
        return SequenceNode([made(item, asked) for item in data], asked.file, asked.start, asked.end)
    text = data if isinstance(data, str) else str(data)
    return ScalarNode(data, text, asked.file, asked.start, asked.end)
