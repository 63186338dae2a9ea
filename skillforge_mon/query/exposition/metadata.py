"""The lines that begin with ``#``: what they say of a family."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from skillforge_mon.query.exposition.page import OPENMETRICS_TYPES, TEXT_TYPES
from skillforge_mon.query.exposition.scanner import METRIC_NAME, LineError, unescaped

_TEXT: Final = re.compile(r"#[ \t]*(HELP|TYPE)[ \t]+(\"(?:[^\"\\]|\\.)*\"|[^ \t]+)(?:[ \t]+(.*))?")
_OPENMETRICS: Final = re.compile(r"# (HELP|TYPE|UNIT) (\"(?:[^\"\\]|\\.)*\"|[^ ]+) ?(.*)")


@dataclass(frozen=True, slots=True)
class Metadata:
    """``value`` of ``keyword`` for the family ``name``; escapes are resolved."""

    keyword: Literal["HELP", "TYPE", "UNIT"]
    name: str
    value: str


def read_metadata(text: str, *, openmetrics: bool) -> Metadata | None:
    """What a comment line says; None for a mere comment, which only the text format has. Raises LineError."""
    found = (_OPENMETRICS if openmetrics else _TEXT).fullmatch(text)
    if found is None:
        if openmetrics:
            raise LineError("OpenMetrics knows only `# HELP`, `# TYPE`, `# UNIT` and, last of all, `# EOF`", 1)
        return None
    keyword, name, value = found[1], found[2], found[3] or ""
    if name.startswith('"'):
        name = unescaped(name[1:-1], quotes=True)
    elif not METRIC_NAME.fullmatch(name):
        raise LineError(f"`{name}` is not the name of a metric", found.start(2) + 1)
    column = found.start(3) + 1 if found[3] is not None else len(text) + 1
    if keyword == "TYPE":
        value = value if openmetrics else value.rstrip(" \t")
        types = OPENMETRICS_TYPES if openmetrics else TEXT_TYPES
        if value not in types:
            raise LineError(f"`{value}` is not a type; there are: {', '.join(types)}", column)
    elif keyword == "HELP":
        value = unescaped(value, quotes=openmetrics)
    return Metadata(keyword, name, value)  # type: ignore[arg-type] # the pattern holds the three keywords
