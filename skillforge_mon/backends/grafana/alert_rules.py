"""Alert rules that Grafana evaluates: one per severity and level of an alert, in the form of its API.

A rule asks Prometheus for the value (``A``) and compares it itself (``B``). So every series is there whether it is
well or not, its value can be told, and no result means no data. A query that compares in other ways is asked as it is;
whatever it returns is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from skillforge_mon.backends.grafana.capabilities import KEEP_FIRING_FOR, Version
from skillforge_mon.backends.grafana.ownership import digest, uid_prefix
from skillforge_mon.backends.ways.found import carried, subject_of_alert
from skillforge_mon.backends.ways.templates import template
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Plain
from skillforge_mon.lower.alerts import AlertCondition
from skillforge_mon.lower.annotations import alert_annotations
from skillforge_mon.lower.fired_alerts import FiredAlert, has_a_result_when_well
from skillforge_mon.lower.go_templates import literal
from skillforge_mon.lower.layout import DashboardLayout
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import pretty
from skillforge_mon.spec.quantities import json_number, plain_number

VALUE: Final = "$values.A.Value"
"""What Grafana calls the value of query ``A`` ("Template annotations and labels"); its ``$value`` is a text of all."""

THRESHOLDS: Final = {">": "gt", "<": "lt"}
"""Comparisons that every version's threshold has (``pkg/expr/threshold.go``); the others are formulas."""

SECONDS: Final = 600
"""How far back the query may look; an instant query looks at its end."""

_EXPRESSION: Final[dict[str, Plain]] = {"type": "__expr__", "uid": "__expr__"}
_DEFAULTS: Final[dict[str, Plain]] = {"intervalMs": 1000, "maxDataPoints": 43200}
"""What Grafana writes into every query that lacks it (``AlertQuery.PreSave``, ``pkg/services/ngalert/models``)."""

Rule = dict[str, Plain]


@dataclass(frozen=True, slots=True, eq=False)
class RuleSettings:
    """What the rules of a project have in common.

    ``source`` is the uid of the data source that is asked; ``layouts`` are the dashboards that alerts lead to.
    """

    project: Project
    version: Version
    report: Report
    source: str
    layouts: tuple[DashboardLayout, ...] = ()


def alert_rule(
    settings: RuleSettings, fired: FiredAlert[AlertCondition], notification: Mapping[str, Plain], apart: str = ""
) -> Rule:
    """The rule of ``fired``; ``notification`` says who is told, and is empty when nobody is named.

    ``apart`` tells it from another rule of the same, whom it tells at other hours.
    """
    condition = fired.condition
    alert = condition.alert
    made: Rule = {
        "uid": uid_prefix(settings.project)
        + digest(alert.name, condition.severity.severity, _level(fired), *filter(None, (apart,))),
        "title": title(fired, apart),
        "condition": "B",
        "data": _data(settings, condition),
        "noDataState": "NoData" if tells_of_no_data(condition) else "OK",
        # Otherwise nobody hears of it when Prometheus cannot be asked.
        "execErrState": "Error",
        "for": str(fired.hold),
    }
    if alert.spec.keep_firing_for and settings.version >= KEEP_FIRING_FOR:
        made["keep_firing_for"] = str(alert.spec.keep_firing_for)
    subject = subject_of_alert(settings.project, condition, fired.labels)
    leads = carried(settings.project, settings.layouts, subject, alert.spec.annotations)
    texts = alert_annotations(
        settings.project,
        condition,
        fired.labels,
        "grafana",
        _report(settings, alert.backends),
        VALUE,
        {name: template(way) for name, way in leads.items()},
    )
    made["annotations"] = dict(texts)
    made["labels"] = {name: literal(value) for name, value in fired.labels.items()}
    made["isPaused"] = False
    if notification:
        made["notification_settings"] = dict(notification)
    return made


def title(fired: FiredAlert[AlertCondition], apart: str = "") -> str:
    """What people see, and the label ``alertname``: unique in its folder, so that it says more where it must."""
    alert = fired.condition.alert
    parts = [fired.condition.severity.severity] if len(alert.severities) > 1 else []
    if fired.level is not None and fired.level.number > 1:
        parts.append(f"level {fired.level.number}")
    if apart:
        parts.append(apart)
    return f"{alert.name} ({', '.join(parts)})" if parts else alert.name


def tells_of_no_data(condition: AlertCondition) -> bool:
    """Whether the rule tells of missing data: where the spec asks for it, and its query can say so."""
    asked = condition.alert.spec.no_data == "notify"
    return asked and condition.comparison is not None and has_a_result_when_well(condition.value)


def _level(fired: FiredAlert[AlertCondition]) -> str:
    return str(fired.level.number) if fired.level is not None else ""


def _report(settings: RuleSettings, backends: Iterable[str]) -> Report:
    """Where what is wrong with a text is reported: nowhere, when the rules of Prometheus report it too."""
    return Report() if "prometheus" in backends else settings.report


def _data(settings: RuleSettings, condition: AlertCondition) -> list[Plain]:
    comparison = condition.comparison
    asked = condition.value if comparison is not None else condition.condition
    query: dict[str, Plain] = {
        "refId": "A",
        "datasource": {"type": "prometheus", "uid": settings.source},
        "editorMode": "code",
        "expr": pretty(asked),
        "instant": True,
        "range": False,
        "legendFormat": "__auto",
        **_DEFAULTS,
    }
    return [_step("A", settings.source, SECONDS, query), _step("B", "__expr__", 0, _judgement(condition))]


def _step(ref_id: str, source: str, seconds: int, model: dict[str, Plain]) -> Plain:
    return {
        "refId": ref_id,
        "queryType": "",
        "relativeTimeRange": {"from": seconds, "to": 0},
        "datasourceUid": source,
        "model": model,
    }


def _judgement(condition: AlertCondition) -> dict[str, Plain]:
    comparison = condition.comparison
    common: dict[str, Plain] = {"refId": "B", "datasource": _EXPRESSION, **_DEFAULTS}
    if comparison is None:
        return {**common, "type": "math", "expression": "is_number($A) || is_nan($A) || is_inf($A)"}
    if comparison.op not in THRESHOLDS:
        return {**common, "type": "math", "expression": f"$A {comparison.op} {plain_number(comparison.number)}"}
    evaluator: dict[str, Plain] = {"type": THRESHOLDS[comparison.op], "params": [json_number(comparison.number)]}
    return {**common, "type": "threshold", "expression": "A", "conditions": [{"evaluator": evaluator}]}
