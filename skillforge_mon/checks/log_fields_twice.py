"""MON3643: a field that is both a label and beside the line."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.log_examples import LOGS
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

CODE = Code(
    "MON3643",
    "log-field-twice",
    Severity.ERROR,
    "A field of a stream is both indexed and kept as metadata, or has one value for the whole stream besides.",
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
