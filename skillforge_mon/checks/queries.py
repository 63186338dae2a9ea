"""Every query of a project with what the rules about PromQL need to know of it, taken apart once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from skillforge_mon.model.project import Alert, Dashboard, Project, Query, Recording, Service, Slo
from skillforge_mon.query.catalogue import Catalogue
from skillforge_mon.query.promql import Expr, Requirement, VectorSelector, metric_name, requirements, walk_with_parents
from skillforge_mon.query.series import MetricEntry
from skillforge_mon.query.types import TypeInfo, infer

Role: TypeAlias = Literal["alert", "recording", "events", "histogram", "gauge", "value", "panel"]
"""What a query is for. ``events``, ``histogram`` and ``gauge`` are selectors of an SLO: a counter, a histogram by its own
name, a gauge; ``value`` is an expression that an SLO judges."""


@dataclass(frozen=True, slots=True, eq=False)
class ProjectQuery:
    """A query that parses.

    ``nodes`` are all expressions in it, each with its ancestors, the root first; ``requirements`` what it needs of
    Prometheus.
    """

    object_id: str
    role: Role
    owner: Alert | Recording | Slo | Dashboard
    query: Query
    expr: Expr
    service: Service | None
    nodes: tuple[tuple[Expr, tuple[Expr, ...]], ...]
    requirements: tuple[Requirement, ...]
    catalogue: Catalogue

    def type_of(self, expr: Expr) -> TypeInfo:
        """The type of the query, or of a part of it."""
        return infer(expr, self.catalogue)

    def entry(self, selector: VectorSelector) -> MetricEntry | None:
        """What the catalogue knows of what ``selector`` reads."""
        name = metric_name(selector)
        if name is None:
            return None
        return self.catalogue.metric(name) if self.role == "histogram" else self.catalogue.lookup(name)

    @property
    def selectors(self) -> Iterator[tuple[VectorSelector, tuple[Expr, ...]]]:
        """Every selector, with its ancestors."""
        return ((node, parents) for node, parents in self.nodes if isinstance(node, VectorSelector))


@lru_cache(maxsize=1)
def project_queries(project: Project) -> tuple[ProjectQuery, ...]:
    """The queries of ``project`` in the order of the language's sections; a text that is no PromQL is left out."""
    return tuple(
        ProjectQuery(
            object_id=id_,
            role=role,
            owner=owner,
            query=query,
            expr=query.expr,
            service=service,
            nodes=tuple(walk_with_parents(query.expr)),
            requirements=tuple(requirements(query.expr)),
            catalogue=project.catalogue,
        )
        for id_, role, owner, query, service in _found(project)
        if query is not None and query.expr is not None
    )


_Owner: TypeAlias = Alert | Recording | Slo | Dashboard


def _found(project: Project) -> Iterator[tuple[str, Role, _Owner, Query | None, Service | None]]:
    for recording in project.recordings.values():
        yield recording.id, "recording", recording, recording.query, recording.service
    for slo in project.slos.values():
        for events in (slo.bad, slo.good, slo.total):
            yield slo.id, "events", slo, events, slo.service
        if slo.latency is not None:
            yield slo.id, "histogram", slo, slo.latency.metric, slo.service
        selects = slo.spec.available is not None or slo.spec.fresh is not None
        yield slo.id, "gauge" if selects else "value", slo, slo.measured, slo.service
    for alert in project.alerts.values():
        yield alert.id, "alert", alert, alert.query, alert.service
    for dashboard in project.dashboards.values():
        for row in dashboard.rows:
            for panel in row.panels:
                for query in panel.queries:
                    yield dashboard.id, "panel", dashboard, query, row.service or dashboard.service
