"""What pages need from the shared expansion, found once for all pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from skillforge_mon.backends.runbooks.pointers import Pointers
from skillforge_mon.backends.ways.found import known_layouts
from skillforge_mon.lower.alerts import AlertCondition
from skillforge_mon.lower.layout import DashboardLayout
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.model.project import Project


@dataclass(frozen=True, slots=True, eq=False)
class Lookups:
    """Conditions by alert and severity, plans by objective, dashboards by service; all by name.

    ``layouts`` are the dashboards that a page can lead to.
    """

    conditions: Mapping[tuple[str, str], AlertCondition] = field(default_factory=dict)
    plans: Mapping[str, SloPlan] = field(default_factory=dict)
    dashboards: Mapping[str, tuple[DashboardLayout, ...]] = field(default_factory=dict)
    layouts: tuple[DashboardLayout, ...] = ()


def lookups(project: Project, lowering: Lowering, pages: Iterable[Pointers]) -> Lookups:
    """What ``pages`` need; what none of them needs is not worked out."""
    found = tuple(pages)
    queries = any(alert.query is not None for entry in found for alert in entry.alerts)
    return Lookups(
        {(one.alert.name, one.severity.severity): one for one in lowering.conditions} if queries else {},
        {plan.slo.name: plan for plan in lowering.slos} if any(entry.slos for entry in found) else {},
        _dashboards(lowering) if any(entry.services for entry in found) else {},
        known_layouts(project, lowering) if found else (),
    )


def _dashboards(lowering: Lowering) -> Mapping[str, tuple[DashboardLayout, ...]]:
    """The dashboards that are about a service, or have a row about it."""
    found: dict[str, dict[str, DashboardLayout]] = {}
    for layout in lowering.dashboards:
        board = layout.dashboard
        for service in (board.service, *(row.service for row in board.rows)):
            if service is not None:
                found.setdefault(service.name, {})[board.name] = layout
    return {name: tuple(layouts.values()) for name, layouts in found.items()}
