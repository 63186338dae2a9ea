"""How large and how deep a spec text may be before it is taken for a mistake or an attack."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file.

    ``bytes``: size of the file. ``depth``: maps and lists inside each other, aliases followed; it also keeps every
    recursive walk over the tree far below Python's recursion limit. ``expanded_nodes``: nodes that aliases and merge
    keys add in all. ``reparsed_characters``: text read again after a syntax error to find the errors behind it.
    """

    bytes: int = 32 * 1024 * 1024
    depth: int = 100
    expanded_nodes: int = 100_000
    reparsed_characters: int = 8_000_000
