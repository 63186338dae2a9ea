"""``use: baselines``: what is measured, what is usual, and from where on it is told."""

from __future__ import annotations

from decimal import Decimal

from skillforge_mon.lower.panel_sets import Draft, Missing, PanelSet, draft
from skillforge_mon.model.expansion.baselines import baseline_series, is_said, recorded_quantiles
from skillforge_mon.model.expansion.names import percentile, spoken
from skillforge_mon.model.project import Project, Service
from skillforge_mon.query.promql import Binary, Expr, NumberLiteral, VectorSelector
from skillforge_mon.query.types import infer
from skillforge_mon.spec.models.baselines import Baseline


def baseline_set(project: Project, service: Service | None) -> PanelSet:
    """A panel for each quantile of each baseline of ``service``, or of all, and one for the regression."""
    title = "Baselines" if service is None else f"{service.name}: baselines"
    found = {
        name: baseline
        for name, baseline in project.spec.baselines.items()
        if service is None or baseline.service == service.name
    }
    if not found:
        owner = "any service" if service is None else f"`{service.name}`"
        return PanelSet(title, (), (Missing("Baselines", f"declare a baseline of {owner} under `baselines`"),))
    drafts = [panel for name, baseline in found.items() for panel in _panels(project, name, baseline)]
    return PanelSet(title, tuple(drafts))


def _panels(project: Project, name: str, baseline: Baseline) -> list[Draft]:
    group = "".join(f"{{{{ labels.{label} }}}} " for label in baseline.by)
    panels = []
    for quantile in recorded_quantiles(baseline):
        now = VectorSelector(baseline_series(name, quantile, str(baseline.short)))
        queries: list[tuple[Expr, str]] = [(now, f"{group}now")]
        if is_said(baseline, quantile):
            usual = VectorSelector(baseline_series(name, quantile, "usual"))
            queries.append((usual, f"{group}usual"))
            for severity, worse in baseline.regression.items() if quantile == baseline.watch else ():
                limit = Binary("*", usual, NumberLiteral(float(Decimal(1) + worse.base)))
                queries.append((limit, f"{group}{severity}"))
        title = f"{spoken(name)}: {percentile(quantile).replace('_', '.')}"
        # What is usual may be said as a bare number: it is in the unit of what is measured.
        panels.append(draft("timeseries", title, queries, unit=infer(now, project.catalogue).unit))
    if not is_said(baseline, baseline.watch):
        return panels
    regression = VectorSelector(baseline_series(name, baseline.watch, "regression"))
    panels.append(
        draft(
            "timeseries",
            f"{spoken(name)}: above usual",
            [(regression, group.strip() or spoken(name))],
            unit="ratio",
            description=f"By how much both the last {baseline.short} and the last {baseline.long} are above usual.",
        )
    )
    return panels
