"""MON3406: a panel of logs where nobody says which Loki to ask."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

_DASHBOARD = (
    HEAD
    + """\
targets:
  grafana: {loki_url: "http://loki:3100"}
dashboards:
  home:
    rows:
      - panels:
          - {title: Errors, type: logs, query: '{app="web"} |= "error"'}
"""
)
CODE = Code(
    "MON3406",
    "logs-without-loki",
    Severity.ERROR,
    "A dashboard has a panel of logs, and the target does not say where Loki is.",
    "The panel would ask a data source that nobody provides, and show an error in place of logs.",
    bad=_DASHBOARD.replace('{loki_url: "http://loki:3100"}', "{}"),
    good=_DASHBOARD,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every panel of logs on a dashboard for Grafana, when the target has no Loki."""
    target = project.targets.grafana
    if target is None or target.loki_url is not None or project.targets.loki is not None:
        return
    for dashboard in project.dashboards.values():
        if "grafana" not in dashboard.backends:
            continue
        for index, row in enumerate(dashboard.rows):
            for position, panel in enumerate(row.panels):
                if panel.spec.type == "logs":
                    yield CODE.at(
                        dashboard.place.at("rows", index, "panels", position, "type"),
                        f"the panel `{panel.spec.title}` shows logs, and Grafana has no Loki to ask",
                        help="write `loki_url` under `targets.grafana`",
                    )
