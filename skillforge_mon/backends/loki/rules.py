"""Alerts on log lines to rules of Loki's ruler: as those of Prometheus, with LogQL for PromQL.

Sources: Loki, "Alerting and recording rules": rules have the form of Prometheus's, in one folder for each tenant. What
pkg/ruler/rulespb has no field for is lost when the rules are read: ``keep_firing_for`` is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from skillforge_mon.backends.ways.found import carried
from skillforge_mon.backends.ways.templates import template
from skillforge_mon.backends.ways.way import Subject
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Grade, Plain, Verdict
from skillforge_mon.lower.alerts import condition_labels
from skillforge_mon.lower.annotations import alert_annotations
from skillforge_mon.lower.fired_alerts import FiredAlert, escalated, fired_alerts, levels_of
from skillforge_mon.lower.go_templates import literal, threshold_text
from skillforge_mon.lower.layout import DashboardLayout
from skillforge_mon.lower.log_alerts import LogAlertCondition, holds_without_lines
from skillforge_mon.lower.loki_streams import (
    BACKEND,
    UnreadableFieldError,
    counted_lines,
    has_level_label,
    lines_of,
)
from skillforge_mon.lower.runbooks import runbook_link
from skillforge_mon.model.logs import LogCondition
from skillforge_mon.model.project import Alert, Level, Project
from skillforge_mon.query.logql import print_logql
from skillforge_mon.query.logql.tree import (
    Binary,
    Length,
    LogLines,
    MetricExpr,
    Number,
    RangeAggregate,
    Vector,
    VectorAggregate,
)
from skillforge_mon.query.loki_labels import label_name
from skillforge_mon.spec.quantities import Duration, plain_number

Rule = dict[str, Plain]

SILENT_FOR: Final = Duration.of(minutes=5)
"""How long a stream must have been silent at the least before somebody is told: a restart must not tell."""
_EVALUATED_EVERY: Final = Duration.of(minutes=1)
"""How often the ruler evaluates where nobody says it."""


def log_rules(
    project: Project, report: Report, severities: Sequence[LogAlertCondition], layouts: Sequence[DashboardLayout]
) -> Iterator[Rule]:
    """The rules of one alert: one for each severity and level of its policy. None when it cannot be said.

    ``layouts`` are the dashboards that alerts lead to.
    """
    for fired in fired_alerts(project, severities):
        expr = condition_query(project, fired.condition)
        if expr is not None:
            yield _rule(project, report, fired, expr, layouts)
    worst = severities[0]
    if worst.alert.spec.no_data == "notify" and worst.lines is not None:
        for level in levels_of(project, worst.severity.escalation):
            yield _silent_rule(project, worst, worst.lines, level)


def _rule(
    project: Project,
    report: Report,
    fired: FiredAlert[LogAlertCondition],
    expr: MetricExpr,
    layouts: Sequence[DashboardLayout],
) -> Rule:
    alert = fired.condition.alert
    rule: Rule = {"alert": alert.name, "expr": print_logql(expr)}
    if fired.hold:
        rule["for"] = str(fired.hold)
    rule["labels"] = {name: literal(value) for name, value in fired.labels.items()}
    # An alert that Prometheus has as well has had its annotations looked at there.
    told = Report() if "prometheus" in alert.backends else report
    subject = Subject(alert.name, alert.service, fired.labels, frozenset())
    leads = carried(project, layouts, subject, alert.spec.annotations)
    ways = {name: template(way) for name, way in leads.items()}
    texts = alert_annotations(project, fired.condition, fired.labels, BACKEND, told, ways=ways, label_name=label_name)
    if texts:
        rule["annotations"] = dict(texts)
    return rule


def condition_query(project: Project, condition: LogAlertCondition) -> MetricExpr | None:
    """The whole condition as LogQL; None when there is no such query."""
    value = _value(project, condition)
    comparison = condition.comparison
    if value is None or comparison is None or condition.severity.threshold is None:
        return value
    return Binary(comparison.op, value, Number(plain_number(comparison.number)))


def _value(project: Project, condition: LogAlertCondition) -> MetricExpr | None:
    if condition.query is not None:
        tree = condition.query.tree
        return None if tree is None or isinstance(tree, LogLines) else tree
    if condition.lines is None:
        return None
    try:
        counted = _counted(project, condition.lines)
    except UnreadableFieldError:
        return None
    if _needs_zero(condition):
        # Where no line fits, there is no result to compare.
        return Binary("or", counted, Vector("0"))
    return counted


def _needs_zero(condition: LogAlertCondition) -> bool:
    lines, comparison = condition.lines, condition.comparison
    return lines is not None and comparison is not None and not lines.spec.by and holds_without_lines(comparison)


def _counted(project: Project, lines: LogCondition) -> VectorAggregate:
    return counted_lines(lines_of(project, lines.stream, lines.spec.lines), lines.spec.within, lines.spec.by)


def _silent_rule(project: Project, condition: LogAlertCondition, lines: LogCondition, level: Level | None) -> Rule:
    alert = condition.alert
    quiet = max(SILENT_FOR, lines.spec.within)
    labels = escalated(condition_labels(alert, condition.severity), condition.severity.escalation, level)
    texts = {
        "summary": f"{alert.name} cannot be judged: no line of {lines.stream.name} has come for {quiet}",
        "description": "The application is silent, or what reads its lines has stopped.",
    }
    link = runbook_link(project, alert.runbook, BACKEND)
    if link is not None:
        texts["runbook_url"] = literal(link)
    # Half of the silence is looked back on, so that lines may come late, and half is waited for: a Loki that is new, or
    # was away, has no lines of the time before, and would tell of silence at once.
    back = min(quiet, max(Duration(int(quiet) // 2), Duration(2 * int(_interval(project, alert)))))
    rule: Rule = {
        "alert": f"{alert.name}NoData",
        "expr": print_logql(RangeAggregate("absent_over_time", lines_of(project, lines.stream), Length(str(back)))),
    }
    hold = Duration(int(quiet) - int(back) + (int(level.after) if level is not None else 0))
    if hold:
        rule["for"] = str(hold)
    return rule | {"labels": {name: literal(value) for name, value in labels.items()}, "annotations": texts}


def _interval(project: Project, alert: Alert) -> Duration:
    """How often the alert is evaluated."""
    prometheus = project.targets.prometheus
    return alert.spec.interval or (prometheus.evaluation_interval if prometheus is not None else _EVALUATED_EVERY)


def log_alert_verdict(project: Project, severities: Sequence[LogAlertCondition]) -> Verdict:
    """How well the rules of one alert, at all its severities, say what it means."""
    object_id = severities[0].alert.id
    for condition in severities:
        if condition.lines is not None:
            try:
                _counted(project, condition.lines)
            except UnreadableFieldError as error:
                reason = f"its lines are plain text, and have no field `{error.args[0]}`"
                instead = "give the stream a `format`, or look for a text with `contains`"
                return Verdict(BACKEND, object_id, Grade.UNTRANSLATABLE, reason, instead, "logs")
    found = list(dict.fromkeys(each for condition in severities for each in _differences(condition)))
    if not found:
        return Verdict(BACKEND, object_id, Grade.EXACT)
    reasons, instead_, fields = zip(*found, strict=True)
    return Verdict(
        BACKEND, object_id, Grade.APPROXIMATE, "; ".join(reasons), "; ".join(dict.fromkeys(instead_)), fields[0]
    )


def _differences(condition: LogAlertCondition) -> Iterator[tuple[str, str, str]]:
    """What the rules do not say: why, what to write instead, and the field that it is about."""
    alert, lines, comparison = condition.alert, condition.lines, condition.comparison
    if alert.spec.keep_firing_for:
        reason = "Loki's ruler has no `keep_firing_for`: the alert ends as soon as its condition does"
        yield reason, "leave it out, or count the lines of a longer time with `within`", "keep_firing_for"
    if lines is not None and lines.spec.by and comparison is not None and holds_without_lines(comparison):
        reason = "a group without any line has no result, so that it is not told"
        yield reason, "leave `by` out, or make an alert for each value", "logs"
    if lines is not None and lines.spec.lines.level and not has_level_label(lines.stream):
        reason = "Loki itself finds out the level of a line, by words in it"
        yield reason, f"give `{lines.stream.name}` a `format` and a `level`", "logs"
    if lines is None and alert.spec.no_data == "notify":
        reason = "missing data is not told: nobody knows which lines the query needs"
        yield reason, "count lines with `logs:`", "no_data"
    for field, message in (("summary", alert.summary), ("description", alert.description)):
        for placeholder in message.placeholders:
            if placeholder.name == "threshold" and not threshold_text(condition, placeholder.format):
                reason = "`{{ threshold }}` is empty: the query is not compared with a number"
                yield reason, "write the number into the text", field
