"""What is done to each line on its way to Loki, without any collector: Alloy and Promtail have the same stages.

The order is part of the meaning. Lines of one entry are joined first. Masks come before anything is taken out of the
line, so that no label and no metadata holds what must not be kept. Labels come before what is dropped, which may ask
for them.

Sources: Grafana Alloy, "loki.process"; Loki, "Pipeline stages" of Promtail.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from skillforge_mon.lower.loki_streams import (
    LEVEL,
    has_level_label,
    literal_pattern,
    named_groups,
    stream_labels,
)
from skillforge_mon.model.logs import LogStream, levels_with_words
from skillforge_mon.model.project import Project
from skillforge_mon.query.logql import print_logql
from skillforge_mon.query.logql.tree import LineFilter, LineText, LogLines, Matcher, Stage
from skillforge_mon.query.loki_labels import label_name
from skillforge_mon.spec.models.logs import LogFilter

_TIMES: Final = {"rfc3339": "RFC3339", "unix": "Unix", "unix_ms": "UnixMs"}
_SEPARATOR: Final = ";"


@dataclass(frozen=True, slots=True)
class Joined:
    """Lines that do not match ``first_line`` belong to the one before."""

    first_line: str


@dataclass(frozen=True, slots=True)
class Masked:
    """What the one group of ``expression`` finds becomes ``by``, a template."""

    expression: str
    by: str


@dataclass(frozen=True, slots=True)
class Read:
    """Fields of the line, by the names under which later stages know them.

    ``fields`` are names with where each is: a JMESPath expression for ``json``, a key for ``logfmt``. For ``regex``
    they are empty, and ``expression`` has the groups.
    """

    format: Literal["json", "logfmt", "regex"]
    fields: Mapping[str, str]
    expression: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """``source`` becomes what ``template`` makes of it."""

    source: str
    template: str


@dataclass(frozen=True, slots=True)
class Timestamp:
    """When the line was written."""

    source: str
    format: str


@dataclass(frozen=True, slots=True)
class StaticLabels:
    """Labels with one value."""

    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FieldLabels:
    """Fields that become labels, or (``metadata``) stand beside the line. All of them have the name of their field."""

    names: tuple[str, ...]
    metadata: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """Lines of ``selector`` are not kept; with ``sources``, only those whose values, joined, match ``expression``."""

    selector: str
    reason: str
    sources: tuple[str, ...] = ()
    expression: str = ""


Step: TypeAlias = Joined | Masked | Read | Template | Timestamp | StaticLabels | FieldLabels | Dropped


def pipeline(project: Project, stream: LogStream) -> tuple[Step, ...]:
    """The stages of ``stream``, in their order."""
    return tuple(_steps(project, stream))


def _steps(project: Project, stream: LogStream) -> Iterator[Step]:
    spec = stream.spec
    if spec.multiline is not None:
        yield Joined(spec.multiline)
    for mask in spec.mask:
        yield Masked(f"({without_groups(mask.matches)})", mask.by.replace("{{", '{{ "{{" }}'))
    fields = _fields(stream)
    if fields:
        yield _read(stream, fields)
    if has_level_label(stream):
        yield Template(LEVEL, _level_template(stream))
    if spec.time is not None and fields:
        yield Timestamp(label_name(spec.time.field), _TIMES.get(spec.time.format, spec.time.format))
    yield StaticLabels({**spec.labels, **stream_labels(project, stream)})
    if spec.format == "plain":
        yield from _drops(project, stream)
        return
    labels = [*([LEVEL] if has_level_label(stream) else []), *map(label_name, spec.index_by)]
    if labels:
        yield FieldLabels(tuple(dict.fromkeys(labels)))
    beside = [*spec.metadata, *([spec.trace_id] if spec.trace_id is not None else [])]
    if beside:
        yield FieldLabels(tuple(dict.fromkeys(map(label_name, beside))), metadata=True)
    yield from _drops(project, stream)


def _fields(stream: LogStream) -> dict[str, str]:
    """The fields that some stage asks for: their names there, and what they are called in the line."""
    spec = stream.spec
    if spec.format == "plain":
        return {}
    asked = {LEVEL: spec.level} if spec.level is not None else {}
    named = [spec.time.field] if spec.time is not None else []
    named += [*spec.index_by, *spec.metadata, *([spec.trace_id] if spec.trace_id is not None else [])]
    named += [field for lines in spec.drop for field in lines.fields]
    for field in named:
        asked.setdefault(label_name(field), field)
    return asked


def _read(stream: LogStream, fields: Mapping[str, str]) -> Read:
    spec = stream.spec
    if spec.format == "json":
        return Read("json", {name: json_path(field) for name, field in fields.items()})
    if spec.format == "logfmt":
        return Read("logfmt", dict(fields))
    pattern = named_groups(spec.pattern or "")
    if spec.level is not None and spec.level != LEVEL:
        pattern = pattern.replace(f"(?P<{spec.level}>", f"(?P<{LEVEL}>")
    return Read("regex", {}, pattern)


def json_path(field: str) -> str:
    """Where ``field`` is, as JMESPath: a name with dots may be one key, or the way into an object."""
    plain = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", field) is not None
    if plain:
        return field
    quoted = json.dumps(field)
    if "." not in field:
        return quoted
    path = ".".join(part if re.fullmatch(r"[A-Za-z_]\w*", part) else json.dumps(part) for part in field.split("."))
    return f"{quoted} || {path}"


def _level_template(stream: LogStream) -> str:
    """A template that makes our word of what the level is called in the line; nothing of any other text."""
    pieces: list[str] = []
    for level, words in levels_with_words(stream).items():
        known = " ".join(json.dumps(word.lower()) for word in dict.fromkeys(map(str.lower, words)))
        if known:
            pieces.append(f"{{{{ {'else ' if pieces else ''}if eq $level {known} }}}}{level}")
    return '{{ $level := ToLower (default "" .Value) }}' + "".join(pieces) + "{{ end }}"


def without_groups(pattern: str) -> str:
    """``pattern`` whose groups capture nothing, so that one group around it is the only one."""
    found: list[str] = []
    position, in_class = 0, False
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            found.append(pattern[position : position + 2])
            position += 2
            continue
        if character == "[":
            in_class = True
        elif character == "]":
            in_class = False
        if character == "(" and not in_class:
            named = re.compile(r"\(\?P?<[A-Za-z_]\w*>").match(pattern, position)
            if named is not None:
                found.append("(?:")
                position = named.end()
                continue
            if pattern[position + 1 : position + 2] != "?":
                found.append("(?:")
                position += 1
                continue
        found.append(character)
        position += 1
    return "".join(found)


def _drops(project: Project, stream: LogStream) -> Iterator[Dropped]:
    for lines in stream.spec.drop:
        if (stream.spec.format == "plain" and lines.fields) or (lines.level and not has_level_label(stream)):
            continue
        sources = tuple(map(label_name, lines.fields))
        each = ("|".join(map(literal_pattern, values)) for values in lines.fields.values())
        expression = f"^{_SEPARATOR.join(f'(?:{values})' for values in each)}$" if sources else ""
        yield Dropped(print_logql(_dropped_lines(project, stream, lines)), "dropped_by_spec", sources, expression)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What of a stream is not done: why, what to write instead, and the first key that is about it."""

    reason: str
    instead: str
    field: str


def left_out(stream: LogStream) -> LeftOut | None:
    """What asks for fields or a level that the lines do not have; None where all is done, or done by OTLP's senders."""
    spec = stream.spec
    if spec.source.otlp:
        return None
    if spec.format != "plain":
        if has_level_label(stream) or not any(lines.level for lines in spec.drop):
            return None
        return LeftOut("its lines have no level by which any could be dropped", "name its field under `level`", "drop")
    asked = {
        "time": spec.time is not None,
        "index_by": bool(spec.index_by),
        "metadata": bool(spec.metadata),
        "trace_id": spec.trace_id is not None,
        "drop": any(lines.fields or lines.level for lines in spec.drop),
    }
    keys = [key for key, wanted in asked.items() if wanted]
    if not keys:
        return None
    return LeftOut(
        f"lines of plain text have no fields: {', '.join(keys)} cannot be done", "give the stream a `format`", keys[0]
    )


def _dropped_lines(project: Project, stream: LogStream, lines: LogFilter) -> LogLines:
    matchers = [Matcher(name, "=", value) for name, value in stream_labels(project, stream).items()]
    if len(lines.level) == 1:
        matchers.append(Matcher(LEVEL, "=", lines.level[0]))
    elif lines.level:
        matchers.append(Matcher(LEVEL, "=~", "|".join(lines.level)))
    stages: list[Stage] = [LineFilter("|=", (LineText(text),)) for text in lines.contains]
    stages += [LineFilter("!=", (LineText(text),)) for text in lines.without]
    if lines.matches is not None:
        stages.append(LineFilter("|~", (LineText(lines.matches),)))
    return LogLines(tuple(matchers), tuple(stages))
