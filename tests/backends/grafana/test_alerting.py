"""Alerts that Grafana evaluates: what they ask, when they fire, who is told, and how well that says what is meant."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from skillforge_mon.backends.grafana.contact_points import receiver
from skillforge_mon.documents.document import Grade, Verdict
from skillforge_mon.documents.render import render
from skillforge_mon.model.channels import channels
from tests.backends.grafana.compiled import compiled, of_kind, read
from tests.projects import project, resolved

SPEC = """\
version: 1
project: shop
targets: {prometheus: {}, grafana: {version: "VERSION", alerting: true}}
metrics:
  depth: {type: gauge, help: Waiting jobs, labels: {queue: bounded}}
teams: {web: {email: web@example.com}, other: {slack: "#other"}}
services: {web: {team: web}, lost: {}, silent: {team: other}}
maintenance: {night: {severities: [warning], every: day, from: "22:00", for: 1h}}
alerts:
  Deep: {service: web, ALERT}
"""
PATH = "grafana/provisioning/alerting/monmc.yaml"


def spec(alert: str, version: str = "12.0", old: str = "", new: str = "") -> str:
    """SPEC with this alert."""
    text = SPEC.replace("ALERT", alert).replace("VERSION", version)
    assert old in text
    return text.replace(old, new) if old else text


def rules(text: str) -> list[dict[str, Any]]:
    """Every rule of the spec ``text``, for the API."""
    documents, diagnostics = compiled(text)
    assert [problem.headline for problem in diagnostics] == []
    return [rule for document in of_kind(documents, "rule_group") for rule in read(document)["rules"]]


def rule(alert: str, version: str = "12.0") -> dict[str, Any]:
    """The only rule of an alert."""
    (found,) = rules(spec(alert, version))
    return found


def verdicts(text: str) -> list[Verdict]:
    """What is said of alerts and of those who are told."""
    documents, _ = compiled(text)
    return [verdict for document in documents if document.path == PATH for verdict in document.verdicts]


@pytest.mark.parametrize(
    ("severity", "expr", "asked", "judged"),
    [
        ('{warning: "> 5"}', "depth", "depth", {"type": "threshold", "evaluator": {"type": "gt", "params": [5]}}),
        ("warning", "depth < 0.5", "depth", {"type": "threshold", "evaluator": {"type": "lt", "params": [0.5]}}),
        ("warning", "5 < depth", "depth", {"type": "threshold", "evaluator": {"type": "gt", "params": [5]}}),
        ("warning", "depth == 0", "depth", {"type": "math", "expression": "$A == 0"}),
        ('{warning: "<= 1e-7"}', "depth", "depth", {"type": "math", "expression": "$A <= 0.0000001"}),
        ("warning", "depth != bool 1 > 0", "depth != bool 1", {"type": "threshold", "evaluator": {"type": "gt", "params": [0]}}),
        ("warning", "absent(depth)", "absent(depth)", {"type": "math", "expression": "is_number($A) || is_nan($A) || is_inf($A)"}),
    ],
)  # fmt: skip
def test_prometheus_is_asked_for_the_value_and_grafana_judges_it(
    severity: str, expr: str, asked: str, judged: dict[str, Any]
) -> None:
    found = rule(f"severity: {severity}, expr: {expr}")
    query, judgement = (step["model"] for step in found["data"])
    assert (query["expr"], query["instant"], found["condition"]) == (asked, True, "B")
    conditions = judgement.get("conditions")
    assert {"type": judgement["type"]} | (
        conditions[0] if conditions else {"expression": judgement["expression"]}
    ) == judged


@pytest.mark.parametrize(
    ("no_data", "expr", "state"),
    [
        ("notify", "depth > 5", "NoData"),
        ("ignore", "depth > 5", "OK"),
        ("resolve", "depth > 5", "OK"),
        ("notify", "depth > 5 and depth < 9", "OK"),
    ],
)
def test_missing_data_is_told_where_the_spec_asks_for_it(no_data: str, expr: str, state: str) -> None:
    assert rule(f"severity: warning, expr: {expr}, no_data: {no_data}")["noDataState"] == state


def test_the_texts_call_the_value_as_grafana_does() -> None:
    found = rule(
        'severity: {warning: "> 2000"}, expr: depth, summary: "{{ labels.queue }}: {{ value | humanize }} of '
        '{{ threshold | humanize }} {{ labels.team }} ${HOME}"'
    )
    assert found["annotations"] == {
        "summary": "{{ $labels.queue }}: {{ $values.A.Value | humanize }} of 2k web ${HOME}"
    }


def test_an_alert_keeps_firing_where_grafana_can() -> None:
    alert = 'severity: {warning: "> 5"}, expr: depth, keep_firing_for: 10m'
    assert (rule(alert)["keep_firing_for"], rule(alert, "11.6").get("keep_firing_for")) == ("10m", None)
    assert verdicts(spec(alert, "11.6")) == [
        Verdict(
            "grafana",
            "alerts.Deep",
            Grade.APPROXIMATE,
            "Grafana keeps alerts firing from 12.0 on: the alert ends as soon as its condition does",
            "leave it out, or raise `targets.grafana.version` to 12.0",
            "keep_firing_for",
        )
    ]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (spec("severity: warning, expr: depth > 5"), (Grade.EXACT, "", "", "")),
        (
            spec("severity: warning, expr: depth > 5", "10.4"),
            (
                Grade.UNTRANSLATABLE,
                "before Grafana 11.0 a rule cannot say who is told: only the organisation's one policy tree can",
                'upgrade, and set `targets.grafana.version` to "11.0" or later',
                "",
            ),
        ),
        (
            spec("severity: warning, expr: depth > 5, interval: 45s"),
            (Grade.APPROXIMATE, "Grafana evaluates at multiples of 10s: every 50s", "write a multiple of 10s", "interval"),
        ),
        (
            spec("severity: warning, expr: depth > 5 and depth < 9, no_data: notify"),
            (
                Grade.APPROXIMATE,
                "missing data is not told: the query has no result either when all is well, because it filters its values",
                "give the threshold under `severity`, and leave the filters out",
                "no_data",
            ),
        ),
        (
            spec("severity: warning, expr: depth > 5", old="service: web", new="service: lost"),
            (
                Grade.APPROXIMATE,
                "nobody is named to tell: it goes where the organisation's policy tree leads",
                "give it an escalation policy, or its service a team",
                "escalation",
            ),
        ),
    ],
)  # fmt: skip
def test_each_alert_has_a_verdict(text: str, verdict: tuple[Grade, str, str, str]) -> None:
    assert verdicts(text) == [Verdict("grafana", "alerts.Deep", *verdict)]


def test_a_channel_that_cannot_be_reached_is_named() -> None:
    alert, channel = verdicts(spec("severity: warning, expr: depth > 5", old="service: web", new="service: silent"))
    assert (alert.grade, alert.field) == (Grade.APPROXIMATE, "escalation")
    assert channel == Verdict(
        "grafana",
        "teams.other",
        Grade.UNTRANSLATABLE,
        "there is no webhook or key to reach the channel through",
        "write `api_url` for the channel, `slack_api_url` in `targets.alertmanager`, or `routing_key`",
    )


def test_a_window_mutes_the_rules_that_it_covers() -> None:
    found = rules(spec('severity: {critical: "> 9", warning: "> 5"}, expr: depth'))
    assert {each["title"]: each["notification_settings"].get("mute_time_intervals") for each in found} == {
        "Deep (critical)": None,
        "Deep (warning)": ["shop default: night"],
    }


def test_dollars_are_doubled_in_the_file_but_for_queries_and_annotations() -> None:
    text = spec('severity: warning, expr: "depth{queue=\\"$q\\"} > 5", summary: a $b, labels: {cost: $5}')
    documents, _ = compiled(text)
    (document,) = (each for each in documents if each.path == PATH)
    (found,) = yaml.safe_load(render(document))["groups"][0]["rules"]
    assert found["labels"]["cost"] == "$$5"
    assert found["annotations"] == {"summary": "a $b"}
    assert found["data"][0]["model"]["expr"] == 'depth{queue="$q"}'
    assert rules(text)[0]["labels"]["cost"] == "$5"


CHANNELS = """\
version: 1
project: shop
targets: {prometheus: {}}
teams:
  web:
    pagerduty: {routing_key: "${secret:KEY}"}
    opsgenie: {api_key: "${secret:KEY}"}
    slack: {channel: "#web", api_url: "${secret:HOOK}"}
    msteams: {webhook_url: "${secret:HOOK}"}
    webhook: {url: "https://hook.example.com"}
    email: [a@example.com]
    jira: {api_url: "https://jira.example.com", project: OPS, api_token: "${secret:KEY}"}
  named:
    jira: {api_url: "https://jira.example.com", project: OPS, username: bot, api_token: "${secret:KEY}"}
"""


def test_every_channel_is_a_receiver() -> None:
    found = project(CHANNELS)
    jira = {"api_url": "https://jira.example.com", "project": "OPS", "issue_type": "Bug"}
    assert [receiver(found, channel) for team in found.teams.values() for channel in channels(team)] == [
        ("pagerduty", {"integrationKey": "${secret:KEY}"}),
        ("opsgenie", {"apiKey": "${secret:KEY}"}),
        ("slack", {"url": "${secret:HOOK}", "recipient": "#web"}),
        ("teams", {"url": "${secret:HOOK}"}),
        ("webhook", {"url": "https://hook.example.com", "httpMethod": "POST"}),
        ("email", {"addresses": "a@example.com", "singleEmail": False}),
        ("jira", jira | {"api_token": "${secret:KEY}"}),
        ("jira", jira | {"user": "bot", "password": "${secret:KEY}"}),
    ]


def test_what_is_wrong_with_a_text_is_reported_once() -> None:
    alert = 'severity: warning, expr: depth > 5, backends: [grafana], annotations: {x: "{{ nothing }}"}'
    _, diagnostics = compiled(spec(alert))
    assert [problem.headline for problem in diagnostics] == ["there is no placeholder `nothing`"]
    assert compiled(spec(alert.replace("backends: [grafana], ", "")))[1] == ()


@pytest.mark.parametrize(
    ("targets", "backends"),
    [
        ("{prometheus: {}, grafana: {alerting: true}}", ("prometheus", "grafana")),
        ("{grafana: {alerting: true}}", ("grafana",)),
        ("{prometheus: {}, grafana: {}}", ("prometheus",)),
    ],
)
def test_alerts_go_to_grafana_when_it_is_told_to_evaluate_them(targets: str, backends: tuple[str, ...]) -> None:
    text = spec("severity: warning, expr: depth > 5")
    found, _ = resolved(text.replace('{prometheus: {}, grafana: {version: "12.0", alerting: true}}', targets))
    assert found is not None
    assert found.alerts["Deep"].backends == backends


def test_an_alert_for_a_grafana_that_does_not_evaluate_is_an_error() -> None:
    text = spec("severity: warning, expr: depth > 5, backends: [grafana]", old="alerting: true", new="refresh: 1m")
    _, diagnostics = resolved(text)
    (problem,) = diagnostics
    assert problem.headline == (
        "the alert `Deep` is to be on `grafana`, but has not a place there: alerts are compiled for Prometheus, Datadog "
        "and Sentry, and for Grafana with `alerting: true` in its target"
    )


def test_an_alert_that_two_systems_tell_of_is_named() -> None:
    alert = "severity: warning, expr: depth > 5"
    _, diagnostics = compiled(spec(alert, old="prometheus: {}", new="prometheus: {}, alertmanager: {}"))
    assert [(problem.code, problem.headline) for problem in diagnostics] == [
        ("MON4330", "both Alertmanager and Grafana tell people of `Deep`")
    ]
    alone = spec(f"{alert}, backends: [grafana]", old="prometheus: {}", new="prometheus: {}, alertmanager: {}")
    assert compiled(alone)[1] == ()
