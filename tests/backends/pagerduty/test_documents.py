"""Whole documents for one project, and what of it is decided where."""

from __future__ import annotations

import pytest

from skillforge_mon.documents.document import Format, Grade, Reference, Resource, Verdict
from tests.backends.pagerduty.specs import SPEC, content, documents, replaced

LEVELS = """\
  critical:
    - {notify: [on-call, chat], timeout: 15m}
    - {notify: [managers, on-call], timeout: 30m}
    - {notify: cto}
"""
LATER = """\
level 2 is paged 2m after the first instead of 1m30s; level 3 is paged 32m after the first instead of 31m30s"""


def ref(kind: str, key: str, of: str | None = None) -> dict[str, object]:
    """A reference as documents write it."""
    return {"type": f"{of or kind}_reference", "id": {"$ref": {"kind": kind, "key": key}}}


def user(address: str) -> dict[str, object]:
    """A user as documents name one."""
    return ref("user", address)


def test_every_object_has_a_file_in_the_order_in_which_it_can_be_made() -> None:
    assert [
        (path, found.resource.kind, found.resource.key) for path, found in documents().items() if found.resource
    ] == [
        ("pagerduty/teams/on-call.json", "team", "teams.on-call"),
        ("pagerduty/schedules/on-call.json", "schedule", "teams.on-call"),
        ("pagerduty/teams/managers.json", "team", "teams.managers"),
        ("pagerduty/teams/cto.json", "team", "teams.cto"),
        ("pagerduty/escalation-policies/critical.json", "escalation_policy", "escalation.critical"),
        ("pagerduty/services/critical/web.json", "service", "escalation.critical.web"),
        ("pagerduty/integrations/critical/web.json", "integration", "escalation.critical.web"),
        ("pagerduty/services/critical/_any.json", "service", "escalation.critical"),
        ("pagerduty/integrations/critical/_any.json", "integration", "escalation.critical"),
    ]


def test_a_policy_has_a_rule_for_each_level_and_an_exact_verdict() -> None:
    found = documents()["pagerduty/escalation-policies/critical.json"]
    assert found.content == {
        "type": "escalation_policy",
        "name": "shop-critical",
        "description": "The policy critical of shop.",
        "num_loops": 0,
        "teams": [ref("team", "teams.on-call")],
        "escalation_rules": [
            {"escalation_delay_in_minutes": 15, "targets": [ref("schedule", "teams.on-call")]},
            {
                "escalation_delay_in_minutes": 30,
                "targets": [user("em@example.com"), user("dan@example.com"), ref("schedule", "teams.on-call")],
            },
            {"escalation_delay_in_minutes": 30, "targets": [user("cto@example.com")]},
        ],
    }
    assert found.format is Format.JSON
    assert found.objects == ("escalation.critical", "teams.on-call", "teams.managers", "teams.cto")
    assert found.verdicts == (Verdict("pagerduty", "escalation.critical", Grade.EXACT),)
    assert found.resource == Resource(
        "pagerduty",
        "escalation_policy",
        "escalation.critical",
        (
            Reference("team", "teams.on-call"),
            Reference("schedule", "teams.on-call"),
            Reference("user", "em@example.com"),
            Reference("user", "dan@example.com"),
            Reference("user", "cto@example.com"),
        ),
    )


def test_a_schedule_begins_with_the_first_handoff_from_its_start_on() -> None:
    assert content("pagerduty/schedules/on-call.json") == {
        "type": "schedule",
        "name": "shop-on-call",
        "description": "Who of on-call is on call.",
        "time_zone": "Europe/Paris",
        "teams": [ref("team", "teams.on-call")],
        "schedule_layers": [
            {
                "name": "rota 1",
                "start": "2026-01-05T08:00:00Z",
                "rotation_virtual_start": "2026-01-05T08:00:00Z",
                "rotation_turn_length_seconds": 604800,
                "users": [{"user": user("ann@example.com")}, {"user": user("bob@example.com")}],
                "restrictions": [],
            }
        ],
    }


def test_a_service_never_closes_an_incident_by_itself_and_takes_urgency_from_severity() -> None:
    assert content("pagerduty/services/critical/web.json") == {
        "type": "service",
        "name": "shop-web-critical",
        "description": "Alerts of the service web that follow the policy critical.",
        "auto_resolve_timeout": None,
        "acknowledgement_timeout": 1800,
        "alert_creation": "create_alerts_and_incidents",
        "escalation_policy": ref("escalation_policy", "escalation.critical"),
        "incident_urgency_rule": {"type": "constant", "urgency": "severity_based"},
    }
    assert content("pagerduty/services/critical/_any.json") == {
        "type": "service",
        "name": "shop-critical",
        "description": "Alerts of whichever service that follow the policy critical.",
        "auto_resolve_timeout": None,
        "acknowledgement_timeout": 1800,
        "alert_creation": "create_alerts_and_incidents",
        "escalation_policy": ref("escalation_policy", "escalation.critical"),
        "incident_urgency_rule": {"type": "constant", "urgency": "high"},
    }


def test_an_integration_and_a_team_say_no_more_than_they_need() -> None:
    assert content("pagerduty/integrations/critical/web.json") == {
        "type": "events_api_v2_inbound_integration",
        "name": "monmc",
        "service": ref("service", "escalation.critical.web"),
    }
    assert content("pagerduty/teams/managers.json") == {
        "type": "team",
        "name": "shop-managers",
        "description": "Who decide.",
    }


def test_the_target_says_when_incidents_close_and_page_again() -> None:
    spec = replaced(("{from: robot@example.com}", "{auto_resolve: 1d, acknowledgement: 0s}"))
    found = content("pagerduty/services/critical/web.json", spec)
    assert (found["auto_resolve_timeout"], found["acknowledgement_timeout"]) == (86400, None)


def test_an_account_without_teams_gets_none() -> None:
    spec = replaced(("{from: robot@example.com}", "{teams: false}"))
    found = documents(spec)
    assert not any(path.startswith("pagerduty/teams/") for path in found)
    owners = [
        each.content["teams"]
        for path, each in found.items()
        if isinstance(each.content, dict) and "teams" in each.content
    ]
    assert owners == [[], []]


def test_names_tell_environments_apart() -> None:
    found = documents(f"{SPEC}environments:\n  staging: {{}}\n", "staging")
    names = [document.content["name"] for document in found.values() if isinstance(document.content, dict)]
    assert names == [
        "shop-staging-on-call",
        "shop-staging-on-call",
        "shop-staging-managers",
        "shop-staging-cto",
        "shop-staging-critical",
        "shop-staging-web-critical",
        "monmc",
        "shop-staging-critical",
        "monmc",
    ]


def test_names_that_would_share_a_secret_are_told_apart() -> None:
    spec = replaced(("  db: {team: on-call}", "  db: {team: on-call}\n  w_eb: {team: on-call, escalation: critical}"))
    spec = spec.replace("  web: {", "  w-eb: {").replace("service: web", "service: w-eb")
    spec = spec.replace("  Odd: {", "  Other: {service: w_eb, severity: critical, expr: queue_length > 2}\n  Odd: {")
    found = documents(spec)
    services = [found[f"pagerduty/services/critical/{name}.json"].content for name in ("w-eb", "w_eb")]
    assert [each["name"] for each in services if isinstance(each, dict)] == [
        "shop-w-eb-critical",
        "shop-w_eb-critical-2",
    ]


def test_nothing_is_made_of_policies_that_nothing_follows_and_without_the_target() -> None:
    assert documents(replaced(("  pagerduty: {from: robot@example.com}\n", ""))) == {}
    unused = replaced((", escalation: critical, expr: queue_length > 1", ", expr: queue_length > 1"))
    assert documents(unused.replace(", escalation: critical}", "}")) == {}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            "timeout: 15m",
            "timeout: 90s",
            LATER,
        ),
        (
            LEVELS,
            "  critical:\n    levels: [{notify: [on-call, chat], timeout: 15m}, {notify: cto}]\n    repeat: 1h\n",
            "`repeat: 1h` pages all levels again, 1h after the last, and 9 times at most: for 12h30m in all",
        ),
        (
            "Backlog: {service: web, severity: critical",
            "Backlog: {service: web, severity: warning",
            "an alert that is warning has low urgency, which PagerDuty does not escalate: levels 2, 3 are not paged for it",
        ),
    ],
)
def test_what_pagerduty_says_only_nearly_is_named_in_numbers(old: str, new: str, reason: str) -> None:
    found = documents(replaced((old, new)))["pagerduty/escalation-policies/critical.json"]
    assert found.verdicts == (Verdict("pagerduty", "escalation.critical", Grade.APPROXIMATE, reason),)


def test_a_policy_that_repeats_goes_through_its_rules_again() -> None:
    levels = LEVELS.replace("  critical:\n", "  critical:\n    levels:\n") + "    repeat: 45m\n"
    found = content("pagerduty/escalation-policies/critical.json", replaced((LEVELS, levels)))
    assert found["num_loops"] == 9
    assert [rule["escalation_delay_in_minutes"] for rule in found["escalation_rules"]] == [15, 30, 45]


def test_rounding_up_does_not_add_up() -> None:
    levels = "[{notify: on-call, timeout: 90s}, {notify: managers, timeout: 90s}, {notify: cto}]"
    found = content("pagerduty/escalation-policies/critical.json", replaced((LEVELS, f"  critical: {levels}\n")))
    assert [rule["escalation_delay_in_minutes"] for rule in found["escalation_rules"]] == [2, 1, 30]


def test_more_targets_than_a_rule_takes_stop_the_build() -> None:
    many = ", ".join(f"user{number}@example.com" for number in range(11))
    found = documents(replaced(("[em@example.com, dan@example.com]", f"[{many}]")))
    assert found["pagerduty/escalation-policies/critical.json"].verdicts == (
        Verdict(
            "pagerduty",
            "escalation.critical",
            Grade.UNTRANSLATABLE,
            "level 2 pages 12 users and schedules; PagerDuty takes 10",
            "put them on a schedule, or split the level",
            "levels",
        ),
    )


def test_a_user_who_is_named_twice_in_a_level_is_paged_once() -> None:
    found = content("pagerduty/escalation-policies/critical.json", replaced(("dan@example.com]", "EM@example.com]")))
    assert found["escalation_rules"][1]["targets"] == [user("em@example.com"), ref("schedule", "teams.on-call")]
