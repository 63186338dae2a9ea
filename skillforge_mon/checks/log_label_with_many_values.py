"""MON3642: a field with many values as a label."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillforge_mon.checks.log_examples import LOGS
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

CODE = Code(
    "MON3642",
    "log-label-with-many-values",
    Severity.WARNING,
    "Lines are to be indexed by a field that has another value in nearly every line.",
    "Each value makes a stream of its own: Loki's index outgrows its chunks, and the limit of streams is soon reached. "
    "As `metadata` the field is kept beside the line, and found as well.",
    bad=LOGS.replace("index_by: [method]", "index_by: [method, trace_id]"),
    good=LOGS,
)
_MANY = re.compile(
    r"(?i)(^|[_.@-])(id|uuid|guid|ip|addr|address|email|path|url|uri|query|timestamp|ts|duration|latency|message|msg|"
    r"session|token|user|customer|trace|span|request|correlation)([_.-]?(id|uuid))?$"
)
"""Names whose values are many: identifiers, addresses, times and texts."""


def check(project: Project) -> Iterator[Diagnostic]:
    """The fields of `index_by` of every stream."""
    for stream in project.logs.values():
        for index, field in enumerate(stream.spec.index_by):
            if _MANY.search(field):
                yield CODE.at(
                    stream.place.at("index_by", index),
                    f"`{field}` of `{stream.name}` has too many values to index lines by",
                    help=f"name `{field}` under `metadata`",
                )
