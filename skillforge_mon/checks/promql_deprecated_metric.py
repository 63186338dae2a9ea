"""MON2115: a query reads a metric that is declared as deprecated."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.promql_unknown_metric import name_place
from skillforge_mon.checks.queries import project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.project import Project

_OLD = "  requests_total: {type: counter, help: Requests served, deprecated: use http_requests_total}\n"

CODE = Code(
    "MON2115",
    "deprecated-metric",
    Severity.WARNING,
    "A query reads a metric that the catalogue calls deprecated.",
    "One day it is gone, and with it, in silence, every alert on it.",
    bad=alert_spec("sum(rate(requests_total[5m])) > 100", metrics=_OLD),
    good=alert_spec("sum(rate(http_requests_total[5m])) > 100", metrics=_OLD),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every use of such a metric."""
    for query in project_queries(project):
        for selector, _ in query.selectors:
            entry = query.entry(selector)
            if entry is not None and entry.deprecated:
                yield CODE.at(
                    name_place(query.query, selector),
                    f"the metric `{entry.metric}` is deprecated",
                    secondary=(Label(entry.place, "declared here"),) if entry.place is not None else (),
                    help=entry.deprecated,
                )
