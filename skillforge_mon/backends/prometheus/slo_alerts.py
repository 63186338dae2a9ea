"""Burn-rate alerts: one alert per SLO and severity, so that the page of an SLO inhibits its ticket.

An alert is named after its SLO (``BackendAvailabilityBudgetBurn``); both severities have the same name. The pairs of
windows of a severity are alternatives within one rule, so that an outage that outlives the quick pair goes on as the
same alert, and nobody is told that it ended. Its value is the error ratio over the long window of the pair that fires.

Where the SLO is grouped, each group has an alert of its own, with the labels of the group. What fires when there is
nothing to measure is in slo_missing.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.backends.prometheus.alert_rules import Rule, RuleSettings
from skillforge_mon.backends.prometheus.names import allowed_names
from skillforge_mon.backends.prometheus.slo_rules import LONG_WINDOW, SloSeries
from skillforge_mon.backends.prometheus.slo_sloth import SLOTH_SEVERITIES, SLOTH_SEVERITY, sloth_labels
from skillforge_mon.backends.ways.found import subject_of_slo
from skillforge_mon.lower.burn_rate import BurnTier, budget_time
from skillforge_mon.lower.burn_text import burning_in_words, exact_text, percentage, spaced
from skillforge_mon.lower.fired_alerts import escalated
from skillforge_mon.lower.go_templates import label_template, literal, value_template
from skillforge_mon.lower.runbooks import runbook_link
from skillforge_mon.lower.slo import BurnAlert
from skillforge_mon.model.paging import slo_levels
from skillforge_mon.model.project import Level
from skillforge_mon.spec.camel_case import camel_case
from skillforge_mon.spec.quantities import Duration


def is_slow(alert: BurnAlert) -> bool:
    """Whether all its long windows change slowly, so that it belongs with the rules that are evaluated less often."""
    return all(tier.long >= LONG_WINDOW for tier in alert.tiers)


def burn_rules(settings: RuleSettings, series: SloSeries, alert: BurnAlert) -> Iterator[Rule]:
    """The rules of ``alert``: one per level of its policy."""
    slo = series.plan.slo
    expr = "\nor\n".join(_fires(series, tier) for tier in alert.tiers)
    annotations = _annotations(settings, series, alert)
    for level in slo_levels(settings.project, slo, alert.severity) or (None,):
        rule: Rule = {"alert": f"{camel_case(slo.name)}BudgetBurn", "expr": expr}
        if level is not None and level.after:
            rule["for"] = str(level.after)
        rule["labels"] = _labels(settings, series, alert, level)
        rule["annotations"] = annotations
        yield rule


def _fires(series: SloSeries, tier: BurnTier) -> str:
    threshold = exact_text(tier.threshold(series.plan.slo.spec.objective))
    return (
        f"(\n  {series.ratio(tier.long)} > {threshold}\n  and {series.ratio(tier.short)} > {threshold}\n"
        f"{_enough(series, tier.long)})"
    )


def _enough(series: SloSeries, long: Duration) -> str:
    """The condition that enough events have been bad within the ``long`` window; empty where one will do."""
    minimum = series.plan.minimum
    if minimum.computed:
        number = f"{minimum.events} + {minimum.deviations} * sqrt({series.allowed_events(long)})"
        return f"  and {series.bad_events(long)}\n    >= {number}\n"
    return f"  and {series.bad_events(long)} >= {minimum.events}\n" if minimum.events else ""


def _labels(settings: RuleSettings, series: SloSeries, alert: BurnAlert, level: Level | None) -> dict[str, str]:
    labels = escalated(dict(alert.labels), series.plan.slo.policy(alert.severity), level)
    if settings.sloth:
        labels |= sloth_labels(settings.project, series.plan.slo) | {SLOTH_SEVERITY: SLOTH_SEVERITIES[alert.severity]}
    return {name: literal(value) for name, value in allowed_names(labels, settings.version).items()}


def _annotations(settings: RuleSettings, series: SloSeries, alert: BurnAlert) -> dict[str, str]:
    slo = series.plan.slo
    objective = slo.spec.objective
    budget = spaced(budget_time(objective, slo.spec.window))
    noun = series.plan.noun
    tiers = ", or ".join(burning_in_words(tier, objective, noun) for tier in alert.tiers)
    promised = f" Promised: {slo.spec.description}" if slo.spec.description else ""
    value, allowed = value_template("percent", "ratio"), percentage(series.plan.budget)
    annotations = {
        "summary": f"{slo.name}{_group(series)} burns its error budget too fast: {value} of {noun} are bad, "
        f"{allowed} may be",
        "description": literal(f"The budget of {budget} per {slo.spec.window} burns {tiers}.{promised}"),
    }
    link = runbook_link(settings.project, slo.runbook, "prometheus")
    if link is not None:
        annotations["runbook_url"] = literal(link)
    return annotations | settings.ways(subject_of_slo(series.plan, alert.labels), {})


def _group(series: SloSeries) -> str:
    """Whose budget burns, where each group has its own: `` (tenant a)``."""
    values = (f"{label} {label_template(label)}" for label in series.plan.by)
    return f" ({', '.join(values)})" if series.plan.by else ""
