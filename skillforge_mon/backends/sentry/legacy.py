"""The wire format of self-hosted servers before 26.7: alert rules of a project, and metric alert rules."""

from __future__ import annotations

from skillforge_mon.backends.sentry import capabilities
from skillforge_mon.backends.sentry.actions import Action, Email, Jira, MsTeams, Opsgenie, PagerDuty, Slack
from skillforge_mon.backends.sentry.capabilities import MINUTE
from skillforge_mon.backends.sentry.plan import IssueCondition, MetricCondition, Plan
from skillforge_mon.documents.document import Plain
from skillforge_mon.documents.references import reference

_RATES = {
    "events": "sentry.rules.conditions.event_frequency.EventFrequencyCondition",
    "users": "sentry.rules.conditions.event_frequency.EventUniqueUserFrequencyCondition",
}
_LABELS = ("critical", "warning")
"""Of triggers, by their place: a single one must be called critical. [server] incidents.serializers.alert_rule"""


def issue_rule_payload(plan: Plan, condition: IssueCondition) -> Plain:
    """The body of POST ``projects/ORG/PROJECT/rules/``.

    One start and a number of events must both be true (``all``); of several starts one is enough (``any``).
    """
    rates: list[Plain] = [
        {"id": _RATES[rate.what], "comparisonType": "count", "value": rate.more_than, "interval": rate.interval}
        for rate in condition.rates
    ]
    triggers: list[Plain] = [{"id": capabilities.LEGACY_TRIGGERS[trigger]} for trigger in condition.triggers]
    return {
        "name": plan.name,
        "environment": plan.environment,
        "owner": reference("owner", plan.owner) if plan.owner is not None else None,
        "frequency": condition.frequency // MINUTE,
        "actionMatch": "all" if rates else "any",
        "conditions": [*triggers, *rates] or [{"id": capabilities.LEGACY_EVERY_EVENT}],
        "filterMatch": "all",
        "filters": _filters(condition),
        "actions": [_rule_action(action, plan.notes) for action in plan.notifications[0].actions],
    }


def alert_rule_payload(plan: Plan, condition: MetricCondition) -> Plain:
    """The body of POST ``organizations/ORG/alert-rules/``; its times are in minutes."""
    return {
        "name": plan.name,
        "projects": [plan.project],
        "environment": plan.environment,
        "owner": reference("owner", plan.owner) if plan.owner is not None else None,
        "aggregate": condition.aggregate,
        "dataset": condition.dataset.name,
        "query": condition.query,
        "queryType": condition.dataset.query_type,
        "eventTypes": condition.dataset.event_types,
        "timeWindow": condition.window // MINUTE,
        "comparisonDelta": condition.compare // MINUTE if condition.compare is not None else None,
        "thresholdType": 0 if condition.limits[0].op == ">" else 1,
        "resolveThreshold": condition.wire_number(condition.resolved),
        "triggers": [
            {
                "label": label,
                "alertThreshold": condition.wire_number(limit),
                "actions": [_trigger_action(action) for action in notification.actions],
            }
            for label, limit, notification in zip(_LABELS, condition.limits, plan.notifications, strict=False)
        ],
    }


def _filters(condition: IssueCondition) -> list[Plain]:
    found: list[Plain] = []
    if condition.level is not None:
        level = str(capabilities.LEVELS[condition.level])
        found.append({"id": "sentry.rules.filters.level.LevelFilter", "match": "gte", "level": level})
    if condition.category is not None:
        category = str(capabilities.CATEGORIES[condition.category])
        found.append({"id": "sentry.rules.filters.issue_category.IssueCategoryFilter", "value": category})
    found += [
        {"id": "sentry.rules.filters.tagged_event.TaggedEventFilter", "key": key, "match": "eq", "value": value}
        for key, value in condition.tags.items()
    ]
    return found


def _rule_action(action: Action, notes: str) -> Plain:
    match action:
        case Email():
            return {
                "id": "sentry.mail.actions.NotifyEmailAction",
                "targetType": "Team",
                "targetIdentifier": reference("team", action.team),
            }
        case Slack():
            return {
                "id": "sentry.integrations.slack.notify_action.SlackNotifyServiceAction",
                "workspace": reference("integration", "slack", action.workspace),
                "channel": action.channel,
                **({"notes": notes} if notes else {}),
            }
        case PagerDuty():
            return {
                "id": "sentry.integrations.pagerduty.notify_action.PagerDutyNotifyServiceAction",
                "account": reference("integration", "pagerduty", action.account),
                "service": reference("integration_row", "pagerduty", action.account, action.service),
                "severity": action.severity,
            }
        case Opsgenie():
            return {
                "id": "sentry.integrations.opsgenie.notify_action.OpsgenieNotifyTeamAction",
                "account": reference("integration", "opsgenie", action.account),
                "team": reference("integration_row", "opsgenie", action.account, action.team),
                "priority": action.priority,
            }
        case MsTeams():
            return {
                "id": "sentry.integrations.msteams.notify_action.MsTeamsNotifyServiceAction",
                "team": reference("integration", "msteams", action.team),
                "channel": action.channel,
            }
        case Jira():
            place = (action.site, action.project)
            return {
                "id": "sentry.integrations.jira.notify_action.JiraCreateTicketAction",
                "integration": reference("integration", "jira", action.site),
                "project": reference("jira_project", *place),
                "issueType": reference("jira_issue_type", *place, action.issue_type),
                "dynamic_form_fields": [],
            }


def _trigger_action(action: Action) -> Plain:
    match action:
        case Email():
            return {"type": "email", "targetType": "team", "targetIdentifier": reference("team", action.team)}
        case Slack():
            return _specific("slack", action.workspace, action.channel)
        case PagerDuty():
            row = reference("integration_row", "pagerduty", action.account, action.service)
            return _specific("pagerduty", action.account, row, action.severity)
        case Opsgenie():
            row = reference("integration_row", "opsgenie", action.account, action.team)
            return _specific("opsgenie", action.account, row, action.priority)
        case MsTeams():
            return _specific("msteams", action.team, action.channel)
        case Jira():
            raise AssertionError("metric alert rules cannot make issues in Jira; plans leave those out")


def _specific(provider: str, account: str, target: Plain, priority: str | None = None) -> Plain:
    found: dict[str, Plain] = {
        "type": provider,
        "targetType": "specific",
        "integrationId": reference("integration", provider, account),
        "targetIdentifier": target,
    }
    return found | {"priority": priority} if priority is not None else found
