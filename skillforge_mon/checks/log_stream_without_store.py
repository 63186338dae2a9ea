"""MON3692: a stream of logs that nothing keeps."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.log_examples import LOGS
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.logs import LOG_BACKENDS
from skillforge_mon.model.project import Project
from skillforge_mon.spec.yaml.nodes import MappingNode

CODE = Code(
    "MON3692",
    "log-stream-without-store",
    Severity.WARNING,
    "A stream of logs is declared, and no system that could keep it is among the targets, or its `backends` are none.",
    "Nothing is configured by the stream: its lines are read by nobody, and its retention holds nowhere.",
    bad=LOGS.replace("targets: {loki: {}}", "targets: {prometheus: {}}"),
    good=LOGS,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every stream, one by one: each can name its own `backends`."""
    targets = project.root.get("targets")
    # A target that is wrong has been told of, and is there all the same.
    stores = [name for name in LOG_BACKENDS if isinstance(targets, MappingNode) and name in targets.entries]
    for stream in project.logs.values():
        named = stream.spec.backends
        if named == [] or (named is None and not stores):
            yield CODE.at(
                stream.place.key_at("backends"),
                f"nothing keeps the lines of `{stream.name}`",
                help=f"name {' or '.join(stores)} under `backends`, or leave the stream out"
                if stores
                else "add `loki`, `elasticsearch` or `datadog` to `targets`, or leave the stream out",
            )
