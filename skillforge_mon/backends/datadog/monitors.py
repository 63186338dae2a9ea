"""From an alert of the spec to its monitors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from skillforge_mon.backends.datadog import capabilities, codes
from skillforge_mon.backends.datadog.differences import BACKEND, Differences
from skillforge_mon.backends.datadog.handles import first_told, handle, handles, level_handles
from skillforge_mon.backends.datadog.handwritten import written_query
from skillforge_mon.backends.datadog.logs.monitors import watched_lines
from skillforge_mon.backends.datadog.markers import marker
from skillforge_mon.backends.datadog.message import Context, Told, message_text
from skillforge_mon.backends.datadog.names import Names
from skillforge_mon.backends.datadog.options import Watched, monitor_options, optional_thresholds, options_known
from skillforge_mon.backends.datadog.query.printer import print_query
from skillforge_mon.backends.datadog.renotification import Renotification, renotification
from skillforge_mon.backends.datadog.tags import monitor_tags, owner
from skillforge_mon.backends.datadog.thresholds import in_order, options_agree, written_thresholds
from skillforge_mon.backends.datadog.translate import translate
from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Plain
from skillforge_mon.lower.alerts import AlertCondition
from skillforge_mon.lower.paging import ANY, Paging
from skillforge_mon.lower.runbooks import runbook_link
from skillforge_mon.model.project import Alert, AlertSeverity, Project
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT


@dataclass(frozen=True, slots=True, eq=False)
class Monitor:
    """One monitor. ``suffix`` is empty for the alert's first, and the severity for one beside it."""

    suffix: str
    payload: Plain


def monitors_of(
    project: Project,
    alert: Alert,
    conditions: Mapping[str, AlertCondition],
    names: Names,
    paging: Paging,
    differences: Differences,
    report: Report,
) -> Iterator[Monitor]:
    """The monitors of ``alert``; ``conditions`` are its PromQL conditions by severity.

    Nothing is yielded for what is wrong, which is reported. Raises Untranslatable.
    """
    if not options_known(alert, report) or not _words_complete(alert, report):
        return
    groups = _groups(alert, differences)
    for index, severities in enumerate(groups):
        query = _query(project, alert, severities, conditions, names, differences, report)
        if query is not None:
            suffix = severities[0].severity if index > 0 else ""
            payload = monitor_payload(project, paging, alert, severities, query, suffix, differences, report)
            if payload is not None:
                yield Monitor(suffix, payload)


def monitor_key(alert_id: str, suffix: str) -> str:
    """``alerts.HighErrorRate``, and ``alerts.HighErrorRate.warning`` for a second monitor."""
    return f"{alert_id}.{suffix}" if suffix else alert_id


def _groups(alert: Alert, differences: Differences) -> list[tuple[AlertSeverity, ...]]:
    """Which severities share a monitor: critical and warning, when they differ in nothing but number and people."""
    spec = alert.spec.datadog
    if spec is not None and spec.query is not None:
        pair, rest = alert.severities[:2], alert.severities[2:]
        for severity in rest:
            differences(f"the severity `{severity.severity}` is left out: a monitor has two, and the query is one")
        return [pair]
    groups: list[tuple[AlertSeverity, ...]] = []
    for severity in alert.severities:
        before = groups[-1] if groups else ()
        if len(before) == 1 and _share(before[0], severity):
            groups[-1] = (before[0], severity)
        else:
            groups.append((severity,))
    if len(groups) > 1:
        names = ", ".join(" and ".join(severity.severity for severity in group) for group in groups)
        differences(f"it becomes {len(groups)} monitors ({names}), which notify without regard to each other")
    return groups


def _share(worse: AlertSeverity, milder: AlertSeverity) -> bool:
    if (worse.severity, milder.severity) != ("critical", "warning") or worse.hold != milder.hold:
        return False
    if worse.threshold is None or milder.threshold is None or worse.threshold.op != milder.threshold.op:
        return False
    if worse.threshold.op in {"==", "!="}:  # each watches its own distance from the number
        return False
    return worse.escalation is milder.escalation or not any(map(_notifies_again, (worse, milder)))


def _notifies_again(severity: AlertSeverity) -> bool:
    policy = severity.escalation
    return policy is not None and (len(policy.levels) > 1 or policy.spec.repeat is not None)


def _query(
    project: Project,
    alert: Alert,
    severities: tuple[AlertSeverity, ...],
    conditions: Mapping[str, AlertCondition],
    names: Names,
    differences: Differences,
    report: Report,
) -> Watched | None:
    spec = alert.spec.datadog
    if spec is not None and spec.query is not None:
        written = written_query(project, alert, report)
        thresholds = written_thresholds(alert, severities, written, report) if written is not None else None
        if written is None or thresholds is None:
            return None
        query = Watched(written.type, written.query, written.op or "", thresholds, written.by, {}, None)
    else:
        if alert.lines is not None:
            query = watched_lines(project, alert.lines, severities, differences)
        else:
            query = _translated(project, severities, conditions, names, differences)
        if spec is not None and spec.warning is not None and len(severities) == 1:
            query.thresholds["warning"] = Decimal(str(spec.warning))
    if spec is not None and spec.recovery is not None:
        query.thresholds["critical_recovery"] = Decimal(str(spec.recovery))
    ordered = in_order(alert, query.op, {**query.thresholds, **optional_thresholds(alert)}, report)
    return query if options_agree(alert, query.thresholds, report) and ordered else None


def _translated(
    project: Project,
    severities: tuple[AlertSeverity, ...],
    conditions: Mapping[str, AlertCondition],
    names: Names,
    differences: Differences,
) -> Watched:
    condition = conditions.get(severities[0].severity)
    if condition is None:
        raise Untranslatable("there is no query for it", "write `datadog: {query: …}`, or `expr`")
    translation = translate(project, names, condition.value, condition.comparison, severities[0].hold)
    for reason in translation.differences:
        differences(reason)
    critical = translation.query.limit.number
    assert critical is not None  # noqa: S101 - what is translated compares with a number
    thresholds = {"critical": critical}
    if len(severities) > 1:
        milder = conditions[severities[1].severity].comparison
        assert milder is not None  # noqa: S101 - severities share a monitor only when both have thresholds
        thresholds["warning"] = milder.number
    return Watched(
        capabilities.MONITOR_TYPE,
        print_query(translation.query),
        translation.query.limit.op,
        thresholds,
        translation.by,
        translation.fixed,
        translation,
    )


def monitor_payload(
    project: Project,
    paging: Paging,
    alert: Alert,
    severities: tuple[AlertSeverity, ...],
    query: Watched,
    suffix: str,
    differences: Differences,
    report: Report,
) -> Plain | None:
    """The body of the monitor of ``alert`` that watches ``query`` for ``severities``: one, or critical and warning.

    ``suffix`` tells it from the alert's first monitor. None where nobody would hear of it, which is reported.
    """
    target = project.targets.datadog
    usual = target.renotify if target is not None else None
    renotify = renotification(project, severities[0].escalation, usual, differences)
    told = tuple(told_of(project, paging, alert, severity, renotify, differences) for severity in severities)
    if len(severities) == 1 and "warning" in query.thresholds:
        told = (*told, told[0])
    unheard = next((entry for entry in told if not entry.first), None)
    if unheard is not None:
        report.add(
            codes.NOBODY_TOLD.at(
                alert.place.at("escalation"),
                f"nobody would hear of `{alert.name}` from Datadog when it is {unheard.severity.severity}",
                help="name the handles of its first team in `teams.NAME.datadog`, or write `datadog: {notify: …}`",
            )
        )
        return None
    key = monitor_key(alert.id, suffix)
    runbook = runbook_link(project, alert.runbook, BACKEND)
    context = Context(alert, query.by, query.fixed, runbook, differences, query.value)
    no_data = alert.spec.no_data == "notify" and not suffix  # one monitor of an alert is enough to tell of it
    if no_data and query.counts_lines:
        differences("`no_data: notify` is left out: to a monitor that counts lines, no line at all is the number 0")
        no_data = False
    message = message_text(context, told, renotify, marker(owner(project, key)), no_data=no_data)
    _unsaid(alert, differences)
    return {
        "name": object_name(project, f"{alert.name} ({suffix})" if suffix else alert.name),
        "type": query.type,
        "query": query.text,
        "message": message,
        "tags": monitor_tags(project, alert, severities, key, report),
        "priority": severities[0].priority,
        "options": monitor_options(alert, query, renotify, warns=len(told) > 1, no_data=no_data),
    }


def object_name(project: Project, name: str) -> str:
    """``[shop] HighErrorRate``, ``[shop/staging] …`` in a named environment.

    Datadog refuses a monitor that equals another one, so the copies of two environments must differ.
    """
    named = project.environment != DEFAULT_ENVIRONMENT
    head = f"[{project.name}/{project.environment}]" if named else f"[{project.name}]"
    return f"{head} {name}"


def told_of(
    project: Project,
    paging: Paging,
    alert: Alert,
    severity: AlertSeverity,
    renotify: Renotification | None,
    differences: Differences,
) -> Told:
    """Who hears of ``alert`` at a severity, at once and at later notifications."""
    spec = alert.spec.datadog
    further = tuple(map(handle, spec.notify)) if spec is not None else ()
    policy = severity.escalation
    page = paging.of(policy, alert.service.name if alert.service is not None else ANY)
    if policy is not None:
        told = level_handles(project, policy.levels[0], page, differences)
    else:
        told = handles(first_told(project, alert), differences)
    first = (*told, *further)
    later = []
    for level, number in renotify.later if renotify is not None and policy is not None else ():
        reached = level_handles(project, level, page, differences)
        if reached:
            later.append((number, reached))
        else:
            differences(f"level {level.number} is not told: none of its teams has a handle in Datadog")
    return Told(severity, tuple(dict.fromkeys(first)), tuple(later))


def _words_complete(alert: Alert, report: Report) -> bool:
    """False, and a report, for a type without a query, which changes nothing."""
    spec = alert.spec.datadog
    if spec is None or spec.type is None or spec.query is not None:
        return True
    report.add(
        codes.MALFORMED_QUERY.at(
            alert.place.at("datadog", "type"),
            f"`{alert.name}` is a {spec.type} on Datadog, and has no query for it",
            help="add `query:`, or leave `type` out",
        )
    )
    return False


def _unsaid(alert: Alert, differences: Differences) -> None:
    """Tell what the alert says and Datadog cannot."""
    if alert.spec.keep_firing_for is not None:
        differences(
            f"`keep_firing_for: {alert.spec.keep_firing_for}` is left out: a monitor ends with the first evaluation in "
            "which it is well; `datadog: {recovery: …}` can delay that"
        )
    if alert.spec.interval is not None:
        differences(f"`interval: {alert.spec.interval}` is left out: Datadog evaluates each minute")
