"""MON3670 and MON3676: traces that nothing keeps, and systems for traces that get none."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.trace_examples import TRACES
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.model.traces import TIMED_BACKENDS, TRACE_BACKENDS, keeps_traces, without_traces

NOTHING_KEEPS = Code(
    "MON3670",
    "trace-without-store",
    Severity.ERROR,
    "Services send traces, and nothing keeps them.",
    "Traces are kept by Jaeger, Tempo, Elasticsearch (with `apm`) or Datadog, as `targets` names them.",
    bad=TRACES.replace("  tempo: {}\n", "  prometheus: {}\n").replace("retention: {traces: 14d}\n", ""),
    good=TRACES,
)
NOTHING_SENT = Code(
    "MON3676",
    "trace-target-without-traces",
    Severity.WARNING,
    "A target is there for traces, and gets none.",
    "Nothing is written for it. `traces: {}` sends the traces of all services to every target that keeps them.",
    bad=TRACES.replace("  tempo: {}\n", "  tempo: {}\n  jaeger: {}\n").replace(
        "  services: [web]\n", "  services: [web]\n  backends: [tempo]\n"
    ),
    good=TRACES,
)
CODES = (NOTHING_KEEPS, NOTHING_SENT)


def check(project: Project) -> Iterator[Diagnostic]:
    """The section `traces` against the targets."""
    traces = project.traces
    if traces is None and not without_traces(project):
        return
    # With `backends` in the spec, what is missing has been said of them.
    if traces is not None and not traces.backends and not traces.spec.backends:
        names = ", ".join(f"`{name}`" + (" (with `apm`)" if name == "elasticsearch" else "") for name in TRACE_BACKENDS)
        yield NOTHING_KEEPS.at(traces.place.span, "nothing keeps the traces", help=f"add one of {names} to `targets`")
    idle = [
        name
        for name in TIMED_BACKENDS
        if keeps_traces(project.targets, name) and (traces is None or name not in traces.backends)
    ]
    if project.targets.collector is not None and (traces is None or not traces.stores):
        idle.append("collector")
    for name in idle:
        place = project.target_place(name)
        if place is not None:
            help_ = "add `traces: {}`" if traces is None else "take it out, or name it under `backends`"
            yield NOTHING_SENT.at(place.span, f"no traces are sent to `{name}`", help=help_)
