"""Rules of Kibana on a number of lines."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from skillforge_mon.backends.elasticsearch.rules import rule_id
from skillforge_mon.documents.document import Grade, Reference, Verdict
from tests.backends.elasticsearch.schemas import closed
from tests.backends.elasticsearch.specs import HEAD, compiled
from tests.projects import project

SPEC = (
    HEAD.replace("{web: {}}", "{web: {team: shop}}")
    + """\
retention: {logs: {default: 30d, error: 90d}}
logs:
  web: {service: web, index_by: [method]}
teams:
  shop: {kibana: {name: Shop Slack, type: slack}}
  boss: {kibana: {name: Pager, type: pagerduty}}
escalation:
  page:
    levels: [{notify: shop, timeout: 10m}, {notify: boss}]
    repeat: 4h
alerts:
  ManyErrors:
    service: web
    severity: {critical: "> 10"}
    logs: {of: web, lines: {level: error, fields: {user: [a, b]}}, within: 10m, by: [method]}
    for: 5m
    summary: "{{ value }} errors of {{ labels.method }} in {{ service }}, more than {{ threshold }}"
    escalation: page
"""
)
FIRST = "elasticsearch/kibana/rules/ManyErrors.critical.json"
TEXT = {"type": "string", "minLength": 1}
DURATION = {"type": "string", "pattern": "^[1-9][0-9]*[smhd]$"}
RULE = closed(
    {
        "name": TEXT,
        "rule_type_id": {"const": ".es-query"},
        "consumer": {"enum": ["alerts", "logs", "infrastructure", "stackAlerts"]},
        "enabled": {"type": "boolean"},
        "schedule": closed({"interval": DURATION}, "interval"),
        "params": closed(
            {
                "searchType": {"const": "esQuery"},
                "index": {"type": "array", "items": TEXT, "minItems": 1},
                "timeField": TEXT,
                "esQuery": TEXT,
                "size": {"type": "integer", "minimum": 0, "maximum": 10000},
                "aggType": {"const": "count"},
                "groupBy": {"enum": ["all", "top"]},
                "termField": {"anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 2, "maxItems": 4}]},
                "termSize": {"type": "integer", "minimum": 1, "maximum": 1000},
                "timeWindowSize": {"type": "integer", "minimum": 1},
                "timeWindowUnit": {"enum": ["s", "m", "h", "d"]},
                "threshold": {"type": "array", "items": {"type": "number"}, "minItems": 1, "maxItems": 2},
                "thresholdComparator": {"enum": [">", ">=", "<", "<=", "between", "notBetween"]},
                "excludeHitsFromPreviousRun": {"type": "boolean"},
            },
            "searchType", "index", "timeField", "esQuery", "size", "timeWindowSize", "timeWindowUnit", "threshold",
            "thresholdComparator",
        ),
        "actions": {
            "type": "array",
            "items": closed(
                {
                    "group": {"enum": ["query matched", "recovered"]},
                    "id": {"type": "object"},
                    "params": {"type": "object"},
                    "frequency": closed(
                        {
                            "summary": {"type": "boolean"},
                            "notify_when": {"enum": ["onActionGroupChange", "onActiveAlert", "onThrottleInterval"]},
                            "throttle": {"anyOf": [{"type": "null"}, DURATION]},
                        },
                        "summary", "notify_when", "throttle",
                    ),
                },
                "group", "id", "params", "frequency",
            ),
        },
        "alert_delay": closed({"active": {"type": "integer", "minimum": 1}}, "active"),
        "tags": {"type": "array", "items": TEXT},
    },
    "name", "rule_type_id", "consumer", "schedule", "params",
)  # fmt: skip
"""The body of a request that makes a rule. Kibana, "Create a rule"; ``es_query/rule_type_params.ts`` of stack_alerts."""


def rule(spec: str, path: str = FIRST) -> Any:
    body = compiled(spec)[path].content
    jsonschema.validate(json.loads(json.dumps(body)), RULE)
    return body


def test_a_rule() -> None:
    connector = {"$ref": {"kind": "kibana_connector", "key": "Shop Slack"}}
    summary = "{{context.value}} errors of {{alert.id}} in web, more than 10"
    query = {"bool": {"filter": [{"terms": {"log.level": ["error"]}}, {"terms": {"attributes.user": ["a", "b"]}}]}}
    assert rule(SPEC) == {
        "name": "[shop] ManyErrors (critical)",
        "rule_type_id": ".es-query",
        "consumer": "stackAlerts",
        "enabled": True,
        "schedule": {"interval": "1m"},
        "params": {
            "searchType": "esQuery",
            "index": ["logs-web-default", "logs-web.error-default"],
            "timeField": "@timestamp",
            "esQuery": json.dumps({"query": query}),
            "size": 0,
            "aggType": "count",
            "groupBy": "top",
            "timeWindowSize": 10,
            "timeWindowUnit": "m",
            "threshold": [10],
            "thresholdComparator": ">",
            "excludeHitsFromPreviousRun": False,
            "termField": "method",
            "termSize": 100,
        },
        "actions": [
            {
                "group": "query matched",
                "id": connector,
                "params": {"message": summary},
                "frequency": {"summary": False, "notify_when": "onThrottleInterval", "throttle": "240m"},
            },
            {
                "group": "recovered",
                "id": connector,
                "params": {"message": f"It is over: {summary}"},
                "frequency": {"summary": False, "notify_when": "onActionGroupChange", "throttle": None},
            },
        ],
        "alert_delay": {"active": 6},
        "tags": [
            "monmc",
            "monmc:shop/default/alerts.ManyErrors.critical",
            "severity:critical",
            "priority:P1",
            "service:web",
            "team:shop",
        ],
    }


def test_a_later_level_waits_longer() -> None:
    body = rule(SPEC, "elasticsearch/kibana/rules/ManyErrors.critical.2.json")
    assert body["name"] == "[shop] ManyErrors (critical, level 2)"
    assert body["alert_delay"] == {"active": 16}
    assert [each["params"] for each in body["actions"]] == [
        {
            "eventAction": "trigger",
            "dedupKey": "{{rule.id}}:{{alert.id}}",
            "summary": "{{context.value}} errors of {{alert.id}} in web, more than 10",
            "severity": "critical",
        },
        {"eventAction": "resolve", "dedupKey": "{{rule.id}}:{{alert.id}}"},
    ]


def test_a_rule_is_a_resource_that_names_its_connectors() -> None:
    document = compiled(SPEC)[FIRST]
    assert document.verdicts == (Verdict("elasticsearch", "alerts.ManyErrors", Grade.EXACT),)
    assert document.resource is not None
    assert (document.resource.kind, document.resource.key, document.resource.references) == (
        "kibana_rule",
        "alerts.ManyErrors.critical",
        (Reference("kibana_connector", "Shop Slack"),),
    )
    assert rule_id(project(SPEC), "alerts.ManyErrors.critical") == rule_id(project(SPEC), "alerts.ManyErrors.critical")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            ("{level: error, ", "{contains: payment, "),
            "`contains` and `without` look for whole words of `message`, and not for letters anywhere in the line",
        ),
        (
            ("shop: {kibana: {name: Shop Slack, type: slack}}", "shop: {email: a@example.com}"),
            "no connector of Kibana is named for shop, so that the rule tells nobody: `teams.NAME.kibana`",
        ),
        (("{{ value }}", "{{ value | humanize }}"), "the value is written as a number, and not as `humanize`"),
        (
            ("{{ labels.method }}", "{{ labels.user }}"),
            "the message says `(user)` for `labels.user`: lines are not counted by it",
        ),
        (
            ("    for: 5m", "    no_data: notify\n    for: 5m"),
            "`no_data: notify` is left out: to a rule that counts lines, no line at all is the number 0",
        ),
        (('"> 10"', '"< 10"'), "a group without any line has no result, so that it is not told"),
    ],
)
def test_what_differs(change: tuple[str, str], reason: str) -> None:
    documents = compiled(SPEC.replace(*change))
    assert documents[FIRST].verdicts == (Verdict("elasticsearch", "alerts.ManyErrors", Grade.APPROXIMATE, reason),)


@pytest.mark.parametrize(
    ("change", "reason", "instead"),
    [
        (
            ("{level: error, ", "{matches: 'a+', "),
            "`matches` looks at whole lines, and Elasticsearch's regular expressions at single words of a text",
            "write `contains`, or make a field of it and say `fields`",
        ),
        (
            ('"> 10"', '"== 10"'),
            "a rule of Kibana compares by >, >=, <, <=, and not by `==`",
            "write another comparison",
        ),
    ],
)
def test_what_cannot_be_said(change: tuple[str, str], reason: str, instead: str) -> None:
    documents = compiled(SPEC.replace(*change))
    assert documents["elasticsearch/untranslatable/ManyErrors.txt"].verdicts == (
        Verdict("elasticsearch", "alerts.ManyErrors", Grade.UNTRANSLATABLE, reason, instead, "logs"),
    )
