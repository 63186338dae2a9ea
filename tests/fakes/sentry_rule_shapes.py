"""What Sentry's endpoints for the old rules take, closed against unknown keys; see ``sentry_shapes.py``."""

from __future__ import annotations

from tests.fakes.sentry_shapes import (
    COUNT,
    IDENTIFIER,
    INTERVAL,
    MATCH,
    NUMBER,
    OWNER,
    PRIORITY,
    SEVERITY,
    TEXT,
    TEXT_OR_NULL,
    Shape,
    closed,
    listed,
    one_of,
)

# [server] rules.conditions.tagged_event.TaggedEventForm, tagstore.base.TAG_KEY_RE
TAG_KEY: Shape = {"type": "string", "pattern": "^[a-zA-Z0-9_.:-]+$"}


def part(name: str, required: str = "", optional: str = "", **properties: Shape) -> Shape:
    return closed(f"id {required}", optional, id=one_of(f"sentry.{name}"), **properties)


def frequency(name: str) -> Shape:
    counted = {"value": COUNT, "interval": INTERVAL, "comparisonType": one_of("count")}
    return part(f"rules.conditions.event_frequency.{name}", "value interval", "comparisonType", **counted)


# [provider] ProjectRuleCondition, ProjectRuleFilter, ProjectRuleAction; [server] api.serializers.rest_framework.rule
ISSUE_RULE = closed(
    "name actionMatch conditions actions frequency",
    "environment owner filterMatch filters",
    name={"type": "string", "minLength": 1, "maxLength": 256},
    environment=TEXT_OR_NULL,
    owner=OWNER,
    frequency={"type": "integer", "minimum": 5, "maximum": 43_200},
    actionMatch=one_of("all", "any"),
    filterMatch=one_of("all", "any", "none"),
    conditions=listed(
        {
            "anyOf": [
                part("rules.conditions.first_seen_event.FirstSeenEventCondition"),
                part("rules.conditions.regression_event.RegressionEventCondition"),
                part("rules.conditions.reappeared_event.ReappearedEventCondition"),
                part("rules.conditions.every_event.EveryEventCondition"),
                frequency("EventFrequencyCondition"),
                frequency("EventUniqueUserFrequencyCondition"),
            ]
        }
    ),
    filters=listed(
        {
            "anyOf": [
                part("rules.filters.level.LevelFilter", "level match", level=TEXT, match=MATCH),
                part("rules.filters.issue_category.IssueCategoryFilter", "value", value=TEXT),
                part(
                    "rules.filters.tagged_event.TaggedEventFilter",
                    "key match",
                    "value",
                    key=TAG_KEY,
                    match=MATCH,
                    value=TEXT,
                ),
            ]
        }
    ),
    actions=listed(
        {
            "anyOf": [
                part("mail.actions.NotifyEmailAction", "targetType targetIdentifier", targetType=one_of("Team")),
                part(
                    "integrations.slack.notify_action.SlackNotifyServiceAction",
                    "workspace channel",
                    "notes tags channel_id",
                    workspace=IDENTIFIER,
                ),
                part(
                    "integrations.pagerduty.notify_action.PagerDutyNotifyServiceAction",
                    "account service severity",
                    account=IDENTIFIER,
                    service=IDENTIFIER,
                    severity=SEVERITY,
                ),
                part(
                    "integrations.opsgenie.notify_action.OpsgenieNotifyTeamAction",
                    "account team priority",
                    account=IDENTIFIER,
                    priority=PRIORITY,
                ),
                part("integrations.msteams.notify_action.MsTeamsNotifyServiceAction", "team channel", team=IDENTIFIER),
                part(
                    "integrations.jira.notify_action.JiraCreateTicketAction",
                    "integration project issueType dynamic_form_fields",
                    integration=IDENTIFIER,
                    project=IDENTIFIER,
                    issueType=IDENTIFIER,
                ),
            ]
        },
        minItems=1,
    ),
)

# [server] incidents.serializers.alert_rule, .alert_rule_trigger, .alert_rule_trigger_action; times are in minutes
ALERT_RULE = closed(
    "name projects query aggregate timeWindow thresholdType triggers",
    "description environment owner dataset queryType eventTypes comparisonDelta resolveThreshold",
    name={"type": "string", "minLength": 1, "maxLength": 256},
    description=TEXT,
    projects=listed(TEXT, minItems=1, maxItems=1),
    environment=TEXT_OR_NULL,
    owner=OWNER,
    query=TEXT,
    aggregate={"type": "string", "minLength": 1},
    dataset=one_of("events", "events_analytics_platform"),
    queryType=one_of(0, 1),
    eventTypes=listed(one_of("error", "default", "trace_item_span")),
    timeWindow={"type": "integer", "minimum": 1, "maximum": 1440},
    comparisonDelta={"type": ["integer", "null"], "minimum": 1, "maximum": 128_160},
    thresholdType=one_of(0, 1),
    resolveThreshold={"type": ["number", "null"]},
    triggers=listed(
        closed(
            "label alertThreshold actions",
            "id",
            label=one_of("critical", "warning"),
            alertThreshold=NUMBER,
            actions=listed(
                closed(
                    "type targetType targetIdentifier",
                    "id integrationId priority",
                    type=one_of("email", "slack", "pagerduty", "opsgenie", "msteams"),
                    targetType=one_of("team", "user", "specific"),
                    targetIdentifier={"type": ["string", "integer"]},
                    integrationId=IDENTIFIER,
                )
            ),
        ),
        minItems=1,
        maxItems=2,
    ),
)
