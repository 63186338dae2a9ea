"""Probes in Sentry: what each becomes, what Sentry cannot ask, and that a push leaves nothing to do."""

from __future__ import annotations

from typing import Any

import pytest

from skillforge_mon.documents.document import Grade
from tests.backends.sentry.compiled import compiled
from tests.backends.sentry.pushing import pushing
from tests.projects import project

HEAD = """\
version: 1
project: shop
targets: {sentry: {organization: acme, integrations: {slack: Acme}}}
environments: {staging: {}}
teams: {shop: {slack: "#shop", sentry: shop}}
escalation: {page: [{notify: shop}]}
services: {web: {team: shop, escalation: page, runbook: down, errors: {sentry_project: web}}}
runbooks: {down: {resolve: [Look.]}}
probes:
"""
FRONT = """\
  front:
    service: web
    description: The shop answers
    http:
      url: https://shop.example/health
      method: POST
      status: [200-204, 301]
      headers: {X-Probe: monmc, Accept: application/json}
      body: "{}"
      json: {status: healthy}
    every: 5m
    failures: 2
"""
BACKUP = """\
  backup:
    service: web
    cron: {schedule: "0 3 * * mon-fri", timezone: Europe/Paris, margin: 10m, max_runtime: 2h}
"""
SYNC = "  sync: {service: web, cron: {every: 90m}, alerting: false}\n"


def contents(text: str, environment: str | None = None) -> dict[str, Any]:
    """What the files of probes say, by the end of their paths."""
    documents, reported = compiled(text, environment)
    assert reported == ()
    prefix = "sentry/probes/"
    return {each.path.removeprefix(prefix): each.content for each in documents if each.path.startswith(prefix)}


def test_the_text_says_how_often_sentry_asks() -> None:
    text = HEAD + '  front: {service: web, http: "https://shop.example/", every: 2m, approximate: [sentry]}\n'
    assert contents(text)["front.yaml"]["text"].startswith("front fails\n\nIt has failed 3 times in a row, every 5m.")


def test_an_http_probe_is_an_uptime_monitor_and_an_alert() -> None:
    found = contents(HEAD + FRONT)
    assert set(found) == {"front.yaml", "front.detector.json", "front.workflow.json"}
    assert found["front.detector.json"] == {
        "type": "uptime_domain_failure",
        "name": "[shop] front",
        "description": "front fails\n\nThe shop answers. It has failed 2 times in a row, every 5m.\n\n"
        "Runbook: runbooks/down.md\n\nmonmc shop/default probes.front",
        "projectId": {"$ref": {"kind": "project", "key": "web"}},
        "owner": {"$ref": {"kind": "owner", "key": "shop"}},
        "enabled": True,
        "dataSources": [
            {
                "url": "https://shop.example/health",
                "method": "POST",
                "headers": [["Accept", "application/json"], ["X-Probe", "monmc"]],
                "body": "{}",
                "intervalSeconds": 300,
                "timeoutMs": 10_000,
                "traceSampling": False,
                "assertion": {
                    "root": {
                        "op": "and",
                        "children": [
                            {
                                "op": "or",
                                "children": [
                                    {"op": "and", "children": [status("greater_than", 199), status("less_than", 205)]},
                                    status("equals", 301),
                                ],
                            },
                            {
                                "op": "json_path",
                                "operand": {"jsonpath_op": "literal", "value": "healthy"},
                                "operator": {"cmp": "equals"},
                                "value": "$.status",
                            },
                        ],
                    }
                },
            }
        ],
        "config": {"mode": 1, "environment": "production", "downtimeThreshold": 2, "recoveryThreshold": 1},
    }
    assert found["front.workflow.json"] == {
        "name": "[shop] front",
        "enabled": True,
        "environment": None,
        "owner": {"$ref": {"kind": "owner", "key": "shop"}},
        "detectorIds": [{"$ref": {"kind": "detector", "key": "probes/front"}}],
        "config": {"frequency": 0},
        "triggers": {
            "logicType": "any-short",
            "conditions": [
                {"type": kind, "comparison": True, "conditionResult": True}
                for kind in ("first_seen_event", "regression_event", "issue_resolved_trigger")
            ],
        },
        "actionFilters": [
            {
                "logicType": "all",
                "conditions": [],
                "actions": [
                    {
                        "type": "email",
                        "config": {
                            "targetType": "team",
                            "targetIdentifier": {"$ref": {"kind": "team", "key": "shop"}},
                        },
                        "data": {},
                    },
                    {
                        "type": "slack",
                        "integrationId": {"$ref": {"kind": "integration", "key": "slack/Acme"}},
                        "config": {"targetType": "specific", "targetDisplay": "shop"},
                        "data": {"notes": "front fails - Runbook: runbooks/down.md"},
                    },
                ],
            }
        ],
    }


def status(comparison: str, code: int) -> dict[str, Any]:
    return {"op": "status_code_check", "operator": {"cmp": comparison}, "value": code}


def test_any_success_needs_no_assertion() -> None:
    (source,) = contents(f'{HEAD}  p: {{service: web, http: "https://shop.example/"}}\n')["p.detector.json"][
        "dataSources"
    ]
    assert source["assertion"] is None


def test_a_job_is_a_cron_monitor_with_a_slug_of_its_own_in_each_environment() -> None:
    found = contents(HEAD + BACKUP)["backup.detector.json"]
    assert (found["type"], found["config"]) == ("monitor_check_in_failure", {})
    assert found["dataSources"] == [
        {
            "name": "shop-backup",
            "slug": "shop-backup",
            "config": {
                "schedule_type": "crontab",
                "schedule": "0 3 * * mon-fri",
                "checkin_margin": 10,
                "max_runtime": 120,
                "timezone": "Europe/Paris",
                "failure_issue_threshold": 1,
                "recovery_threshold": 1,
            },
        }
    ]
    staging = contents(HEAD + BACKUP, "staging")["backup.detector.json"]
    assert staging["dataSources"][0]["slug"] == "shop-staging-backup"


@pytest.mark.parametrize(
    ("every", "schedule"),
    [("1w", [1, "week"]), ("2d", [2, "day"]), ("90m", [90, "minute"]), ("6h", [6, "hour"])],
)
def test_an_interval_is_in_its_largest_unit(every: str, schedule: list[Any]) -> None:
    found = contents(f"{HEAD}  p: {{service: web, cron: {{every: {every}}}}}\n")["p.detector.json"]
    assert found["dataSources"][0]["config"]["schedule"] == schedule


def test_what_tells_nobody_has_no_alert() -> None:
    assert set(contents(HEAD + SYNC)) == {"sync.yaml", "sync.detector.json"}


@pytest.mark.parametrize(
    ("probe", "grade", "field", "reason"),
    [
        ('http: "https://shop.example/"', Grade.EXACT, "", ""),
        (
            'http: "https://shop.example/", every: 2m',
            Grade.APPROXIMATE,
            "every",
            "it is asked every 5m instead of 2m: Sentry takes 1m, 5m, 10m, 20m, 30m, 1h",
        ),
        (
            'http: "https://shop.example/", timeout: 500ms',
            Grade.APPROXIMATE,
            "timeout",
            "an answer may take 1s instead of 500ms",
        ),
        (
            'http: {url: "https://shop.example/", certificate: 14d}',
            Grade.APPROXIMATE,
            "http.certificate",
            "Sentry tells of a certificate only when it has ended",
        ),
        (
            'http: {url: "https://shop.example/", json: {ok: true}}',
            Grade.APPROXIMATE,
            "http.json",
            "`ok` is compared with the text `true`: Sentry knows no other values",
        ),
        (
            'http: {url: "https://shop.example/", contains: Welcome}',
            Grade.UNTRANSLATABLE,
            "http.contains",
            "Sentry does not search the answer for a text; it reads JSON",
        ),
        (
            'http: {url: "https://shop.example/", bearer_token: "${secret:TOKEN}"}',
            Grade.UNTRANSLATABLE,
            "http.bearer_token",
            "Sentry shows the headers that it sends to everybody: it can keep no secret",
        ),
        (
            f'http: {{url: "https://shop.example/", method: POST, body: "{"x" * 1000}"}}',
            Grade.UNTRANSLATABLE,
            "http",
            "the request has 1025 bytes, its address 21 characters: Sentry sends 1000 and 255 at most",
        ),
        ('tcp: "shop.example:25"', Grade.UNTRANSLATABLE, "tcp", "Sentry asks by HTTP only"),
        ("icmp: shop.example", Grade.UNTRANSLATABLE, "icmp", "Sentry asks by HTTP only"),
        (
            "cron: {every: 90s}",
            Grade.APPROXIMATE,
            "cron.every",
            "it must run every 2 min instead of 1m30s",
        ),
        (
            "cron: {every: 1d, max_runtime: 30d}",
            Grade.APPROXIMATE,
            "cron.max_runtime",
            "7d instead of 30d: Sentry takes whole minutes up to 10080",
        ),
    ],
)
def test_differences_are_told(probe: str, grade: Grade, field: str, reason: str) -> None:
    documents, reported = compiled(f"{HEAD}  p: {{service: web, backends: [sentry], {probe}}}\n")
    assert reported == ()
    (verdict,) = [each for document in documents for each in document.verdicts if each.object_id == "probes.p"]
    assert (verdict.grade, verdict.field, verdict.reason) == (grade, field, reason)
    assert any(document.resource for document in documents) == (grade is not Grade.UNTRANSLATABLE)


def test_the_old_rules_have_no_probes() -> None:
    documents, reported = compiled((HEAD + FRONT).replace("organization: acme", "organization: acme, mode: legacy"))
    assert reported == ()
    assert [(each.path, [(one.grade, one.reason) for one in each.verdicts]) for each in documents] == [
        (
            "sentry/probes/front.txt",
            [(Grade.UNTRANSLATABLE, "`mode: legacy` writes the old alert rules, and none of them asks")],
        )
    ]


def test_pushed_means_nothing_left_to_do() -> None:
    with pushing(project(HEAD + FRONT + BACKUP + SYNC)) as here:
        here.push()
        assert {live.body["type"] for live in here.live("detector")} == {
            "uptime_domain_failure",
            "monitor_check_in_failure",
        }
        assert {str(live.owner) for live in here.live("workflow")} == {
            "shop/default/probes/front",
            "shop/default/probes/backup",
        }
        assert here.differences() == {}
        again = here.again()
        assert {live.owner for live in again.list("detector")} == {
            here.owner(each) for each in here.of_kind("detector")
        }


def test_a_change_by_hand_is_seen() -> None:
    with pushing(project(HEAD + FRONT + BACKUP)) as here:
        here.push()
        for live in here.live("detector"):
            query = live.body["dataSources"][0]["queryObj"]
            if live.body["type"] == "uptime_domain_failure":
                query["intervalSeconds"] = 3600
            else:
                query["config"]["checkin_margin"] = 1
            here.fake.objects["detector"][live.id].body["dataSources"][0]["queryObj"] = query
        assert set(here.differences()) == {"sentry/probes/front.detector.json", "sentry/probes/backup.detector.json"}


def test_what_lives_can_be_made_again() -> None:
    with pushing(project(HEAD + FRONT + BACKUP)) as here:
        here.push()
        for live in here.live("detector"):
            made = here.api.create("detector", here.api.restorable(live), None, "")
            assert (
                here.api.comparable("detector", made.body, live)[0]
                == here.api.comparable("detector", made.body, made)[0]
            )
            here.api.delete(made)
