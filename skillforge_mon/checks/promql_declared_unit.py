"""MON2140: a unit is declared for a query whose value is in another scale of it."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity, Span
from skillforge_mon.model.project import Project, Query
from skillforge_mon.query.types import infer
from skillforge_mon.spec.yaml.nodes import MappingNode

_SPEC = (
    HEAD
    + """\
targets:
  prometheus: {}
  grafana: {}
metrics:
  disk_used_ratio: {type: gauge, help: Share of the disk in use}
dashboards:
  home:
    rows:
      - panels:
          - {title: Disk, query: max(disk_used_ratio), unit: ratio}
"""
)
CODE = Code(
    "MON2140",
    "unit-in-another-scale",
    Severity.WARNING,
    "A panel, an alert or a recording declares a unit, and its query returns another scale of it.",
    "A disk that is half full is shown as 0.5 %, an answer after 2 seconds as 2 ms.",
    bad=_SPEC.replace("unit: ratio", "unit: percent"),
    good=_SPEC,
)
_SCALES = (
    (frozenset(("ratio", "percentunit")), "ratio", frozenset(("percent",)), "percent", 100),
    (frozenset(("seconds", "s")), "seconds", frozenset(("milliseconds", "ms")), "milliseconds", 1000),
    (frozenset(("bytes", "decbytes")), "bytes", frozenset(("bits", "decbits")), "bits", 8),
)
"""What is declared for either scale, in the words of the catalogue and of Grafana, and how many of the second make one
of the first."""


def check(project: Project) -> Iterator[Diagnostic]:
    """Panels, alerts and recordings that say `unit`, where that of the query is known."""
    for dashboard in project.dashboards.values():
        for row in dashboard.rows:
            for panel in row.panels:
                node = panel.node.get("unit") if isinstance(panel.node, MappingNode) else None
                if panel.spec.unit is not None and panel.spec.type != "logs" and node is not None:
                    for query in panel.queries:
                        yield from _of_query(project, query, panel.spec.unit, node.span)
    for alert in project.alerts.values():
        if alert.spec.unit is not None and alert.query is not None:
            yield from _of_query(project, alert.query, alert.spec.unit, alert.place.at("unit"))
    for recording in project.recordings.values():
        if recording.spec.unit is not None:
            yield from _of_query(project, recording.query, recording.spec.unit, recording.place.at("unit"))


def _of_query(project: Project, query: Query, declared: str, place: Span) -> Iterator[Diagnostic]:
    if query.expr is None:
        return
    found = infer(query.expr, project.catalogue).unit
    for coarse, coarse_name, fine, fine_name, factor in _SCALES:
        if declared in fine and found == coarse_name:
            helping = f"write `unit: {coarse_name}`, or multiply the query by {factor}"
        elif declared in coarse and found == fine_name:
            helping = f"write `unit: {fine_name}`, or divide the query by {factor}"
        else:
            continue
        yield CODE.at(place, f"the unit is `{declared}`, and the query returns {found}", help=helping)
