"""``datadog/dashboards/NAME.json``: the body of ``POST /api/v1/dashboard`` for every dashboard that is to be there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from skillforge_mon.backends.datadog.dashboards.rows import Rows
from skillforge_mon.backends.datadog.dashboards.variables import template_variables, variable_tags
from skillforge_mon.backends.datadog.dashboards.widgets import live_span
from skillforge_mon.backends.datadog.differences import BACKEND, Differences
from skillforge_mon.backends.datadog.filters import tag_text
from skillforge_mon.backends.datadog.markers import marker
from skillforge_mon.backends.datadog.names import Names
from skillforge_mon.backends.datadog.tags import owner
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Resource, Verdict
from skillforge_mon.documents.references import references_in
from skillforge_mon.lower.layout import DashboardLayout
from skillforge_mon.lower.panels import shown_links
from skillforge_mon.model.project import Dashboard, Project
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT
from skillforge_mon.spec.quantities import Duration

_TEAM = "team:"
_MOST_TEAMS = 5
"""[P] test_create_a_new_dashboard_with_invalid_team_tags_*: only teams; [api] Dashboard.tags: five at most."""
_MINUTE = 60_000


def dashboard_documents(
    project: Project,
    layouts: Sequence[DashboardLayout],
    payloads: Mapping[str, Mapping[str, Any]],
    slugs: Mapping[str, str],
) -> Iterator[Document]:
    """One document for each of ``layouts``; ``payloads`` are the SLOs in Datadog by their names.

    Where panels cannot be said, a note with a verdict for each takes its place.
    """
    names = Names(project)
    for layout in layouts:
        dashboard = layout.dashboard
        differences = Differences(dashboard.id)
        rows = Rows(project, layout, names, payloads, differences)
        payload = _payload(project, layout, rows, differences)
        if rows.untranslatable:
            yield _note((*rows.untranslatable, differences.verdict), slugs[dashboard.name])
            continue
        services = dict.fromkeys(row.service.id for row in dashboard.rows if row.service is not None)
        yield Document(
            f"datadog/dashboards/{slugs[dashboard.name]}.json",
            payload,
            Format.JSON,
            (dashboard.id, *services, *rows.shown_slos),
            (differences.verdict,),
            _resource(project, dashboard, payload),
        )


def _payload(project: Project, layout: DashboardLayout, rows: Rows, differences: Differences) -> dict[str, Plain]:
    dashboard = layout.dashboard
    environment = "" if project.environment == DEFAULT_ENVIRONMENT else f" ({project.environment})"
    made: dict[str, Plain] = {
        "title": f"{layout.title}{environment}",
        "description": _description(project, dashboard),
        "layout_type": "ordered",
        "reflow_type": "fixed",
        "tags": _tags(dashboard, differences),
        "template_variables": template_variables(dashboard, variable_tags(dashboard)),
        "widgets": rows.widgets(),
    }
    span = _time_from(project, dashboard, differences)
    return made | ({"default_timeframe": live_span(span)} if span else {})


def _description(project: Project, dashboard: Dashboard) -> str:
    """What it is for, its links, and whose it is."""
    spec = dashboard.spec
    links = [f"- [{link.title}]({link.url})" for link in shown_links(spec.links)]
    texts = ((spec.description or "").strip(), "\n".join(links), marker(owner(project, dashboard.id)))
    return "\n\n".join(filter(None, texts))


def _tags(dashboard: Dashboard, differences: Differences) -> Plain:
    """The teams: that of the dashboard's service, and those among the user's tags."""
    own = [tag for tag in dashboard.spec.tags if tag.startswith(_TEAM)]
    others = [tag for tag in dashboard.spec.tags if not tag.startswith(_TEAM)]
    if others:
        shown = ", ".join(f"`{tag}`" for tag in others)
        differences(f"the tags {shown} are left out: dashboards of Datadog take those of teams only")
    service = dashboard.service
    team = [f"{_TEAM}{service.team.name}"] if service is not None and service.team is not None else []
    return list(dict.fromkeys(map(tag_text, (*team, *own))))[:_MOST_TEAMS]


def _time_from(project: Project, dashboard: Dashboard, differences: Differences) -> Duration:
    """What of the past is shown at first: the dashboard's, else that of Grafana's target, else as Datadog does."""
    if dashboard.spec.refresh is not None:
        differences(f"`refresh: {dashboard.spec.refresh}` is left out: Datadog decides how often a dashboard reloads")
    if dashboard.spec.folder is not None:
        differences(f"`folder: {dashboard.spec.folder}` is left out: Datadog has lists, which people fill by hand")
    grafana = project.targets.grafana
    given = dashboard.spec.time_from or (grafana.time_from if grafana is not None else None)
    if given is None:
        return Duration(0)
    return Duration(max(1, -(-int(given) // _MINUTE)) * _MINUTE)


def _resource(project: Project, dashboard: Dashboard, payload: Plain) -> Resource:
    """A former name counts while no other dashboard has it."""
    spec = dashboard.spec
    was = f"dashboards.{spec.was}" if spec.was is not None and spec.was not in project.dashboards else ""
    adopt = (spec.adopt.datadog if spec.adopt is not None else None) or ""
    return Resource(BACKEND, "dashboard", dashboard.id, references_in(payload), was, adopt)


def _note(verdicts: tuple[Verdict, ...], slug: str) -> Document:
    object_id = verdicts[0].object_id
    stops = [verdict for verdict in verdicts if verdict.grade is Grade.UNTRANSLATABLE]
    lines = "".join(f"{verdict.reason}\n{verdict.instead}\n" for verdict in stops)
    text = f"{object_id} is not in Datadog.\n{lines}"
    return Document(f"datadog/untranslatable/dashboard-{slug}.txt", text, Format.TEXT, (object_id,), verdicts)
