"""MON3640 and MON3641: a stream of logs that is found in several ways, or is not read as it says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillforge_mon.checks.log_examples import LOGS
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.logs import LogCondition, LogStream
from skillforge_mon.model.project import Alert, Project
from skillforge_mon.query.promql.regex import RegexError, matches_empty
from skillforge_mon.spec.suggest import listed, nearest

SOURCES = Code(
    "MON3640",
    "log-source-unclear",
    Severity.ERROR,
    "A stream of logs says in several ways where its lines are found.",
    "Each is another way to the same lines, and they would be kept twice.",
    bad=LOGS.replace("    format", "    source: {files: /var/log/web.log, journal: web.service}\n    format"),
    good=LOGS.replace("    format", "    source: {files: /var/log/web.log}\n    format"),
)
PATTERN = Code(
    "MON3641",
    "log-pattern-unclear",
    Severity.ERROR,
    "The pattern of a stream is missing, is not wanted, or does not give the fields that are named.",
    "With `format: regex`, the named groups of `pattern` are the fields of a line: `(?P<status>\\d+)`. Other formats name "
    "their fields themselves.",
    bad=LOGS.replace("format: json", "format: regex"),
    good=LOGS.replace(
        "format: json",
        "format: regex\n    pattern: '(?P<level>\\w+) (?P<method>\\w+) (?P<request_id>\\S+) (?P<message>.*)'",
    ),
)
_GROUP = re.compile(r"\(\?P?<([A-Za-z_][A-Za-z0-9_]*)>")
_USUAL = frozenset(("level", "message"))
"""Fields that a stream has by default: a pattern without them only goes without."""


def check(project: Project) -> Iterator[Diagnostic]:
    """Every stream."""
    for stream in project.logs.values():
        source = stream.spec.source
        ways = [way for way in ("files", "kubernetes", "docker", "journal", "otlp") if getattr(source, way)]
        if len(ways) > 1:
            yield SOURCES.at(
                stream.place.at("source"),
                f"the stream `{stream.name}` is found in {len(ways)} ways: {', '.join(ways)}",
                help="keep one of them, or make a stream for each",
            )
        yield from _pattern(stream)
    for alert in project.alerts.values():
        if alert.lines is not None:
            yield from _asked(alert, alert.lines)


def _pattern(stream: LogStream) -> Iterator[Diagnostic]:
    pattern = stream.spec.pattern
    if stream.spec.format != "regex":
        if pattern is not None:
            headline = f"the stream `{stream.name}` has a pattern, and its format is {stream.spec.format}"
            yield PATTERN.at(stream.place.at("pattern"), headline, help="write `format: regex`, or leave `pattern` out")
        return
    if pattern is None:
        headline = f"the stream `{stream.name}` has no pattern by which its lines are read"
        yield PATTERN.at(
            stream.place.key_at("format"), headline, help=r"add `pattern: '(?P<level>\w+) (?P<message>.*)'`"
        )
        return
    try:
        matches_empty(pattern)
    except RegexError as error:
        yield PATTERN.at(
            stream.place.at("pattern"),
            f"the pattern of `{stream.name}` is no regular expression: {error.message}",
        )
        return
    groups, spec = _groups(stream), stream.spec
    named = [*spec.index_by, *spec.metadata, *(field for field in (spec.level, spec.message, spec.trace_id) if field)]
    named += [spec.time.field] if spec.time is not None else []
    named += [field for chosen in stream.filters for field in chosen.fields if field not in spec.labels]
    lacking = [field for field in dict.fromkeys(named) if field not in groups and field not in _USUAL]
    if lacking:
        yield PATTERN.at(
            stream.place.at("pattern"),
            f"the pattern of `{stream.name}` has no group for {listed([f'`{field}`' for field in lacking])}",
            notes=(f"its groups are: {', '.join(sorted(groups)) or 'none'}",),
            help=f"name a group `(?P<{lacking[0]}>…)`, or leave the field out",
        )


def _groups(stream: LogStream) -> set[str]:
    return set(_GROUP.findall(stream.spec.pattern or ""))


def _asked(alert: Alert, lines: LogCondition) -> Iterator[Diagnostic]:
    """The fields by which ``alert`` chooses lines of a pattern: one that no group gives is in no line."""
    stream = lines.stream
    if stream.spec.format != "regex" or not _groups(stream):
        return
    known = [*sorted(_groups(stream)), *stream.spec.labels]
    for field in lines.spec.lines.fields:
        if field not in known:
            yield PATTERN.at(
                alert.place.key_at("logs", "lines", "fields", field),
                f"the pattern of `{stream.name}` has no group for `{field}`, so that no line has it",
                notes=(f"its groups are: {', '.join(sorted(_groups(stream)))}",),
                help=f"did you mean `{meant}`?"
                if (meant := nearest(field, known))
                else f"name a group `(?P<{field}>…)`",
            )
