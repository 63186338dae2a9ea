"""What each part of an alert becomes in Sentry."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.documents.document import Document, Verdict
from skillforge_mon.documents.references import key_parts, reference
from tests.backends.sentry.compiled import compiled

SPEC = """\
version: 1
project: shop
targets: {{sentry: {{organization: acme, {target}}}}}
teams:
  crew: {{{channels}}}
services:
  web: {{team: crew, errors: {{sentry_project: web}}}}
alerts:
  Alert:
    service: web
    {alert}
"""
ISSUE = "severity: critical\n    sentry: {issue: {%s}}"
METRIC = "severity: {%s}\n    sentry: {metric: {aggregate: count(), %s}}"


def outcome(
    alert: str, target: str = "", channels: str = "sentry: crew", environment: str | None = None
) -> tuple[dict[str, Any], list[Verdict]]:
    """The payload of every resource by its kind, and what gets lost."""
    documents, diagnostics = compiled(SPEC.format(alert=alert, target=target, channels=channels), environment)
    assert diagnostics == ()
    payloads = {document.resource.kind: document.content for document in documents if document.resource}
    return payloads, [verdict for document in documents for verdict in document.verdicts if verdict.reason]


def reasons(verdicts: list[Verdict]) -> list[tuple[str, str, str]]:
    return [(verdict.grade.value, verdict.field, verdict.reason) for verdict in verdicts]


@pytest.mark.parametrize(
    ("severity", "more", "conditions"),
    [
        ('critical: "> 100"', "", [("gt", 100, 75), ("lte", 100, 0)]),
        ('critical: ">= 100"', "", [("gte", 100, 75), ("lt", 100, 0)]),
        ('warning: "< 5"', "", [("lt", 5, 50), ("gte", 5, 0)]),
        ('critical: "> 100", warning: "> 50"', "", [("gt", 100, 75), ("gt", 50, 50), ("lte", 50, 0)]),
        ('critical: "> 100", warning: "> 50"', 'resolve: "< 20"', [("gt", 100, 75), ("gt", 50, 50), ("lt", 20, 0)]),
        ('critical: "> 2s"', "", [("gt", 2000, 75), ("lte", 2000, 0)]),
        ('critical: "> 2KiB"', "", [("gt", 2048, 75), ("lte", 2048, 0)]),
        ('critical: "> 50%"', "compare: 1h", [("gt", 50, 75), ("lte", 50, 0)]),
        ('critical: "< -50%"', "compare: 1h", [("lt", 50, 75), ("gte", 50, 0)]),
    ],
)
def test_thresholds_become_conditions_and_an_explicit_end(
    severity: str, more: str, conditions: list[tuple[str, int, int]]
) -> None:
    payloads, verdicts = outcome(METRIC % (severity, more))
    assert payloads["detector"]["conditionGroup"] == {
        "logicType": "any",
        "conditions": [
            {"type": kind, "comparison": number, "conditionResult": result} for kind, number, result in conditions
        ],
    }
    assert verdicts == []


@pytest.mark.parametrize(
    ("severity", "more", "grade", "field", "reason"),
    [
        ('critical: "== 0"', "", "untranslatable", "severity.critical", "Sentry does not compare with `==`"),
        (
            'critical: "> 2s"',
            "compare: 1h",
            "untranslatable",
            "severity.critical",
            "`> 2s` is not a change in percent, and `compare` compares in percent",
        ),
        (
            'critical: "< 30%"',
            'compare: 1h, resolve: "> 40%"',
            "untranslatable",
            "severity",
            "Sentry cannot compare a change with 30% when it fires below: it knows only falls there",
        ),
        (
            'info: "> 1"',
            "",
            "approximate",
            "severity.info",
            "Sentry's metric alerts have no priority below medium: `info` becomes medium",
        ),
        (
            'critical: "> 10", info: "> 1"',
            "",
            "approximate",
            "severity.info",
            "Sentry has two priorities, high and medium: the threshold of `info` is not written",
        ),
        (
            'critical: {when: "> 10", for: 5m}',
            "",
            "approximate",
            "severity.critical.for",
            "Sentry has no `for`: it notifies at the first window in which the condition is true",
        ),
        (
            'critical: "> 10"',
            "window: 2d",
            "approximate",
            "sentry.metric.window",
            "the time window is 1d instead of 2d: Sentry takes whole minutes from 1m to 1d",
        ),
    ],
)
def test_what_a_metric_alert_cannot_say_is_reported_where_it_stands(
    severity: str, more: str, grade: str, field: str, reason: str
) -> None:
    payloads, verdicts = outcome(METRIC % (severity, more))
    assert reasons(verdicts)[:1] == [(grade, field, reason)]
    assert set(payloads) == (set() if grade == "untranslatable" else {"detector", "workflow"})


def test_people_who_are_told_alike_at_both_priorities_are_told_once() -> None:
    payloads, _ = outcome(METRIC % ('critical: "> 100", warning: "> 50"', ""))
    assert payloads["workflow"]["actionFilters"] == [
        {
            "logicType": "all",
            "conditions": [{"type": "issue_priority_greater_or_equal", "comparison": 50, "conditionResult": True}],
            "actions": [
                {
                    "type": "email",
                    "config": {
                        "targetType": "team",
                        "targetIdentifier": {"$ref": {"kind": "team", "key": "crew"}},
                    },
                    "data": {},
                }
            ],
        }
    ]


def test_a_number_of_events_needs_no_start_of_its_own() -> None:
    payloads, _ = outcome(ISSUE % "events: {more_than: 10}")
    assert payloads["workflow"]["triggers"] == {"logicType": "any-short", "conditions": []}
    payloads, _ = outcome(ISSUE % "when: regression, events: {more_than: 10}")
    assert payloads["workflow"]["triggers"] == {
        "logicType": "any-short",
        "conditions": [{"type": "regression_event", "comparison": True, "conditionResult": True}],
    }


@pytest.mark.parametrize(
    ("environment", "name", "marker"),
    [
        (None, "[shop] Alert", "monmc shop/default alerts.Alert"),
        ("staging", "[shop/staging] Alert", "monmc shop/staging alerts.Alert"),
    ],
)
def test_objects_of_two_environments_are_told_apart(environment: str | None, name: str, marker: str) -> None:
    text = SPEC + "environments:\n  staging: {{}}\n"
    alert = METRIC % ('critical: "> 100"', "")
    documents, _ = compiled(text.format(alert=alert, target="", channels="sentry: crew"), environment)
    payloads = {document.resource.kind: document.content for document in documents if document.resource}
    detector: Any = payloads["detector"]
    workflow: Any = payloads["workflow"]
    assert (detector["name"], workflow["name"], detector["description"]) == (name, name, marker)


@pytest.mark.parametrize(
    ("channels", "reason", "instead"),
    [
        (
            'sentry: crew, slack: "#crew"',
            "`#crew` is not told: no Slack integration is named",
            "name it as it is installed in Sentry: `targets.sentry.integrations.slack`",
        ),
        (
            'sentry: crew, pagerduty: {routing_key: "${secret:K}", service: Crew}',
            "`crew` is not paged: no PagerDuty integration is named",
            "name it as it is installed in Sentry: `targets.sentry.integrations.pagerduty`",
        ),
        (
            'sentry: crew, pagerduty: {routing_key: "${secret:K}"}',
            "`crew` is not paged: Sentry finds services in PagerDuty by name, not by routing key",
            "name the service: `teams.crew.pagerduty.service`",
        ),
        (
            'sentry: crew, opsgenie: {api_key: "${secret:K}"}',
            "`crew` is not paged: Sentry finds teams in Opsgenie by name, not by key",
            "name the team: `teams.crew.opsgenie.team`",
        ),
        (
            'sentry: crew, msteams: "${secret:K}"',
            "`crew` is not told in Teams: no Microsoft Teams integration is named",
            "name it as it is installed in Sentry: `targets.sentry.integrations.msteams`",
        ),
        (
            'sentry: crew, jira: {api_url: "https://jira.example", project: OPS, api_token: "${secret:K}"}',
            "no issue is made in `OPS`: no Jira integration is named",
            "name it as it is installed in Sentry: `targets.sentry.integrations.jira`",
        ),
        (
            'sentry: crew, webhook: "http://hooks/"',
            "the webhooks of `crew` are not called: Sentry calls only webhooks that are installed there",
            "add a channel that Sentry reaches, or accept it with `approximate: [sentry]`",
        ),
    ],
)
def test_a_channel_that_sentry_does_not_reach_is_reported(channels: str, reason: str, instead: str) -> None:
    _, verdicts = outcome(ISSUE % "level: error", channels=channels)
    assert [(verdict.field, verdict.reason, verdict.instead) for verdict in verdicts] == [
        ("escalation", reason, instead)
    ]


def test_the_old_rules_write_metric_alerts_in_minutes() -> None:
    payloads, _ = outcome(METRIC % ('critical: "< -50%", warning: "< -20%"', "compare: 1d, window: 1h"), "mode: legacy")
    owner = {"$ref": {"kind": "owner", "key": "crew"}}
    email = {
        "type": "email",
        "targetType": "team",
        "targetIdentifier": {"$ref": {"kind": "team", "key": "crew"}},
    }
    assert payloads == {
        "alert_rule": {
            "name": "[shop] Alert",
            "projects": ["web"],
            "environment": None,
            "owner": owner,
            "aggregate": "count()",
            "dataset": "events",
            "query": "",
            "queryType": 0,
            "eventTypes": ("default", "error"),
            "timeWindow": 60,
            "comparisonDelta": 1440,
            "thresholdType": 1,
            "resolveThreshold": 20,
            "triggers": [
                {"label": "critical", "alertThreshold": 50, "actions": [email]},
                {"label": "warning", "alertThreshold": 20, "actions": [email]},
            ],
        }
    }


def test_a_single_trigger_of_the_old_rules_is_called_critical_whatever_it_is() -> None:
    payloads, verdicts = outcome(METRIC % ('warning: "> 50"', "window: 5m"), "mode: legacy")
    assert [trigger["label"] for trigger in payloads["alert_rule"]["triggers"]] == ["critical"]
    assert reasons(verdicts) == [
        (
            "approximate",
            "severity.warning",
            "the old alert rules have no warning without a critical trigger: `warning` becomes critical",
        )
    ]


@pytest.mark.parametrize(
    ("mode", "alert", "handed_on"),
    [
        ("workflows", METRIC % ('critical: "> 5"', "window: 5m"), [("detector", "Old", ""), ("workflow", "Old", "17")]),
        ("workflows", ISSUE % "level: error", [("workflow", "Old", "17")]),
        ("legacy", METRIC % ('critical: "> 5"', "window: 5m"), [("alert_rule", "Old", "17")]),
        ("legacy", ISSUE % "level: error", [("issue_rule", "web/Old", "web/17")]),
    ],
)
def test_a_former_name_and_an_object_to_adopt_are_handed_on(
    mode: str, alert: str, handed_on: list[tuple[str, str, str]]
) -> None:
    text = SPEC.format(
        target=f"mode: {mode}", channels="sentry: crew", alert=f'was: Old\n    adopt: {{sentry: "17"}}\n    {alert}'
    )
    documents, diagnostics = compiled(text)
    assert diagnostics == ()
    resources = [document.resource for document in documents if document.resource is not None]
    assert [(each.kind, each.was, each.adopt) for each in resources] == handed_on


def test_promql_never_becomes_a_sentry_alert() -> None:
    text = SPEC.format(
        target="}, prometheus: {", channels="sentry: crew", alert="severity: critical\n    expr: up == 0\n    for: 5m"
    )
    documents: tuple[Document, ...] = compiled(text)[0]
    assert documents == ()


@given(st.lists(st.text(min_size=1), min_size=1))
def test_keys_of_references_come_apart_as_they_were_put_together(parts: list[str]) -> None:
    made: Any = reference("integration_row", *parts)
    assert key_parts(made["$ref"]["key"]) == tuple(parts)
