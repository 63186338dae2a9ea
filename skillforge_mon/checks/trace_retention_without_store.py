"""MON3671: how long traces are kept, where nothing that is configured from here keeps any."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.trace_examples import TRACES
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.model.retention import retention_span
from skillforge_mon.model.traces import without_traces

CODE = Code(
    "MON3671",
    "trace-retention-without-store",
    Severity.WARNING,
    "The spec says how long traces are kept, and neither Jaeger, Tempo nor Elastic APM keeps any.",
    "Nothing is configured by it. How long Datadog keeps spans is a matter of its own retention filters.",
    bad=TRACES.replace("  tempo: {}\n", "  datadog: {}\n"),
    good=TRACES,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """`retention.traces`."""
    traces = project.traces
    unheard = without_traces(project) if traces is None else not traces.timed
    if project.spec.retention.traces is not None and unheard:
        help_ = "add `traces: {}`, or leave this out" if traces is None else "leave this out"
        yield CODE.at(
            retention_span(project, "traces"), "it is said how long traces are kept, and no store is told", help=help_
        )
