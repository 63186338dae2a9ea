"""Queries with «marks» around the part that is wrong."""

from __future__ import annotations


def unmarked(marked: str) -> tuple[str, int, int]:
    """The query, and the place between the marks."""
    before, _, rest = marked.partition("«")
    inside, _, after = rest.partition("»")
    return before + inside + after, len(before), len(before) + len(inside)
