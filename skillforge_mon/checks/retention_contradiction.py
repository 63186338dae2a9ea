"""MON3580: two lengths of time for the same data."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.retention_examples import RETENTION
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.model.retention import retention_span

CODE = Code(
    "MON3580",
    "retention-contradiction",
    Severity.ERROR,
    "The spec says in two ways how long samples are kept, and the two do not agree.",
    "One of them is not what happens. `retention.metrics` is for every system; a target's own `retention` is for specs "
    "that do not have that section. A long-term store that forgets sooner than Prometheus itself is of no use.",
    bad=RETENTION.replace("prometheus: {}", "prometheus: {retention: 15d}"),
    good=RETENTION,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """`retention.metrics` against the target's own, and against `retention.long_term`."""
    retention, target = project.spec.retention, project.targets.prometheus
    metrics, place = retention.metrics, project.target_place("prometheus")
    if metrics is None:
        return
    said = retention_span(project, "metrics")
    if target is not None and target.retention is not None and target.retention != metrics:
        yield CODE.at(
            place.at("retention") if place is not None else None,
            f"samples are kept for {target.retention} here, and for {metrics} in `retention`",
            secondary=(Label(said, "kept this long"),) if said is not None else (),
            help="take `retention` out of the target",
        )
    if retention.long_term is not None and retention.long_term < metrics:
        yield CODE.at(
            retention_span(project, "long_term"),
            f"the long-term stores keep samples for {retention.long_term}, and Prometheus itself for {metrics}",
            secondary=(Label(said, "kept this long"),) if said is not None else (),
            help=f"keep them for longer than {metrics}, or leave `long_term` out",
        )
