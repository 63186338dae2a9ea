"""MON4610: traces that Elasticsearch is to keep, without the part of it that takes them."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.model.traces import keeps_traces

_SPEC = (
    HEAD
    + """\
targets:
  elasticsearch: {apm: {}}
services: {web: {}}
traces:
  backends: [elasticsearch]
"""
)
CODE = Code(
    "MON4610",
    "traces-without-elastic-apm",
    Severity.ERROR,
    "Elasticsearch is to keep traces, and the spec has no Elastic APM.",
    "Services and collectors send traces to APM Server, which writes them into Elasticsearch. `apm` says where it is.",
    bad=_SPEC.replace("{apm: {}}", "{}"),
    good=_SPEC,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """`traces.backends` against `targets.elasticsearch.apm`."""
    traces = project.traces
    named = list(traces.spec.backends or ()) if traces is not None else []
    if traces is None or "elasticsearch" not in named or project.targets.elasticsearch is None:
        return
    if not keeps_traces(project.targets, "elasticsearch"):
        yield CODE.at(
            traces.place.at("backends", named.index("elasticsearch")),
            "Elasticsearch takes traces by way of APM Server, and the spec does not say where that is",
            help="add `apm: {url: …}` to `targets.elasticsearch`",
        )
