"""MON3643: a field that is both a label and beside the line, or two fields that Loki calls alike."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.log_examples import LOGS
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.logs import LogStream
from skillforge_mon.model.project import Project
from skillforge_mon.query.loki_labels import label_name

CODE = Code(
    "MON3643",
    "log-field-twice",
    Severity.ERROR,
    "A field of a stream is both indexed and kept as metadata, or has one value for the whole stream besides; or Loki has "
    "one name for two fields, such as `http_status` for `http.status` and `http_status`.",
    "A query by its name could mean either.",
    bad=LOGS.replace("metadata: [request_id]", "metadata: [request_id, method]"),
    good=LOGS,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every stream."""
    for stream in project.logs.values():
        spec = stream.spec
        seen = dict.fromkeys(spec.labels, "labels")
        for key, names in (("index_by", spec.index_by), ("metadata", spec.metadata)):
            for index, field in enumerate(names):
                first = seen.setdefault(field, key)
                if first != key:
                    yield CODE.at(
                        stream.place.at(key, index),
                        f"`{field}` of `{stream.name}` stands under `{first}` as well",
                        help="keep it in one place",
                    )
        if "loki" in stream.backends:
            yield from _alike(stream)


def _alike(stream: LogStream) -> Iterator[Diagnostic]:
    """Fields that differ, and whose labels do not."""
    spec = stream.spec
    named: list[tuple[str, tuple[str | int, ...]]] = [
        (field, ("index_by", at)) for at, field in enumerate(spec.index_by)
    ]
    named += [(field, ("metadata", at)) for at, field in enumerate(spec.metadata)]
    named += [(field, (key,)) for key, field in _single(stream).items()]
    named += [(field, ("drop", at, "fields", field)) for at, lines in enumerate(spec.drop) for field in lines.fields]
    seen: dict[str, str] = {}
    for field, path in named:
        first = seen.setdefault(label_name(field), field)
        if first != field:
            yield CODE.at(
                stream.place.at(*path),
                f"`{field}` and `{first}` of `{stream.name}` are both `{label_name(field)}` in Loki",
                help="leave one of them out",
            )


def _single(stream: LogStream) -> dict[str, str]:
    spec = stream.spec
    found = {"time": spec.time.field if spec.time is not None else None, "trace_id": spec.trace_id}
    return {key: field for key, field in found.items() if field is not None}
