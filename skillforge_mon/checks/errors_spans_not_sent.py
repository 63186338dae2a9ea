"""MON3666: an alert of Sentry on spans that the service does not send."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.errors_examples import SET_UP
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.project import Project

_ALERT = """\
escalation:
  page: [{notify: shop}]
runbooks:
  slow: {resolve: [Look at the slowest spans.]}
alerts:
  SlowPages:
    service: web
    severity: {warning: "> 2s"}
    sentry: {metric: {aggregate: p95(span.duration), dataset: spans}}
    summary: Pages are slow
    escalation: page
    runbook: slow
"""
_GOOD = (SET_UP + _ALERT).replace("organization: acme", "organization: acme, integrations: {slack: Acme}")

CODE = Code(
    "MON3666",
    "spans-not-sent",
    Severity.WARNING,
    "An alert in Sentry measures spans, and its service is said to send no traces.",
    "Spans come with traces. The alert would never fire.",
    bad=_GOOD.replace("traces: 10%", "traces: 0%"),
    good=_GOOD,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Alerts on spans of services whose sampling says something, and of traces nothing or 0 %."""
    for alert in project.alerts.values():
        metric = alert.spec.sentry.metric if alert.spec.sentry is not None else None
        errors = alert.service.spec.errors if alert.service is not None else None
        if metric is None or metric.dataset != "spans" or errors is None or alert.service is None:
            continue
        if errors.sampling is not None and not errors.sampling.traces:
            yield CODE.at(
                alert.place.at("sentry", "metric", "dataset"),
                f"`{alert.service.name}` sends no traces, so `{alert.name}` has no spans to measure",
                secondary=(Label(alert.service.place.key_at("errors", "sampling"), "what it sends"),),
                help="write `traces: …` in `sampling` of the service",
            )
