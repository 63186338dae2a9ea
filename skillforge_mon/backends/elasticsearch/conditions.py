"""Conditions of processors, in Painless.

Only fields that processors of ours have written are asked for, each by a step that stands a missing one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from skillforge_mon.lower.regex_dialects import in_dialect
from skillforge_mon.spec.models.logs import LogFilter
from skillforge_mon.spec.models.retention import LogLevel

WORK = "monmc"
"""The field below which processors keep what only they need; removed at the end."""
LINE = f"{WORK}.line"
FIELDS = f"{WORK}.fields"
WORD = f"{WORK}.level"


def text(value: str) -> str:
    """A text in Painless: single quotes, with ``\\`` before a quote and before itself."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def one_of(values: Iterable[str], place: str) -> str:
    """``['a', 'b'].contains(place)``."""
    return f"[{', '.join(map(text, values))}].contains({place})"


def has_level(level: LogLevel) -> str:
    """Whether the line has the level."""
    return f"ctx.log?.level == {text(level)}"


def has_word(words: Iterable[str]) -> str:
    """Whether the level is called one of ``words`` in the line."""
    return one_of(words, f"ctx.{WORK}?.level")


def is_text(field: str) -> str:
    """Whether there is a text in the field at the top."""
    return f"ctx.{field} instanceof String"


def is_object(place: str) -> str:
    """Whether there are fields at ``place``."""
    head, _, rest = place.partition(".")
    return f"ctx.{head}?.{rest} instanceof Map" if rest else f"ctx.{head} instanceof Map"


def all_of(chosen: LogFilter) -> str:
    """Whether a line is among ``chosen``; a filter that says nothing takes every line.

    Raises UnsayableRegexError.
    """
    return " && ".join(_parts(chosen)) or "true"


def _parts(chosen: LogFilter) -> Iterator[str]:
    if chosen.level:
        yield one_of(chosen.level, "ctx.log?.level")
    for part in chosen.contains:
        yield f"ctx.{WORK}?.line?.contains({text(part)}) == true"
    for part in chosen.without:
        yield f"ctx.{WORK}?.line?.contains({text(part)}) != true"
    if chosen.matches is not None:
        pattern = in_dialect(chosen.matches, "java").replace("\\/", "/").replace("/", "\\/")
        yield f"ctx.{WORK}?.line != null && ctx.{WORK}.line =~ /{pattern}/"
    for field, values in chosen.fields.items():
        steps = "".join(f"?.get({text(step)})" for step in field.split("."))
        yield one_of(values, f"ctx.{WORK}?.fields{steps}?.toString()")
