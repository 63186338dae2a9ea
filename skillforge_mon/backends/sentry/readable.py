"""An alert of Sentry for people to read and review: the same plan as the wire formats, in words."""

from __future__ import annotations

from skillforge_mon.backends.sentry.actions import Action, Email, Jira, MsTeams, Opsgenie, PagerDuty, Slack
from skillforge_mon.backends.sentry.capabilities import PRIORITY_NAMES
from skillforge_mon.backends.sentry.plan import IssueCondition, MetricCondition, Plan
from skillforge_mon.documents.document import Plain


def readable(plan: Plan) -> Plain:
    """The alert as plain data; what it does not use is left out."""
    condition = plan.condition
    return _without_nothing(
        {
            "name": plan.name,
            "type": "issue" if isinstance(condition, IssueCondition) else "metric",
            "organization": plan.organization,
            "project": plan.project,
            "environment": plan.environment,
            "owner": plan.owner,
            "text": plan.text,
            **(_issue(condition) if isinstance(condition, IssueCondition) else _metric(condition)),
            "notify": {
                notification.severity: [readable_action(action) for action in notification.actions]
                for notification in plan.notifications
            },
        }
    )


def _issue(condition: IssueCondition) -> dict[str, Plain]:
    return {
        "when": condition.triggers or ["every event"],
        "only": _without_nothing(
            {
                **{rate.what: {"more_than": rate.more_than, "within": rate.interval} for rate in condition.rates},
                "level": f"{condition.level} or worse" if condition.level is not None else None,
                "category": condition.category,
                "tags": condition.tags,
            }
        ),
        "at_most_every": str(condition.frequency),
    }


def _metric(condition: MetricCondition) -> dict[str, Plain]:
    percent = "%" if condition.compare is not None else ""
    return {
        "aggregate": condition.aggregate,
        "dataset": condition.dataset.name,
        "query": condition.query,
        "window": str(condition.window),
        "change_against": f"{condition.compare} ago" if condition.compare is not None else None,
        "priority": {PRIORITY_NAMES[limit.result]: f"{limit}{percent}" for limit in condition.limits},
        "resolved": f"{condition.resolved}{percent}",
    }


def readable_action(action: Action) -> Plain:
    """Who is told, in the words of the spec."""
    match action:
        case Email():
            return {"email": {"team": action.team}}
        case Slack():
            return {"slack": {"workspace": action.workspace, "channel": action.channel}}
        case PagerDuty():
            severity = action.severity
            return {"pagerduty": {"account": action.account, "service": action.service, "severity": severity}}
        case Opsgenie():
            return {"opsgenie": {"account": action.account, "team": action.team, "priority": action.priority}}
        case MsTeams():
            return {"msteams": {"team": action.team, "channel": action.channel}}
        case Jira():
            return {"jira": {"site": action.site, "project": action.project, "issue_type": action.issue_type}}


def _without_nothing(found: dict[str, Plain]) -> dict[str, Plain]:
    return {key: value for key, value in found.items() if value not in (None, "", {}, [])}
