"""MON2111: an alert or a recording is grouped by a label without bound."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import Aggregate

CODE = Code(
    "MON2111",
    "unbounded-label-in-by",
    Severity.WARNING,
    "An alert or a recording is grouped by a label that the catalogue calls `unbounded`.",
    "There is one alert, or one new series, for each of its values: thousands of notifications, or of series, at once.",
    bad=alert_spec("sum by (user) (rate(http_requests_total[5m])) > 10"),
    good=alert_spec("sum by (code) (rate(http_requests_total[5m])) > 10"),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Labels of the final result that an aggregation keeps by name."""
    for query in project_queries(project):
        if query.role not in {"alert", "recording"}:
            continue
        result = query.type_of(query.expr).labels.values
        unbounded = {name for name, values in result.items() if values.cardinality == "unbounded"}
        for node, _ in query.nodes:
            if not unbounded or not isinstance(node, Aggregate) or node.grouping is None or node.grouping.without:
                continue
            for label in node.grouping.labels:
                if label.name in unbounded:
                    unbounded.remove(label.name)
                    what = "alert" if query.role == "alert" else "series"
                    yield CODE.at(
                        query.query.span(*label.span),
                        f"one {what} for each value of `{label.name}`, whose values have no bound",
                        label="unbounded",
                        help=f"take `{label.name}` out, or declare it `bounded` if it is",
                    )
