"""``dashboards``: rows and panels with their queries."""

from __future__ import annotations

from collections.abc import Mapping

from skillforge_mon.model import codes
from skillforge_mon.model.project import Dashboard, Panel, Place, Query, Row, Service
from skillforge_mon.model.resolving.resolver import Resolver
from skillforge_mon.spec.models.dashboards import Panel as PanelSpec
from skillforge_mon.spec.yaml.nodes import MappingNode, Node, ScalarNode

_SETS_OF_A_SERVICE = {"red"}
_ABLE = ("grafana", "datadog", "elasticsearch")


def dashboard(resolver: Resolver, name: str, services: Mapping[str, Service]) -> Dashboard:
    """The dashboard ``name`` with its rows and panels."""
    spec = resolver.spec.dashboards[name]
    place = resolver.place("dashboards", name)
    backends = resolver.taking("dashboards", _able(resolver), place, spec.backends)
    rows = []
    for index, row in enumerate(spec.rows):
        node = place.find("rows", index)
        assert node is not None  # noqa: S101 - validated
        service = resolver.reference(
            place, ("rows", index, "service"), "service", row.service or spec.service, "services", services
        )
        wants_service = row.use in _SETS_OF_A_SERVICE and (row.service or spec.service) is None
        if (row.use is None and not row.panels) or wants_service:
            resolver.report.add(
                codes.EMPTY_ROW.at(
                    node.span,
                    f"row {index + 1} of the dashboard `{name}` shows nothing",
                    help="name its `service`" if wants_service else "add `panels`, or `use`",
                )
            )
        panels = []
        for position, panel in enumerate(row.panels):
            panel_node = place.find("rows", index, "panels", position)
            assert panel_node is not None  # noqa: S101 - validated
            panels.append(_panel(resolver, panel, panel_node, place, (index, position), backends))
        rows.append(Row(row, node, service, tuple(panels)))
    return Dashboard(
        name,
        spec,
        place,
        resolver.reference(place, ("service",), "service", spec.service, "services", services),
        tuple(rows),
        backends,
    )


def _able(resolver: Resolver) -> tuple[str, ...]:
    """The backends that have dashboards, the first of those under ``targets`` before all others."""
    named = [backend for backend in _ABLE if getattr(resolver.spec.targets, backend) is not None]
    return (*named[:1], *(backend for backend in _ABLE if backend not in named[:1]))


def _is_empty(spec: PanelSpec, backends: tuple[str, ...]) -> bool:
    """Whether there is nothing to show. What only Datadog shows may be in Datadog's words alone."""
    if spec.type in {"text", "alertlist"}:
        return spec.type == "text" and spec.content is None
    own = spec.datadog is not None and (spec.datadog.query is not None or bool(spec.datadog.queries))
    return not spec.query and not (own and backends == ("datadog",))


def _panel(
    resolver: Resolver, spec: PanelSpec, node: Node, place: Place, where: tuple[int, int], backends: tuple[str, ...]
) -> Panel:
    row, position = where
    if _is_empty(spec, backends):
        resolver.report.add(
            codes.EMPTY_PANEL.at(
                node.span,
                f"the panel `{spec.title}` has nothing to show",
                help="add `content`" if spec.type == "text" else "add `query`",
            )
        )
    queries = []
    path = ("rows", row, "panels", position, "query")
    for index, query in enumerate(spec.query):
        found = place.find(*path)
        item = place.find(*path, index) or found
        if isinstance(item, MappingNode):
            item = item.get("expr")
        if spec.type == "logs":
            resolver.log_query(query.expr, item, variables=True)
            queries.append(Query(query.expr, None, item if isinstance(item, ScalarNode) else None))
        else:
            parsed = resolver.query(query.expr, item, of_panel=True)
            assert parsed is not None  # noqa: S101 - the text is required
            queries.append(parsed)
    return Panel(spec, node, tuple(queries))
