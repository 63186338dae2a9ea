"""How values and their differences are written: short ones side by side, lists by members, long texts by lines."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from decimal import Decimal

from skillforge_mon.diff.change import FieldChange
from skillforge_mon.lower.burn_text import percentage, spaced
from skillforge_mon.spec.quantities import Duration

LONGEST_VALUE = 60
"""Characters up to which a value is shown beside the one that it replaces."""
_CONTEXT = 1
"""Lines around a difference of a long text that are shown with it."""
_SAME_LINES_MAX = 20_000
"""Lines from which on a text is not compared line by line: the time grows with the square."""
_NUMBER = re.compile(r"(?<![\w.:\[])\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w\].:])")
_UNIT = re.compile(r"(?<=[0-9])(?=[a-z%])")


def share(ratio: Decimal) -> str:
    """``0.999`` as ``99.9 %``."""
    return _UNIT.sub(" ", percentage(ratio))


def length(duration: Duration) -> str:
    """``43 m 12 s``."""
    return _UNIT.sub(" ", spaced(duration))


def list_change(path: str, old: Sequence[str], new: Sequence[str]) -> FieldChange:
    """The change of a list: which members came and went, or, of long ones, line by line."""
    if any(_is_long(item) for item in (*old, *new)):
        return text_change(path, "\n".join(old), "\n".join(new))
    return FieldChange(path, ", ".join(old), ", ".join(new), list_words(path, old, new))


def list_words(path: str, old: Sequence[str], new: Sequence[str]) -> str:
    """Which members came and went: ``tags now also a, b; no longer c``."""
    came = [item for item in new if item not in old]
    went = [item for item in old if item not in new]
    parts = []
    if came:
        parts.append(f"now also {', '.join(came)}")
    if went:
        parts.append(f"no longer {', '.join(went)}")
    return f"{path} {'; '.join(parts)}" if parts else f"{path} in another order: {', '.join(new)}"


def text_change(path: str, old: str | None, new: str | None) -> FieldChange:
    """The change of one value, as lines when it is long or has several."""
    if not any(_is_long(text) for text in (old, new) if text is not None):
        return FieldChange(path, old, new)
    before, after = (old or "").splitlines(), (new or "").splitlines()
    lines = _differing_lines(before, after)
    added = sum(line.startswith("+ ") for line in lines)
    removed = sum(line.startswith("- ") for line in lines)
    if old is None or new is None:
        verb, count = ("now", added) if old is None else ("no longer", removed)
        words = f"{verb} {path}, {_counted(count)}"
    elif len(before) == len(after) == 1:
        words = f"{path} is now worded differently"
    else:
        counts = [f"{_counted(count)} {verb}" for count, verb in ((added, "added"), (removed, "removed")) if count]
        words = f"{path}: {', '.join(counts) or 'blanks at the end of lines'}"
    return FieldChange(path, old, new, words, lines)


def query_change(path: str, old: str | None, new: str | None) -> FieldChange:
    """The change of a query; one in which only numbers differ is told by them."""
    change = text_change(path, old, new)
    if old is None or new is None or not change.lines:
        return change
    pieces = _NUMBER.split(old), _NUMBER.split(new)
    if pieces[0] != pieces[1]:
        return change
    pairs = zip(_NUMBER.findall(old), _NUMBER.findall(new), strict=True)
    moved = dict.fromkeys(f"{before} -> {after}" for before, after in pairs if before != after)
    words = f"numbers in {path}: {', '.join(moved)}"
    return FieldChange(path, old, new, words, change.lines)


def _is_long(text: str) -> bool:
    return "\n" in text or len(text) > LONGEST_VALUE


def _counted(lines: int) -> str:
    return "1 line" if lines == 1 else f"{lines} lines"


def _differing_lines(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    if len(old) + len(new) > _SAME_LINES_MAX:
        return (*(f"- {line}" for line in old), *(f"+ {line}" for line in new))
    lines = difflib.unified_diff(old, new, lineterm="", n=_CONTEXT)
    shown = []
    for number, line in enumerate(lines):
        if number < 2:
            continue
        shown.append("  …" if line.startswith("@@") else f"{line[0]} {line[1:]}")
    return tuple(shown[1:] if shown and shown[0] == "  …" else shown)
