"""``use: slo``: objectives, error budgets and burn rates, from the series that are recorded for SLOs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from skillforge_mon.lower.burn_text import length_text
from skillforge_mon.lower.layout import ThresholdStep
from skillforge_mon.lower.panel_sets import Missing, PanelSet, draft
from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.model.project import Project, Service, Slo
from skillforge_mon.query.promql import Expr, Matcher, VectorSelector, print_expr
from skillforge_mon.spec.models.dashboards import Variable
from skillforge_mon.spec.quantities import Duration

ERROR_RATIO = "slo:error_ratio:rate"
"""The share of bad events over the SLO's base window, which follows in the name (``rate5m``)."""
BUDGET_LEFT = "slo:error_budget_remaining:ratio"
BURN_RATE = "slo:current_burn_rate:ratio"
OBJECTIVE = "slo:objective:ratio"


def slo_set(project: Project, plans: Iterable[SloPlan], service: Service | None) -> PanelSet:
    """Objective, budget and burn rate of the SLOs that Prometheus records: those of ``service``, or all.

    An SLO without a plan has been reported; where there are only such, the set is empty and nothing is missing.
    """

    def is_shown(slo: Slo) -> bool:
        return "prometheus" in slo.backends and (service is None or slo.service is service)

    recorded = [plan for plan in plans if is_shown(plan.slo)]
    title = "Objectives" if service is None else f"{service.name}: objectives"
    if not recorded and any(map(is_shown, project.slos.values())):
        return PanelSet(title, ())
    if not recorded:
        owner = "any service" if service is None else f"`{service.name}`"
        return PanelSet(title, (), (Missing("Objectives", f"declare an SLO of {owner} under `slos`"),))
    by = tuple(dict.fromkeys(label for plan in recorded for label in plan.by))
    ungrouped = (_ours(project),) if service is None else (Matcher("service", "=", service.name),)
    # An SLO without the label is shown whatever is chosen.
    chosen = (Matcher(label, "=~", f"${variable_name(label)}|") for label in by)
    matchers = (*(each for each in ungrouped if each is not None), *chosen)
    legend = " ".join(f"{{{{ labels.{label} }}}}" for label in ("slo", *by))

    def series(name: str) -> tuple[Expr, str]:
        return VectorSelector(name, matchers), legend

    bases: list[Duration] = sorted({plan.base for plan in recorded})
    # With several, the base window of one SLO may be a longer window of another, which would show twice.
    ratios = [
        (_only(recorded, base, matchers), legend) if len(bases) > 1 else series(f"{ERROR_RATIO}{length_text(base)}")
        for base in bases
    ]
    spent = (ThresholdStep(None, "critical"), ThresholdStep(0, "ok"))
    burning = _burn_steps(recorded)
    drafts = (
        draft(
            "stat",
            "Objective",
            [(VectorSelector(OBJECTIVE, tuple(each for each in ungrouped if each is not None)), "{{ labels.slo }}")],
            unit="ratio",
            description="Share of events that must be good.",
        ),
        draft(
            "stat",
            "Error budget left",
            [series(BUDGET_LEFT)],
            unit="ratio",
            thresholds=spent,
            description="Share of the window's bad events that are still allowed; below 0 the objective is missed.",
        ),
        draft(
            "stat",
            "Burn rate",
            [series(BURN_RATE)],
            unit="multiple",
            thresholds=burning,
            description="How fast the budget burns: at 1 it lasts exactly as long as the window.",
        ),
        draft(
            "timeseries", "Error budget left over time", [series(BUDGET_LEFT)], unit="ratio", thresholds=spent, max=1
        ),
        draft("timeseries", "Burn rate over time", [series(BURN_RATE)], unit="multiple", thresholds=burning, min=0),
        draft("timeseries", "Share of bad events", ratios, unit="ratio", min=0),
    )
    return PanelSet(title, drafts, variables=_variables(recorded, by))


def variable_name(label: str) -> str:
    """What the choice of the values of ``label`` is called."""
    return re.sub(r"\W", "_", label)


def _variables(plans: list[SloPlan], by: tuple[str, ...]) -> dict[str, Variable]:
    """A choice for each label by which SLOs are grouped."""
    found = {}
    for label in by:
        names = "|".join(re.escape(plan.slo.name) for plan in plans if label in plan.by)
        metric = print_expr(VectorSelector(BUDGET_LEFT, (Matcher("slo", "=~", names),)))
        found[variable_name(label)] = Variable.model_validate({"label": label, "metric": metric, "values_of": label})
    return found


def _ours(project: Project) -> Matcher | None:
    """Leaves out the copies that are recorded for Sloth's dashboards under names that our own series have too."""
    target = project.targets.prometheus
    return Matcher("slo", "!=", "") if target is not None and target.compat is not None else None


def _only(plans: list[SloPlan], base: Duration, matchers: tuple[Matcher, ...]) -> Expr:
    """The share of bad events of those SLOs alone whose events are counted over ``base``."""
    names = "|".join(re.escape(plan.slo.name) for plan in plans if plan.base == base)
    return VectorSelector(f"{ERROR_RATIO}{length_text(base)}", (*matchers, Matcher("slo", "=~", names)))


def _burn_steps(plans: list[SloPlan]) -> tuple[ThresholdStep, ...]:
    """The slowest burn rate at which each severity is told; only where all of ``plans`` agree."""
    slowest = {
        tuple((alert.severity, min(tier.factor for tier in alert.tiers)) for alert in plan.alerts) for plan in plans
    }
    if len(slowest) != 1 or not (found := slowest.pop()):
        return ()
    steps = sorted((float(factor), severity) for severity, factor in found)
    return (ThresholdStep(None, "ok"), *(ThresholdStep(factor, severity) for factor, severity in steps))
