"""MON3111: an SLO counts a gauge, or takes a counter for a state."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.queries import ProjectQuery, project_queries
from skillforge_mon.checks.slo_example import AVAILABILITY, GOOD, HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project, Slo
from skillforge_mon.query.promql import ValueType, VectorSelector

CODE = Code(
    "MON3111",
    "slo-metric-of-wrong-type",
    Severity.ERROR,
    "`bad`, `good` and `total` of an SLO name no counters, `available` or `fresh` no gauge, or `slices` or `ratio` have no series.",
    "The rate of a gauge counts nothing, and a counter is neither up nor down: the SLO would be a number without a meaning.",
    bad=HEAD.replace("teams:", "  requests_open: {type: gauge, help: Requests that wait}\nteams:")
    + AVAILABILITY.replace("total: requests_total", "total: requests_open"),
    good=GOOD,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """The queries of SLOs whose metrics the catalogue knows. Histograms are looked at where their buckets are."""
    for query in project_queries(project):
        if not isinstance(query.owner, Slo):
            continue
        problem = _problem(query)
        if problem is not None:
            headline, helping = problem
            yield CODE.at(
                query.query.whole or query.owner.place.span,
                f"{headline}, in the SLO `{query.owner.name}`",
                help=helping,
            )


def _problem(query: ProjectQuery) -> tuple[str, str] | None:
    expr = query.expr
    if query.role == "value" and expr.type is not ValueType.VECTOR:
        return "this has no series to judge", "write an expression that results in an instant vector"
    entry = query.entry(expr) if isinstance(expr, VectorSelector) else None
    if entry is None or query.role not in {"events", "gauge"}:
        return None
    if query.role == "events" and not entry.is_counter:
        return (
            f"events are counted, and `{entry.name}` is a {entry.type}",
            "name a counter; to judge the value of a gauge over time, write `slices`",
        )
    if query.role == "gauge" and entry.series != "gauge":
        return f"a gauge is needed, and `{entry.name}` is a {entry.type}", "count events with `bad` and `total`"
    return None
