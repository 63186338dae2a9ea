"""The rule groups of an SLO: one that is evaluated at every evaluation, one for what changes slowly, one for Sloth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skillforge_mon.backends.prometheus.alert_rules import BACKEND, Rule, RuleSettings
from skillforge_mon.backends.prometheus.capabilities import NATIVE_HISTOGRAMS, Version
from skillforge_mon.backends.prometheus.names import renamed
from skillforge_mon.backends.prometheus.slo_alerts import burn_rules, is_slow
from skillforge_mon.backends.prometheus.slo_missing import missing_rules
from skillforge_mon.backends.prometheus.slo_rules import LONG_INTERVAL, SloSeries, quick_recordings, slow_recordings
from skillforge_mon.backends.prometheus.slo_sloth import sloth_recordings
from skillforge_mon.documents.document import Grade, Plain, Verdict
from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.lower.slo_events import NativeLatency
from skillforge_mon.spec.quantities import Duration

SLOTH_INTERVAL: Final = Duration.of(minutes=1)
"""How often the copies for Sloth's dashboards are made: as Prometheus evaluates Sloth's rules unless it is told."""


def slo_groups(settings: RuleSettings, plan: SloPlan, evaluation: Duration) -> Iterator[Plain]:
    """The groups of ``plan`` on a server that evaluates rules every ``evaluation``.

    All say their interval themselves: the number of bad events is counted by it.
    """
    series = SloSeries(plan, evaluation)
    quick, slow = quick_recordings(series), slow_recordings(series, settings.version)
    for alert in plan.alerts:
        (slow if is_slow(alert) else quick).extend(burn_rules(settings, series, alert))
    if plan.alerts:
        slow.extend(missing_rules(settings, series))
    yield {"name": f"slo {plan.slo.name}", "interval": str(evaluation), "rules": quick}
    yield {"name": f"slo {plan.slo.name} slow", "interval": str(max(evaluation, LONG_INTERVAL)), "rules": slow}
    if settings.sloth:
        rules: list[Rule] = [*sloth_recordings(settings.project, series)]
        yield {"name": f"slo {plan.slo.name} sloth", "interval": str(max(evaluation, SLOTH_INTERVAL)), "rules": rules}


def slo_verdict(plan: SloPlan, version: Version) -> Verdict:
    """How well the rules say what the SLO means."""
    slo = plan.slo
    if reason := renamed(plan.by, version):
        instead = "label names of letters, digits and `_`"
        return Verdict(BACKEND, slo.id, Grade.UNTRANSLATABLE, f"it is grouped by labels: {reason}", instead, "group_by")
    if isinstance(plan.events, NativeLatency):
        if version < NATIVE_HISTOGRAMS.since:
            reason = f"{NATIVE_HISTOGRAMS} came later"
            return Verdict(BACKEND, slo.id, Grade.UNTRANSLATABLE, reason, "a classic histogram", "latency")
        reason = (
            f"a native histogram has no bucket that ends at {slo.spec.latency.below if slo.spec.latency else ''}: "
            "within the one that holds it, Prometheus interpolates"
        )
        return Verdict(BACKEND, slo.id, Grade.APPROXIMATE, reason, "a classic histogram with that bucket", "latency")
    service = slo.service.spec.labels if slo.service is not None else {}
    if reason := renamed({**service, **slo.spec.labels}, version):
        return Verdict(BACKEND, slo.id, Grade.APPROXIMATE, reason, "names of letters, digits and `_`", "labels")
    return Verdict(BACKEND, slo.id, Grade.EXACT)
