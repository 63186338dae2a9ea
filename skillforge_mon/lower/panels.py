"""Dashboards laid out: rows expanded, panels placed, units, thresholds and links filled in. No backend yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from skillforge_mon.diagnostics.diagnostic import Label, Report
from skillforge_mon.lower import codes_panels as codes
from skillforge_mon.lower.layout import (
    COLUMNS,
    REPEATED_PER_LINE,
    ROW_HEIGHT,
    DashboardLayout,
    Grid,
    PanelIds,
    PanelLink,
    ShownPanel,
    ShownQuery,
    ShownRow,
    Wish,
    moved,
    place,
)
from skillforge_mon.lower.panel_sets import UNPLACED, Draft, PanelSet
from skillforge_mon.lower.runbooks import runbook_link
from skillforge_mon.lower.thresholds import given_steps, watched_steps
from skillforge_mon.lower.watches import Watch, Watches, watches
from skillforge_mon.model.project import Dashboard, Panel, Project, Row, Service
from skillforge_mon.query.promql import Expr
from skillforge_mon.query.types import infer

if TYPE_CHECKING:
    from skillforge_mon.lower.lowering import Lowering
    from skillforge_mon.spec.models.dashboards import Variable
    from skillforge_mon.spec.models.services import Link

__all__ = ["DashboardLayout", "dashboard_folder", "dashboard_layouts", "dashboard_title", "shown_links"]

_WITHOUT_VALUES = frozenset(("logs", "text", "alertlist"))
"""Types of panels that show no numbers."""


def dashboard_layouts(project: Project, lowering: Lowering, report: Report) -> tuple[DashboardLayout, ...]:
    """Every dashboard with its panels in place, in the order of the spec.

    Reported are MON3401 (two dashboards of one title in one folder), MON3402 and MON3410 (ready-made sets that miss
    some or all of their metrics).
    """
    if not project.dashboards:
        return ()
    found = Watches(watches(lowering.conditions, lowering.slos), project.catalogue)
    layouts = tuple(_Layout(project, lowering, report, found, each).whole() for each in project.dashboards.values())
    _report_duplicate_titles(project, layouts, report)
    return layouts


def dashboard_title(project: Project, dashboard: Dashboard) -> str:
    """The title that people see: the user's, or ``Skillforge: web overview``."""
    if dashboard.spec.title is not None:
        return dashboard.spec.title
    words = dashboard.name.replace("_", " ").replace("-", " ").replace(".", " ")
    return f"{project.name[:1].upper()}{project.name[1:]}: {words}"


def dashboard_folder(project: Project, dashboard: Dashboard) -> str:
    """The folder that the dashboard is shown in: its own, the target's, or one with the project's name."""
    target = project.targets.grafana
    usual = target.folder if target is not None else None
    return (dashboard.spec.folder or usual or project.name).strip()


def _report_duplicate_titles(project: Project, layouts: Iterable[DashboardLayout], report: Report) -> None:
    seen: dict[tuple[str, str], Dashboard] = {}
    for layout in layouts:
        dashboard = layout.dashboard
        folder = dashboard_folder(project, dashboard)
        first = seen.setdefault((folder, layout.title), dashboard)
        if first is not dashboard:
            report.add(
                codes.DUPLICATE_TITLE.at(
                    dashboard.place.at("title"),
                    f"two dashboards in the folder `{folder}` are called `{layout.title}`",
                    secondary=(Label(first.place.span, "the other one"),),
                    help="give one of them another `title`",
                )
            )


class _Layout:
    """One dashboard in the making."""

    def __init__(
        self, project: Project, lowering: Lowering, report: Report, found: Watches, dashboard: Dashboard
    ) -> None:
        self.project = project
        self.lowering = lowering
        self.report = report
        self.watches = found
        self.dashboard = dashboard
        self.ids = PanelIds()

    def whole(self) -> DashboardLayout:
        rows: list[ShownRow] = []
        top = 0
        headed = False
        variables: dict[str, Variable] = {}
        for row in self.dashboard.rows:
            ready = self.ready_made(row)
            variables |= ready.variables if ready is not None else {}
            drafts = [*(ready.drafts if ready is not None else ()), *map(self.drawn, row.panels)]
            spec = row.spec
            title = spec.title or (ready.title if ready is not None else "")
            headed = headed or bool(title or spec.collapsed or spec.repeat)
            grid = Grid(0, top, COLUMNS, ROW_HEIGHT) if headed else None
            id_ = self.ids.of("row", title)
            top += ROW_HEIGHT if headed else 0
            panels, top = self.placed(title, drafts, top)
            rows.append(ShownRow(id_, title, grid, panels, spec.collapsed, spec.repeat or ""))
            if spec.collapsed:
                # A closed row takes one line; what follows stands directly below it.
                top = rows[-1].grid.y + ROW_HEIGHT if rows[-1].grid is not None else top
        title = dashboard_title(self.project, self.dashboard)
        return DashboardLayout(self.dashboard, title, tuple(rows), variables | self.dashboard.spec.variables)

    def placed(self, row: str, drafts: list[Draft], top: int) -> tuple[tuple[ShownPanel, ...], int]:
        sizes = [_wish(draft.panel) for draft in drafts]
        grids, below = place(sizes, top)
        panels = []
        for draft, grid in zip(drafts, grids, strict=True):
            panel = moved(self.completed(draft), self.ids.of("panel", row, draft.panel.title), grid)
            panels.append(panel)
        return tuple(panels), below

    def ready_made(self, row: Row) -> PanelSet | None:
        """The set that the row uses; what it lacks is reported."""
        made = self.set_of(row)
        if made is None:
            return None
        span = row.node.span
        name = row.spec.use
        if name in {"slo", "probes"} and "grafana" not in self.dashboard.backends:
            return made  # another backend has SLOs and probes of its own, and knows what is missing
        if not made.drafts:
            # Nothing is missing where what should be shown has errors of its own, which are reported there.
            if made.missing:
                help_ = "; ".join(each.help for each in made.missing)
                self.report.add(codes.EMPTY_SET.at(span, f"`use: {name}` finds nothing to show", help=help_))
            return made
        for missing in made.missing:
            self.report.add(
                codes.INCOMPLETE_SET.at(
                    span,
                    f"`use: {name}` finds no metric for the panel `{missing.panel}`",
                    help=missing.help,
                )
            )
        return made

    def set_of(self, row: Row) -> PanelSet | None:
        from skillforge_mon.lower.baseline_set import baseline_set
        from skillforge_mon.lower.host_set import host_set
        from skillforge_mon.lower.kpi_set import kpi_set
        from skillforge_mon.lower.log_set import log_set
        from skillforge_mon.lower.panel_sets import alert_set
        from skillforge_mon.lower.probe_set import probe_set
        from skillforge_mon.lower.red_metrics import service_matchers
        from skillforge_mon.lower.red_set import red_set
        from skillforge_mon.lower.slo_set import slo_set
        from skillforge_mon.lower.trace_set import trace_set

        service: Service | None = row.service
        match row.spec.use:
            case "red" if service is not None:
                return red_set(self.project, service)
            case "slo":
                return slo_set(self.project, self.lowering.slos, service)
            case "use":
                # The dashboard's service is rarely the exporter of its hosts: only a row's own service limits them.
                named = service if row.spec.service is not None else None
                return host_set(self.project, (service_matchers(named, None) or ()) if named is not None else ())
            case "alerts":
                return alert_set(service)
            case "baselines":
                return baseline_set(self.project, service)
            case "logs" if "grafana" in self.dashboard.backends:
                return log_set(self.project, service)
            case "kpis":
                return kpi_set(self.project, self.lowering.slos, service)
            case "traces":
                return trace_set(self.project, service)
            case "probes":
                return probe_set(self.project, service)
        return None

    def drawn(self, panel: Panel) -> Draft:
        """A panel of the user's."""
        spec = panel.spec
        queries = tuple(
            ShownQuery(query.text.strip(), query.expr, asked.legend or "")
            for query, asked in zip(panel.queries, spec.query, strict=True)
        )
        repeated = bool(spec.repeat)
        shown = ShownPanel(
            id=0,
            type=spec.type,
            title=spec.title,
            grid=UNPLACED,
            queries=queries,
            description=spec.description or "",
            unit=spec.unit or "",
            unit_written=spec.unit is not None,
            decimals=spec.decimals,
            min=spec.min,
            max=spec.max,
            stack=spec.stack,
            thresholds=given_steps({str(state): number for state, number in spec.thresholds.items()}),
            content=spec.content or "",
            links=tuple(shown_links(spec.links)),
            repeat=spec.repeat or "",
            per_line=(COLUMNS // spec.width if spec.width else REPEATED_PER_LINE) if repeated else 0,
            width=None if repeated else spec.width,
            height=spec.height,
            of_logs=spec.type == "logs",
        )
        return Draft(shown, tuple(query.expr for query in panel.queries if query.expr is not None))

    def completed(self, draft: Draft) -> ShownPanel:
        """The panel with its unit, thresholds and links, as far as the user left them open."""
        panel = draft.panel
        if panel.type in _WITHOUT_VALUES:
            return panel
        found = [watch for expr in draft.watched for watch in self.watches.of(expr)]
        units = self.units(panel)
        one_unit = len(units) == 1
        return replace(
            panel,
            unit=panel.unit or (next(iter(units)) if one_unit else ""),
            # A number in seconds means nothing to a line of bytes beside it.
            thresholds=panel.thresholds or (watched_steps(found) if one_unit else ()),
            links=(*panel.links, *self.runbook_links(found)),
            watched_by=tuple(dict.fromkeys((*panel.watched_by, *(watch.name for watch in found)))),
        )

    def units(self, panel: ShownPanel) -> set[str]:
        """The units of the panel's queries. That of a heatmap is what its buckets measure."""
        return {self.query_unit(query.expr, panel.type) for query in panel.queries if query.expr is not None}

    def query_unit(self, expr: Expr, type_: str) -> str:
        info = infer(expr, self.project.catalogue)
        if type_ == "heatmap" and info.buckets:
            return info.observed.name if info.observed is not None else ""
        return info.unit

    def runbook_links(self, found: Iterable[Watch]) -> Iterator[PanelLink]:
        """The runbooks of the alerts that watch the panel, each once. A path without a server leads nowhere here."""
        runbooks = {watch.runbook.name: watch.runbook for watch in found if watch.runbook is not None}
        for runbook in runbooks.values():
            link = runbook_link(self.project, runbook, "grafana")
            if link is not None and "://" in link:
                title = "Runbook" if "://" in runbook.name else f"Runbook: {runbook.name}"
                yield PanelLink(title, link)


def shown_links(links: Iterable[Link]) -> Iterator[PanelLink]:
    """The user's links; without a text the address is the text."""
    return (PanelLink(link.title or link.url, link.url) for link in links)


def _wish(panel: ShownPanel) -> Wish:
    return Wish(panel.type, panel.width, panel.height, panel.repeat)
