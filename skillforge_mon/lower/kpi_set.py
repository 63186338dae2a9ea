"""``use: kpis``: each KPI with its target, and how it was one window before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from skillforge_mon.lower.layout import ThresholdStep
from skillforge_mon.lower.panel_sets import Draft, Missing, PanelSet, draft
from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.lower.slo_shown import ShownSlos
from skillforge_mon.model.conditions import threshold_number
from skillforge_mon.model.expansion.kpis import kpi_series, unit_of
from skillforge_mon.model.expansion.names import sentence, spoken
from skillforge_mon.model.project import Project, Service
from skillforge_mon.query.promql import Duration, Expr, Matcher, VectorSelector, transform
from skillforge_mon.query.types import infer
from skillforge_mon.spec.models.kpis import Kpi
from skillforge_mon.spec.quantities import Quantity, Threshold, json_number

GROUPS = ("technical", "business", "operational")
"""The order in which KPIs are shown."""


def kpi_set(project: Project, plans: Iterable[SloPlan], service: Service | None) -> PanelSet:
    """For each KPI of ``service``, or for all: the number with the one of the window before, and its course."""
    title = "KPIs" if service is None else f"{service.name}: KPIs"
    kpis = {
        name: kpi
        for name, kpi in project.spec.kpis.items()
        if service is None or service.name in {kpi.service, _service_of_slo(project, kpi)}
    }
    if not kpis:
        owner = "any service" if service is None else f"`{service.name}`"
        return PanelSet(title, (), (Missing("KPIs", f"declare a KPI of {owner} under `kpis`"),))
    by_slo = {plan.slo.name: plan for plan in plans}
    drafts: list[Draft] = []
    for name, kpi in sorted(kpis.items(), key=lambda item: GROUPS.index(item[1].group)):
        drafts += _panels(project, name, kpi, by_slo)
    return PanelSet(title, tuple(drafts))


def _service_of_slo(project: Project, kpi: Kpi) -> str | None:
    slo = project.slos.get(kpi.slo or "")
    return slo.spec.service if slo is not None else None


def _panels(project: Project, name: str, kpi: Kpi, plans: dict[str, SloPlan]) -> list[Draft]:
    title = kpi.title or spoken(name).capitalize()
    value: Expr
    before: Expr | None
    group = ""
    if kpi.slo is not None:
        plan = plans.get(kpi.slo)
        if plan is None:
            return []
        shown = ShownSlos((plan,), (Matcher("slo", "=", kpi.slo),), ())
        unit, over = "ratio", plan.nominal
        group = "".join(f"{{{{ labels.{label} }}}} " for label in plan.slo.spec.group_by)
        value = shown.kept()[0]
        # A period of the calendar is not always as long as the one before it.
        before = None if plan.calendar is not None else _shifted(value, Duration(int(over)))
        target: Threshold | None = kpi.target or Threshold(">=", Quantity(plan.slo.spec.objective * 100, "%"))
    else:
        over = kpi.over
        value = VectorSelector(kpi_series(name))
        before = _shifted(value, Duration(int(over)))
        unit = kpi.unit or (unit_of(kpi.alerts) if kpi.alerts is not None else infer(value, project.catalogue).unit)
        target = kpi.target
    steps = _steps(target, unit)
    said = f" Target: {target}." if target is not None else ""
    description = f"{sentence(kpi.description)}{said}" if kpi.description else said.strip()
    now = [(value, f"{group}now"), *([(before, f"{group}{over} before")] if before is not None else [])]
    written = kpi.unit is not None
    return [
        draft("stat", title, now, unit=unit, unit_written=written, thresholds=steps, description=description),
        draft(
            "timeseries",
            f"{title} over time",
            [(value, group.strip() or title)],
            unit=unit,
            unit_written=written,
            thresholds=steps,
        ),
    ]


def _shifted(value: Expr, over: Duration) -> Expr:
    def earlier(node: Expr) -> Expr:
        return replace(node, offset=over) if isinstance(node, VectorSelector) else node

    return transform(value, earlier)


def _steps(target: Threshold | None, unit: str) -> tuple[ThresholdStep, ...]:
    """Red where the target is missed. A target that is one exact value has no side."""
    if target is None or target.op in {"==", "!="}:
        return ()
    number = json_number(threshold_number(target, unit))
    low, high = ("critical", "ok") if target.op in {">", ">="} else ("ok", "critical")
    return (ThresholdStep(None, low), ThresholdStep(number, high))
