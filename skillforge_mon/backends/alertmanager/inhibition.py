"""The worse of two alerts silences the lesser: https://prometheus.io/docs/alerting/latest/configuration/#inhibit_rule.

A higher level of an escalation does not silence a lower one (see lower/notifications.py). Nor does a service that is
down silence the services that depend on it: an alert does not say whether the dependency is its cause, and what is
silenced wrongly is not heard of at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from skillforge_mon.backends.alertmanager.capabilities import Version, can, since
from skillforge_mon.backends.alertmanager.routes import matcher
from skillforge_mon.documents.document import Grade, Plain, Verdict
from skillforge_mon.lower.alerts import condition_labels
from skillforge_mon.lower.log_alerts import labels_left
from skillforge_mon.lower.notices import SLO, Notice
from skillforge_mon.model.project import Alert, Project
from skillforge_mon.query.types import infer
from skillforge_mon.spec.models.base import SEVERITIES

ALWAYS_EQUAL = ("alertname", "service")
ADDED = frozenset(("severity", "priority", "escalation", "level"))
"""What differs between the severities and the levels of one alert."""
TARGET_LABELS = frozenset(("instance", "job"))
"""What every scraped series has: compared when it is not known which labels a query leaves."""
_CLASSIC_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")


def inhibit_rules(
    project: Project, notices: Sequence[Notice], version: Version
) -> tuple[list[Plain], tuple[Verdict, ...]]:
    """The rules, and what ``version`` cannot say of them.

    One set of labels serves all alerts: a label that neither of two alerts has counts as equal. Both burn-rate alerts
    of an SLO have the same name, its own name as a label, and the labels of the group whose budget burns.
    """
    several = [alert for alert in _alerts(notices) if len(alert.severities) > 1]
    found = {severity.severity for alert in several for severity in alert.severities}
    apart = frozenset[str]().union(*(_told_apart_by(project, alert) for alert in several))
    burning = {notice.labels["severity"] for notice in notices if notice.slo is not None}
    if burning:
        found |= burning
        apart |= {SLO}.union(*(notice.slo.spec.group_by for notice in notices if notice.slo is not None))
    if project.targets.prometheus is not None:
        apart |= {*project.targets.prometheus.external_labels}
    modern = sorted(name for name in apart if not _CLASSIC_NAME.fullmatch(name))
    if found and modern and not can(version, "UTF-8 label names"):
        return [], (_too_old(modern),)
    equal = [*ALWAYS_EQUAL, *sorted(apart - {*ALWAYS_EQUAL})]
    return [_rule(severity, lesser, equal) for severity, lesser in _ranked(found)], ()


def _alerts(notices: Iterable[Notice]) -> Iterable[Alert]:
    return dict.fromkeys(notice.alert for notice in notices if notice.alert is not None)


def _ranked(found: set[str]) -> Iterator[tuple[str, list[str]]]:
    """Each severity with the lesser ones, without the least."""
    present = [severity for severity in SEVERITIES if severity in found]
    for index, severity in enumerate(present[:-1]):
        yield severity, present[index + 1 :]


def _told_apart_by(project: Project, alert: Alert) -> frozenset[str]:
    """The labels by which alerts of this name that fire at once may differ. Those of the rule are the same for all."""
    found = labels_left(project, alert)
    if alert.query is not None and alert.query.expr is not None:
        labels = infer(alert.query.expr, project.catalogue).labels
        found |= labels.names | TARGET_LABELS if labels.open else labels.names
    own = {name for severity in alert.severities for name in condition_labels(alert, severity)}
    return found - own - ADDED - {"__name__"}


def _rule(severity: str, lesser: list[str], equal: list[str]) -> Plain:
    return {
        "source_matchers": [matcher("severity", (severity,))],
        "target_matchers": [matcher("severity", lesser)],
        "equal": equal,
    }


def _too_old(names: list[str]) -> Verdict:
    known = since("UTF-8 label names")
    return Verdict(
        "alertmanager",
        "targets.alertmanager",
        Grade.UNTRANSLATABLE,
        f"alerts differ by labels whose names Alertmanager knows from {known} on: {', '.join(names)}",
        f"name version {known} or later, or use label names of letters, digits and _ only",
        "version",
    )
