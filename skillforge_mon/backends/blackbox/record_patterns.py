r"""What a record of a name must be, as blackbox_exporter looks for it.

A pattern of the spec is about the value of a record. The exporter matches the whole record as miekg/dns prints it:
``shop.example.<tab>300<tab>IN<tab>A<tab>198.51.100.7``, texts of TXT in quotation marks. So what stands before the
value is written down, and ``^`` is the place behind it.
"""

from __future__ import annotations

import re
from typing import Final

_FLAGS: Final = re.compile(r"(?:\(\?[imsU]+\))*")
_PART: Final = re.compile(r"\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:\\.|\[:[^\]]*:\]|[^\]\\])*\]|.", re.DOTALL)
"""A quotation, an escape, a class, or one character (https://github.com/google/re2/wiki/Syntax)."""
_START: Final = frozenset(("^", r"\A"))


class StartWithinPatternError(Exception):
    """``^`` stands where it is not the start of an alternative: nothing of RE2 says the same behind a value's place."""


def record_pattern(kind: str, pattern: str | None) -> str:
    r"""``\tIN\tA\t(?:198\.51\.)`` for ``^198\.51\.``; any record of ``kind`` without a pattern."""
    before = rf"\tIN\t{kind}\t"
    if pattern is None:
        return before
    flags = _FLAGS.match(pattern)
    assert flags is not None  # noqa: S101 - it matches nothing, too
    values = [_value(parts, quotes=kind == "TXT") for parts in _alternatives(pattern[flags.end() :])]
    return f"{before}{flags[0]}(?:{'|'.join(values)})"


def _alternatives(pattern: str) -> list[list[str]]:
    """The parts of each alternative that is not within a group."""
    found: list[list[str]] = [[]]
    depth = 0
    for match in _PART.finditer(pattern):
        part = match[0]
        if part == "|" and depth == 0:
            found.append([])
            continue
        depth += (part == "(") - (part == ")")
        found[-1].append(part)
    return found


def _value(parts: list[str], *, quotes: bool) -> str:
    """An alternative behind the place where the value begins."""
    quote = '"?' if quotes else ""
    starts = bool(parts) and parts[0] in _START
    rest = parts[starts:]
    if not _START.isdisjoint(rest):
        raise StartWithinPatternError
    if rest and rest[-1] == "$":
        rest = [*rest[:-1], f"{quote}$"]
    return (quote if starts else ".*") + "".join(rest)
