"""The notification plan: who is told of what, after how long, how often, and when not."""

from __future__ import annotations

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.notifications import NotificationPlan, NotificationRoute, level_labels
from skillforge_mon.lower.scope import OTHER, Scope
from skillforge_mon.spec.quantities import Duration
from tests.projects import project

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {}
  alertmanager: {default_team: ops}
metrics:
  queue_length: {type: gauge, help: Jobs}
  requests_total: {type: counter, help: Requests}
  errors_total: {type: counter, help: Errors}
teams:
  on-call: {pagerduty: {routing_key: "${secret:KEY}"}, slack: "#alerts"}
  managers: {email: [a@example.com, b@example.com], slack: "#alerts"}
  payments: {webhook: "http://hooks:8080/"}
  nobody-owns: {webhook: "http://hooks:8080/2"}
  ops: {email: ops@example.com}
escalation:
  critical:
    levels:
      - {notify: on-call, timeout: 5m}
      - {notify: [managers, on-call], timeout: 15m}
      - {notify: managers}
    repeat: 30m
services:
  web: {team: on-call, escalation: critical, labels: {tier: gold}}
  pay: {team: payments}
  db: {}
alerts:
  Backlog: {service: web, severity: {critical: "> 9", warning: "> 5"}, expr: queue_length}
  Slow: {service: pay, severity: warning, expr: queue_length > 1}
  Odd: {severity: info, expr: queue_length > 1}
  Elsewhere: {severity: info, labels: {team: payments}, expr: queue_length > 1}
  Off: {severity: info, expr: queue_length > 1, enabled: false}
slos:
  availability: {service: web, objective: 99%, bad: errors_total, total: requests_total}
"""


def plan(text: str = SPEC) -> NotificationPlan:
    """The plan of a spec without problems."""
    report = Report()
    found = Lowering(project(text), report).notifications
    assert list(report) == []
    return found


def told(route: NotificationRoute) -> list[str]:
    """The channels of a route as ``kind team``."""
    return [f"{channel.kind} {channel.team.name}" for channel in route.channels]


def scope(service: str | None, alert: str, severity: str) -> Scope:
    """One alert."""
    services = frozenset((service,)) if service is not None else None
    return Scope(services, frozenset((alert,)) if alert else OTHER, frozenset((severity,)))


def test_every_level_of_a_policy_and_every_team_that_owns_something_is_a_route() -> None:
    assert [(route.name, dict(route.labels), told(route)) for route in plan().routes] == [
        ("critical-level-1", {"escalation": "critical", "level": "1"}, ["pagerduty on-call", "slack on-call"]),
        (
            "critical-level-2",
            {"escalation": "critical", "level": "2"},
            ["slack managers", "email managers", "email managers", "pagerduty on-call"],
        ),
        (
            "critical-level-3",
            {"escalation": "critical", "level": "3"},
            ["slack managers", "email managers", "email managers"],
        ),
        ("team-on-call", {"team": "on-call"}, ["pagerduty on-call", "slack on-call"]),
        ("team-payments", {"team": "payments"}, ["webhook payments"]),
    ]


def test_pagerduty_wakes_people_and_a_mailbox_does_not() -> None:
    pages = {route.name: [channel.kind for channel in route.channels if channel.pages] for route in plan().routes}
    assert pages == {
        "critical-level-1": ["pagerduty"],
        "critical-level-2": ["pagerduty"],
        "critical-level-3": [],
        "team-on-call": ["pagerduty"],
        "team-payments": [],
    }


def test_what_no_route_takes_goes_to_the_default_team_or_to_nobody() -> None:
    default = plan().default
    assert default is not None
    assert (default.name, dict(default.labels), told(default)) == ("team-ops", {}, ["email ops"])
    assert plan(SPEC.replace("alertmanager: {default_team: ops}", "alertmanager: {}")).default is None


def test_levels_say_after_how_long_they_are_told_and_by_which_labels() -> None:
    found = plan()
    (policy,) = {route.policy for route in found.routes if route.policy is not None}
    assert [(level.number, level.after) for level in found.levels(policy)] == [
        (1, Duration(0)),
        (2, Duration.of(minutes=5)),
        (3, Duration.of(minutes=20)),
    ]
    assert [level_labels(policy, level) for level in found.levels(policy)] == [
        {"escalation": "critical", "level": "1"},
        {"escalation": "critical", "level": "2"},
        {"escalation": "critical", "level": "3"},
    ]
    assert found.levels(None) == ()


def test_a_policy_says_how_often_people_are_told_again() -> None:
    repeats = {route.name: route.repeat for route in plan().routes}
    assert repeats == {
        "critical-level-1": Duration.of(minutes=30),
        "critical-level-2": Duration.of(minutes=30),
        "critical-level-3": Duration.of(minutes=30),
        "team-on-call": None,
        "team-payments": None,
    }


def test_notices_are_the_enabled_alerts_of_prometheus_and_the_burn_rates_of_slos() -> None:
    web = {"tier": "gold", "service": "web", "team": "on-call"}
    found = [(notice.policy.name if notice.policy else None, dict(notice.labels)) for notice in plan().notices]
    assert found == [
        ("critical", {**web, "severity": "critical", "priority": "P1"}),
        ("critical", {**web, "severity": "warning", "priority": "P2"}),
        (None, {"severity": "warning", "priority": "P2", "service": "pay", "team": "payments"}),
        (None, {"severity": "info", "priority": "P3"}),
        (None, {"team": "payments", "severity": "info", "priority": "P3"}),
        ("critical", {**web, "slo": "availability", "severity": "critical"}),
        ("critical", {**web, "slo": "availability", "severity": "warning"}),
    ]


def test_a_route_knows_the_alerts_that_come_to_it() -> None:
    found = plan()
    assert {route.name: route.reach for route in found.everyone if route.name.startswith("team-")} == {
        "team-on-call": (Scope(frozenset(("web",)) | OTHER, OTHER),),
        "team-payments": (
            scope("pay", "Slow", "warning"),
            scope(None, "Elsewhere", "info"),
            Scope(frozenset(("pay",)) | OTHER, OTHER),
        ),
        "team-ops": (scope(None, "Odd", "info"), Scope(alerts=OTHER)),
    }
    assert found.routes[0].reach == (
        scope("web", "Backlog", "critical"),
        scope("web", "Backlog", "warning"),
        scope("web", "", "critical"),
        scope("web", "", "warning"),
    )


def test_a_team_and_a_policy_whose_names_meet_keep_receivers_of_their_own() -> None:
    text = """\
version: 1
project: shop
teams:
  a-level-1: {webhook: "http://hooks:8080/1"}
escalation:
  team-a: [{notify: a-level-1}]
services:
  web: {team: a-level-1}
"""
    assert [route.name for route in plan(text).routes] == ["team-a-level-1", "team-a-level-1-too"]
