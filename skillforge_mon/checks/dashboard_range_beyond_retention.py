"""MON3581: a dashboard that opens on a time of which nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.retention_examples import RETENTION
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.model.retention import shown_kept

CODE = Code(
    "MON3581",
    "dashboard-range-beyond-retention",
    Severity.WARNING,
    "A dashboard opens with a time range that is longer than samples are kept.",
    "Its left part is always empty. `retention.long_term` counts where the data source is a long-term store.",
    bad=RETENTION.replace("time_from: 7d", "time_from: 90d"),
    good=RETENTION,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every dashboard with a range of its own, and the target's range for the others."""
    kept, target = shown_kept(project), project.targets.grafana
    if kept is None or target is None:
        return
    secondary = (Label(kept.span, "kept this long"),) if kept.span is not None else ()
    helping = "open with a shorter range, or keep samples longer"
    for dashboard in project.dashboards.values():
        range_ = dashboard.spec.time_from
        if range_ is not None and range_ > kept.length:
            headline = f"`{dashboard.name}` opens with the last {range_}, and samples are kept for {kept.length}"
            yield CODE.at(dashboard.place.at("time_from"), headline, secondary=secondary, help=helping)
    place = project.target_place("grafana")
    if target.time_from > kept.length:
        headline = f"dashboards open with the last {target.time_from}, and samples are kept for {kept.length}"
        yield CODE.at(place.at("time_from") if place is not None else None, headline, secondary=secondary, help=helping)
