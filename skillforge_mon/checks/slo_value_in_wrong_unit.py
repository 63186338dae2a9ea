"""MON3112: what an SLO judges is in another unit than it is judged in."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_threshold_unit import base_text, fits_unit, unit_mismatch
from skillforge_mon.checks.queries import ProjectQuery, project_queries
from skillforge_mon.checks.slo_example import HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import LatencySli, Project, Slo
from skillforge_mon.query.promql import ValueType, VectorSelector

_FRESH = (
    HEAD.replace("teams:", "  backup_done_timestamp_seconds: {type: gauge, help: Last backup}\nteams:")
    + "  backups: {service: web, objective: 99%, fresh: {metric: backup_done_timestamp_seconds, within: 26h}}\n"
)
CODE = Code(
    "MON3112",
    "slo-value-in-wrong-unit",
    Severity.ERROR,
    "An SLO judges a value in another unit: a `ratio` in percent, an age that is no time, an availability that is no 0 or 1, a bound in seconds for bytes, or one in bytes for a latency.",
    "It would be always good, or never.",
    bad=_FRESH.replace("backup_done_timestamp_seconds", "backup_size_bytes"),
    good=_FRESH,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Values whose unit is known."""
    for query in project_queries(project):
        slo = query.owner
        if isinstance(slo, Slo) and query.query is slo.measured and query.expr.type is ValueType.VECTOR:
            problem = _problem(query, slo)
            if problem is not None:
                headline, helping = problem
                yield CODE.at(query.query.whole or slo.place.span, f"{headline}, in the SLO `{slo.name}`", help=helping)
        elif isinstance(slo, Slo) and slo.latency is not None and query.role == "histogram":
            yield from _latency(query, slo, slo.latency)


def _latency(query: ProjectQuery, slo: Slo, latency: LatencySli) -> Iterator[Diagnostic]:
    entry = query.entry(query.expr) if isinstance(query.expr, VectorSelector) else None
    if entry is not None and not fits_unit(latency.below, entry.observed_unit):
        words = entry.observed_unit.replace("_per_second", " per second")
        yield CODE.at(
            slo.place.at("latency", "below"),
            f"`{entry.metric}` observes {words}, and `below` is {latency.below}, in the SLO `{slo.name}`",
            help=base_text(latency.below),
        )


def _problem(query: ProjectQuery, slo: Slo) -> tuple[str, str] | None:
    unit = query.type_of(query.expr).unit
    words = unit.replace("_per_second", " per second")
    if slo.spec.slices is not None:
        return unit_mismatch(query.type_of(query.expr), "", slo.spec.slices.good.quantity)
    if slo.spec.available is not None and unit not in {"", "boolean", "ratio"}:
        return f"`available` wants 0 or 1, and this is in {words}", "to judge its value, write `slices`"
    if slo.spec.fresh is not None and unit not in {"", "seconds", "milliseconds"}:
        return f"`fresh` wants the time of the last success, and this is in {words}", "name a gauge of Unix seconds"
    if slo.spec.ratio is not None and unit == "percent":
        return "`ratio` wants a share from 0 to 1, and this is in percent", "divide it by 100"
    if slo.spec.ratio is not None and unit not in {"", "boolean", "ratio"}:
        return f"`ratio` wants a share from 0 to 1, and this is in {words}", "divide the bad by all, or write `slices`"
    return None
