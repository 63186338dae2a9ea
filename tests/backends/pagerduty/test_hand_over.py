"""What Prometheus, Alertmanager and Datadog still do where PagerDuty has the policy."""

from __future__ import annotations

from typing import Any, cast

import pytest

from skillforge_mon.backends.backend import emitter
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Grade, Verdict
from skillforge_mon.documents.render import render
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.notifications import NotificationPlan
from skillforge_mon.routing.config import read_configuration
from skillforge_mon.routing.evaluate import routes_of
from skillforge_mon.routing.inspection import inspect
from skillforge_mon.routing.timeline_json import timeline_data
from skillforge_mon.routing.timeline_text import timeline_text
from tests.backends.pagerduty.specs import SPEC, replaced
from tests.projects import project

TARGET = ("  pagerduty: {from: robot@example.com}\n", "")
KEYS = tuple(
    (f"pagerduty: {people}", f'pagerduty: {{routing_key: "${{secret:{name}}}"}}')
    for people, name in (("{users: [em@example.com, dan@example.com]}", "EM"), ("{users: cto@example.com}", "CTO"))
)
ROTA = SPEC[SPEC.index("    pagerduty:\n      schedule:") : SPEC.index("  managers")]
WITHOUT = replaced(TARGET, *KEYS, (ROTA, '    pagerduty: {routing_key: "${secret:KEY}"}\n'))
"""The same policy, escalated by Alertmanager."""
E_MAIL = replaced(
    ("{users: [em@example.com, dan@example.com]}", "{users: em@example.com}\n    email: em@example.com"),
    ("{slack_api_url", "{smtp: {smarthost: 'mail:587', from: a@example.com}, slack_api_url"),
)
"""The people of the second level are paged by PagerDuty, and get a mail as well."""


def emitted(backend: str, spec: str) -> list[Document]:
    """The documents of one backend, for a spec without problems."""
    found, report = project(spec), Report()
    documents = list(emitter(backend)(found, Lowering(found, report), report))
    assert list(report) == []
    return documents


def plan(spec: str) -> NotificationPlan:
    """Who is told of what."""
    return Lowering(project(spec), Report()).notifications


def routes(spec: str) -> list[tuple[str, dict[str, str], list[str]]]:
    """The routes of policies: name, labels, and channels as ``kind team``."""
    return [
        (route.name, dict(route.labels), [f"{channel.kind} {channel.team.name}" for channel in route.channels])
        for route in plan(spec).routes
        if route.policy is not None
    ]


def rules(spec: str, name: str) -> list[tuple[str | None, str]]:
    """``for`` and level of the rules of an alert."""
    return [
        (rule.get("for"), rule["labels"]["level"])
        for document in emitted("prometheus", spec)
        for group in cast("dict[str, Any]", document.content).get("groups", [])
        for rule in group["rules"]
        if rule.get("alert") == name
    ]


def policy_verdicts(backend: str, spec: str, object_id: str = "escalation.critical") -> list[Verdict]:
    """What a backend says of the policy."""
    found = [verdict for document in emitted(backend, spec) for verdict in document.verdicts]
    return [verdict for verdict in found if verdict.object_id == object_id]


def test_the_first_level_pages_the_service_of_its_alerts_and_nothing_else_is_told() -> None:
    first = {"escalation": "critical", "level": "1"}
    assert routes(SPEC) == [
        ("critical-level-1-web", {**first, "service": "web"}, ["pagerduty on-call", "slack chat"]),
        ("critical-level-1", first, ["pagerduty on-call", "slack chat"]),
    ]
    assert [name for name, _, _ in routes(WITHOUT)] == ["critical-level-1", "critical-level-2", "critical-level-3"]


def test_prometheus_fires_no_rule_for_a_level_that_pagerduty_pages() -> None:
    assert rules(SPEC, "Backlog") == [(None, "1")]
    assert rules(SPEC, "AvailabilityBudgetBurn") == [(None, "1"), (None, "1")]
    assert rules(SPEC, "AvailabilityNoData") == [("15m", "1")]
    assert rules(WITHOUT, "Backlog") == [(None, "1"), ("15m", "2"), ("45m", "3")]


def test_alertmanager_reads_the_key_of_each_service_from_a_file_of_its_own() -> None:
    content = cast("dict[str, Any]", emitted("alertmanager", SPEC)[0].content)
    assert [
        (receiver["name"], [each["routing_key_file"] for each in receiver.get("pagerduty_configs", [])])
        for receiver in content["receivers"]
    ] == [
        ("critical-level-1-web", ["/etc/alertmanager/secrets/pagerduty-shop-web-critical"]),
        ("critical-level-1", ["/etc/alertmanager/secrets/pagerduty-shop-critical"]),
        ("team-on-call", []),
        ("team-chat", []),
    ]


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        ({"level": "1", "service": "web"}, "critical-level-1-web"),
        ({"level": "1", "service": "db"}, "critical-level-1"),
        ({"level": "1"}, "critical-level-1"),
    ],
)
def test_an_alert_reaches_the_receiver_of_its_service(labels: dict[str, str], receiver: str) -> None:
    content = render(emitted("alertmanager", SPEC)[0])
    configuration = read_configuration(content, "alertmanager.yml", Report())
    assert configuration is not None
    found = routes_of(
        configuration.root, {"alertname": "Odd", "escalation": "critical", "severity": "critical", **labels}
    )
    assert [route.receiver for route in found] == [receiver]


def test_a_maintenance_window_mutes_the_routes_that_its_alerts_take() -> None:
    window = 'maintenance:\n  deploy: {services: [web], every: saturday, from: "02:00", for: 2h}\n'
    content = cast("dict[str, Any]", emitted("alertmanager", SPEC + window)[0].content)
    muted = {
        route["receiver"]: [
            (child["matchers"], child.get("mute_time_intervals")) for child in (route, *route.get("routes", ()))
        ]
        for route in content["route"]["routes"]
        if route.get("receiver", "").startswith("critical")
    }
    first = ['escalation="critical"', 'level="1"']
    assert muted == {
        "critical-level-1-web": [([*first, 'service="web"'], ["deploy"]), (['severity="critical"'], ["deploy"])],
        "critical-level-1": [(first, None)],
    }


def test_the_escalation_is_exact_with_the_target_and_approximate_without() -> None:
    assert policy_verdicts("alertmanager", SPEC) == [Verdict("alertmanager", "escalation.critical", Grade.EXACT)]
    assert policy_verdicts("alertmanager", WITHOUT) == [
        Verdict(
            "alertmanager",
            "escalation.critical",
            Grade.APPROXIMATE,
            "Alertmanager cannot know that somebody has acknowledged an alert: level 2 is told after 15m, "
            "level 3 is told after 45m, even when somebody is on it",
            "let one level page a PagerDuty service whose own policy escalates, or accept it with "
            "`approximate: [alertmanager]`",
        )
    ]


def test_what_a_later_level_is_told_otherwise_stays_with_alertmanager() -> None:
    assert routes(E_MAIL)[2:] == [
        ("critical-level-2", {"escalation": "critical", "level": "2"}, ["email managers"]),
    ]
    assert rules(E_MAIL, "Backlog") == [(None, "1"), ("15m", "2")]
    assert policy_verdicts("alertmanager", E_MAIL) == [
        Verdict(
            "alertmanager",
            "escalation.critical",
            Grade.APPROXIMATE,
            "Alertmanager cannot know that somebody has acknowledged an alert: level 2 is told after 15m, "
            "even when somebody is on it",
            "tell the later levels through PagerDuty alone, or accept it with `approximate: [alertmanager]`",
        )
    ]
    assert policy_verdicts("pagerduty", E_MAIL) == [Verdict("pagerduty", "escalation.critical", Grade.EXACT)]


def test_a_policy_that_pages_only_from_its_second_level_on_is_handed_over_there() -> None:
    spec = replaced(("{notify: [on-call, chat], timeout: 15m}", "{notify: chat, timeout: 15m}"))
    second = {"escalation": "critical", "level": "2"}
    assert routes(spec) == [
        ("critical-level-1", {"escalation": "critical", "level": "1"}, ["slack chat"]),
        ("critical-level-2-web", {**second, "service": "web"}, ["pagerduty managers"]),
        ("critical-level-2", second, ["pagerduty managers"]),
    ]
    assert rules(spec, "Backlog") == [(None, "1"), ("15m", "2")]


def test_services_outside_the_united_states_take_events_at_another_address() -> None:
    spec = replaced(("{from: robot@example.com}", "{region: eu}"))
    content = cast("dict[str, Any]", emitted("alertmanager", spec)[0].content)
    assert content["global"]["pagerduty_url"] == "https://events.eu.pagerduty.com/v2/enqueue"
    own = spec.replace("default_team: chat", 'default_team: chat, pagerduty_url: "http://proxy:8080/v2/enqueue"')
    content = cast("dict[str, Any]", emitted("alertmanager", own)[0].content)
    assert content["global"]["pagerduty_url"] == "http://proxy:8080/v2/enqueue"


GOES_ON = """\
PagerDuty's policy goes on until somebody acknowledges: managers and on-call 15m later, cto 45m later (level 1)"""
DATADOG = (
    ("  prometheus: {}\n", "  datadog: {}\n"),
    (
        "expr: sum by (queue) (queue_length) > 100",
        "datadog: {query: 'avg(last_5m):avg:shop.queue{*} by {queue} > 100'}",
    ),
    ("  Odd: {severity: critical, escalation: critical, expr: queue_length > 1}\n", ""),
    (SPEC[SPEC.index("slos:") :], ""),
    ('  chat: {slack: "#alerts"}\n', '  chat: {slack: "#alerts", datadog: "@slack-acme-alerts"}\n'),
)


def monitor(spec: str) -> tuple[Document, str]:
    """The one monitor, and the block of its message that tells of the alert."""
    (found,) = emitted("datadog", spec)
    message = str(cast("dict[str, Any]", found.content)["message"])
    return found, message.partition("{{#is_alert}}\n")[2].partition("\n{{/is_alert}}")[0]


def test_datadog_pages_the_service_once_and_has_no_ladder() -> None:
    found, told = monitor(replaced(*DATADOG))
    assert told == "@pagerduty-shop-web-critical @slack-acme-alerts"
    assert not {"renotify_interval", "renotify_occurrences"} & {*cast("dict[str, Any]", found.content)["options"]}
    assert found.verdicts == (Verdict("datadog", "alerts.Backlog", Grade.EXACT),)


def test_datadog_still_tells_those_of_later_levels_whom_pagerduty_does_not_know() -> None:
    levels = ("    - {notify: cto}\n", "    - {notify: [cto, chat]}\n")
    found, told = monitor(replaced(*DATADOG, levels, ("[on-call, chat]", "on-call")))
    assert told.splitlines()[0] == "{{^is_renotify}}@pagerduty-shop-web-critical {{/is_renotify}}"
    assert "@slack-acme-alerts" in told.splitlines()[1]
    assert [verdict.grade for verdict in found.verdicts] == [Grade.APPROXIMATE]


@pytest.mark.parametrize(
    ("severity", "expected", "goes_on"),
    [
        (
            "critical",
            GOES_ON,
            [{"after": 900.0, "teams": ["managers", "on-call"]}, {"after": 2700.0, "teams": ["cto"]}],
        ),
        (
            "warning",
            "PagerDuty pages nobody else: what is warning has low urgency there (level 1)",
            [],
        ),
    ],
)
def test_a_timeline_says_what_pagerduty_does_next(severity: str, expected: str, goes_on: list[object]) -> None:
    found = project(SPEC)
    lowering = Lowering(found, Report())
    documents = [each for name in ("prometheus", "alertmanager") for each in emitter(name)(found, lowering, Report())]
    inspection = inspect(found, documents)
    assert inspection is not None
    (subject,) = [each for each in inspection.subjects if (each.name, each.severity) == ("availability", severity)]
    line = inspection.timeline(subject, {}, None)
    assert [
        text.strip() for text in timeline_text(line).splitlines() if "PagerDuty'" in text or "nobody else" in text
    ] == [expected]
    (notification,) = cast("list[dict[str, Any]]", timeline_data(line)["notifications"])
    assert notification["goes_on"] == goes_on
