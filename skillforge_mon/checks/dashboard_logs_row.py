"""MON4564: a row of log lines on a dashboard for Datadog."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

_DASHBOARD = (
    HEAD
    + """\
targets: {datadog: {}, elasticsearch: {}}
logs:
  web: {}
dashboards:
  home:
    backends: [elasticsearch]
    rows: [{use: logs}]
"""
)
CODE = Code(
    "MON4564",
    "logs-row-elsewhere",
    Severity.ERROR,
    "A dashboard for Datadog has a row of `use: logs`.",
    "The set is not made for Datadog. A panel of `type: logs` shows lines there, by `datadog: {query: …}`.",
    bad=_DASHBOARD.replace("    backends: [elasticsearch]\n", ""),
    good=_DASHBOARD,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every row of every dashboard."""
    for dashboard in project.dashboards.values():
        if "datadog" not in dashboard.backends:
            continue
        for index, row in enumerate(dashboard.rows):
            if row.spec.use == "logs":
                yield CODE.at(
                    dashboard.place.at("rows", index, "use"),
                    f"`use: logs` is not made for Datadog, and `{dashboard.name}` is for it",
                    help="write a panel of `type: logs`, or a dashboard of its own for the row",
                )
