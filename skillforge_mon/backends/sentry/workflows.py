"""The wire format of Sentry today: a detector that finds, and a workflow that tells (both camelCase)."""

from __future__ import annotations

from skillforge_mon.backends.sentry import capabilities
from skillforge_mon.backends.sentry.actions import Action, Email, Jira, MsTeams, Opsgenie, PagerDuty, Slack
from skillforge_mon.backends.sentry.capabilities import MINUTE
from skillforge_mon.backends.sentry.plan import IssueCondition, Limit, MetricCondition, Notification, Plan
from skillforge_mon.backends.sentry.probe_plan import ProbePlan
from skillforge_mon.documents.document import Plain
from skillforge_mon.documents.references import reference


def detector_payload(plan: Plan, condition: MetricCondition) -> Plain:
    """The body of POST ``organizations/ORG/projects/PROJECT/detectors/`` for a metric alert.

    A comparison has the percent of the change in its conditions, and no more than the time that it goes back in its
    configuration: getsentry/sentry, ``static/app/views/detectors/components/forms/metric/metricFormData.tsx``.
    """
    config: dict[str, Plain] = {"detectionType": "static"}
    if condition.compare is not None:
        config = {"detectionType": "percent", "comparisonDelta": condition.compare // 1000}
    return {
        "type": "metric_issue",
        "name": plan.name,
        "description": f"{plan.text}\n\n{plan.marker}" if plan.text else plan.marker,
        "projectId": reference("project", plan.project),
        "owner": reference("owner", plan.owner) if plan.owner is not None else None,
        "enabled": True,
        "dataSources": [
            {
                "aggregate": condition.aggregate,
                "dataset": condition.dataset.name,
                "query": condition.query,
                "queryType": condition.dataset.query_type,
                "eventTypes": condition.dataset.event_types,
                "timeWindow": condition.window // 1000,
                "environment": plan.environment,
            }
        ],
        "config": config,
        "conditionGroup": {
            "logicType": "any",
            "conditions": [_limit(condition, limit) for limit in (*condition.limits, condition.resolved)],
        },
    }


def workflow_payload(plan: Plan) -> Plain:
    """The body of POST ``organizations/ORG/workflows/``.

    The workflow of a metric alert has no triggers and no pause: its detector speaks only when the priority changes,
    and without triggers a rise from medium to high is told as well, as an end is. The server takes a group of triggers
    without conditions: getsentry/sentry, ``workflow_engine/endpoints/validators/base/workflow.py``.
    """
    condition = plan.condition
    if isinstance(condition, IssueCondition):
        detector = reference("system_detector", plan.project, capabilities.ISSUE_STREAM)
        triggers = [_condition(capabilities.TRIGGERS[trigger], comparison=True) for trigger in condition.triggers]
        frequency = condition.frequency // MINUTE
        filters = [_filter("all", _issue_filters(condition), plan.notifications[0], plan.notes)]
    else:
        detector = reference("detector", plan.alert.name)
        triggers = []
        frequency = 0
        filters = _by_priority(condition, plan)
    return {
        "name": plan.name,
        "enabled": True,
        "environment": plan.environment,
        "owner": reference("owner", plan.owner) if plan.owner is not None else None,
        "detectorIds": [detector],
        "config": {"frequency": frequency},
        "triggers": {"logicType": "any-short", "conditions": triggers},
        "actionFilters": filters,
    }


def _condition(kind: str, *, comparison: Plain) -> Plain:
    return {"type": kind, "comparison": comparison, "conditionResult": True}


def _limit(condition: MetricCondition, limit: Limit) -> Plain:
    return {
        "type": capabilities.OPERATORS[limit.op],
        "comparison": condition.wire_number(limit),
        "conditionResult": limit.result,
    }


def _issue_filters(condition: IssueCondition) -> list[Plain]:
    kinds = {"events": "event_frequency_count", "users": "event_unique_user_frequency_count"}
    found = [
        _condition(kinds[rate.what], comparison={"interval": rate.interval, "value": rate.more_than})
        for rate in condition.rates
    ]
    if condition.level is not None:
        found.append(_condition("level", comparison={"level": capabilities.LEVELS[condition.level], "match": "gte"}))
    if condition.category is not None:
        found.append(_condition("issue_category", comparison={"value": capabilities.CATEGORIES[condition.category]}))
    found += [
        _condition("tagged_event", comparison={"key": key, "match": "eq", "value": value})
        for key, value in condition.tags.items()
    ]
    return found


def _by_priority(condition: MetricCondition, plan: Plan) -> list[Plain]:
    """One group of actions per priority; one for all when the same people are told in the same way."""
    high, *rest = plan.notifications
    worst, lowest = condition.limits[0].result, condition.limits[-1].result
    at_least = "issue_priority_greater_or_equal"
    if all(other.actions == high.actions for other in rest):
        return [_filter("all", [_condition(at_least, comparison=lowest)], high, plan.notes)]
    only_worst = [_condition(at_least, comparison=worst)]
    groups = [("all", high), *(("none", other) for other in rest)]
    return [_filter(logic, only_worst, told, plan.notes) for logic, told in groups if told.actions]


def told_by(detector: Plain, plan: ProbePlan) -> Plain:
    """The workflow of a probe: it tells when trouble begins, begins again, and is over."""
    triggers = ("first_seen_event", "regression_event", "issue_resolved_trigger")
    return {
        "name": plan.name,
        "enabled": True,
        "environment": None,
        "owner": reference("owner", plan.owner) if plan.owner is not None else None,
        "detectorIds": [detector],
        "config": {"frequency": 0},
        "triggers": {
            "logicType": "any-short",
            "conditions": [_condition(trigger, comparison=True) for trigger in triggers],
        },
        "actionFilters": [_filter("all", [], plan.notification, plan.notes)],
    }


def _filter(logic: str, conditions: list[Plain], notification: Notification, notes: str) -> Plain:
    return {
        "logicType": logic,
        "conditions": conditions,
        "actions": [_action(action, notes) for action in notification.actions],
    }


def _action(action: Action, notes: str) -> Plain:
    match action:
        case Email():
            return {
                "type": "email",
                "config": {"targetType": "team", "targetIdentifier": reference("team", action.team)},
                "data": {},
            }
        case Slack():
            return {
                "type": "slack",
                "integrationId": reference("integration", "slack", action.workspace),
                "config": {"targetType": "specific", "targetDisplay": action.channel.removeprefix("#")},
                "data": {"notes": notes} if notes else {},
            }
        case PagerDuty():
            return _row("pagerduty", action.account, action.service, action.severity)
        case Opsgenie():
            return _row("opsgenie", action.account, action.team, action.priority)
        case MsTeams():
            return {
                "type": "msteams",
                "integrationId": reference("integration", "msteams", action.team),
                "config": {"targetType": "specific", "targetDisplay": action.channel},
                "data": {},
            }
        case Jira():
            place = (action.site, action.project)
            return {
                "type": "jira",
                "integrationId": reference("integration", "jira", action.site),
                "config": {"targetType": "specific"},
                "data": {
                    "additionalFields": {
                        "project": reference("jira_project", *place),
                        "issuetype": reference("jira_issue_type", *place, action.issue_type),
                    }
                },
            }


def _row(provider: str, account: str, row: str, priority: str) -> Plain:
    return {
        "type": provider,
        "integrationId": reference("integration", provider, account),
        "config": {
            "targetType": "specific",
            "targetIdentifier": reference("integration_row", provider, account, row),
            "targetDisplay": row,
        },
        "data": {"priority": priority},
    }
