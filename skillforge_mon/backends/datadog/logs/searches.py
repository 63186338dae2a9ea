"""Which lines are meant, in the language of Datadog's log search.

[docs] logs/explorer/search_syntax: terms are joined by blanks, ``-`` in front excludes, ``(a OR b)`` is a choice,
``@name:value`` asks for an attribute; a text in quotes is words that follow each other. [docs]
logs/log_configuration/processors, "Log status remapper", for the names of states.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from skillforge_mon.backends.datadog.differences import BACKEND
from skillforge_mon.backends.datadog.filters import tag_text
from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from skillforge_mon.model.logs import LogStream
from skillforge_mon.model.project import Project
from skillforge_mon.spec.models.logs import LogFilter
from skillforge_mon.spec.models.retention import LogLevel
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT

STATUSES: Final[Mapping[LogLevel, tuple[str, ...]]] = {
    "error": ("emergency", "alert", "critical", "error"),
    "warning": ("warn",),
    "info": ("notice", "info", "ok"),
    "debug": ("debug",),
}
"""Our levels in the states that Datadog has."""
_BARE: Final = re.compile(r"[A-Za-z0-9_.-]*[A-Za-z0-9]")
_WORDS: Final = frozenset(("AND", "OR", "NOT"))


def streams_in_datadog(project: Project) -> tuple[LogStream, ...]:
    """The streams that Datadog keeps, in the order of the spec."""
    return tuple(stream for stream in project.logs.values() if BACKEND in stream.backends)


def service_of(stream: LogStream) -> str:
    """The service that its lines are tagged with."""
    return tag_text(stream.service.name if stream.service is not None else stream.name)


def of_stream(project: Project, stream: LogStream) -> str:
    """Every line of ``stream``: by its service, the environment, and the source where a service has several streams."""
    terms = [f"service:{service_of(stream)}"]
    if project.environment != DEFAULT_ENVIRONMENT:
        terms.append(f"env:{tag_text(project.environment)}")
    if sum(service_of(other) == service_of(stream) for other in streams_in_datadog(project)) > 1:
        terms.append(f"source:{tag_text(stream.name)}")
    return " ".join(terms)


def of_level(level: LogLevel) -> str:
    """Every line of a level."""
    return one_of("status", STATUSES[level])


def search(chosen: LogFilter) -> str:
    """The lines of ``chosen``, "" for all. Raises Untranslatable."""
    return " ".join(_terms(chosen))


def one_of(field: str, values: Iterable[str]) -> str:
    """``field:value``, or ``field:(a OR b)``."""
    each = [written(value) for value in dict.fromkeys(values)]
    return f"{field}:{each[0]}" if len(each) == 1 else f"{field}:({' OR '.join(each)})"


def written(value: str) -> str:
    """A value as it stands, or in quotes."""
    return value if _BARE.fullmatch(value) and value not in _WORDS else quoted(value)


def quoted(text: str) -> str:
    """A text in quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def differences(chosen: LogFilter) -> Iterator[str]:
    """What a search finds otherwise than the filter says."""
    if chosen.contains or chosen.without:
        yield "`contains` and `without` look for whole words of the text, and not for letters anywhere in the line"


def _terms(chosen: LogFilter) -> Iterator[str]:
    if chosen.matches is not None:
        raise Untranslatable(
            "`matches` is a regular expression, and Datadog's log search has none",
            "write `contains`, or make a field of it and say `fields`",
        )
    if chosen.level:
        yield one_of("status", (status for level in chosen.level for status in STATUSES[level]))
    yield from (quoted(text) for text in chosen.contains)
    yield from (f"-{quoted(text)}" for text in chosen.without)
    for field, values in chosen.fields.items():
        yield one_of(f"@{field}", values)
