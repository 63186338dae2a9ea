"""``alerts``: one condition a severity, and where each goes."""

from __future__ import annotations

from collections.abc import Mapping

from skillforge_mon.model import codes
from skillforge_mon.model.conditions import compares
from skillforge_mon.model.logs import LOG_BACKENDS, LogQuery, LogStream
from skillforge_mon.model.project import Alert, AlertSeverity, Escalation, Place, Query, Runbook, Service
from skillforge_mon.model.resolving.logs import log_condition
from skillforge_mon.model.resolving.resolver import Resolver
from skillforge_mon.spec.models.alerts import Alert as AlertSpec
from skillforge_mon.spec.models.base import SEVERITIES
from skillforge_mon.spec.quantities import Duration

_WITH_OWN_WORDS = ("datadog", "sentry", "loki")
"""Backends for which an alert can have words of its own."""
_PRIORITIES = {"critical": 1, "warning": 2, "info": 3}


def alert(
    resolver: Resolver,
    name: str,
    services: Mapping[str, Service],
    policies: Mapping[str, Escalation],
    runbooks: Mapping[str, Runbook],
    streams: Mapping[str, LogStream],
) -> Alert:
    """The alert ``name``: one condition a severity, with what each inherits."""
    spec = resolver.spec.alerts[name]
    place = resolver.place("alerts", name)
    service = resolver.reference(place, ("service",), "service", spec.service, "services", services)
    runbook = resolver.runbook_named(spec.runbook, place, runbooks)
    policy = resolver.reference(place, ("escalation",), "policy", spec.escalation, "escalation", policies)
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
        usual = policy or (service.policy(severity) if service else None)
        severities.append(AlertSeverity(severity, rule, rule.when, hold or Duration(0), own or usual, priority))
    _thresholds(resolver, name, place, query, severities)
    return Alert(
        name=name,
        spec=spec,
        place=place,
        service=service,
        runbook=runbook or (service.runbook if service else None),
        query=query,
        lines=log_condition(resolver, spec.logs, place, streams),
        severities=tuple(severities),
        summary=resolver.message(spec.summary, place, "summary"),
        description=resolver.message(spec.description, place, "description"),
        backends=_alert_backends(resolver, name, place, streams),
        log_query=_own_log_query(resolver, spec, place),
    )


def _own_log_query(resolver: Resolver, spec: AlertSpec, place: Place) -> LogQuery | None:
    if spec.loki is None:
        return None
    node = place.find("loki", "query") or place.find("loki")
    return resolver.log_query(spec.loki.query, node, variables=False)


def _alert_backends(resolver: Resolver, name: str, place: Place, streams: Mapping[str, LogStream]) -> tuple[str, ...]:
    """Where an alert goes: where it says, and wherever it has words of its own."""
    spec = resolver.spec.alerts[name]
    own = [backend for backend in _WITH_OWN_WORDS if getattr(spec, backend) is not None]
    if spec.expr is None and spec.logs is None and not own:
        resolver.report.add(
            codes.NO_CONDITION.at(
                place.span,
                f"the alert `{name}` has no condition",
                help="write `expr:`, `logs:`, `datadog:`, `sentry:` or `loki:`",
            )
        )
        return ()
    if spec.expr is not None and spec.logs is not None:
        resolver.report.add(
            codes.CONDITION_TWICE.at(
                place.key_at("logs"),
                f"the alert `{name}` has a query and counts lines",
                help="make two alerts of it",
            )
        )
    usual = _usual_backends(resolver, spec, own, streams)
    named = spec.backends
    if named is not None:
        named = [*named, *(backend for backend in own if backend not in named)]
    chosen = resolver.backends(place, named if named is not None or not own else [*usual, *own], usual)
    able = _able(resolver, spec)
    for backend in chosen:
        if backend not in able:
            resolver.report.add(
                codes.NO_BACKEND_CONDITION.at(
                    place.at("backends"),
                    f"the alert `{name}` is to be on `{backend}`, but has not {_lacking(resolver, backend)}",
                    help=f"add it, or take `{backend}` out of `backends`",
                )
            )
    return chosen


def _usual_backends(resolver: Resolver, spec: AlertSpec, own: list[str], streams: Mapping[str, LogStream]) -> list[str]:
    """Where an alert goes that does not say: its query to Prometheus, its lines to the first store that has them."""
    targets = resolver.spec.targets
    if spec.logs is not None:
        stream = streams.get(spec.logs.of)
        return [] if stream is None or own else list(stream.backends[:1])
    if spec.expr is None:
        return []
    if targets.grafana is not None and targets.grafana.alerting:
        return [*(["prometheus"] if targets.prometheus is not None else []), "grafana"]
    return ["prometheus"] if targets.prometheus is not None or own else ["datadog"]


def _able(resolver: Resolver, spec: AlertSpec) -> set[str]:
    """The backends for which the alert has a condition."""
    able = {backend for backend in _WITH_OWN_WORDS if getattr(spec, backend) is not None}
    grafana = resolver.spec.targets.grafana
    if spec.expr is not None:
        able |= {"prometheus", "datadog"}
        if grafana is not None and grafana.alerting:
            able.add("grafana")
    if spec.logs is not None:
        able |= set(LOG_BACKENDS)
    return able


def _lacking(resolver: Resolver, backend: str) -> str:
    grafana = resolver.spec.targets.grafana
    alerting = grafana is not None and grafana.alerting
    if backend in {"alertmanager", "pagerduty"} or (backend == "grafana" and not alerting):
        return (
            "a place there: alerts are compiled for Prometheus, Datadog and Sentry, and for Grafana with "
            "`alerting: true` in its target"
        )
    if backend in {"prometheus", "grafana"}:
        return "a query (`expr`)"
    if backend == "elasticsearch":
        return "lines to count (`logs:`)"
    return f"words for it (`{backend}:`)"


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
    if query is None and resolver.spec.alerts[name].logs is not None and len(severities) == 1 and without:
        resolver.report.add(
            codes.THRESHOLD_MISSING.at(
                place.key_at("severity"),
                f"`{name}` counts lines, and does not say from how many on somebody is told",
                help=f'write `severity: {{{without[0].severity}: "> 10"}}`',
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
