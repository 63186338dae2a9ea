"""SLOs of ours as documents of OpenSLO v1, with what it cannot say.

After the specification of OpenSLO/OpenSLO, v1. It leaves the language of queries open; these are PromQL, in the forms
that ``monmc import slo`` reads back: selectors of counters (``counter: true``), the sum and the count of a gauge
(``counter: false``), an expression with a bound (``thresholdMetric``), and a stored ratio (``raw``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.importing.codes import EXPORTED_APPROXIMATELY, NOT_EXPORTED
from skillforge_mon.importing.openslo_measure import OPERATORS, SHORTHAND_OF
from skillforge_mon.lower.burn_rate import BurnTier
from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.lower.slo_events import CountedEvents, NativeLatency
from skillforge_mon.lower.slo_slices import Combined, Events, GivenRatio, Scrapes, Slices
from skillforge_mon.model.project import Level, Project, Slo, Team
from skillforge_mon.query.promql import Aggregate, Binary, Call, Expr, MatrixSelector, NumberLiteral, print_expr
from skillforge_mon.query.promql import Duration as Range
from skillforge_mon.spec.quantities import CalendarPeriod, Duration, plain_number

API = "openslo/v1"
_SHORT = 12
_LONGEST_NAME = 63
_UNITS = (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000))
_OPS = {sign: name for name, sign in OPERATORS.items()}
_RATIO_WINDOW = Range(300_000)


@dataclass(slots=True, eq=False)
class Export:
    """``documents`` in the order in which a reader wants them; ``verdicts`` say what they leave out."""

    documents: list[dict[str, Any]] = field(default_factory=list)
    verdicts: list[Diagnostic] = field(default_factory=list)


class _UnsayableError(Exception):
    """OpenSLO cannot say an SLO; ``args[0]`` says why."""


def openslo_documents(project: Project, plans: Iterable[SloPlan]) -> Export:
    """Services, SLOs, and the alert policies and targets that they name."""
    export = Export()
    names = _Names()
    slos: list[dict[str, Any]] = []
    services: dict[str, dict[str, Any]] = {}
    policies: dict[str, dict[str, Any]] = {}
    targets: dict[str, dict[str, Any]] = {}
    for plan in plans:
        slo = plan.slo
        lost: list[str] = []
        try:
            indicator, bound = _indicator(plan.events, lost)
            window = _window(plan.window)
            tiers = [(tier, _shorthand(tier.long)) for alert in plan.alerts for tier in alert.tiers]
        except _UnsayableError as error:
            headline = f"`{slo.name}` cannot be said in OpenSLO: {error}"
            export.verdicts.append(NOT_EXPORTED.at(slo.place.span, headline))
            continue
        service = slo.service
        if service is not None and service.name not in services:
            body = {"description": service.spec.description} if service.spec.description else {}
            services[service.name] = _document("Service", names.of("Service", service.name), body)
        spec: dict[str, Any] = {}
        if slo.spec.description:
            spec["description"] = slo.spec.description
        own = names.of("SLO", slo.name)
        spec["service"] = names.of("Service", service.name if service is not None else project.name)
        if service is None:
            lost.append(f"it names no service, so it is one of `{spec['service']}`")
            services.setdefault("", _document("Service", spec["service"], {}))
        spec["indicator"] = {"metadata": {"name": f"{own[: _LONGEST_NAME - 4]}-sli"}, "spec": indicator}
        spec["timeWindow"] = [window]
        spec["budgetingMethod"] = "Occurrences"
        spec["objectives"] = [{**bound, "targetPercent": _number(plain_number(slo.spec.objective * 100))}]
        references = [_policy(slo, tier, lookback, names, policies, targets, lost) for tier, lookback in tiers]
        if references:
            spec["alertPolicies"] = [{"alertPolicyRef": name} for name in references]
        slos.append(_document("SLO", own, spec, labels=slo.spec.labels, display="" if own == slo.name else slo.name))
        lost.extend(_unsaid(slo))
        if lost:
            headline = f"`{slo.name}` reaches OpenSLO only approximately"
            notes = tuple(dict.fromkeys(lost))
            export.verdicts.append(EXPORTED_APPROXIMATELY.at(slo.place.span, headline, notes=notes))
    export.documents = [*services.values(), *slos, *policies.values(), *targets.values()]
    return export


class _Names:
    """Names of ours as DNS labels (RFC 1123), each used once within its kind."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], str] = {}

    def of(self, kind: str, name: str) -> str:
        known = self._given.get((kind, name))
        if known is not None:
            return known
        fitting = wanted = re.sub(r"[^a-z0-9]+", "-", name.lower())[:_LONGEST_NAME].strip("-") or "x"
        taken = {given for (other, _), given in self._given.items() if other == kind}
        number = 2
        while fitting in taken:
            fitting = f"{wanted[: _LONGEST_NAME - 1 - len(str(number))]}-{number}"
            number += 1
        self._given[kind, name] = fitting
        return fitting


def _document(
    kind: str, name: str, spec: dict[str, Any], *, labels: Mapping[str, str] | None = None, display: str = ""
) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": name}
    if display:
        metadata["displayName"] = display
    if labels:
        metadata["labels"] = dict(labels)
    return {"apiVersion": API, "kind": kind, "metadata": metadata, "spec": spec}


def _indicator(events: Events, lost: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The spec of the SLI, and what its objective says of the bound."""
    if events.by:
        raise _UnsayableError(f"it has a budget for each {' and '.join(events.by)}, and OpenSLO has no groups")
    match events:
        case CountedEvents():
            key = "good" if events.part_is_good else "bad"
            return {"ratioMetric": {"counter": True, key: _source(events.part), "total": _source(events.total)}}, {}
        case Scrapes():
            good, total = (Aggregate(op, events.gauge) for op in ("sum", "count"))
            return {"ratioMetric": {"counter": False, "good": _source(good), "total": _source(total)}}, {}
        case Slices():
            if events.op not in _OPS:
                raise _UnsayableError(f"its bound is `{events.op}`, and OpenSLO has only {', '.join(OPERATORS)}")
            bound = {"op": _OPS[events.op], "value": _number(plain_number(events.bound))}
            return {"thresholdMetric": _source(events.value)}, bound
        case GivenRatio():
            return _raw(events.value), {}
        case NativeLatency():
            lost.append("its observations are a ratio over 5m there, of which each moment counts the same")
            rate = Aggregate("sum", Call("rate", (MatrixSelector(events.histogram, _RATIO_WINDOW),)))
            least, most = (
                NumberLiteral(float("-inf"), "-Inf"),
                NumberLiteral(float(events.bound), plain_number(events.bound)),
            )
            quick = Call("histogram_fraction", (least, most, rate))
            return _raw(Binary("-", NumberLiteral(1.0, "1"), quick)), {}
        case Combined():
            raise _UnsayableError("it is made of other SLOs, and OpenSLO v1 does not say how those are taken together")


def _raw(value: Expr) -> dict[str, Any]:
    return {"ratioMetric": {"rawType": "failure", "raw": _source(value)}}


def _source(expr: Expr) -> dict[str, Any]:
    return {"metricSource": {"type": "Prometheus", "spec": {"query": print_expr(expr)}}}


def _window(window: Duration) -> dict[str, Any]:
    if isinstance(window, CalendarPeriod):
        # 2024-01-01 is a Monday, and the first day of a month and of a quarter.
        calendar = {"startTime": "2024-01-01 00:00:00", "timeZone": "UTC"}
        return {"duration": SHORTHAND_OF[window.name], "isRolling": False, "calendar": calendar}
    return {"duration": _shorthand(window), "isRolling": True}


def _shorthand(length: Duration) -> str:
    for unit, size in _UNITS:
        if length % size == 0:
            return f"{length // size}{unit}"
    raise _UnsayableError(f"its window of {length} is not of whole minutes")


def _policy(
    slo: Slo,
    tier: BurnTier,
    lookback: str,
    names: _Names,
    policies: dict[str, dict[str, Any]],
    targets: dict[str, dict[str, Any]],
    lost: list[str],
) -> str:
    """The name of the policy that tells of ``tier``; SLOs that are told alike share it."""
    if tier.short * _SHORT != tier.long:
        lost.append(f"the short window of {tier.short} beside the one of {tier.long}")
    levels = slo.levels(tier.severity)
    if len(levels) > 1:
        lost.append(f"the levels after the first of `{_policy_name(slo, tier)}`")
    told = [_target(team, names, targets, lost) for team in _teams(levels)]
    name = names.of("AlertPolicy", f"{_policy_name(slo, tier)}-{tier.severity}-{_factor(tier)}x-{lookback}")
    condition = {
        "kind": "AlertCondition",
        "metadata": {"name": name},
        "spec": {
            "severity": "page" if tier.severity == "critical" else "ticket",
            "condition": {
                "kind": "burnrate",
                "op": "gte",
                "threshold": _number(_factor(tier)),
                "lookbackWindow": lookback,
                "alertAfter": "0m",
            },
        },
    }
    body = {
        "alertWhenNoData": True,
        "alertWhenResolved": True,
        "alertWhenBreaching": True,
        "conditions": [condition],
        "notificationTargets": [{"targetRef": target} for target in told],
    }
    policies.setdefault(name, _document("AlertPolicy", name, body))
    return name


def _factor(tier: BurnTier) -> str:
    """Six decimals are more than a budget share that a person wrote can be told by."""
    return plain_number(round(tier.factor, 6))


def _policy_name(slo: Slo, tier: BurnTier) -> str:
    policy = slo.policy(tier.severity)
    return policy.name if policy is not None else "burn"


def _teams(levels: tuple[Level, ...]) -> tuple[Team, ...]:
    return levels[0].teams if levels else ()


def _target(team: Team, names: _Names, targets: dict[str, dict[str, Any]], lost: list[str]) -> str:
    name = names.of("AlertNotificationTarget", team.name)
    spec = team.spec
    addresses = [
        *(channel.channel for channel in spec.slack),
        *spec.email,
        *(hook.url for hook in spec.webhook if "${" not in hook.url),
    ]
    if len(addresses) != 1:
        lost.append(f"the channels of `{team.name}`{', but for the first' if addresses else ''}")
    targets.setdefault(name, _document("AlertNotificationTarget", name, {"target": [*addresses, team.name][0]}))
    return name


def _unsaid(slo: Slo) -> list[str]:
    """What the spec says of an SLO and OpenSLO has no place for."""
    found = []
    if slo.runbook is not None:
        found.append("its runbook")
    if slo.spec.min_bad_events is not None:
        found.append(f"that {slo.spec.min_bad_events} events must have been bad before anybody is told")
    if slo.spec.available is not None and slo.spec.available.counts != "scrapes":
        found.append(f"that it is the time in which `{slo.spec.available.counts}` targets are up, but in the query")
    return found


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)
