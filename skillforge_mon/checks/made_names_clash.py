"""MON3990: two baselines, or two KPIs, whose series or alerts have the same name."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.baseline_examples import KPI
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.expansion.baselines import regression_alert
from skillforge_mon.model.expansion.kpis import kpi_series, missed_alert
from skillforge_mon.model.expansion.names import series_part
from skillforge_mon.model.project import Project

_AGAIN = "  Done: {expr: max(queue_length), target: < 5}\n"
CODE = Code(
    "MON3990",
    "made-names-clash",
    Severity.ERROR,
    "The names of two baselines or of two KPIs differ only in signs or in capital letters, or a KPI and a cron probe have "
    "one name, so that what they stand for has the same name.",
    "Series are named after them in small letters, alerts in CamelCase: two numbers would be one series, and of two alerts "
    "one would take the other's place.",
    bad=KPI + _AGAIN,
    good=KPI + _AGAIN.replace("Done", "waiting"),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every baseline and KPI against those before it, and against the probes."""
    taken: dict[str, str] = {
        missed_alert(probe.name): f"probes.{probe.name}" for probe in project.probes.values() if probe.kind == "cron"
    }
    told: set[str] = set()
    for object_id, made, what in _made(project):
        other = taken.setdefault(made, object_id)
        place, first = project.place_of(object_id), project.place_of(other)
        if other == object_id or object_id in told or place is None:
            continue
        told.add(object_id)
        yield CODE.at(
            place.span,
            f"`{object_id}` and `{other}` would both have the {what} `{made}`",
            secondary=(Label(first.span, "the other one"),) if first is not None else (),
            help="give one of them another name",
        )


def _made(project: Project) -> Iterator[tuple[str, str, str]]:
    """The object, the name of something that it stands for, and what that is."""
    for name, baseline in project.spec.baselines.items():
        yield f"baselines.{name}", f"baseline:{series_part(name)}", "series"
        if baseline.regression:
            yield f"baselines.{name}", regression_alert(name), "alert"
    for name, kpi in project.spec.kpis.items():
        if kpi.slo is None:
            yield f"kpis.{name}", kpi_series(name), "series"
        if kpi.missed is not None and kpi.target is not None:
            yield f"kpis.{name}", missed_alert(name), "alert"
