"""What the user may have meant: the nearest of the known names."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_CUTOFF = 0.7


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that looks most like ``word`` (case does not matter), or "" when none is near."""
    by_folded = {name.casefold(): name for name in known}
    folded = word.casefold()
    if folded in by_folded:
        return by_folded[folded]
    matches = difflib.get_close_matches(folded, by_folded, n=1, cutoff=_CUTOFF)
    return by_folded[matches[0]] if matches else ""


def suggestion(word: str, known: Iterable[str]) -> str:
    """``did you mean `x`?``, or "" when nothing is near."""
    name = nearest(word, known)
    return f"did you mean `{name}`?" if name else ""


def listed(names: Iterable[str], most: int = 12) -> str:
    """``a, b, c`` with at most ``most`` names; how many more there are is said."""
    names = list(names)
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
