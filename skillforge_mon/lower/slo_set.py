"""``use: slo``: objectives, error budgets and burn rates, from the series that are recorded for SLOs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from skillforge_mon.lower.layout import ThresholdStep
from skillforge_mon.lower.panel_sets import Missing, PanelSet, draft
from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.lower.slo_shown import BUDGET_LEFT, ShownSlos
from skillforge_mon.model.project import Project, Service, Slo
from skillforge_mon.query.promql import Expr, Matcher, VectorSelector, print_expr
from skillforge_mon.spec.models.dashboards import Variable

BURN_RATE = "slo:current_burn_rate:ratio"
OBJECTIVE = "slo:objective:ratio"


def slo_set(project: Project, plans: Iterable[SloPlan], service: Service | None) -> PanelSet:
    """Objective, SLI, budget, burn rate and events of the SLOs that Prometheus records: those of ``service``, or all.

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

    everywhere = tuple(each for each in ungrouped if each is not None)
    shown = ShownSlos(tuple(recorded), matchers, everywhere)
    ratios = [(each, legend) for each in shown.error_ratios()]
    spent = (ThresholdStep(None, "critical"), ThresholdStep(0, "ok"))
    burning = _burn_steps(recorded)
    drafts = (
        draft(
            "stat",
            "Objective",
            [(VectorSelector(OBJECTIVE, everywhere), "{{ labels.slo }}")],
            unit="ratio",
            description="Share of events that must be good.",
        ),
        draft(
            "stat",
            "SLI",
            [(each, legend) for each in shown.kept()],
            unit="ratio",
            description="Share of events that were good, over the whole window of the promise.",
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
            "Minutes left",
            [(each, legend) for each in shown.time_left()],
            unit="seconds",
            thresholds=spent,
            description="How long a total outage may still last before the objective is missed.",
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
        draft(
            "timeseries",
            "Burn rate over time",
            [series(BURN_RATE)],
            unit="multiple",
            thresholds=burning,
            min=0,
            description="The lines are the rates at which somebody is told, where both windows of a pair reach them.",
            watched_by=tuple(plan.slo.name for plan in recorded),
        ),
        draft("timeseries", "Share of bad events", ratios, unit="ratio", min=0),
        draft("timeseries", "Events", [(each, f"{legend} {word}") for each, word in shown.events()], min=0),
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


def _burn_steps(plans: list[SloPlan]) -> tuple[ThresholdStep, ...]:
    """The burn rate of every tier, with its severity; only where all of ``plans`` agree."""
    tiers = {tuple((tier.factor, alert.severity) for alert in plan.alerts for tier in alert.tiers) for plan in plans}
    if len(tiers) != 1 or not (found := tiers.pop()):
        return ()
    # The worst comes first, and at a rate that two severities share it is the one that counts.
    steps = {float(factor): severity for factor, severity in reversed(found)}
    return (ThresholdStep(None, "ok"), *(ThresholdStep(factor, steps[factor]) for factor in sorted(steps)))
