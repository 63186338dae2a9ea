"""Alerts to alert rules: one rule per severity and level of escalation.

An alert that follows a policy fires once per level, each later than the one before by that one's timeout, told apart by
the label ``level``. For ``no_data: notify`` there is a rule of its own, ``<Alert>NoData``, that fires when the query,
without what it is compared with, returns nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from skillforge_mon.backends.prometheus.capabilities import KEEP_FIRING_FOR, Version, version_text
from skillforge_mon.backends.prometheus.names import allowed_name, allowed_names, renamed
from skillforge_mon.backends.prometheus.templates import literal, render, threshold_text
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Grade, Plain, Verdict
from skillforge_mon.lower.alerts import AlertCondition, condition_labels
from skillforge_mon.lower.notifications import level_labels
from skillforge_mon.lower.runbooks import runbook_link
from skillforge_mon.model.codes import BAD_PLACEHOLDER
from skillforge_mon.model.message import Message, parse_message
from skillforge_mon.model.project import Alert, Escalation, Level, Project
from skillforge_mon.query.promql import Binary, Call, Expr, ValueType, pretty, walk
from skillforge_mon.query.promql.tree import COMPARISONS
from skillforge_mon.spec.quantities import Duration
from skillforge_mon.spec.yaml.nodes import ScalarNode

BACKEND: Final = "prometheus"

NO_DATA_AFTER: Final = Duration.of(minutes=5)
"""How long a query must have returned nothing, unless the alert itself waits longer: a restart must not tell."""

FILTERING: Final = frozenset(("and", "unless"))
"""Set operators that leave series out. (A comparison does too, unless it is one with ``bool``.)"""

Rule = dict[str, Plain]


@dataclass(frozen=True, slots=True, eq=False)
class RuleSettings:
    """What the rules of a project have in common."""

    project: Project
    version: Version
    report: Report


def levels_of(policy: Escalation | None) -> tuple[Level | None, ...]:
    """The levels at which an alert fires; None stands for the one rule of an alert without a policy."""
    return policy.levels if policy is not None and policy.levels else (None,)


def escalated(labels: dict[str, str], policy: Escalation | None, level: Level | None) -> dict[str, str]:
    """``labels`` at a level of a policy."""
    return labels | level_labels(policy, level) if policy is not None and level is not None else labels


def alert_rules(settings: RuleSettings, conditions: Iterable[AlertCondition]) -> Iterator[Rule]:
    """The rules of one alert: ``conditions`` are its severities, the worst first."""
    worst = None
    for condition in conditions:
        worst = worst or condition
        for level in levels_of(condition.severity.escalation):
            yield _rule(settings, condition, level)
    if worst is not None and worst.alert.spec.no_data == "notify" and _has_a_result_when_well(worst.value):
        for level in levels_of(worst.severity.escalation):
            yield _no_data_rule(settings, worst, level)


def _rule(settings: RuleSettings, condition: AlertCondition, level: Level | None) -> Rule:
    alert = condition.alert
    labels = escalated(dict(condition.labels), condition.severity.escalation, level)
    rule: Rule = {"alert": alert.name, "expr": pretty(condition.condition)}
    hold = condition.severity.hold + (level.after if level is not None else 0)
    if hold:
        rule["for"] = str(Duration(hold))
    if alert.spec.keep_firing_for and settings.version >= KEEP_FIRING_FOR.since:
        rule["keep_firing_for"] = str(alert.spec.keep_firing_for)
    rule["labels"] = _label_texts(labels, settings.version)
    annotations = _annotations(settings, condition, labels)
    if annotations:
        rule["annotations"] = annotations
    return rule


def _annotations(settings: RuleSettings, condition: AlertCondition, labels: dict[str, str]) -> dict[str, str]:
    alert = condition.alert
    link = runbook_link(settings.project, alert.runbook, BACKEND)
    messages = {"summary": alert.summary, "description": alert.description}
    annotations = {name: render(text, condition, labels, link) for name, text in messages.items() if text}
    if link is not None:
        annotations["runbook_url"] = literal(link)
    for name in alert.spec.annotations:
        message = _custom(settings, alert, name)
        annotations[allowed_name(name, settings.version)] = render(message, condition, labels, link)
    return annotations


def _custom(settings: RuleSettings, alert: Alert, name: str) -> Message:
    """An annotation of the user's own; what is wrong with its placeholders is reported."""
    message, problems = parse_message(alert.spec.annotations[name])
    node = alert.place.find("annotations", name)
    for problem in problems:
        span = node.text_span(problem.start, problem.end) if isinstance(node, ScalarNode) else alert.place.span
        settings.report.add(BAD_PLACEHOLDER.at(span, problem.text, help=problem.help))
    return message


def _has_a_result_when_well(value: Expr) -> bool:
    """Whether no result means no data: not when the query keeps only what is wrong, or looks for what is missing."""
    return value.type is ValueType.VECTOR and not any(_filters(node) for node in walk(value))


def _filters(node: Expr) -> bool:
    if isinstance(node, Binary):
        return node.op in FILTERING or (node.op in COMPARISONS and not node.return_bool)
    return isinstance(node, Call) and node.function.startswith("absent")


def _no_data_rule(settings: RuleSettings, condition: AlertCondition, level: Level | None) -> Rule:
    alert = condition.alert
    quiet = max(NO_DATA_AFTER, condition.severity.hold)
    # The series that would bring a label `service` are the ones that are missing.
    labels = escalated(condition_labels(alert, condition.severity), condition.severity.escalation, level)
    annotations = {
        "summary": f"{alert.name} cannot be judged: its query has had no result for {quiet}",
        "description": "Its metrics have stopped coming, or their names or labels have changed.",
    }
    link = runbook_link(settings.project, alert.runbook, BACKEND)
    if link is not None:
        annotations["runbook_url"] = literal(link)
    return {
        "alert": f"{alert.name}NoData",
        "expr": pretty(Call("absent", (condition.value,))),
        "for": str(Duration(quiet + (level.after if level is not None else 0))),
        "labels": _label_texts(labels, settings.version),
        "annotations": annotations,
    }


def _label_texts(labels: dict[str, str], version: Version) -> dict[str, str]:
    return {name: literal(value) for name, value in allowed_names(labels, version).items()}


def alert_verdict(settings: RuleSettings, conditions: Iterable[AlertCondition]) -> Verdict:
    """How well the rules of one alert, at all its severities, say what it means."""
    severities = list(conditions)
    found = list(dict.fromkeys(reason for condition in severities for reason in _differences(settings, condition)))
    object_id = severities[0].alert.id
    if not found:
        return Verdict(BACKEND, object_id, Grade.EXACT)
    reasons, instead, fields = zip(*found, strict=True)
    return Verdict(BACKEND, object_id, Grade.APPROXIMATE, "; ".join(reasons), _once(instead), fields[0])


def _once(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(texts))


def _differences(settings: RuleSettings, condition: AlertCondition) -> Iterator[tuple[str, str, str]]:
    """What the rules do not say: why, what to write instead, and the field that it is about."""
    alert, version = condition.alert, settings.version
    if alert.spec.keep_firing_for and version < KEEP_FIRING_FOR.since:
        reason = f"{KEEP_FIRING_FOR} came later: the alert ends as soon as its condition does"
        instead = f"leave it out, or raise `targets.prometheus.version` to {version_text(KEEP_FIRING_FOR.since)}"
        yield reason, instead, "keep_firing_for"
    if alert.spec.no_data == "notify" and not _has_a_result_when_well(condition.value):
        reason = (
            "missing data is not told: the query has no result either when all is well, because it filters its values"
        )
        yield reason, "give the threshold under `severity`, and leave the filters out", "no_data"
    for field, names in (("labels", condition.labels), ("annotations", alert.spec.annotations)):
        if reason := renamed(names, version):
            yield reason, "use names of letters, digits and `_`", field
    for field, message in (("summary", alert.summary), ("description", alert.description)):
        for placeholder in message.placeholders:
            if placeholder.name == "threshold" and not threshold_text(condition, placeholder.format):
                reason = "`{{ threshold }}` is empty: the query is not compared with a number"
                yield reason, "write the number into the text", field
