"""MON4560 to MON4563: what a stream, its fields and the version of the target may not be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from skillforge_mon.backends.elasticsearch import codes
from skillforge_mon.backends.elasticsearch.capabilities import (
    DATA_STREAM_LIFECYCLE,
    LONGEST_PART,
    OLDEST,
    Version,
    parse_version,
)
from skillforge_mon.backends.elasticsearch.fields import unusable
from skillforge_mon.backends.elasticsearch.streams import BACKEND, DataStream
from skillforge_mon.diagnostics.diagnostic import Label, Report
from skillforge_mon.model.logs import LogStream
from skillforge_mon.model.project import Project
from skillforge_mon.spec.models.log_targets import ElasticsearchTarget


def report_version(project: Project, target: ElasticsearchTarget, report: Report) -> None:
    """MON4562."""
    version, wanted = parse_version(target.version), OLDEST
    why = "routes no lines to other data streams"
    if target.lifecycle == "data_stream" and version >= OLDEST:
        wanted, why = DATA_STREAM_LIFECYCLE, "has the lifecycle of data streams only as a preview"
    if version < wanted:
        place = project.target_place(BACKEND)
        ilm = ", or `lifecycle: ilm`" if wanted == DATA_STREAM_LIFECYCLE else ""
        report.add(
            codes.TOO_OLD.at(
                place.at("version") if place is not None else None,
                f"Elasticsearch {target.version} {why}",
                help=f'write `version: "{_text(wanted)}"` or later{ilm}',
            )
        )


def report_names(streams: Mapping[LogStream, tuple[DataStream, ...]], report: Report) -> None:
    """MON4560 and MON4563."""
    taken: dict[str, LogStream] = {}
    for stream, of in streams.items():
        for each in of:
            first = taken.setdefault(each.name, stream)
            if first is not stream:
                report.add(
                    codes.SAME_NAME.at(
                        stream.place.span,
                        f"`{first.name}` and `{stream.name}` are both `{each.name}` in Elasticsearch",
                        secondary=(Label(first.place.span, "the other stream"),),
                        help="give one of them another name",
                    )
                )
                break
        longest = max((part for each in of for part in (each.dataset, each.namespace)), key=len)
        if len(longest) > LONGEST_PART:
            report.add(
                codes.NAME_TOO_LONG.at(
                    stream.place.span,
                    f"`{longest}` has {len(longest)} characters, and a part of a data stream's name may have "
                    f"{LONGEST_PART}",
                    help="give the stream, or the environment, a shorter name",
                )
            )


def report_fields(streams: Iterable[LogStream], report: Report) -> None:
    """MON4561."""
    for stream in streams:
        for name, why in unusable(stream):
            key, index = _where(stream, name)
            place = stream.place.key_at(key, index) if key == "labels" else stream.place.at(key, index)
            report.add(
                codes.RESERVED_FIELD.at(
                    place,
                    f"Elasticsearch cannot keep the field `{name}` of `{stream.name}`: {why}",
                    help=f"leave `{name}` out of `{key}`, or call it otherwise in the lines",
                )
            )


def _where(stream: LogStream, name: str) -> tuple[str, str | int]:
    if name in stream.spec.labels:
        return "labels", name
    if name in stream.spec.index_by:
        return "index_by", stream.spec.index_by.index(name)
    return "metadata", stream.spec.metadata.index(name)


def _text(version: Version) -> str:
    return ".".join(map(str, version))
