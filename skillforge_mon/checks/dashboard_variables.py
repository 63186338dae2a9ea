"""MON3404, MON3405 and MON3407: variables of dashboards that are not used, not declared, or have no values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from skillforge_mon.checks.examples import HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity, Span
from skillforge_mon.model.project import Dashboard, Project
from skillforge_mon.spec.models.dashboards import DatadogPanel
from skillforge_mon.spec.suggest import listed, suggestion

DASHBOARD: Final = (
    HEAD
    + """\
targets:
  prometheus: {}
  grafana: {}
metrics:
  requests_total: {type: counter, help: Requests, labels: {region: bounded}}
dashboards:
  home:
    variables:
      region: {metric: requests_total, values_of: region}
    rows:
      - panels:
          - {title: Requests, query: 'sum(rate(requests_total{region=~"$region"}[5m]))'}
"""
)
UNUSED_VARIABLE = Code(
    "MON3404",
    "unused-variable",
    Severity.WARNING,
    "A dashboard declares a variable that none of its queries uses.",
    "People choose something and nothing changes: they stop trusting the page.",
    bad=DASHBOARD.replace('{region=~"$region"}', ""),
    good=DASHBOARD,
)
UNDECLARED_VARIABLE = Code(
    "MON3405",
    "undeclared-variable",
    Severity.ERROR,
    "A query or `repeat` uses a variable that the dashboard does not declare.",
    "Grafana leaves the text as it stands, and the panel stays empty.",
    bad=DASHBOARD.replace('"$region"', '"$regoin"'),
    good=DASHBOARD,
)
VARIABLE_WITHOUT_VALUES = Code(
    "MON3407",
    "variable-without-values",
    Severity.ERROR,
    "A variable says neither which label of which metric its values come from, nor a list of options, or says both.",
    "There would be nothing to choose from.",
    bad=DASHBOARD.replace("{metric: requests_total, values_of: region}", "{metric: requests_total}"),
    good=DASHBOARD,
)
CODES = (UNUSED_VARIABLE, UNDECLARED_VARIABLE, VARIABLE_WITHOUT_VALUES)

_USE = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)|\[\[([A-Za-z_][A-Za-z0-9_]*)\]\]")
OF_GRAFANA = frozenset({"datasource", "loki", "timeFilter", "dashboard", "org", "user"})
"""Variables that every dashboard of ours has, or that Grafana brings; so are all that begin with `__`."""


def check(project: Project) -> Iterator[Diagnostic]:
    """The queries, their legends, and what is repeated."""
    for dashboard in project.dashboards.values():
        declared = dashboard.spec.variables
        used: set[str] = set()
        if any(row.spec.use == "slo" for row in dashboard.rows):
            # The ready-made row asks for a choice of each group, and takes the one that is declared.
            used |= {re.sub(r"\W", "_", label) for slo in project.slos.values() for label in slo.spec.group_by}
        for name, span in _uses(dashboard):
            used.add(name)
            if name not in declared and name not in OF_GRAFANA and not name.startswith("__"):
                yield UNDECLARED_VARIABLE.at(
                    span,
                    f"the dashboard `{dashboard.name}` has no variable `{name}`",
                    notes=(f"it has: {listed(declared)}",) if declared else (),
                    help=suggestion(name, declared) or f"declare `{name}` under `variables`",
                )
        for name, variable in declared.items():
            of_label = variable.metric is not None and variable.values_of is not None
            half = (variable.metric is None) != (variable.values_of is None)
            if half or of_label == bool(variable.options):
                yield VARIABLE_WITHOUT_VALUES.at(
                    dashboard.place.key_at("variables", name),
                    f"it is not clear where the values of `{name}` come from",
                    help="write `metric` and `values_of`, or `options`",
                )
            elif name not in used:
                yield UNUSED_VARIABLE.at(
                    dashboard.place.key_at("variables", name), f"no query of `{dashboard.name}` uses `{name}`"
                )


def _uses(dashboard: Dashboard) -> Iterator[tuple[str, Span | None]]:
    """The name and the place of every variable that is used."""
    for index, row in enumerate(dashboard.rows):
        if row.spec.repeat is not None:
            yield row.spec.repeat, dashboard.place.at("rows", index, "repeat")
        for position, panel in enumerate(row.panels):
            if panel.spec.repeat is not None:
                yield panel.spec.repeat, dashboard.place.at("rows", index, "panels", position, "repeat")
            for query in panel.queries:
                for found in _USE.finditer(query.text):
                    yield found[1] or found[2], query.span(*found.span())
            for text in _words_of_datadog(panel.spec.datadog):
                for found in _USE.finditer(text):
                    yield found[1] or found[2], dashboard.place.at("rows", index, "panels", position, "datadog")
            title = dashboard.place.at("rows", index, "panels", position, "title")
            for found in _USE.finditer(f"{panel.spec.title} {panel.spec.content or ''}"):
                name = found[1] or found[2]
                if name in dashboard.spec.variables:
                    yield name, title


def _words_of_datadog(words: DatadogPanel | None) -> tuple[str, ...]:
    if words is None:
        return ()
    return (*(() if words.query is None else (words.query,)), *words.queries.values())
