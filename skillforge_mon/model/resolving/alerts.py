"""``alerts``: one condition a severity, and where each goes."""

from __future__ import annotations

from collections.abc import Mapping

from skillforge_mon.model import codes
from skillforge_mon.model.conditions import compares
from skillforge_mon.model.project import Alert, AlertSeverity, Escalation, Place, Query, Runbook, Service
from skillforge_mon.model.resolving.resolver import Resolver
from skillforge_mon.spec.models.base import SEVERITIES
from skillforge_mon.spec.quantities import Duration

_PRIORITIES = {"critical": 1, "warning": 2, "info": 3}


def alert(
    resolver: Resolver,
    name: str,
    services: Mapping[str, Service],
    policies: Mapping[str, Escalation],
    runbooks: Mapping[str, Runbook],
) -> Alert:
    """The alert ``name``: one condition a severity, with what each inherits."""
    spec = resolver.spec.alerts[name]
    place = resolver.place("alerts", name)
    service = resolver.reference(place, ("service",), "service", spec.service, "services", services)
    runbook = resolver.runbook_named(spec.runbook, place, runbooks)
    policy = resolver.reference(place, ("escalation",), "policy", spec.escalation, "escalation", policies)
    policy = policy or (service.escalation if service else None)
    query = resolver.query(spec.expr, place.find("expr"))
    severities = []
    for severity in SEVERITIES:
        rule = spec.severity.get(severity)  # type: ignore[call-overload]  # a literal of this very list
        if rule is None:
            continue
        own = resolver.reference(
            place, ("severity", severity, "escalation"), "policy", rule.escalation, "escalation", policies
        )
        hold = rule.for_ if rule.for_ is not None else spec.for_
        priority = int(rule.priority[1:]) if rule.priority else _PRIORITIES[severity]
        severities.append(AlertSeverity(severity, rule, rule.when, hold or Duration(0), own or policy, priority))
    _thresholds(resolver, name, place, query, severities)
    return Alert(
        name=name,
        spec=spec,
        place=place,
        service=service,
        runbook=runbook or (service.runbook if service else None),
        query=query,
        severities=tuple(severities),
        summary=resolver.message(spec.summary, place, "summary"),
        description=resolver.message(spec.description, place, "description"),
        backends=_alert_backends(resolver, name, place),
    )


def _alert_backends(resolver: Resolver, name: str, place: Place) -> tuple[str, ...]:
    """Where an alert goes: where it says, and wherever it has words of its own."""
    spec = resolver.spec.alerts[name]
    own = [backend for backend in ("datadog", "sentry") if getattr(spec, backend) is not None]
    if spec.expr is None and not own:
        resolver.report.add(
            codes.NO_CONDITION.at(
                place.span, f"the alert `{name}` has no condition", help="write `expr:`, `datadog:` or `sentry:`"
            )
        )
        return ()
    usual: list[str] = []
    if spec.expr is not None:
        usual = ["prometheus"] if resolver.spec.targets.prometheus is not None or own else ["datadog"]
    grafana = resolver.spec.targets.grafana
    alerting = grafana is not None and grafana.alerting
    if spec.expr is not None and alerting:
        usual = [*(["prometheus"] if resolver.spec.targets.prometheus is not None else []), "grafana"]
    named = spec.backends
    if named is not None:
        named = [*named, *(backend for backend in own if backend not in named)]
    chosen = resolver.backends(place, named if named is not None or not own else [*usual, *own], usual)
    for backend in chosen:
        has = {
            "prometheus": spec.expr is not None,
            "datadog": spec.expr is not None or spec.datadog is not None,
            "sentry": spec.sentry is not None,
            "grafana": spec.expr is not None and alerting,
        }.get(backend, False)
        if not has:
            words = "a query (`expr`)" if backend in {"prometheus", "grafana"} else f"words for it (`{backend}:`)"
            if backend in {"alertmanager", "pagerduty"} or (backend == "grafana" and not alerting):
                words = "a place there: alerts are compiled for Prometheus, Datadog and Sentry"
                words += ", and for Grafana with `alerting: true` in its target"
            resolver.report.add(
                codes.NO_BACKEND_CONDITION.at(
                    place.at("backends"),
                    f"the alert `{name}` is to be on `{backend}`, but has not {words}",
                    help=f"add it, or take `{backend}` out of `backends`",
                )
            )
    return chosen


def _thresholds(
    resolver: Resolver, name: str, place: Place, query: Query | None, severities: list[AlertSeverity]
) -> None:
    """Several severities need a threshold each; a query that compares itself takes none."""
    without = [severity for severity in severities if severity.threshold is None]
    if len(severities) > 1 and without:
        first = without[0]
        resolver.report.add(
            codes.THRESHOLD_MISSING.at(
                place.key_at("severity", first.severity),
                f"the severity `{first.severity}` of `{name}` has no threshold",
                help=f'write `{first.severity}: "> 5%"`, and leave the comparison out of the query',
            )
        )
    if query is None or query.expr is None or not compares(query.expr):
        return
    for severity in severities:
        if severity.threshold is not None:
            resolver.report.add(
                codes.THRESHOLD_TWICE.at(
                    place.at("severity", severity.severity),
                    f"`{name}` compares its value in the query and here again",
                    label=f"and `{severity.threshold}` here",
                    help="leave the comparison out of the query",
                )
            )
