"""What the streams of a project are called in Loki, and filters on them as LogQL.

Every line has the label ``service``: its service's name, or that of its stream where it has none. Where several streams
have one service, ``stream`` tells them apart. ``level`` is the level in our words, wherever the lines have one that
Alloy or Promtail reads. Fields of ``metadata`` and the trace are structured metadata, which filters find like labels.

Lines that an application sends by OTLP become what Loki makes of them: ``service.name`` is the label ``service_name``,
all other attributes are structured metadata, and ``detected_level`` is the level (Loki, "Ingesting logs to Loki using
OpenTelemetry Collector"; its values are in pkg/util/constants/levels.go).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from skillforge_mon.model.logs import LogStream
from skillforge_mon.model.project import Project
from skillforge_mon.query.logql.tree import (
    Grouping,
    LabelFilter,
    LabelTest,
    Length,
    LineFilter,
    LineText,
    LogLines,
    Matcher,
    Parser,
    RangeAggregate,
    Stage,
    VectorAggregate,
)
from skillforge_mon.query.loki_labels import label_name
from skillforge_mon.spec.models.logs import LogFilter
from skillforge_mon.spec.models.retention import LogLevel
from skillforge_mon.spec.quantities import Duration

SERVICE: Final = "service"
STREAM: Final = "stream"
LEVEL: Final = "level"
OTLP_SERVICE: Final = "service_name"
DETECTED_LEVEL: Final = "detected_level"
BACKEND: Final = "loki"

_UNIT_TYPES: Final = tuple(
    f".{kind}"
    for kind in (
        "service", "socket", "device", "mount", "automount", "swap", "target", "path", "timer", "slice", "scope",
    )
)  # fmt: skip

_DETECTED: Final[Mapping[LogLevel, tuple[str, ...]]] = {
    "error": ("error", "critical", "fatal"),
    "warning": ("warn",),
    "info": ("info",),
    "debug": ("debug", "trace"),
}


class UnreadableFieldError(Exception):
    """A filter wants a field of lines that have none; ``args`` is its name."""


def streams_in_loki(project: Project) -> tuple[LogStream, ...]:
    """The streams that Loki keeps, in the order of the spec."""
    return tuple(stream for stream in project.logs.values() if BACKEND in stream.backends)


def service_of(stream: LogStream) -> str:
    """The value of the label ``service``."""
    return stream.service.name if stream.service is not None else stream.name


def stream_labels(project: Project, stream: LogStream) -> dict[str, str]:
    """The labels by which the lines of ``stream``, and no others, are found; an empty value is a label it lacks."""
    alike = [other for other in streams_in_loki(project) if service_of(other) == service_of(stream)]
    if stream.spec.source.otlp:
        found = {OTLP_SERVICE: service_of(stream)}
        # Loki makes `service_name` of the label `service` too, of lines that Alloy or Promtail brings.
        return found if all(other.spec.source.otlp for other in alike) else {**found, SERVICE: ""}
    found = {SERVICE: service_of(stream)}
    if len(alike) > 1:
        found[STREAM] = stream.name
    return found


def has_level_label(stream: LogStream) -> bool:
    """Whether ``level`` is a label of its lines. Lines of plain text have no fields, and OTLP's come as they are."""
    return stream.spec.level is not None and stream.spec.format != "plain" and not stream.spec.source.otlp


def is_read(stream: LogStream) -> bool:
    """Whether its lines are somewhere where they can be read."""
    source = stream.spec.source
    return bool(source.files or source.kubernetes is not None or source.docker or source.journal)


def systemd_units(stream: LogStream) -> tuple[str, ...]:
    """The units whose lines are read, each once, by the whole names that the journal has.

    ``nginx`` is ``nginx.service``, as for systemctl (systemd.unit(5): a unit's name ends with its type).
    """
    units = stream.spec.source.journal
    return tuple(dict.fromkeys(unit if unit.endswith(_UNIT_TYPES) else f"{unit}.service" for unit in units))


def group_labels(fields: Iterable[str]) -> tuple[str, ...]:
    """Fields of ``index_by`` as names of labels."""
    return tuple(map(label_name, fields))


def known_labels(project: Project) -> frozenset[str]:
    """Every label that lines of any stream can have."""
    found: set[str] = set()
    for stream in streams_in_loki(project):
        source = stream.spec.source
        found |= {*stream_labels(project, stream)}
        if not source.otlp:
            found |= {*group_labels((*stream.spec.index_by, *stream.spec.labels))}
        if source.files:
            found.add("filename")
        elif source.kubernetes is not None:
            found |= {"namespace", "pod", "container"}
        elif source.docker:
            found.add("container")
    return frozenset(found)


def lines_of(project: Project, stream: LogStream, chosen: LogFilter | None = None) -> LogLines:
    """The lines of ``stream``, or those that ``chosen`` means. Raises UnreadableFieldError."""
    matchers = [Matcher(name, "=", value) for name, value in stream_labels(project, stream).items()]
    if chosen is None:
        return LogLines(tuple(matchers))
    tests: list[Stage] = []
    if chosen.level:
        if has_level_label(stream):
            matchers.append(_one_of(LEVEL, chosen.level))
        else:
            tests.append(_tested(DETECTED_LEVEL, [word for level in chosen.level for word in _DETECTED[level]]))
    parsed: list[Stage] = []
    for field, values in chosen.fields.items():
        if field in (*stream.spec.index_by, *stream.spec.labels) and not stream.spec.source.otlp:
            matchers.append(_one_of(label_name(field), values))
        elif stream.spec.source.otlp or field in (*stream.spec.metadata, stream.spec.trace_id):
            tests.append(_tested(label_name(field), values))
        else:
            parsed.append(_tested(label_name(field), values))
    if parsed:
        parsed.insert(0, _parser(stream, next(iter(chosen.fields))))
    return LogLines(tuple(matchers), (*_line_filters(chosen), *tests, *parsed))


def counted_lines(lines: LogLines, within: Duration, by: Iterable[str]) -> VectorAggregate:
    """``sum by (…) (count_over_time(…))``: how many ``lines`` there are ``within`` a time, for each value of ``by``."""
    labels = group_labels(by)
    counted = RangeAggregate("count_over_time", lines, Length(str(within)))
    return VectorAggregate("sum", counted, grouping=Grouping(False, labels) if labels else None)


def _line_filters(chosen: LogFilter) -> Iterator[Stage]:
    for text in chosen.contains:
        yield LineFilter("|=", (LineText(text),))
    for text in chosen.without:
        yield LineFilter("!=", (LineText(text),))
    if chosen.matches is not None:
        yield LineFilter("|~", (LineText(chosen.matches),))


def _one_of(label: str, values: Iterable[str]) -> Matcher:
    each = list(dict.fromkeys(values))
    if len(each) == 1:
        return Matcher(label, "=", each[0])
    return Matcher(label, "=~", "|".join(map(literal_pattern, each)))


def _tested(label: str, values: Iterable[str]) -> LabelFilter:
    each = list(dict.fromkeys(values))
    if len(each) == 1:
        return LabelFilter(LabelTest(label, "=", each[0]))
    return LabelFilter(LabelTest(label, "=~", "|".join(map(literal_pattern, each))))


def literal_pattern(text: str) -> str:
    """``text`` as a regular expression of RE2 that matches nothing else."""
    return re.sub(r"([\\.+*?()|\[\]{}^$])", r"\\\1", text)


def _parser(stream: LogStream, field: str) -> Parser:
    match stream.spec.format:
        case "json":
            return Parser("json")
        case "logfmt":
            return Parser("logfmt")
        case "regex" if stream.spec.pattern is not None:
            return Parser("regexp", named_groups(stream.spec.pattern))
    raise UnreadableFieldError(field)


def named_groups(pattern: str) -> str:
    """``(?<name>…)`` as ``(?P<name>…)``, which every version of RE2 reads."""
    return re.sub(r"\(\?<([A-Za-z_])", r"(?P<\1", pattern)
