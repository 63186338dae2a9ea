"""Alerts to alert rules: one rule per severity and level of escalation.

An alert that follows a policy fires once per level, each later than the one before by that one's timeout, told apart by
the label ``level``. For ``no_data: notify`` there is a rule of its own, ``<Alert>NoData``, that fires when the query,
without what it is compared with, returns nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from skillforge_mon.backends.prometheus.capabilities import KEEP_FIRING_FOR, Version, version_text
from skillforge_mon.backends.prometheus.names import allowed_name, allowed_names, renamed
from skillforge_mon.backends.ways.found import carried, subject_of_alert
from skillforge_mon.backends.ways.templates import template
from skillforge_mon.backends.ways.way import Subject
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Grade, Plain, Verdict
from skillforge_mon.lower.alerts import AlertCondition, condition_labels
from skillforge_mon.lower.annotations import alert_annotations
from skillforge_mon.lower.fired_alerts import (
    FiredAlert,
    escalated,
    fired_alerts,
    has_a_result_when_well,
    levels_of,
)
from skillforge_mon.lower.go_templates import literal, threshold_text
from skillforge_mon.lower.layout import DashboardLayout
from skillforge_mon.lower.runbooks import runbook_link
from skillforge_mon.model.project import Level, Project
from skillforge_mon.query.promql import Call, pretty
from skillforge_mon.spec.quantities import Duration

BACKEND: Final = "prometheus"

NO_DATA_AFTER: Final = Duration.of(minutes=5)
"""How long a query must have returned nothing, unless the alert itself waits longer: a restart must not tell."""

Rule = dict[str, Plain]


@dataclass(frozen=True, slots=True, eq=False)
class RuleSettings:
    """What the rules of a project have in common. ``layouts`` are the dashboards that alerts lead to."""

    project: Project
    version: Version
    report: Report
    layouts: tuple[DashboardLayout, ...] = ()

    @property
    def sloth(self) -> bool:
        """Whether SLOs are recorded as Sloth does too."""
        target = self.project.targets.prometheus
        return target is not None and target.compat == "sloth"

    def ways(self, subject: Subject, own: Mapping[str, str]) -> dict[str, str]:
        """Where an alert leads, as templates by the names of their annotations; those of ``own`` are the user's."""
        found = carried(self.project, self.layouts, subject, own)
        return {name: template(way) for name, way in found.items()}


def alert_rules(settings: RuleSettings, conditions: Iterable[AlertCondition]) -> Iterator[Rule]:
    """The rules of one alert: ``conditions`` are its severities, the worst first."""
    severities = list(conditions)
    for fired in fired_alerts(settings.project, severities):
        yield _rule(settings, fired)
    worst = severities[0] if severities else None
    if worst is not None and worst.alert.spec.no_data == "notify" and has_a_result_when_well(worst.value):
        for level in levels_of(settings.project, worst.severity.escalation):
            yield _no_data_rule(settings, worst, level)


def _rule(settings: RuleSettings, fired: FiredAlert[AlertCondition]) -> Rule:
    condition, version = fired.condition, settings.version
    alert = condition.alert
    rule: Rule = {"alert": alert.name, "expr": pretty(condition.condition)}
    if fired.hold:
        rule["for"] = str(fired.hold)
    if alert.spec.keep_firing_for and version >= KEEP_FIRING_FOR.since:
        rule["keep_firing_for"] = str(alert.spec.keep_firing_for)
    rule["labels"] = _label_texts(fired.labels, version)
    leads = settings.ways(subject_of_alert(settings.project, condition, fired.labels), alert.spec.annotations)
    texts = alert_annotations(settings.project, condition, fired.labels, BACKEND, settings.report, ways=leads)
    if texts:
        rule["annotations"] = {allowed_name(name, version): text for name, text in texts.items()}
    return rule


def _no_data_rule(settings: RuleSettings, condition: AlertCondition, level: Level | None) -> Rule:
    alert = condition.alert
    quiet = max(NO_DATA_AFTER, condition.severity.hold)
    # The series that would bring a label `service` are the ones that are missing.
    labels = escalated(condition_labels(alert, condition.severity), condition.severity.escalation, level)
    texts = {
        "summary": f"{alert.name} cannot be judged: its query has had no result for {quiet}",
        "description": "Its metrics have stopped coming, or their names or labels have changed.",
    }
    link = runbook_link(settings.project, alert.runbook, BACKEND)
    if link is not None:
        texts["runbook_url"] = literal(link)
    return {
        "alert": f"{alert.name}NoData",
        "expr": pretty(Call("absent", (condition.value,))),
        "for": str(Duration(quiet + (level.after if level is not None else 0))),
        "labels": _label_texts(labels, settings.version),
        "annotations": texts,
    }


def _label_texts(labels: Mapping[str, str], version: Version) -> dict[str, str]:
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
    if alert.spec.no_data == "notify" and not has_a_result_when_well(condition.value):
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
