"""Pipelines: how lines of a stream are read. Bodies of ``POST /api/v1/logs/config/pipelines``.

[api] LogsPipeline and its processors; [docs] logs/log_configuration/processors. What a line in JSON has, Datadog reads
before the first pipeline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from skillforge_mon.backends.datadog.differences import Differences
from skillforge_mon.backends.datadog.filters import tag_text
from skillforge_mon.backends.datadog.logs import grok
from skillforge_mon.backends.datadog.logs.searches import of_stream, one_of, service_of
from skillforge_mon.documents.document import Plain
from skillforge_mon.lower.time_layouts import java_layout
from skillforge_mon.model.logs import LogStream
from skillforge_mon.model.project import Project
from skillforge_mon.spec.models.retention import LOG_LEVELS

LEVEL: Final = "monmc.level"
TIME: Final = "monmc.time"
_JODA: Final = {"XXX": "ZZ", "XX": "Z", "X": "Z", "xxx": "ZZ", "xx": "Z", "x": "Z", "zzz": "z", "ppd": "d"}
"""Letters of Java's ``DateTimeFormatter`` -> those of the ``date`` matcher. [docs] parsing, "Parsing dates\""""


def pipeline(project: Project, stream: LogStream, name: str, differences: Differences) -> Plain:
    """The pipeline of ``stream``. Raises Untranslatable."""
    return {
        "name": name,
        "description": stream.spec.description or f"Lines of {stream.name}",
        "tags": [f"project:{tag_text(project.name)}", f"service:{service_of(stream)}"],
        "is_enabled": True,
        "filter": {"query": of_stream(project, stream)},
        "processors": list(_processors(stream, differences)),
    }


def _processors(stream: LogStream, differences: Differences) -> Iterator[Plain]:
    spec = stream.spec
    parser = grok.parser(stream)
    if parser is not None:
        yield parser
    if spec.format == "logfmt":
        differences(grok.PAIRS_DIFFER)
    read = spec.format != "plain"
    if read and spec.time is not None:
        yield from _time(stream, differences)
    if read and spec.level is not None:
        yield from _status(stream, spec.level)
    if read and spec.message is not None:
        yield _of("message-remapper", "The text", sources=[spec.message])
    if read and spec.trace_id is not None:
        yield _of("trace-id-remapper", "The trace", sources=[spec.trace_id])
    for label, value in spec.labels.items():
        yield _of(
            "string-builder-processor", f"The label {label}", template=value, target=label, is_replace_missing=False
        )
    if spec.multiline is not None:
        differences("`multiline` is left to the Agent (`log_processing_rules` of the type `multi_line`)")


def _status(stream: LogStream, level: str) -> Iterator[Plain]:
    """The remapper knows the usual words; those of the spec come before."""
    own = stream.spec.levels
    sources = [level]
    if own:
        categories: list[Plain] = []
        for each in LOG_LEVELS:
            words = [word for word, meant in own.items() if meant == each]
            if words:
                categories.append({"name": each, "filter": {"query": one_of(f"@{level}", words)}})
        yield _of("category-processor", "Levels in other words", categories=categories, target=LEVEL)
        sources = [LEVEL, level]
    yield _of("status-remapper", "The level", sources=sources)


def _time(stream: LogStream, differences: Differences) -> Iterator[Plain]:
    """The remapper reads ISO 8601 and milliseconds; anything else is brought into one of these."""
    time = stream.spec.time
    assert time is not None  # noqa: S101 - asked for only where there is one
    sources = [TIME]
    match time.format:
        case "rfc3339" | "unix_ms":
            sources = [time.field]
        case "unix":
            yield _of(
                "arithmetic-processor", "Seconds as milliseconds", expression=f"{time.field} * 1000", target=TIME,
                is_replace_missing=False,
            )  # fmt: skip
        case layout:
            pattern = re.sub(r"XXX|XX|X|xxx|xx|x|zzz|ppd", lambda found: _JODA[found[0]], java_layout(layout))
            if "[" in pattern:
                differences(f"the time `{layout}` is read only with its fraction of a second")
                pattern = pattern.replace("[", "").replace("]", "")
            quoted = pattern.replace("\\", "\\\\").replace('"', '\\"')
            rules: Plain = {"support_rules": "", "match_rules": f'time %{{date("{quoted}"):{TIME}}}'}
            yield _of("grok-parser", "The time in parts", source=time.field, samples=[], grok=rules)
    yield _of("date-remapper", "The time", sources=sources)


def _of(kind: str, name: str, **settings: Plain) -> Plain:
    return {"type": kind, "name": name, "is_enabled": True, **settings}
