"""Burn-rate alerts: one alert per SLO and severity, so that the page of an SLO inhibits its ticket.

An alert is named after its SLO (``BackendAvailabilityBudgetBurn``); both severities have the same name. The pairs of
windows of a severity are alternatives within one rule, so that an outage that outlives the quick pair goes on as the
same alert, and nobody is told that it ended. Its value is the error ratio over the long window of the pair that fires.

``<Slo>NoData`` fires when the SLO's events were counted a day ago and no longer are: an SLO that nobody measures looks
exactly like one that is met. Counters that have never been there do not fire it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from skillforge_mon.backends.prometheus.alert_rules import Rule, RuleSettings, escalated
from skillforge_mon.backends.prometheus.names import allowed_names
from skillforge_mon.backends.prometheus.slo_rules import LONG_WINDOW, SloSeries
from skillforge_mon.backends.prometheus.templates import literal, value_template
from skillforge_mon.lower.burn_rate import MINIMUM_BAD_EVENTS, BurnTier, budget_time
from skillforge_mon.lower.burn_text import float_exact, length_text, percentage, rounded, spaced
from skillforge_mon.lower.notices import burn_labels
from skillforge_mon.lower.runbooks import runbook_link
from skillforge_mon.lower.slo import BurnAlert
from skillforge_mon.model.project import Level
from skillforge_mon.spec.quantities import Duration, plain_number

GONE_FOR: Final = Duration.of(minutes=15)
"""How long the events must have been gone: a deployment or a restart takes less."""

TICKET: Final = "warning"

SEEN_BEFORE: Final = Duration.of(days=1)

_WORDS: Final = re.compile(r"[A-Za-z0-9]+")


def alert_name(slo: str) -> str:
    """``BackendAvailability`` for ``backend-availability``: what the names of its alerts begin with."""
    return "".join(word[0].upper() + word[1:] for word in _WORDS.findall(slo))


def is_slow(alert: BurnAlert) -> bool:
    """Whether all its long windows change slowly, so that it belongs with the rules that are evaluated less often."""
    return all(tier.long >= LONG_WINDOW for tier in alert.tiers)


def burn_rules(settings: RuleSettings, series: SloSeries, alert: BurnAlert) -> Iterator[Rule]:
    """The rules of ``alert``: one per level of its policy."""
    slo = series.plan.slo
    expr = "\nor\n".join(_fires(series, tier) for tier in alert.tiers)
    annotations = _annotations(settings, series, alert)
    for level in slo.levels(alert.severity) or (None,):
        rule: Rule = {"alert": f"{alert_name(slo.name)}BudgetBurn", "expr": expr}
        if level is not None and level.after:
            rule["for"] = str(level.after)
        rule["labels"] = _labels(settings, series, alert, level)
        rule["annotations"] = annotations
        yield rule


def _fires(series: SloSeries, tier: BurnTier) -> str:
    threshold = plain_number(float_exact(tier.threshold(series.plan.slo.spec.objective)))
    return (
        f"(\n  {series.ratio(tier.long)} > {threshold}\n"
        f"  and {series.ratio(tier.short)} > {threshold}\n"
        f"  and {series.bad_events(tier.long)} >= {MINIMUM_BAD_EVENTS}\n)"
    )


def _labels(settings: RuleSettings, series: SloSeries, alert: BurnAlert, level: Level | None) -> dict[str, str]:
    labels = escalated(dict(alert.labels), series.plan.slo.policy(alert.severity), level)
    return {name: literal(value) for name, value in allowed_names(labels, settings.version).items()}


def _annotations(settings: RuleSettings, series: SloSeries, alert: BurnAlert) -> dict[str, str]:
    slo = series.plan.slo
    objective = slo.spec.objective
    budget = spaced(budget_time(objective, slo.spec.window))
    tiers = ", or ".join(_in_words(tier, objective) for tier in alert.tiers)
    promised = f" Promised: {slo.spec.description}" if slo.spec.description else ""
    value, allowed = value_template("percent", "ratio"), percentage(series.plan.budget)
    annotations = {
        "summary": f"{slo.name} burns its error budget too fast: {value} of events are bad, {allowed} may be",
        "description": literal(f"The budget of {budget} per {slo.spec.window} burns {tiers}.{promised}"),
    }
    link = runbook_link(settings.project, slo.runbook, "prometheus")
    if link is not None:
        annotations["runbook_url"] = literal(link)
    return annotations


def _in_words(tier: BurnTier, objective: Decimal) -> str:
    short, long = length_text(tier.short), length_text(tier.long)
    bad, spent = percentage(tier.threshold(objective)), percentage(tier.budget)
    speed = (
        "faster than it may" if tier.factor == 1 else f"{plain_number(rounded(tier.factor))} times as fast as it may"
    )
    return f"{speed} over {long} and {short} (more than {bad} bad events; {spent} of the budget in {long})"


def no_data_rule(settings: RuleSettings, series: SloSeries) -> Rule:
    """Fires, as a ticket of the first level, when the events of an SLO are no longer counted."""
    slo = series.plan.slo
    labels = burn_labels(slo, TICKET) | {"priority": "P2"}
    level = next(iter(slo.levels(TICKET)), None)
    annotations = {
        "summary": f"{slo.name} is not measured: its events have not been counted for {GONE_FOR}",
        "description": "They were a day ago. Its metrics have stopped coming, or their names or labels have changed; "
        "until they are back, nobody is told when the error budget burns.",
    }
    link = runbook_link(settings.project, slo.runbook, "prometheus")
    if link is not None:
        annotations["runbook_url"] = literal(link)
    return {
        "alert": f"{alert_name(slo.name)}NoData",
        "expr": f"absent({series.total}) unless absent({series.total} offset {SEEN_BEFORE})",
        "for": str(GONE_FOR),
        "labels": {
            name: literal(value)
            for name, value in allowed_names(escalated(labels, slo.policy(TICKET), level), settings.version).items()
        },
        "annotations": annotations,
    }
