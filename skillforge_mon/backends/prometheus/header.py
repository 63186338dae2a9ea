"""The comment at the top of every generated file."""

from __future__ import annotations

from collections.abc import Iterable

_MOST_IDS = 12


def header(objects: Iterable[str]) -> str:
    """Who wrote the file, and from which objects of the spec."""
    ids = list(dict.fromkeys(objects))
    rest = len(ids) - _MOST_IDS
    more = f" and {rest} more" if rest > 0 else ""
    made_from = f"\nMade from {', '.join(ids[:_MOST_IDS])}{more}." if ids else ""
    return f"Written by monmc. Do not edit: change the spec and build again.{made_from}"
