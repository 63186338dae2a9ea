"""The panels that show what an alert watches.

Grafana, "Share dashboards and panels", and "Generate deeplinks": ``/d/<uid>?viewPanel=<id>``; "Manage dashboard URL
variables": ``var-<name>=<value>``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from skillforge_mon.backends.grafana.identity import uid
from skillforge_mon.backends.ways.way import Subject, Way, encoded, known_address, way
from skillforge_mon.lower.layout import DashboardLayout
from skillforge_mon.model.project import Project


def dashboard_ways(project: Project, layouts: Sequence[DashboardLayout], subject: Subject) -> Iterator[Way]:
    """To each panel that shows what ``subject`` watches, its service's dashboards first; else to these as a whole."""
    target = project.targets.grafana
    base = known_address(target.url) if target is not None else None
    if target is None or base is None:
        return
    shown = [layout for layout in layouts if "grafana" in layout.dashboard.backends]
    own = [layout for layout in shown if subject.service is not None and layout.dashboard.service is subject.service]
    others = [layout for layout in shown if layout not in own]
    found = False
    organisation = f"&orgId={target.org_id}" if target.org_id is not None else ""
    for layout in (*own, *others):
        address = f"{base}/d/{uid(project, layout.dashboard.name)}?from=now-1h&to=now{organisation}"
        chosen = _variables(layout, subject)
        for panel in layout.panels:
            if subject.name in panel.watched_by:
                found = True
                title = f"{panel.title} on {layout.title}"
                yield way("dashboard", title, f"{address}&viewPanel={panel.id}{chosen}")
    if not found:
        for layout in own:
            address = f"{base}/d/{uid(project, layout.dashboard.name)}?from=now-1h&to=now{organisation}"
            yield way("dashboard", layout.title, f"{address}{_variables(layout, subject)}")


def _variables(layout: DashboardLayout, subject: Subject) -> str:
    """The choices of the dashboard, as far as the alert's labels say them."""
    found = ""
    for name, variable in layout.variables.items():
        value = subject.value(variable.values_of or name, "url")
        if value is not None and (not variable.options or value in variable.options):
            found += f"&var-{encoded(name)}={encoded(value)}"
    return found
