"""MON3695: a sample of a stream that is not read as the stream says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from skillforge_mon.checks.log_examples import LOGS
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.logs import LogStream, levels_with_words
from skillforge_mon.model.project import Project

CODE = Code(
    "MON3695",
    "log-sample-unread",
    Severity.WARNING,
    "A sample of a stream is not in its format, has a level that nobody knows or a time in another form; or none of its "
    "samples has the field that is to hold the level or the time.",
    "Lines like it would be kept without their fields: without a level, which alerts count by and retention goes by, and "
    "with the time at which they came.",
    bad=LOGS + """    samples: ['{"severity": "error", "message": "no"}']\n""",
    good=LOGS + """    level: severity\n    samples: ['{"severity": "error", "message": "no"}']\n""",
)
_PAIR: Final = re.compile(r'(?:^|\s)([^\s="]+)=("(?:[^"\\]|\\.)*"|\S*)')
_DAY_AND_TIME: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}([.,]\d+)?(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE
)
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
_ONLY_RE2: Final = re.compile(r"\[\[:|\\[pPzQECaAv]|\\x\{|\(\?[a-zA-Z-]*[UsimL]|[*+}]\)[*+{]")
"""What Python's engine reads otherwise than RE2, or may take for ever for (a repetition of repetitions): samples of such
patterns are not judged."""
_FORMATS: Final = {"rfc3339": _DAY_AND_TIME, "unix": _NUMBER, "unix_ms": _NUMBER}


def check(project: Project) -> Iterator[Diagnostic]:
    """Every stream with samples of lines that have fields."""
    for stream in project.logs.values():
        if stream.spec.format == "plain":
            continue
        read: list[Mapping[str, str]] = []
        for index, sample in enumerate(stream.spec.samples):
            fields = _fields(stream, sample)
            if fields is None:
                continue
            read.append(fields)
            problem = _problem(stream, fields)
            if problem is not None:
                yield CODE.at(stream.place.at("samples", index), problem[0], help=problem[1])
        yield from _nowhere(stream, [fields for fields in read if fields])


def _fields(stream: LogStream, sample: str) -> Mapping[str, str] | None:
    """What is read of ``sample``, as texts; empty where it is not in the format, None where that cannot be told."""
    match stream.spec.format:
        case "json":
            try:
                found = json.loads(sample)
            except (ValueError, RecursionError):
                return {}
            return dict(_flat(found)) if isinstance(found, dict) else {}
        case "logfmt":
            return {name: value.strip('"') for name, value in _PAIR.findall(sample)}
    pattern = stream.spec.pattern or ""
    try:
        matched = None if _ONLY_RE2.search(pattern) else re.compile(re.sub(r"\(\?<([A-Za-z_])", r"(?P<\1", pattern))
    except re.error:
        matched = None
    if matched is None:
        return None
    line = matched.search(sample)
    return {name: value for name, value in line.groupdict().items() if value is not None} if line is not None else {}


def _flat(found: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    """Members by their names, and by their way where they are within others: ``http.status``."""
    for name, value in found.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name}.")
        yield f"{above}{name}", value if isinstance(value, str) else json.dumps(value)


def _problem(stream: LogStream, fields: Mapping[str, str]) -> tuple[str, str] | None:
    """What is wrong with a sample that has ``fields``, and what to do."""
    spec = stream.spec
    if not fields:
        how = "does not match the pattern" if spec.format == "regex" else f"is no line in {spec.format}"
        return f"this sample of `{stream.name}` {how}", "correct the sample, or say how lines are written"
    level = fields.get(spec.level) if spec.level is not None else None
    words = {word.lower() for known in levels_with_words(stream).values() for word in known}
    if level is not None and level.lower() not in words:
        return (
            f"the level `{level}` of this sample is none that is known",
            f"write `levels: {{{json.dumps(level)}: error}}`",
        )
    time = fields.get(spec.time.field) if spec.time is not None else None
    form = _FORMATS.get(spec.time.format) if spec.time is not None else None
    if spec.time is not None and time is not None and form is not None and form.fullmatch(time) is None:
        return (
            f"the time `{time}` of this sample is not written as {spec.time.format}",
            "correct the `format` of `time`",
        )
    return None


def _nowhere(stream: LogStream, read: list[Mapping[str, str]]) -> Iterator[Diagnostic]:
    """Fields on which much depends, and which no sample has. Those of a pattern are asked for elsewhere."""
    spec = stream.spec
    if not read or spec.format == "regex":
        return
    asked = {"level": spec.level, "time": spec.time.field if spec.time is not None else None}
    for key, field in asked.items():
        if field is not None and not any(field in fields for fields in read):
            names = ", ".join(dict.fromkeys(name for fields in read for name in fields))
            yield CODE.at(
                stream.place.key_at("samples"),
                f"no sample of `{stream.name}` has the field `{field}`, which is to hold the {key}",
                notes=(f"they have: {names}",),
                help=f"name it under `{key}`, or write a sample that has it",
            )
