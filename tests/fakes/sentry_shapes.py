"""What Sentry's endpoints take, closed against unknown keys, as they are on the wire: camel case, references resolved.

The real server ignores keys that it does not know; refusing them here finds slips. Sources: [schema]
getsentry/sentry-api-schema 0.272.0; [provider] jianyuan/terraform-provider-sentry v0.15.4,
``internal/apiclient/api.yaml``; [server] getsentry/sentry, the files named at each rule.
"""

from __future__ import annotations

from typing import Any

Shape = dict[str, Any]


def closed(required: str, optional: str = "", **properties: Any) -> Shape:
    """An object with these keys and no others; keys without a shape may hold anything."""
    names = (*required.split(), *optional.split())
    assert set(properties) <= set(names), set(properties) - set(names)
    return {
        "type": "object",
        "required": required.split(),
        "properties": {name: properties.get(name, {}) for name in names},
        "additionalProperties": False,
    }


def listed(item: Shape, **more: Any) -> Shape:
    return {"type": "array", "items": item, **more}


def one_of(*values: Any) -> Shape:
    return {"enum": [*values]}


TEXT: Shape = {"type": "string"}
NUMBER: Shape = {"type": "number"}
COUNT: Shape = {"type": "integer", "minimum": 0}
FLAG: Shape = {"type": "boolean"}
TEXT_OR_NULL: Shape = {"type": ["string", "null"]}
# Identifiers are read as numbers and may come as text: rest_framework's IntegerField.
IDENTIFIER: Shape = {"type": ["string", "integer"], "pattern": "^[0-9]+$"}
# [server] api.fields.actor.OwnerActorField
OWNER: Shape = {"type": ["string", "null"], "pattern": "^(team|user):[0-9]+$"}
# [server] rules.conditions.event_frequency.STANDARD_INTERVALS
INTERVAL = one_of("1m", "5m", "15m", "1h", "1d", "1w", "30d")
# [server] rules.match.MatchType
MATCH = one_of("co", "nc", "eq", "ne", "sw", "ew", "is", "ns", "gte", "lte")
LOGIC = one_of("any", "any-short", "all", "none")
SEVERITY = one_of("critical", "error", "warning", "info", "default")
PRIORITY = one_of("P1", "P2", "P3", "P4", "P5")

# [schema] detector; [server] incidents.metric_issue_detector, incidents.grouptype (config), snuba.snuba_query_validator
DETECTOR = closed(
    "name type dataSources conditionGroup",
    "description projectId owner enabled workflowIds config",
    name={"type": "string", "minLength": 1, "maxLength": 200},
    type=one_of("metric_issue"),
    description=TEXT_OR_NULL,
    projectId=IDENTIFIER,
    owner=OWNER,
    enabled=FLAG,
    workflowIds=listed(IDENTIFIER),
    dataSources=listed(
        closed(
            "dataset query aggregate timeWindow environment eventTypes",
            "queryType extrapolationMode",
            dataset=one_of("events", "events_analytics_platform"),
            query=TEXT,
            aggregate={"type": "string", "minLength": 1},
            timeWindow={"type": "integer", "minimum": 60, "maximum": 86_400},
            environment=TEXT_OR_NULL,
            eventTypes=listed(one_of("error", "default", "trace_item_span"), minItems=1),
            queryType=one_of(0, 1),
        ),
        minItems=1,
        maxItems=1,
    ),
    config={
        "oneOf": [
            closed("detectionType", detectionType=one_of("static")),
            closed(
                "detectionType comparisonDelta",
                detectionType=one_of("percent"),
                comparisonDelta=one_of(300, 900, 3600, 86_400, 604_800, 2_592_000),
            ),
        ]
    },
    conditionGroup=closed(
        "logicType conditions",
        "id",
        logicType=one_of("any"),
        conditions=listed(
            closed(
                "type comparison conditionResult",
                "id",
                type=one_of("gt", "gte", "lt", "lte"),
                comparison=NUMBER,
                conditionResult=one_of(75, 50, 0),
            ),
            minItems=1,
            maxItems=3,
        ),
    ),
)


_SHARED = {
    "name": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": TEXT_OR_NULL,
    "projectId": IDENTIFIER,
    "owner": OWNER,
    "enabled": FLAG,
}
_COMPARISON = closed("cmp", cmp=one_of("equals", "not_equal", "less_than", "greater_than", "always", "never"))
# [provider] internal/sentrydata/uptime_assertion_schema.go
_ASSERTION: Shape = {
    "$defs": {
        "op": {
            "oneOf": [
                closed("op children", "id", op=one_of("and", "or"), children=listed({"$ref": "#/$defs/op"})),
                closed("op operand", "id", op=one_of("not"), operand={"$ref": "#/$defs/op"}),
                closed(
                    "op operator value", "id", op=one_of("status_code_check"), operator=_COMPARISON,
                    value={"type": "integer"},
                ),
                closed(
                    "op operand operator value", "id", op=one_of("json_path"), operator=_COMPARISON, value=TEXT,
                    operand=closed("jsonpath_op value", jsonpath_op=one_of("literal"), value=TEXT),
                ),
            ]
        }
    },
}  # fmt: skip
# [provider] ProjectMonitorRequestUptimeDomainFailure; [server] uptime.endpoints.validators
UPTIME_DETECTOR = {
    **_ASSERTION,
    **closed(
        "name type dataSources config",
        "description projectId owner enabled workflowIds",
        **_SHARED,
        type=one_of("uptime_domain_failure"),
        dataSources=listed(
            closed(
                "url intervalSeconds timeoutMs",
                "method headers body traceSampling assertion",
                url={"type": "string", "pattern": "^https?://", "maxLength": 255},
                intervalSeconds=one_of(60, 300, 600, 1200, 1800, 3600),
                timeoutMs={"type": "integer", "minimum": 1000, "maximum": 60_000},
                method=one_of("GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"),
                headers=listed(listed(TEXT, minItems=2, maxItems=2)),
                body=TEXT_OR_NULL,
                traceSampling=FLAG,
                assertion={"oneOf": [{"type": "null"}, closed("root", root={"$ref": "#/$defs/op"})]},
            ),
            minItems=1,
            maxItems=1,
        ),
        config=closed(
            "mode environment downtimeThreshold recoveryThreshold",
            mode=one_of(1),
            environment=TEXT,
            downtimeThreshold={"type": "integer", "minimum": 1},
            recoveryThreshold={"type": "integer", "minimum": 1},
        ),
    ),
}
_MINUTES = {"type": "integer", "minimum": 1}
# [provider] ProjectMonitorRequestMonitorCheckInFailure; [server] monitors.validators
CRON_DETECTOR = closed(
    "name type dataSources",
    "description projectId owner enabled workflowIds config",
    **_SHARED,
    type=one_of("monitor_check_in_failure"),
    dataSources=listed(
        closed(
            "name config",
            "slug",
            name={"type": "string", "minLength": 1, "maxLength": 128},
            slug={"type": "string", "pattern": "^(?![0-9]+$)[a-z0-9_\\-]+$", "maxLength": 50},
            config=closed(
                "schedule_type schedule checkin_margin max_runtime timezone failure_issue_threshold recovery_threshold",
                schedule_type=one_of("crontab", "interval"),
                schedule={
                    "oneOf": [
                        {"type": "string", "pattern": "^(@(yearly|monthly|weekly|daily|hourly)|\\S+( \\S+){4})$"},
                        {
                            "type": "array",
                            "prefixItems": [_MINUTES, one_of("year", "month", "week", "day", "hour", "minute")],
                            "minItems": 2,
                            "maxItems": 2,
                        },
                    ]
                },
                checkin_margin={**_MINUTES, "maximum": 40_320},
                max_runtime={**_MINUTES, "maximum": 10_080},
                timezone=TEXT,
                failure_issue_threshold={**_MINUTES, "maximum": 720},
                recovery_threshold={**_MINUTES, "maximum": 720},
            ),
        ),
        minItems=1,
        maxItems=1,
    ),
    config=closed(""),
)
DETECTORS = {
    "metric_issue": DETECTOR,
    "uptime_domain_failure": UPTIME_DETECTOR,
    "monitor_check_in_failure": CRON_DETECTOR,
}


def condition(name: str, comparison: Shape) -> Shape:
    return closed(
        "type comparison conditionResult",
        "id",
        type=one_of(name),
        comparison=comparison,
        conditionResult=one_of(True),
    )


RATE = closed("interval value", "filters", interval=INTERVAL, value=COUNT)
# [provider] OrganizationWorkflow_ActionFilter_Condition_*; [server] workflow_engine.handlers.condition
CONDITIONS = {
    "event_frequency_count": RATE,
    "event_unique_user_frequency_count": RATE,
    "level": closed("level match", level=one_of(0, 10, 20, 30, 40, 50), match=one_of("eq", "gte", "lte")),
    "issue_category": closed("value", "include", value=one_of(1, 6, 10, 11, 12, 13, 14, 15)),
    "issue_priority_greater_or_equal": one_of(25, 50, 75),
    # A value is required, except where there is none to compare with, and forbidden there.
    "tagged_event": {
        "oneOf": [
            closed("key match", key=TEXT, match=one_of("is", "ns")),
            closed("key match value", key=TEXT, match=one_of("co", "nc", "eq", "ne", "sw", "ew"), value=TEXT),
        ]
    },
}
TRIGGERS = ("first_seen_event", "regression_event", "reappeared_event", "issue_resolved_trigger")


def action(kind: str, config: Shape, data: Shape, *, integration: bool = True) -> Shape:
    """[server] validators.base.action: an integration is required, or not allowed."""
    return closed(
        "type config data" + (" integrationId" if integration else ""),
        "id status",
        type=one_of(kind),
        config=config,
        data=data,
        **({"integrationId": IDENTIFIER} if integration else {}),
    )


SPECIFIC = one_of("specific")
ON_CALL = closed(
    "targetType targetIdentifier", "targetDisplay", targetType=SPECIFIC, targetIdentifier=TEXT, targetDisplay=TEXT
)
CHANNEL = closed(
    "targetType targetDisplay", "targetIdentifier", targetType=SPECIFIC, targetIdentifier=TEXT, targetDisplay=TEXT
)
# [provider] OrganizationWorkflow_ActionFilter_Action_*; [server] action_handler_registry.common
ACTIONS = (
    action(
        "email",
        closed("targetType targetIdentifier", targetType=one_of("team", "user"), targetIdentifier=IDENTIFIER),
        closed("", "fallthroughType"),
        integration=False,
    ),
    action("slack", CHANNEL, closed("", "tags notes", tags=TEXT, notes=TEXT)),
    action("msteams", CHANNEL, closed("")),
    action("pagerduty", ON_CALL, closed("priority", priority=SEVERITY)),
    action("opsgenie", ON_CALL, closed("priority", priority=PRIORITY)),
    action(
        "jira",
        closed("targetType", targetType=SPECIFIC),
        closed(
            "additionalFields", additionalFields=closed("project issuetype", project=IDENTIFIER, issuetype=IDENTIFIER)
        ),
    ),
)

# [schema] workflow; [provider] OrganizationWorkflowRequest. Conditions may be none: workflow.py creates what there is.
WORKFLOW = closed(
    "name enabled config detectorIds triggers actionFilters",
    "id environment owner",
    id=IDENTIFIER,
    name={"type": "string", "minLength": 1, "maxLength": 256},
    enabled=FLAG,
    config=closed("frequency", frequency=COUNT),
    environment=TEXT_OR_NULL,
    owner=OWNER,
    detectorIds=listed(IDENTIFIER),
    triggers=closed(
        "logicType conditions",
        "id",
        logicType=one_of("any-short"),
        conditions=listed({"anyOf": [condition(name, one_of(True)) for name in TRIGGERS]}),
    ),
    actionFilters=listed(
        closed(
            "logicType conditions actions",
            "id",
            logicType=LOGIC,
            conditions=listed({"anyOf": [condition(name, shape) for name, shape in CONDITIONS.items()]}),
            actions=listed({"anyOf": [*ACTIONS]}),
        )
    ),
)
