"""MON3592 to MON3594: a KPI that does not say in one way what it is, names no SLO that is recorded, or has no target."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.baseline_examples import KPI
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.expansion.kpis import unit_of
from skillforge_mon.model.project import Place, Project
from skillforge_mon.spec.models.kpis import Kpi
from skillforge_mon.spec.suggest import nearest

UNCLEAR = Code(
    "MON3592",
    "kpi-unclear",
    Severity.ERROR,
    "A KPI does not say in one way what it is.",
    "It is one of `slo`, `expr` and `alerts`. An SLO tells of itself when it is missed, so that `missed` is for the others; "
    "`unit` is for a query, because the numbers of SLOs and about alerts have theirs.",
    bad=KPI.replace("    target", "    alerts: {what: resolution}\n    target"),
    good=KPI,
)
UNKNOWN_SLO = Code(
    "MON3593",
    "kpi-of-unknown-slo",
    Severity.ERROR,
    "A KPI names an SLO that does not exist, or that Prometheus does not record.",
    "Its number is one of the series that Prometheus records for the SLO.",
    bad=KPI.replace(
        '    expr: sum(rate(jobs_total{result="ok"}[1h])) / sum(rate(jobs_total[1h]))\n', "    slo: done\n"
    ),
    good=KPI,
)
WITHOUT_TARGET = Code(
    "MON3594",
    "kpi-without-target",
    Severity.WARNING,
    "A KPI has no target.",
    "Nobody can tell from it whether things are well. An SLO has its objective; every other KPI needs `target`.",
    bad=KPI.replace('    target: "> 80%"\n', ""),
    good=KPI,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every KPI."""
    for name, kpi in project.spec.kpis.items():
        place = project.place_of(f"kpis.{name}")
        if place is not None:
            yield from _of_one(project, name, kpi, place)


def _of_one(project: Project, name: str, kpi: Kpi, place: Place) -> Iterator[Diagnostic]:
    ways = [way for way in ("slo", "expr", "alerts") if getattr(kpi, way) is not None]
    if len(ways) != 1:
        said = f"says in {len(ways)} ways what it is: {', '.join(ways)}" if ways else "does not say what it is"
        yield UNCLEAR.at(place.span, f"the KPI `{name}` {said}", help="write one of `slo`, `expr` and `alerts`")
        return
    if kpi.slo is not None:
        yield from _of_slo(project, name, kpi.slo, place)
        if kpi.missed is not None:
            headline = f"the KPI `{name}` is an SLO, which tells of itself when it is missed"
            yield UNCLEAR.at(place.key_at("missed"), headline, help="take `missed` out")
    if kpi.unit is not None and (unit := _settled_unit(kpi)) is not None and kpi.unit != unit:
        headline = (
            f"the number of the KPI `{name}` is {'a share' if unit == 'ratio' else f'in {unit}'}, not in `{kpi.unit}`"
        )
        yield UNCLEAR.at(place.key_at("unit"), headline, help="take `unit` out")
    if kpi.slo is None and kpi.target is None:
        yield WITHOUT_TARGET.at(place.span, f"the KPI `{name}` has no target", help='add `target: "> 80%"`')


def _settled_unit(kpi: Kpi) -> str | None:
    """The unit of a number that is no query of the user's."""
    if kpi.alerts is not None:
        return unit_of(kpi.alerts)
    return "ratio" if kpi.slo is not None else None


def _of_slo(project: Project, name: str, slo: str, place: Place) -> Iterator[Diagnostic]:
    found = project.slos.get(slo)
    if found is not None and "prometheus" in found.backends:
        return
    if found is None:
        if project.place_of(f"slos.{slo}") is not None:
            return  # It is wrong, which has been reported.
        meant = nearest(slo, list(project.slos))
        headline, helping = (
            f"there is no SLO `{slo}`",
            f"did you mean `{meant}`?" if meant else "declare it under `slos`",
        )
    else:
        headline, helping = (
            f"the SLO `{slo}` is not on Prometheus, which records its number",
            "add `prometheus` to its `backends`",
        )
    yield UNKNOWN_SLO.at(place.at("slo"), f"{headline}, which the KPI `{name}` names", help=helping)
