"""Ingest pipelines: how a line becomes a document, and which data stream it goes to.

A shipper (Filebeat, Elastic Agent, the application) sends each line as ``message``. The processors read it into
``monmc.fields``, and move from there what the spec names; what is left becomes ``attributes``. Documents whose fields
are there already (``log.level``, by OTLP in the mapping of ECS) only get what they lack.

Which processors there are, and their settings: [spec] elastic/elasticsearch-specification,
``specification/ingest/_types/Processors.ts``. What they do: Elasticsearch reference, "Ingest processor reference".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skillforge_mon.backends.elasticsearch import conditions, fields
from skillforge_mon.backends.elasticsearch.conditions import FIELDS, LINE, WORD, WORK
from skillforge_mon.backends.elasticsearch.streams import DataStream, has_levels
from skillforge_mon.documents.document import Plain
from skillforge_mon.lower.regex_dialects import group_names, in_dialect
from skillforge_mon.lower.time_layouts import java_layout
from skillforge_mon.model.logs import LogStream, levels_with_words

UNPARSED: Final = "unparsed"
"""The tag of a line that is not written as the spec says; it is kept as it is."""
_GROUP: Final = "monmc_"
_TIMES: Final = {"rfc3339": "ISO8601", "unix": "UNIX", "unix_ms": "UNIX_MS"}

_QUOTED: Final = r'"(?:[^"\\]++|\\.)*+"'
PAIRS: Final = rf'[ \t]+(?=[^\s="]++=)(?=(?:[^"\\]++|\\.|{_QUOTED})*+$)'
"""Where a line in logfmt is cut: before a key, outside quotes. What follows is whole up to the end of the line, with no
quote left over. In Java's dialect; possessive, so that a long line needs no deep stack."""


def processors(stream: LogStream, streams: tuple[DataStream, ...]) -> list[Plain]:
    """The processors for lines of ``stream``, in their order. Raises UnsayableRegexError."""
    found: list[Plain] = [
        _set("@timestamp", value="{{{_ingest.timestamp}}}", override=False),
        _set(fields.SERVICE, value=stream.service.name if stream.service is not None else stream.name),
    ]
    found += [_set(name, value=value) for name, value in stream.spec.labels.items()]
    found += _masks(stream)
    found += _parsed(stream)
    found += _levelled(stream)
    found += _dropped(stream)
    found += _moved(stream)
    found += _masks(stream) if stream.spec.format != "plain" else []
    found.append(_of("remove", field=WORK, ignore_missing=True))
    found += _routed(streams)
    return found


def on_failure() -> list[Plain]:
    """What becomes of a document that a processor failed on: it is kept, and says why."""
    return [
        _set("error.message", value="{{{_ingest.on_failure_message}}}"),
        _of("append", field="tags", value=[UNPARSED]),
        _of("remove", field=WORK, ignore_missing=True),
    ]


def _masks(stream: LogStream) -> Iterator[Plain]:
    for mask in stream.spec.mask:
        yield _of(
            "gsub",
            tag=f"mask {mask.name}",
            field="message",
            pattern=in_dialect(mask.matches, "java"),
            replacement=mask.by.replace("\\", "\\\\").replace("$", "\\$"),
            ignore_missing=True,
        )


def _parsed(stream: LogStream) -> Iterator[Plain]:
    spec = stream.spec
    if any(each.contains or each.without or each.matches for each in spec.drop):
        yield _set(LINE, copy_from="message", ignore_empty_value=True)
    failed: Plain = [_of("append", field="tags", value=[UNPARSED])]
    match spec.format:
        case "json":
            yield _of(
                "json", field="message", target_field=FIELDS, allow_duplicate_keys=True, on_failure=failed,
                **{"if": conditions.is_text("message")},
            )  # fmt: skip
            yield _of("dot_expander", field="*", path=FIELDS, override=True, **{"if": conditions.is_object(FIELDS)})
        case "logfmt":
            yield _of(
                "kv", field="message", target_field=FIELDS, field_split=PAIRS, value_split="=", trim_value='"',
                ignore_missing=True, on_failure=failed,
            )  # fmt: skip
        case "regex" if spec.pattern is not None:
            # `%{2}` is a pattern named 2 to grok, not two percent signs.
            pattern = in_dialect(spec.pattern, "oniguruma", _GROUP).replace("%{", "[%]{")
            yield _of("grok", field="message", patterns=[pattern], ignore_missing=True, on_failure=failed)
            for name in group_names(spec.pattern):
                yield _of("rename", field=f"{_GROUP}{name}", target_field=f"{FIELDS}.{name}", ignore_missing=True)


def _levelled(stream: LogStream) -> Iterator[Plain]:
    """The level in our words; a word that nobody knows stays as it is."""
    level = stream.spec.level
    if level is None or not has_levels(stream):
        return
    yield _set(WORD, copy_from=f"{FIELDS}.{level}", ignore_empty_value=True)
    yield _set(WORD, copy_from=fields.LEVEL, ignore_empty_value=True, override=False)
    yield _of("convert", field=WORD, type="string", ignore_missing=True)
    yield _of("lowercase", field=WORD, ignore_missing=True)
    yield _set(fields.LEVEL, copy_from=WORD, ignore_empty_value=True)
    for meant, words in levels_with_words(stream).items():
        known = [word for word in dict.fromkeys(map(str.lower, words)) if word != meant]
        if known:
            yield _set(fields.LEVEL, value=meant, **{"if": conditions.has_word(known)})


def _dropped(stream: LogStream) -> Iterator[Plain]:
    for chosen in stream.spec.drop:
        yield _of("drop", ignore_failure=True, **{"if": conditions.all_of(chosen)})


def _moved(stream: LogStream) -> Iterator[Plain]:
    """From where the line was read to, to where it is found."""
    spec = stream.spec
    if spec.format == "plain":
        return
    gone = [f"{FIELDS}.{field}" for field in (*fields.consumed(stream), *fields.read_fields(stream))]
    if spec.time is not None:
        layout = _TIMES.get(spec.time.format) or java_layout(spec.time.format)
        steps = "".join(f"?.get({conditions.text(step)})" for step in spec.time.field.split("."))
        there = f"ctx.{WORK}?.fields{steps} != null"
        # A time that cannot be read is no reason to lose the line: it has the one of its arrival.
        yield _of("date", field=f"{FIELDS}.{spec.time.field}", formats=[layout], ignore_failure=True, **{"if": there})
    if spec.message is not None:
        yield _set("message", copy_from=f"{FIELDS}.{spec.message}", ignore_empty_value=True)
        if spec.format == "logfmt":
            yield _of("gsub", field="message", pattern=r'\\(["\\])', replacement="$1", ignore_missing=True)
    if spec.trace_id is not None:
        yield _set(fields.TRACE, copy_from=f"{FIELDS}.{spec.trace_id}", ignore_empty_value=True)
    for field in fields.read_fields(stream):
        yield _set(field, copy_from=f"{FIELDS}.{field}", ignore_empty_value=True)
    if gone:
        yield _of("remove", field=gone, ignore_missing=True)
    yield _set(fields.ATTRIBUTES, copy_from=FIELDS, **{"if": conditions.is_object(FIELDS)})


def _routed(streams: tuple[DataStream, ...]) -> Iterator[Plain]:
    for each in streams:
        if each.level is not None:
            when = conditions.has_level(each.level)
            yield _of("reroute", dataset=each.dataset, namespace=each.namespace, **{"if": when})


def _set(field: str, **settings: Plain) -> Plain:
    return _of("set", field=field, **settings)


def _of(processor: str, **settings: Plain) -> Plain:
    return {processor: settings}
