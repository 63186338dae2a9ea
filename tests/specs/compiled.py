"""The specs that come with monmc, compiled once per run, and tables of what is in them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from skillforge_mon.compiler import Compilation, compile_project
from skillforge_mon.model.project import Place, Project
from skillforge_mon.spec.quantities import plain_number

SPECS = Path(__file__).resolve().parents[2] / "specs"
COMPARES_ITSELF = "query"
"""In place of a threshold: the query compares its value itself, or another system counts."""

AlertTable = dict[str, dict[str, tuple[str, str]]]
"""Alert -> severity -> threshold and how long it must hold."""


@cache
def compiled(name: str, environment: str | None = None) -> Compilation:
    """The spec ``name`` (``jac.yaml``, ``skillforge``), compiled for one environment (None: as it stands)."""
    return compile_project(SPECS / name, environment=environment)


def project(name: str) -> Project:
    """The resolved project of the spec ``name``."""
    found = compiled(name).project
    assert found is not None
    return found


def own(place: Place) -> bool:
    """Whether the object stands in the spec itself, and was not brought by a packaged pack."""
    return not place.span.file.startswith("pack ")


def alerts(name: str) -> AlertTable:
    """Every alert of the spec ``name``, without those of packs."""
    return {
        alert.name: {
            severity.severity: (
                str(severity.threshold) if severity.threshold else COMPARES_ITSELF,
                str(severity.hold) if alert.query is not None or alert.lines is not None else "",
            )
            for severity in alert.severities
        }
        for alert in project(name).alerts.values()
        if own(alert.place)
    }


def slos(name: str) -> dict[str, tuple[str, str]]:
    """SLO -> its objective in percent, and the latency that it promises ("" when it counts events)."""
    return {
        slo.name: (plain_number(slo.spec.objective * 100), str(slo.latency.below) if slo.latency else "")
        for slo in project(name).slos.values()
    }


def kpis(name: str) -> dict[str, str]:
    """KPI -> its target as it was written ("" where the objective of an SLO is the target)."""
    return {kpi: str(spec.target) if spec.target else "" for kpi, spec in project(name).spec.kpis.items()}


def panels(name: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Dashboard -> its title, and its own panels with their types; ready-made rows are in brackets. None of packs."""
    table = {}
    for dashboard in filter(lambda each: own(each.place), project(name).dashboards.values()):
        shown: dict[str, str] = {}
        for row in dashboard.rows:
            if row.spec.use is not None:
                shown[f"[{row.spec.use}]"] = "row"
            shown |= {panel.spec.title: panel.spec.type for panel in row.panels}
        table[dashboard.name] = (dashboard.spec.title or "", shown)
    return table


def scraped(name: str) -> dict[str, list[str]]:
    """Service -> its scrape targets; services without any are left out."""
    return {
        service.name: [target for scrape in service.spec.scrape for target in scrape.targets]
        for service in project(name).services.values()
        if service.spec.scrape
    }


def escalation(name: str) -> dict[str, list[tuple[list[str], str]]]:
    """Policy -> its levels: who is told, and how long they have ("" for the last)."""
    return {
        policy.name: [
            ([team.name for team in level.teams], str(level.timeout) if level.timeout is not None else "")
            for level in policy.levels
        ]
        for policy in project(name).escalation.values()
    }
