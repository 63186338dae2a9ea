"""All ways from an alert or an objective, and those that an alert carries with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from skillforge_mon.backends.ways.dashboards import dashboard_ways
from skillforge_mon.backends.ways.traces import trace_ways
from skillforge_mon.backends.ways.way import Kind, Subject, Way, known_address
from skillforge_mon.lower.alerts import AlertCondition
from skillforge_mon.lower.layout import DashboardLayout
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.model.project import Project
from skillforge_mon.query.types import infer

ANNOTATIONS: Final[Mapping[Kind, str]] = {
    "dashboard": "dashboard_url",
    "logs": "logs_url",
    "traces": "traces_url",
}
"""What the address of the first way of each kind is called on an alert."""


def known_layouts(project: Project, lowering: Lowering) -> tuple[DashboardLayout, ...]:
    """The dashboards that ways can lead to; none where Grafana's address is not known, and nothing is worked out."""
    target = project.targets.grafana
    return lowering.dashboards if target is not None and known_address(target.url) is not None else ()


def ways(project: Project, layouts: Sequence[DashboardLayout], subject: Subject) -> tuple[Way, ...]:
    """Panels first, then lines, then traces; those that show most of ``subject`` first of each."""
    found = [*dashboard_ways(project, layouts, subject)]
    if project.logs:
        # Imported here: few specs have LogQL.
        from skillforge_mon.backends.ways.logs import log_ways

        found += log_ways(project, subject)
    return (*found, *trace_ways(project, subject))


def carried(
    project: Project, layouts: Sequence[DashboardLayout], subject: Subject, own: Mapping[str, str]
) -> dict[str, Way]:
    """By the name of its annotation, the first way of each kind; ``own`` are annotations of the user's, which win."""
    found: dict[str, Way] = {}
    for each in ways(project, layouts, subject):
        found.setdefault(ANNOTATIONS[each.kind], each)
    return {name: each for name, each in found.items() if name not in own}


def subject_of_alert(project: Project, condition: AlertCondition, known: Mapping[str, str]) -> Subject:
    """What ``condition`` is about; ``known`` are the labels that its rule sets."""
    certain = infer(condition.condition, project.catalogue).labels.certain
    return Subject(condition.alert.name, condition.alert.service, known, certain - known.keys())


def subject_of_slo(plan: SloPlan, known: Mapping[str, str]) -> Subject:
    """What the alerts of an objective are about: each group has its own."""
    return Subject(plan.slo.name, plan.slo.service, known, frozenset(plan.by) - known.keys())
