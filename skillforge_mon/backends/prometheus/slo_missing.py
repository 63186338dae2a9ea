"""Alerts of an SLO that is not measured: it looks exactly like one that is met.

They are tickets, and fire when the SLO's events were counted a day ago and have not been for GONE_FOR. What has never
been there fires none of them. Why nothing is counted is told apart where it is known which targets export it:

    target down                 no target is up        <Slo>TargetDown
    instrumentation broken      a target is up         <Slo>InstrumentationBroken
    idle                        events are counted: none of them; not an alert
    it is not known which       -                      <Slo>NoData

An SLO with groups has one alert for all: when one group is gone, a customer may just have left.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skillforge_mon.backends.prometheus.alert_rules import Rule, RuleSettings
from skillforge_mon.backends.prometheus.names import allowed_names
from skillforge_mon.backends.prometheus.slo_rules import SloSeries
from skillforge_mon.lower.fired_alerts import escalated
from skillforge_mon.lower.go_templates import literal
from skillforge_mon.lower.notices import burn_labels
from skillforge_mon.lower.runbooks import runbook_link
from skillforge_mon.lower.slo_targets import scraped_targets
from skillforge_mon.model.paging import slo_levels
from skillforge_mon.query.promql import print_expr
from skillforge_mon.spec.camel_case import camel_case
from skillforge_mon.spec.quantities import Duration

GONE_FOR: Final = Duration.of(minutes=15)
"""How long the events must have been gone: a deployment or a restart takes less."""

TICKET: Final = "warning"

SEEN_BEFORE: Final = Duration.of(days=1)

_UNTIL: Final = "until they are back, nobody is told when the error budget burns."


def missing_rules(settings: RuleSettings, series: SloSeries) -> Iterator[Rule]:
    """One alert for each way in which the SLO may be not measured."""
    gone = f"absent({series.total}) unless absent({series.total} offset {SEEN_BEFORE})"
    targets = scraped_targets(settings.project, series.plan)
    if targets is None:
        yield _rule(
            settings,
            series,
            "NoData",
            gone,
            "They were a day ago. Its metrics have stopped coming, or their names or labels have changed; ",
        )
        return
    up = print_expr(targets)
    yield _rule(
        settings,
        series,
        "TargetDown",
        f"({gone})\nand on ()\n(max({up}) == 0 or absent({up}))",
        f"None of its targets answers ({literal(up)}), or none is found any more; ",
    )
    yield _rule(
        settings,
        series,
        "InstrumentationBroken",
        f"({gone})\nand on ()\nmax({up}) == 1",
        f"Its targets answer ({literal(up)}), and no longer export what it counts: a name or a label has changed, or "
        "they have started anew and have counted nothing since; ",
    )


def _rule(settings: RuleSettings, series: SloSeries, name: str, expr: str, why: str) -> Rule:
    slo = series.plan.slo
    labels = burn_labels(slo, TICKET) | {"priority": "P2"}
    level = next(iter(slo_levels(settings.project, slo, TICKET)), None)
    annotations = {
        "summary": f"{slo.name} is not measured: its {series.plan.noun} have not been counted for {GONE_FOR}",
        "description": f"{why}{_UNTIL}",
    }
    link = runbook_link(settings.project, slo.runbook, "prometheus")
    if link is not None:
        annotations["runbook_url"] = literal(link)
    return {
        "alert": f"{camel_case(slo.name)}{name}",
        "expr": expr,
        "for": str(GONE_FOR),
        "labels": {
            label: literal(value)
            for label, value in allowed_names(escalated(labels, slo.policy(TICKET), level), settings.version).items()
        },
        "annotations": annotations,
    }
