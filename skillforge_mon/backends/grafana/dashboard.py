"""One dashboard as classic JSON, with the keys in the order in which Grafana itself writes them."""

from __future__ import annotations

from skillforge_mon.backends.grafana.capabilities import schema_version, version_of
from skillforge_mon.backends.grafana.identity import uid
from skillforge_mon.backends.grafana.queries import PROMETHEUS, data_source, targets
from skillforge_mon.backends.grafana.sources import DataSource, data_sources, full_version
from skillforge_mon.backends.grafana.variables import data_source_variable, declared_variable
from skillforge_mon.backends.grafana.visuals import visual
from skillforge_mon.documents.document import Plain
from skillforge_mon.lower.layout import DashboardLayout, Grid, PanelLink, ShownPanel, ShownRow
from skillforge_mon.lower.panels import shown_links
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import Matcher, VectorSelector, print_expr
from skillforge_mon.spec.models.targets import GrafanaTarget
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT
from skillforge_mon.spec.quantities import Duration

MARK = "monmc"
"""The tag that every dashboard of ours has, next to the project's."""
SHARED_CROSSHAIR = 1


def dashboard_json(project: Project, target: GrafanaTarget, layout: DashboardLayout) -> dict[str, Plain]:
    """The whole dashboard, ready for a provisioning folder or the API."""
    spec = layout.dashboard.spec
    made: dict[str, Plain] = {"annotations": {"list": _annotations(project, layout)}}
    if spec.description is not None:
        made["description"] = spec.description
    made |= {
        "editable": False,
        "fiscalYearStartMonth": 0,
        "graphTooltip": SHARED_CROSSHAIR,
        "id": None,
        "links": _links(project, layout),
        "panels": _panels(layout, target.version),
        "preload": False,
        "refresh": _refresh(spec.refresh if spec.refresh is not None else target.refresh),
        "schemaVersion": schema_version(version_of(target.version)),
        "tags": list(tags(project, spec.tags)),
        "templating": {"list": _variables(project, target, layout)},
        "time": {"from": f"now-{(spec.time_from or target.time_from).in_one_unit}", "to": "now"},
        "timepicker": {},
        "timezone": "browser",
        "title": layout.title,
        "uid": uid(project, layout.dashboard.name),
        "weekStart": "",
    }
    return made


def tags(project: Project, own: list[str]) -> tuple[str, ...]:
    """The user's tags, the project, the environment when there is one, and our mark; each once."""
    environment = () if project.environment == DEFAULT_ENVIRONMENT else (project.environment,)
    return tuple(dict.fromkeys((*own, project.name, *environment, MARK)))


def _annotations(project: Project, layout: DashboardLayout) -> list[Plain]:
    """Grafana's own entry, and the alerts that were firing: shown on a service's dashboard, to be switched on
    elsewhere."""
    found: list[Plain] = [
        {
            "builtIn": 1,
            "datasource": {"type": "grafana", "uid": "-- Grafana --"},
            "enable": True,
            "hide": True,
            "iconColor": "rgba(0, 211, 255, 1)",
            "name": "Annotations & Alerts",
            "type": "dashboard",
        }
    ]
    if not project.alerts and not project.slos:
        return found
    service = layout.dashboard.service
    matchers = [Matcher("alertstate", "=", "firing")]
    if service is not None:
        matchers.append(Matcher("service", "=", service.name))
    found.append(
        {
            "datasource": PROMETHEUS,
            "enable": service is not None,
            "expr": print_expr(VectorSelector("ALERTS", tuple(matchers))),
            "hide": False,
            "iconColor": "red",
            "name": "Firing alerts",
            "step": "1m",
            "tagKeys": "severity,service",
            "titleFormat": "{{alertname}}",
        }
    )
    return found


def _refresh(every: Duration) -> str:
    """How often the page reloads. Grafana reads one number and one unit, and takes nothing for never."""
    return every.in_one_unit if every else ""


def _links(project: Project, layout: DashboardLayout) -> list[Plain]:
    links = [_link(link) for link in shown_links(layout.dashboard.spec.links)]
    if len(project.dashboards) > 1:
        links.append(
            {
                "asDropdown": True,
                "icon": "external link",
                "includeVars": False,
                "keepTime": True,
                "tags": list(tags(project, [])),
                "targetBlank": False,
                "title": f"More of {project.name}",
                "tooltip": "",
                "type": "dashboards",
                "url": "",
            }
        )
    return links


def _link(link: PanelLink) -> Plain:
    return {
        "asDropdown": False,
        "icon": "external link",
        "includeVars": False,
        "keepTime": False,
        "tags": [],
        "targetBlank": True,
        "title": link.title,
        "tooltip": "",
        "type": "link",
        "url": link.url,
    }


def _variables(project: Project, target: GrafanaTarget, layout: DashboardLayout) -> list[Plain]:
    sources = data_sources(project, target)
    made = [data_source_variable("datasource", "prometheus", "Data source", _current(sources["prometheus"]))]
    if "loki" in sources and any(panel.of_logs for panel in layout.panels):
        made.append(data_source_variable("loki", "loki", "Logs", _current(sources["loki"])))
    made += (declared_variable(name, variable) for name, variable in layout.variables.items())
    return made


def _current(source: DataSource) -> tuple[str, str]:
    return source.name, source.uid


def _panels(layout: DashboardLayout, version: str) -> list[Plain]:
    found: list[Plain] = []
    for row in layout.rows:
        own = [_panel(panel, version) for panel in row.panels]
        if row.grid is None:
            found += own
        elif row.collapsed:
            found.append(_row(row, row.grid, own))
        else:
            found += (_row(row, row.grid, []), *own)
    return found


def _row(row: ShownRow, grid: Grid, inside: list[Plain]) -> Plain:
    made: dict[str, Plain] = {"collapsed": row.collapsed, "gridPos": _grid(grid), "id": row.id, "panels": inside}
    if row.repeat:
        made["repeat"] = row.repeat
    return made | {"title": row.title, "type": "row"}


def _panel(panel: ShownPanel, version: str) -> Plain:
    look = visual(panel, version_of(version))
    source = data_source(panel)
    made: dict[str, Plain] = {}
    if source is not None:
        made["datasource"] = source
    if panel.description:
        made["description"] = panel.description
    made |= {"fieldConfig": look.field_config, "gridPos": _grid(panel.grid), "id": panel.id}
    if panel.links:
        made["links"] = [{"targetBlank": True, "title": link.title, "url": link.url} for link in panel.links]
    if panel.repeat:
        made["maxPerRow"] = panel.per_line
    made |= {"options": look.options, "pluginVersion": full_version(version)}
    if panel.repeat:
        made |= {"repeat": panel.repeat, "repeatDirection": "h"}
    if source is not None:
        made["targets"] = targets(panel)
    made["title"] = panel.title
    if look.transformations:
        made["transformations"] = look.transformations
    made["type"] = panel.type
    return made


def _grid(grid: Grid) -> Plain:
    return {"h": grid.height, "w": grid.width, "x": grid.x, "y": grid.y}
