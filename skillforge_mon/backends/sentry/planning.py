"""From an alert of the spec to its plan for Sentry, with everything that changes on the way."""

from __future__ import annotations

from skillforge_mon.backends.sentry import capabilities, codes
from skillforge_mon.backends.sentry.actions import Action, Jira, Opsgenie, PagerDuty, actions, told_first
from skillforge_mon.backends.sentry.conditions import issue_condition, metric_condition
from skillforge_mon.backends.sentry.differences import BACKEND, Differences
from skillforge_mon.backends.sentry.plan import IssueCondition, MetricCondition, Notification, Plan
from skillforge_mon.backends.sentry.text import filled
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.lower.paging import ANY, Paging
from skillforge_mon.lower.runbooks import runbook_link
from skillforge_mon.model.paging import told_levels
from skillforge_mon.model.project import Alert, AlertSeverity, Escalation, Level, Project
from skillforge_mon.spec.models.alerts import SentryAlert
from skillforge_mon.spec.models.targets import SentryTarget
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT

_KINDS = {"workflows": ("detector", "workflow"), "legacy": ("alert_rule", "issue_rule")}


def plan_alert(
    project: Project, alert: Alert, target: SentryTarget, paging: Paging, differences: Differences, report: Report
) -> Plan | None:
    """What ``alert`` is in Sentry; None when the spec does not say, which has been reported.

    ``paging`` are the services in PagerDuty of the policies that are handed over to it. What changes on the way is
    added to ``differences``.
    """
    spec = alert.spec.sentry
    assert spec is not None  # noqa: S101 - only such alerts are compiled for Sentry
    name = object_name(project, alert)
    problems = len(report)
    slug = _project_slug(alert, spec, report)
    _check_name(name, alert, spec, target, report)
    condition = _condition(alert, spec, target, differences, report)
    if condition is None or slug is None or len(report) > problems:
        return None
    _unsaid(alert, condition, differences)
    notifications = _notifications(project, alert, condition, paging, differences)
    if not any(notification.actions for notification in notifications):
        report.add(
            codes.NOBODY_TOLD.at(
                alert.place.at("escalation"),
                f"nobody would hear of `{alert.name}` from Sentry",
                notes=tuple(verdict.reason for verdict in differences.verdicts if verdict.field == "escalation"),
                help="give a team of the first level `sentry`, `slack` or `pagerduty`",
            )
        )
        return None
    for notification in notifications:
        if not notification.actions:
            severity = notification.severity
            differences.approximate(f"nobody is told when it is only `{severity}`", at=f"severity.{severity}")
    link = runbook_link(project, alert.runbook, BACKEND)
    summary = filled(alert.summary, alert, link, differences, "summary")
    description = filled(alert.description, alert, link, differences, "description")
    runbook = f"Runbook: {link}" if link else ""
    return Plan(
        alert=alert,
        name=name,
        organization=target.organization,
        project=slug,
        environment=spec.environment or target.environment,
        owner=owner_slug(alert),
        text="\n\n".join(filter(None, (summary, description, runbook))),
        notes=" - ".join(filter(None, (summary, runbook))),
        marker=f"monmc {project.name}/{project.environment} {alert.id}",
        condition=condition,
        notifications=notifications,
    )


def _project_slug(alert: Alert, spec: SentryAlert, report: Report) -> str | None:
    """The slug of the project: the alert's own, else its service's; none at all is reported."""
    if spec.project is not None:
        return spec.project
    if alert.service is not None and alert.service.spec.errors is not None:
        return alert.service.spec.errors.sentry_project
    report.add(
        codes.PROJECT_UNKNOWN.at(
            alert.place.key_at("sentry"),
            f"`{alert.name}` does not say which project of Sentry it is about",
            help="write `sentry: {project: …}`, or `errors: {sentry_project: …}` on its service",
        )
    )
    return None


def _check_name(name: str, alert: Alert, spec: SentryAlert, target: SentryTarget, report: Report) -> None:
    kinds = _KINDS[target.mode] if spec.metric is not None else _KINDS[target.mode][1:]
    limit = min(capabilities.NAME_LIMITS[kind] for kind in kinds)
    if len(name) > limit:
        report.add(
            codes.NAME_TOO_LONG.at(
                alert.place.span,
                f"`{name}` has {len(name)} characters, and Sentry takes {limit}",
                help=f"shorten the alert's name by {len(name) - limit}",
            )
        )


def _condition(
    alert: Alert, spec: SentryAlert, target: SentryTarget, differences: Differences, report: Report
) -> IssueCondition | MetricCondition | None:
    if spec.issue is not None and spec.metric is None:
        return issue_condition(alert, spec.issue, target.mode, differences)
    if spec.metric is not None and spec.issue is None:
        return metric_condition(alert, spec.metric, target.mode, differences, report)
    both = spec.issue is not None
    report.add(
        codes.KIND_UNCLEAR.at(
            alert.place.key_at("sentry"),
            f"`{alert.name}` is {'both an issue alert and a metric alert' if both else 'no alert yet'} in Sentry",
            help="keep one of `issue` and `metric`" if both else "write `issue:` or `metric:`",
        )
    )
    return None


def object_name(project: Project, alert: Alert) -> str:
    """The name in Sentry: ``[shop] HighErrorRate``, and ``[shop/staging] …`` in a named environment.

    It tells people whose a workflow or rule is; push goes by the marker (``markers.py``).
    """
    named = project.environment != DEFAULT_ENVIRONMENT
    return f"[{project.name}/{project.environment}] {alert.name}" if named else f"[{project.name}] {alert.name}"


def owner_slug(alert: Alert) -> str | None:
    """The slug of the team in Sentry that owns the service."""
    team = alert.service.team if alert.service is not None else None
    return team.spec.sentry if team is not None else None


def _unsaid(alert: Alert, condition: IssueCondition | MetricCondition, differences: Differences) -> None:
    """Report what the alert says and Sentry cannot."""
    for name, (key, reason) in capabilities.UNSAID.items():
        if getattr(alert.spec, name):
            differences.approximate(reason, at=key)
    for severity in alert.severities:
        if severity.spec.for_ is not None:
            differences.approximate(capabilities.UNSAID["for_"][1], at=f"severity.{severity.severity}.for")
    if alert.spec.no_data == "notify":
        differences.approximate("Sentry does not notify when there is no data", at="no_data")
    policies = {severity.escalation for severity in alert.severities if severity.escalation is not None}
    for policy in sorted(policies, key=lambda policy: policy.name):
        if policy.spec.repeat is not None and isinstance(condition, MetricCondition):
            differences.approximate(
                f"Sentry's metric alerts notify of changes only: nobody is told again after {policy.spec.repeat}",
                at="repeat",
                object_id=policy.id,
            )


def _notifications(
    project: Project,
    alert: Alert,
    condition: IssueCondition | MetricCondition,
    paging: Paging,
    differences: Differences,
) -> tuple[Notification, ...]:
    """Who is told: at the worst severity of an issue alert, at each severity that a metric alert has a limit for."""
    metric = isinstance(condition, MetricCondition)
    told = alert.severities[: len(condition.limits) if isinstance(condition, MetricCondition) else 1]
    return tuple(notification_of(project, alert, severity, paging, differences, metric=metric) for severity in told)


def notification_of(
    project: Project,
    alert: Alert,
    severity: AlertSeverity,
    paging: Paging,
    differences: Differences,
    *,
    metric: bool,
) -> Notification:
    """Who is told of ``alert`` at ``severity``; ``metric`` says that it is one on a number."""
    target, policy = project.targets.sentry, severity.escalation
    assert target is not None  # noqa: S101 - without it nothing is compiled for Sentry
    page = paging.of(policy, alert.service.name if alert.service is not None else ANY)
    if policy is None or (page is not None and page.level is not policy.levels[0]):
        page = None  # handed over by a later level, which Sentry does not tell
    found = actions(project, told_first(alert, severity), severity, page, differences)
    if metric and target.mode == "legacy":
        found = _without_jira(found, differences)
    if policy is not None and page is not None:
        _told_beside(project, policy, differences)
    elif policy is not None:
        _later_levels(policy, found, differences)
    return Notification(severity.severity, found)


def _told_beside(project: Project, policy: Escalation, differences: Differences) -> None:
    """PagerDuty goes on to page by its own policy: what is lost are later levels that others tell."""
    later = [_level_text(level) for level in told_levels(project, policy)[1:]]
    if later:
        differences.approximate(
            f"Sentry tells the first level only, and PagerDuty pages by its policy: {', '.join(later)} hears nothing "
            "beside that",
            at="levels",
            object_id=policy.id,
            instead="tell the later levels through PagerDuty alone, or accept it with `approximate: [sentry]`",
        )


def _without_jira(found: tuple[Action, ...], differences: Differences) -> tuple[Action, ...]:
    if any(isinstance(action, Jira) for action in found):
        differences.approximate(
            "the old metric alert rules make no issues in Jira", at="escalation", instead="use `mode: workflows`"
        )
    return tuple(action for action in found if not isinstance(action, Jira))


def _later_levels(policy: Escalation, found: tuple[Action, ...], differences: Differences) -> None:
    later = [_level_text(level) for level in policy.levels[1:]]
    if not later:
        return
    products = {PagerDuty: "PagerDuty", Opsgenie: "Opsgenie"}
    pagers = [name for kind, name in products.items() if any(isinstance(action, kind) for action in found)]
    does = f"{' and '.join(pagers)} must escalate" if pagers else "nothing that it calls escalates"
    differences.approximate(
        f"Sentry tells the first level only, and {does}: {', '.join(later)}",
        at="levels",
        object_id=policy.id,
        instead="keep an escalation policy in PagerDuty or Opsgenie, and accept it with `approximate: [sentry]`",
    )


def _level_text(level: Level) -> str:
    return f"level {level.number} ({', '.join(team.name for team in level.teams)}, after {level.after})"
