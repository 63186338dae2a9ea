"""MON3992: a KPI that is shown beside a number of which nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.baseline_examples import KPI
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.model.retention import shown_kept

_SHOWN = KPI.replace("targets: {prometheus: {}}", "targets: {prometheus: {}, grafana: {}}") + (
    "dashboards: {home: {rows: [{use: kpis}]}}\n"
)
CODE = Code(
    "MON3992",
    "kpi-beyond-retention",
    Severity.WARNING,
    "A dashboard shows a KPI beside the number of one window before, and samples are not kept that long.",
    "The number of the window before is never there. `retention.long_term` counts where the data source is a long-term store.",
    bad=_SHOWN.replace('    target: "> 80%"', '    target: "> 80%"\n    over: 90d'),
    good=_SHOWN,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """KPIs that are queries, where a dashboard shows KPIs: the windows of the others are judged as their queries are."""
    kept = shown_kept(project)
    if kept is None or not any(row.spec.use == "kpis" for board in project.dashboards.values() for row in board.rows):
        return
    for name, kpi in project.spec.kpis.items():
        place = project.place_of(f"kpis.{name}")
        if kpi.expr is not None and kpi.over > kept.length and place is not None:
            yield CODE.at(
                place.at("over"),
                f"`{name}` is shown beside its number of {kpi.over} before, and samples are kept for {kept.length}",
                secondary=(Label(kept.span, "kept this long"),) if kept.span is not None else (),
                help="give it a shorter `over`, or keep samples longer",
            )
