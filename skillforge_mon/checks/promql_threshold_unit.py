"""MON2110: a threshold in another unit than the value, or out of the value's range."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import ProjectQuery, project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.expansion.kpis import kpi_series
from skillforge_mon.model.project import Alert, Project
from skillforge_mon.query.constants import constant_value
from skillforge_mon.query.promql import Binary, VectorSelector
from skillforge_mon.query.promql.tree import COMPARISONS
from skillforge_mon.query.type_info import TypeInfo
from skillforge_mon.query.types import infer
from skillforge_mon.query.units import RATIO, unit_named
from skillforge_mon.spec.models.kpis import Kpi
from skillforge_mon.spec.quantities import Quantity, plain_number

CODE = Code(
    "MON2110",
    "threshold-in-another-unit",
    Severity.ERROR,
    "A value is compared with a quantity in another unit, or a share of the whole with a number above 1.",
    "The alert fires always, or never, and a KPI is always missed, or never: 500ms is 0.5, which any number of bytes exceeds, "
    "and a share of 1 is everything.",
    bad=alert_spec("memory_bytes", severity='{critical: "> 500ms"}'),
    good=alert_spec("memory_bytes", severity='{critical: "> 500MB"}'),
)
_ALIKE = {
    "seconds": frozenset(("milliseconds",)),
    "ratio": frozenset(("percent", "boolean")),
    "bytes": frozenset(("bytes_per_second",)),
}
"""Units that a quantity's base unit can be written for."""
_SHARE = TypeInfo("instant vector", RATIO, share=True)
"""The number of a KPI that is an SLO, or the precision of alerts."""


def check(project: Project) -> Iterator[Diagnostic]:
    """Thresholds of severities, targets of KPIs, and comparisons of a share with a number."""
    for query in project_queries(project):
        for node, _ in query.nodes:
            if isinstance(node, Binary) and node.op in COMPARISONS:
                yield from _of_comparison(query, node)
        if isinstance(query.owner, Alert):
            yield from _of_severities(query, query.owner)
    for name, kpi in project.spec.kpis.items():
        yield from _of_target(project, name, kpi)


def _of_comparison(query: ProjectQuery, node: Binary) -> Iterator[Diagnostic]:
    for value, number in ((node.lhs, node.rhs), (node.rhs, node.lhs)):
        limit = constant_value(number)
        if limit is not None and limit > 1 and query.type_of(value).share:
            yield CODE.at(
                query.query.span(*number.span),
                f"a share between 0 and 1 is compared with {limit:g}",
                help=_as_share(limit),
            )


def _of_severities(query: ProjectQuery, alert: Alert) -> Iterator[Diagnostic]:
    for severity in alert.severities:
        if severity.threshold is None:
            continue
        problem = unit_mismatch(query.type_of(query.expr), alert.spec.unit or "", severity.threshold.quantity)
        if problem is not None:
            headline, helping = problem
            span = alert.place.at("severity", severity.severity)
            yield CODE.at(span, f"{headline} (`{severity.severity}` of `{alert.name}`)", help=helping)


def _of_target(project: Project, name: str, kpi: Kpi) -> Iterator[Diagnostic]:
    """The target of a KPI. One that is told when it is missed is the threshold of an alert, and judged as that."""
    place = project.place_of(f"kpis.{name}")
    if place is None or kpi.target is None or kpi.missed is not None:
        return
    is_share = kpi.slo is not None or (kpi.alerts is not None and kpi.alerts.what == "precision")
    info = _SHARE if is_share else infer(VectorSelector(kpi_series(name)), project.catalogue)
    problem = unit_mismatch(info, kpi.unit or "", kpi.target.quantity)
    if problem is not None:
        headline, helping = problem
        yield CODE.at(place.at("target"), f"{headline} (`target` of `{name}`)", help=helping)


def unit_mismatch(info: TypeInfo, declared: str, quantity: Quantity) -> tuple[str, str] | None:
    """What is wrong with the unit of ``quantity``, which a value of the type ``info`` is compared with, and what helps.

    None when nothing is. ``declared`` is the unit that the user gives the value, "" for the one that it is found to have.
    """
    stated = unit_named(declared)
    unit = stated.name if stated is not None else info.unit
    if not quantity.unit:
        if info.share and not declared and quantity.value > 1:
            return f"a share between 0 and 1 is compared with {quantity}", _as_share(float(quantity.value))
        return None
    if fits_unit(quantity, unit):
        return None
    words = unit.replace("_per_second", " per second")
    return f"a value in {words} is compared with {quantity}", base_text(quantity)


def fits_unit(quantity: Quantity, unit: str) -> bool:
    """Whether values in ``unit`` ("" where that is not known) can be compared with ``quantity``; a bare number always."""
    base = quantity.base_unit
    if not base or not unit or unit == base or unit in _ALIKE.get(base, ()):
        return True
    return base == "per_second" and unit.endswith("per_second")


def base_text(quantity: Quantity) -> str:
    """``5MB is 5000000 bytes``, ``30% is a share of 0.3``."""
    number, unit = plain_number(quantity.base), quantity.base_unit
    meant = f"a share of {number}" if unit == "ratio" else f"{number} {unit.replace('_', ' ')}"
    return f"{quantity} is {meant}"


def _as_share(number: float) -> str:
    return f"write {number:g}% as {number / 100:g}" if number <= 100 else "the value never exceeds 1"
