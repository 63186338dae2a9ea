"""Whole documents for small projects, and what old versions cannot say."""

from __future__ import annotations

import pytest

from skillforge_mon.backends.alertmanager.emit import emit
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Format, Grade, Verdict
from skillforge_mon.lower.lowering import Lowering
from tests.backends.alertmanager.emitting import configuration, documents, text, verdicts
from tests.projects import project

HEAD = "version: 1\nproject: shop\n"
SMALLEST = HEAD + "targets:\n  alertmanager: {}\n"

METRICS = """\
metrics:
  requests_total: {type: counter, help: Requests, labels: {path: bounded}}
  errors_total: {type: counter, help: Errors, labels: {path: bounded}}
"""
SHOP = (
    HEAD
    + """\
targets:
  prometheus: {external_labels: {cluster: eu}}
  alertmanager:
    version: "0.25"
    smtp: {smarthost: "mail:587", from: alerts@example.com, username: alerts, password: "${secret:SMTP_PASSWORD}"}
    slack_api_url: "${secret:SLACK_URL}"
    default_team: ops
"""
    + METRICS
    + """\
teams:
  on-call: {pagerduty: {routing_key: "${secret:PAGERDUTY_KEY}"}, slack: "#alerts"}
  managers: {email: manager@example.com}
  ops: {email: ops@example.com}
escalation:
  critical:
    levels: [{notify: on-call, timeout: 5m}, {notify: [managers, on-call]}]
    repeat: 1h
services:
  web: {team: on-call, escalation: critical}
alerts:
  Errors:
    service: web
    severity: {critical: "> 10", warning: "> 5"}
    expr: sum by (path) (rate(errors_total[5m]))
slos:
  availability: {service: web, objective: 99.9%, bad: errors_total, total: requests_total}
maintenance:
  weekly: {services: [web], every: saturday, from: "23:00", for: 2h, timezone: Europe/Paris}
  nightly: {severities: [warning, info], every: day, from: "02:00", for: 30m}
"""
)


def test_a_project_without_people_tells_nobody() -> None:
    assert (
        text(SMALLEST)
        == """\
# Written by monmc. Do not edit: change the spec and build again.
templates:
  - monmc.tmpl
route:
  receiver: nobody
  group_by:
    - alertname
    - service
  group_wait: 30s
  group_interval: 5m
  repeat_interval: 4h
receivers:
  - name: nobody
"""
    )


def test_a_project_without_an_alertmanager_gets_no_files() -> None:
    source = project(HEAD)
    assert emit(source, Lowering(source, Report()), Report()) == ()


def test_a_shop_with_an_escalation_an_slo_and_two_windows() -> None:
    assert (
        text(SHOP)
        == """\
# Written by monmc. Do not edit: change the spec and build again.
global:
  smtp_smarthost: mail:587
  smtp_from: alerts@example.com
  smtp_auth_username: alerts
  smtp_auth_password_file: /etc/alertmanager/secrets/smtp-password
  slack_api_url_file: /etc/alertmanager/secrets/slack-url
  smtp_require_tls: true
templates:
  - monmc.tmpl
route:
  receiver: team-ops
  group_by:
    - alertname
    - service
  group_wait: 30s
  group_interval: 5m
  repeat_interval: 4h
  routes:
    - receiver: critical-level-1
      matchers:
        - escalation="critical"
        - level="1"
      repeat_interval: 1h
      mute_time_intervals:
        - weekly
        - nightly
      routes:
        - matchers:
            - severity="critical"
          group_wait: 10s
          mute_time_intervals:
            - weekly
    - receiver: critical-level-2
      matchers:
        - escalation="critical"
        - level="2"
      repeat_interval: 1h
      mute_time_intervals:
        - weekly
        - nightly
      routes:
        - matchers:
            - severity="critical"
          group_wait: 10s
          mute_time_intervals:
            - weekly
    - receiver: team-on-call
      matchers:
        - team="on-call"
      routes:
        - matchers:
            - severity="critical"
          group_wait: 10s
          routes:
            - matchers:
                - service="web"
              mute_time_intervals:
                - weekly
        - matchers:
            - service="web"
          mute_time_intervals:
            - weekly
          routes:
            - matchers:
                - severity=~"info|warning"
              mute_time_intervals:
                - weekly
                - nightly
        - matchers:
            - severity=~"info|warning"
          mute_time_intervals:
            - nightly
    - matchers:
        - severity="critical"
      group_wait: 10s
      routes:
        - matchers:
            - service="web"
          mute_time_intervals:
            - weekly
    - matchers:
        - service="web"
      mute_time_intervals:
        - weekly
      routes:
        - matchers:
            - severity=~"info|warning"
          mute_time_intervals:
            - weekly
            - nightly
    - matchers:
        - severity=~"info|warning"
      mute_time_intervals:
        - nightly
inhibit_rules:
  - source_matchers:
      - severity="critical"
    target_matchers:
      - severity="warning"
    equal:
      - alertname
      - service
      - cluster
      - path
      - slo
receivers:
  - name: critical-level-1
    pagerduty_configs:
      - routing_key_file: /etc/alertmanager/secrets/pagerduty-key
        description: '{{ template "monmc.title" . }}'
        severity: '{{ template "monmc.pagerduty.severity" . }}'
        class: '{{ .CommonLabels.alertname }}'
        component: '{{ .CommonLabels.service }}'
        details:
          text: '{{ template "monmc.text" . }}'
        links:
          - href: '{{ template "monmc.runbook" . }}'
            text: Runbook
    slack_configs:
      - channel: '#alerts'
        send_resolved: true
        color: '{{ template "monmc.colour" . }}'
        title: '{{ template "monmc.title" . }}'
        text: '{{ template "monmc.text" . }}'
  - name: critical-level-2
    email_configs:
      - to: manager@example.com
        send_resolved: true
        headers:
          Subject: '{{ template "monmc.title" . }}'
        text: '{{ template "monmc.text" . }}'
    pagerduty_configs:
      - routing_key_file: /etc/alertmanager/secrets/pagerduty-key
        description: '{{ template "monmc.title" . }}'
        severity: '{{ template "monmc.pagerduty.severity" . }}'
        class: '{{ .CommonLabels.alertname }}'
        component: '{{ .CommonLabels.service }}'
        details:
          text: '{{ template "monmc.text" . }}'
        links:
          - href: '{{ template "monmc.runbook" . }}'
            text: Runbook
    slack_configs:
      - channel: '#alerts'
        send_resolved: true
        color: '{{ template "monmc.colour" . }}'
        title: '{{ template "monmc.title" . }}'
        text: '{{ template "monmc.text" . }}'
  - name: team-on-call
    pagerduty_configs:
      - routing_key_file: /etc/alertmanager/secrets/pagerduty-key
        description: '{{ template "monmc.title" . }}'
        severity: '{{ template "monmc.pagerduty.severity" . }}'
        class: '{{ .CommonLabels.alertname }}'
        component: '{{ .CommonLabels.service }}'
        details:
          text: '{{ template "monmc.text" . }}'
        links:
          - href: '{{ template "monmc.runbook" . }}'
            text: Runbook
    slack_configs:
      - channel: '#alerts'
        send_resolved: true
        color: '{{ template "monmc.colour" . }}'
        title: '{{ template "monmc.title" . }}'
        text: '{{ template "monmc.text" . }}'
  - name: team-ops
    email_configs:
      - to: ops@example.com
        send_resolved: true
        headers:
          Subject: '{{ template "monmc.title" . }}'
        text: '{{ template "monmc.text" . }}'
time_intervals:
  - name: weekly
    time_intervals:
      - times:
          - start_time: '23:00'
            end_time: '24:00'
        weekdays:
          - saturday
        location: Europe/Paris
      - times:
          - start_time: '00:00'
            end_time: '01:00'
        weekdays:
          - sunday
        location: Europe/Paris
  - name: nightly
    time_intervals:
      - times:
          - start_time: '02:00'
            end_time: '02:30'
"""
    )


def test_the_verdicts_of_the_shop_and_the_objects_it_came_from() -> None:
    configured, templates = documents(SHOP)
    assert (templates.path, templates.format) == ("alertmanager/monmc.tmpl", Format.TEXT)
    assert (configured.path, configured.format) == ("alertmanager/alertmanager.yml", Format.YAML)
    assert configured.objects == (
        "escalation.critical",
        "teams.on-call",
        "teams.managers",
        "teams.ops",
        "maintenance.weekly",
        "maintenance.nightly",
    )
    assert configured.verdicts == (
        Verdict(
            "alertmanager",
            "escalation.critical",
            Grade.APPROXIMATE,
            "Alertmanager cannot know that somebody has acknowledged an alert: level 2 is told after 5m, even when "
            "somebody is on it",
            "let one level page a PagerDuty service whose own policy escalates, or accept it with "
            "`approximate: [alertmanager]`",
        ),
        Verdict("alertmanager", "maintenance.weekly", Grade.EXACT),
        Verdict("alertmanager", "maintenance.nightly", Grade.EXACT),
    )


EVERY_CHANNEL = """\
teams:
  everybody:
    pagerduty: {routing_key: "${secret:PAGERDUTY}"}
    opsgenie: {api_key: "${secret:OPSGENIE}", team: Shop}
    slack: [{channel: "#shop", api_url: "${secret:SLACK}"}, "#all"]
    msteams: "${secret:TEAMS}"
    webhook: ["http://hooks:8080/", "${secret:HOOK}"]
    email: [a@example.com, b@example.com]
    jira: {api_url: "https://jira.example.com/rest/api/2", project: SHOP, username: bot, api_token: "${env:JIRA_TOKEN}"}
"""


def every_channel(version: str) -> str:
    """A team with a channel of every kind, for one version of Alertmanager."""
    return (
        HEAD
        + f"""\
targets:
  alertmanager:
    version: "{version}"
    smtp: {{smarthost: "mail:587", from: alerts@example.com, require_tls: false}}
    slack_api_url: "${{secret:SLACK_URL}}"
    pagerduty_url: https://events.eu.pagerduty.com/v2/enqueue
    opsgenie_url: https://api.eu.opsgenie.com/
    secrets_dir: /run/secrets/
    default_team: everybody
"""
        + EVERY_CHANNEL
    )


TITLE = '{{ template "monmc.title" . }}'
TEXT = '{{ template "monmc.text" . }}'
COLOUR = '{{ template "monmc.colour" . }}'
OLD_CHANNELS = {
    "name": "team-everybody",
    "pagerduty_configs": [
        {
            "routing_key_file": "/run/secrets/pagerduty",
            "description": TITLE,
            "severity": '{{ template "monmc.pagerduty.severity" . }}',
            "class": "{{ .CommonLabels.alertname }}",
            "component": "{{ .CommonLabels.service }}",
            "details": {"text": TEXT},
            "links": [{"href": '{{ template "monmc.runbook" . }}', "text": "Runbook"}],
        }
    ],
    "opsgenie_configs": [
        {
            "api_key_file": "/run/secrets/opsgenie",
            "message": TITLE,
            "description": TEXT,
            "priority": '{{ template "monmc.opsgenie.priority" . }}',
            "responders": [{"name": "Shop", "type": "team"}],
        }
    ],
    "slack_configs": [
        {
            "api_url_file": "/run/secrets/slack",
            "channel": "#shop",
            "send_resolved": True,
            "color": COLOUR,
            "title": TITLE,
            "text": TEXT,
        },
        {"channel": "#all", "send_resolved": True, "color": COLOUR, "title": TITLE, "text": TEXT},
    ],
    "webhook_configs": [{"url": "http://hooks:8080/"}],
    "email_configs": [
        {"to": "a@example.com", "send_resolved": True, "headers": {"Subject": TITLE}, "text": TEXT},
        {"to": "b@example.com", "send_resolved": True, "headers": {"Subject": TITLE}, "text": TEXT},
    ],
}
TEAMS = {"webhook_url_file": "/run/secrets/teams", "title": TITLE, "text": TEXT}
HOOKS = [{"url": "http://hooks:8080/"}, {"url_file": "/run/secrets/hook"}]
JIRA = {
    "api_url": "https://jira.example.com/rest/api/2",
    "project": "SHOP",
    "issue_type": "Bug",
    "summary": TITLE,
    "description": TEXT,
    "http_config": {"basic_auth": {"username": "bot", "password_file": "/run/secrets/jira-token"}},
}


@pytest.mark.parametrize(
    ("version", "more"),
    [
        ("0.25", {}),
        ("0.26", {"webhook_configs": HOOKS}),
        ("0.27", {"webhook_configs": HOOKS, "msteams_configs": [TEAMS]}),
        ("0.28", {"webhook_configs": HOOKS, "msteamsv2_configs": [TEAMS], "jira_configs": [JIRA]}),
        ("0.28.1", {"webhook_configs": HOOKS, "msteamsv2_configs": [TEAMS], "jira_configs": [JIRA]}),
        ("0.33", {"webhook_configs": HOOKS, "msteamsv2_configs": [TEAMS], "jira_configs": [JIRA]}),
    ],
)
def testevery_channel_is_written_as_its_version_can_say_it(version: str, more: dict[str, object]) -> None:
    content = configuration(every_channel(version))
    assert content["receivers"] == [OLD_CHANNELS | more]
    assert content["global"] == {
        "smtp_smarthost": "mail:587",
        "smtp_from": "alerts@example.com",
        "pagerduty_url": "https://events.eu.pagerduty.com/v2/enqueue",
        "opsgenie_api_url": "https://api.eu.opsgenie.com/",
        "slack_api_url_file": "/run/secrets/slack-url",
        "smtp_require_tls": False,
    }


def _untranslatable(object_id: str, reason: str, instead: str, field: str) -> Verdict:
    return Verdict("alertmanager", object_id, Grade.UNTRANSLATABLE, reason, instead, field)


TEAMS_TOO_NEW = _untranslatable(
    "teams.everybody",
    "Alertmanager reaches Microsoft Teams through an address in a file from 0.27 on",
    "name version 0.27 or later, or reach the channel through its e-mail address",
    "msteams",
)
HOOK_TOO_NEW = _untranslatable(
    "teams.everybody",
    "Alertmanager takes the address of a webhook from a file from 0.26 on",
    "name version 0.26 or later, or write an address that is no secret",
    "webhook",
)
JIRA_TOO_NEW = _untranslatable(
    "teams.everybody",
    "Alertmanager makes issues in Jira from 0.28 on",
    "name version 0.28 or later, or send to Jira through a webhook",
    "jira",
)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("0.25", (TEAMS_TOO_NEW, HOOK_TOO_NEW, JIRA_TOO_NEW)),
        ("0.26", (TEAMS_TOO_NEW, JIRA_TOO_NEW)),
        ("0.27", (JIRA_TOO_NEW,)),
        ("0.28", ()),
    ],
)
def test_what_a_version_cannot_say_is_untranslatable(version: str, expected: tuple[Verdict, ...]) -> None:
    assert verdicts(every_channel(version)) == expected


def test_a_version_without_secret_files_is_refused() -> None:
    assert verdicts(SMALLEST.replace("{}", '{version: "0.24"}')) == (
        _untranslatable(
            "targets.alertmanager",
            "Alertmanager before 0.25 cannot read the keys of its receivers from files",
            'write `version: "0.25"` or later',
            "version",
        ),
    )


def test_what_cannot_come_from_a_file_must_be_written_out() -> None:
    spec = SMALLEST.replace(
        "{}", '{smtp: {smarthost: "${env:MAIL}", from: a@example.com, password: "x${secret:P}"}, default_team: shop}'
    )
    spec += 'teams:\n  shop: {webhook: "https://hooks.example.com/${secret:TOKEN}"}\n'
    whole = ("a secret is read from a file of its own, and this is not the name of a whole secret",)
    bare = "write `${secret:NAME}`, and nothing around it"
    assert configuration(spec)["receivers"] == [{"name": "team-shop"}]
    assert configuration(spec)["global"] == {"smtp_from": "a@example.com", "smtp_require_tls": True}
    assert verdicts(spec) == (
        _untranslatable(
            "targets.alertmanager",
            "Alertmanager has no way to take ${env:MAIL} from a file or the environment here",
            "write the text itself",
            "smtp",
        ),
        _untranslatable("targets.alertmanager", *whole, bare, "smtp"),
        _untranslatable("teams.shop", *whole, bare, "webhook"),
    )


def test_no_secret_is_ever_written_into_a_file() -> None:
    for version in ("0.25", "0.28"):
        assert "${" not in text(every_channel(version))


def test_a_window_of_seconds_ends_at_the_next_minute_and_says_so() -> None:
    spec = SMALLEST + 'maintenance:\n  restart: {every: day, from: "02:00", for: 90s}\n'
    assert configuration(spec)["time_intervals"] == [
        {"name": "restart", "time_intervals": [{"times": [{"start_time": "02:00", "end_time": "02:02"}]}]}
    ]
    assert verdicts(spec) == (
        Verdict(
            "alertmanager",
            "maintenance.restart",
            Grade.APPROXIMATE,
            "Alertmanager counts whole minutes: the window ends 30s later",
            "write a length in whole minutes",
            "for",
        ),
    )
