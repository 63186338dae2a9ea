"""MON3690: a regular expression that no collector reads, and a filter that means every line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from skillforge_mon.checks.log_examples import LOGS
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.logs import LogStream
from skillforge_mon.model.project import Place, Project
from skillforge_mon.query.promql.regex import RegexError, matches_empty
from skillforge_mon.spec.models.logs import LogFilter

_MASKED = LOGS.replace("{loki: {}}", "{loki: {}, alloy: {}}").replace(
    "    format: json\n", "    format: json\n    source: {files: [/var/log/web.log]}\n"
)
CODE = Code(
    "MON3690",
    "log-pattern-of-no-dialect",
    Severity.ERROR,
    "A pattern of a stream, or of a filter on its lines, is no regular expression of RE2; or a mask or a filter of "
    "lines to drop means everything.",
    "Alloy, Promtail and Loki refuse their whole file because of one such pattern. RE2 has no look-around and no "
    "backreferences. A mask that also matches nothing at all would be written between all letters, and a filter that "
    "says nothing would drop every line.",
    bad=_MASKED + "    mask: [{name: card, matches: '(?<!\\d)\\d{16}(?!\\d)'}]\n",
    good=_MASKED + "    mask: [{name: card, matches: '\\b\\d{16}\\b'}]\n",
)
_Path: TypeAlias = tuple[str | int, ...]


def check(project: Project) -> Iterator[Diagnostic]:
    """Every pattern of every stream, and of every alert that counts lines."""
    for stream in project.logs.values():
        for path, pattern in _patterns(stream):
            yield from _read(stream.place, path, pattern)
        for index, mask in enumerate(stream.spec.mask):
            yield from _read(stream.place, ("mask", index, "matches"), mask.matches, masks=True)
        for index, dropped in enumerate(stream.spec.drop):
            if dropped == LogFilter():
                yield CODE.at(
                    stream.place.at("drop", index),
                    f"this filter says nothing: every line of `{stream.name}` would be dropped",
                    help="say which lines",
                )
    for alert in project.alerts.values():
        if alert.lines is not None and alert.lines.spec.lines.matches is not None:
            yield from _read(alert.place, ("logs", "lines", "matches"), alert.lines.spec.lines.matches)


def _patterns(stream: LogStream) -> Iterator[tuple[_Path, str]]:
    spec = stream.spec
    if spec.multiline is not None:
        yield ("multiline",), spec.multiline
    filters: list[tuple[_Path, LogFilter | None]] = [(("drop", index), each) for index, each in enumerate(spec.drop)]
    filters += [(("index", "exclude", index, "lines"), each.lines) for index, each in enumerate(spec.index.exclude)]
    filters += [(("metrics", metric.name, "lines"), metric.spec.lines) for metric in stream.metrics]
    for path, chosen in filters:
        if chosen is not None and chosen.matches is not None:
            yield (*path, "matches"), chosen.matches


def _read(place: Place, path: _Path, pattern: str, *, masks: bool = False) -> Iterator[Diagnostic]:
    try:
        everything = matches_empty(pattern)
    except RegexError as error:
        yield CODE.at(place.at(*path), f"`{pattern}` is no regular expression: {error.message}")
        return
    if masks and everything:
        headline = f"`{pattern}` also matches where nothing is, between any two letters"
        yield CODE.at(place.at(*path), headline, help="say what must be there")
