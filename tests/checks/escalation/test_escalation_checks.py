"""Rules about who is told: what they report, word for word, and what they leave alone."""

from __future__ import annotations

import pytest

from skillforge_mon.checks import (
    escalation_alert_reaches_nobody,
    escalation_channel_without_server,
    escalation_level_adds_nobody,
    escalation_level_reaches_nobody,
    escalation_level_repeated,
    escalation_level_timeout,
    escalation_levels_loop,
    escalation_repeat_too_short,
    escalation_team_without_channel,
    escalation_timeout_too_short,
    escalation_unused,
    escalation_without_page,
    run_checks,
)
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity
from tests.checks.escalation.reports import HEAD, reported, told
from tests.projects import project

CODES = (
    escalation_alert_reaches_nobody.CODE,
    escalation_channel_without_server.CODE,
    escalation_level_reaches_nobody.CODE,
    escalation_level_repeated.CODE,
    escalation_level_timeout.CODE,
    escalation_team_without_channel.CODE,
    escalation_timeout_too_short.CODE,
    escalation_unused.CODE,
    escalation_without_page.CODE,
    escalation_repeat_too_short.CODE,
    escalation_levels_loop.CODE,
    escalation_level_adds_nobody.CODE,
)
PEOPLE = """\
teams:
  shop: {webhook: "http://hooks:8080/"}
  cto: {webhook: "http://hooks:8080/cto"}
"""
METRIC = "metrics:\n  queue_length: {type: gauge, help: Jobs}\n"


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.number)
def test_the_bad_example_earns_its_code_and_the_good_one_nothing(code: Code) -> None:
    assert code.number in {diagnostic.code for diagnostic in run_checks(project(code.bad))}
    assert list(run_checks(project(code.good))) == []


def test_a_level_of_people_without_channels_reaches_nobody() -> None:
    spec = HEAD + (
        'teams:\n  shop: {webhook: "http://hooks:8080/"}\n  cto: {}\n  ceo: {}\n'
        "escalation:\n  page:\n    levels: [{notify: shop, timeout: 5m}, {notify: [cto, ceo]}]\n"
    )
    assert reported(escalation_level_reaches_nobody.check, spec) == [
        told("error", "9:52", "level 2 of `page` reaches nobody", "no channel")
    ]


def test_datadog_handles_reach_somebody_on_datadog_only() -> None:
    spec = (
        HEAD
        + "targets:\n  prometheus: {}\n  alertmanager: {}\n  datadog: {}\n"
        + METRIC
        + 'teams:\n  shop: {datadog: "@shop"}\nescalation:\n  page: [{notify: shop}]\n'
        + "alerts:\n  Backlog: {severity: warning, expr: queue_length > 1, escalation: page, backends: [BACKEND]}\n"
    )
    assert reported(escalation_level_reaches_nobody.check, spec.replace("BACKEND", "datadog")) == []
    assert reported(escalation_level_reaches_nobody.check, spec.replace("BACKEND", "prometheus")) == [
        told("error", "12:19", "level 1 of `page` reaches nobody on alertmanager", "no channel")
    ]


def test_a_level_whose_team_does_not_exist_is_reported_once_elsewhere() -> None:
    spec = HEAD + "escalation:\n  page: [{notify: nobody}]\n"
    assert reported(escalation_level_reaches_nobody.check, spec, broken=True) == []


def test_a_team_without_a_channel_is_named() -> None:
    spec = HEAD + "teams:\n  shop: {description: Shop}\n  sentry: {sentry: web}\n"
    assert reported(escalation_team_without_channel.check, spec) == [
        told("warning", "4:3", "the team `shop` has no channel")
    ]


def test_timeouts_stand_between_levels() -> None:
    spec = HEAD + PEOPLE + "escalation:\n  page:\n    - {notify: shop}\n    - {notify: cto, timeout: 5m}\n"
    assert reported(escalation_level_timeout.check, spec) == [
        told("error", "8:7", "level 1 of `page` has no timeout", "when is level 2 told?"),
        told("note", "9:30", "the timeout of the last level of `page` does nothing"),
    ]


def test_the_same_people_twice_in_a_row_are_noted() -> None:
    levels = "[{notify: [shop, cto], timeout: 5m}, {notify: [cto, shop], timeout: 5m}, {notify: shop}]"
    spec = HEAD + PEOPLE + f"escalation:\n  page: {levels}\n"
    assert reported(escalation_level_repeated.check, spec) == [
        told("note", "7:55", "level 2 of `page` tells the same people as level 1")
    ]


SHORT = (
    HEAD
    + "targets:\n  prometheus: {evaluation_interval: 1m}\n"
    + METRIC
    + PEOPLE
    + "escalation:\n  page: [{notify: shop, timeout: 1m}, {notify: cto}]\n"
    + "alerts:\n  Backlog: {severity: warning, expr: queue_length > 1, escalation: page}\n"
)


def test_a_timeout_of_one_interval_is_long_enough() -> None:
    assert reported(escalation_timeout_too_short.check, SHORT) == []


def test_the_interval_of_an_alert_counts_against_the_timeout() -> None:
    assert reported(
        escalation_timeout_too_short.check, SHORT.replace("escalation: page}", "escalation: page, interval: 2m}")
    ) == [told("warning", "11:34", "level 2 of `page` is told together with level 1", "alerts are evaluated every 2m")]


def test_teams_and_policies_that_nothing_leads_to_are_noted() -> None:
    spec = (
        HEAD
        + METRIC
        + "teams:\n  lost: {email: a@example.com}\n  labelled: {email: b@example.com}\n"
        + "escalation:\n  lost: [{notify: labelled}]\n"
        + "alerts:\n  Backlog: {severity: warning, expr: queue_length > 1, labels: {team: labelled}}\n"
    )
    assert reported(escalation_unused.check, spec) == [
        told("note", "6:3", "nothing leads to the team `lost`"),
        told("note", "9:3", "nothing follows the policy `lost`"),
    ]


def test_people_may_come_first() -> None:
    assert reported(escalation_unused.check, HEAD + PEOPLE) == []


def test_mail_and_slack_need_a_way_out() -> None:
    spec = HEAD + (
        "targets:\n  alertmanager: {}\n"
        'teams:\n  shop: {email: [a@example.com], slack: ["#a", {channel: "#b", api_url: "${secret:B}"}]}\n'
    )
    assert reported(escalation_channel_without_server.check, spec) == [
        told("error", "6:42", "`shop` is told on Slack, and Alertmanager has no webhook for it"),
        told("error", "6:18", "`shop` is told by e-mail, and Alertmanager has no mail server"),
    ]
    assert (
        reported(escalation_channel_without_server.check, spec.replace("  alertmanager: {}", "  prometheus: {}")) == []
    )


CRITICAL = (
    HEAD
    + METRIC
    + 'teams:\n  shop: {slack: "#shop"}\nescalation:\n  page: [{notify: shop}]\n'
    + "alerts:\n  Backlog: {severity: critical, expr: queue_length > 1, escalation: page}\n"
)


def test_critical_alerts_wake_somebody() -> None:
    assert reported(escalation_without_page.check, CRITICAL) == [
        told("warning", "8:3", "no level of `page` pages, and `Backlog` is critical")
    ]


@pytest.mark.parametrize(
    "change",
    [
        ('slack: "#shop"', 'opsgenie: {api_key: "${secret:KEY}"}'),
        ('slack: "#shop"', 'webhook: "http://oncall:8080/"'),
        ('slack: "#shop"', 'slack: "#shop", datadog: "@pagerduty-shop"'),
        ("severity: critical", "severity: warning"),
        ("escalation: page}", "escalation: page, enabled: false}"),
    ],
)
def test_what_may_wake_somebody_is_left_alone(change: tuple[str, str]) -> None:
    assert reported(escalation_without_page.check, CRITICAL.replace(*change)) == []


UNHEARD = (
    HEAD
    + "targets:\n  prometheus: {}\n  alertmanager: {}\n  datadog: {}\n"
    + METRIC
    + 'teams:\n  shop: {webhook: "http://hooks:8080/"}\nservices:\n  web: {}\n'
    + "alerts:\n  Backlog: {service: web, severity: warning, expr: queue_length > 1}\n"
)


@pytest.mark.parametrize("severity", ["critical", "warning", "info"])
def test_an_alert_without_anybody_is_an_error_when_it_is_critical(severity: str) -> None:
    weight = "error" if severity == "critical" else "warning"
    assert reported(escalation_alert_reaches_nobody.check, UNHEARD.replace("warning", severity)) == [
        told(weight, "14:3", "the alert `Backlog` reaches nobody on alertmanager")
    ]


def test_an_slo_without_anybody_is_an_error() -> None:
    spec = UNHEARD + "slos:\n  all: {objective: 99%, bad: queue_length, total: queue_length}\n"
    assert reported(escalation_alert_reaches_nobody.check, spec)[1:] == [
        told("error", "16:3", "the SLO `all` reaches nobody on alertmanager")
    ]


@pytest.mark.parametrize(
    "change",
    [
        ("web: {}", "web: {team: shop}"),
        ("alertmanager: {}", "alertmanager: {default_team: shop}"),
        ("  alertmanager: {}\n", ""),
        ("expr:", "labels: {team: shop}, expr:"),
        ("web: {}", "web: {labels: {team: shop}}"),
        ("expr: queue_length > 1", 'datadog: {query: "avg(last_5m):avg:jobs{*} > 1", notify: "@shop"}'),
    ],
)
def test_a_team_a_label_a_default_or_a_handle_is_enough(change: tuple[str, str]) -> None:
    assert reported(escalation_alert_reaches_nobody.check, UNHEARD.replace(*change)) == []


@pytest.mark.parametrize(("repeat", "short"), [("4m", True), ("5m", False), ("1h", False)])
def test_people_are_told_again_once_per_group_interval_at_most(repeat: str, short: bool) -> None:
    policy = f"escalation:\n  page:\n    levels: [{{notify: shop}}]\n    repeat: {repeat}\n"
    spec = HEAD + "targets:\n  alertmanager: {}\n" + PEOPLE + policy
    expected = [told("warning", "11:13", f"`page` repeats every 5m, not every {repeat}")] if short else []
    assert reported(escalation_repeat_too_short.check, spec) == expected


def test_the_severities_of_the_codes() -> None:
    assert {code.number: code.severity for code in CODES} == {
        "MON3201": Severity.ERROR,
        "MON3202": Severity.WARNING,
        "MON3203": Severity.ERROR,
        "MON3204": Severity.WARNING,
        "MON3205": Severity.NOTE,
        "MON3206": Severity.WARNING,
        "MON3207": Severity.NOTE,
        "MON3208": Severity.ERROR,
        "MON3210": Severity.WARNING,
        "MON3211": Severity.WARNING,
        "MON3235": Severity.WARNING,
        "MON3236": Severity.WARNING,
    }


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ("[{notify: shop, timeout: 5m}, {notify: cto, timeout: 5m}, {notify: shop}]", [(69, 3, 1)]),
        ("[{notify: [shop, cto], timeout: 5m}, {notify: cto, timeout: 5m}, {notify: [cto, shop]}]", [(76, 3, 1)]),
        ("[{notify: shop, timeout: 5m}, {notify: shop, timeout: 5m}, {notify: shop}]", [(70, 3, 1)]),
        ("[{notify: shop, timeout: 5m}, {notify: shop}]", []),
        ("[{notify: shop, timeout: 5m}, {notify: cto, timeout: 5m}, {notify: [shop, cto]}]", []),
    ],
)
def test_a_policy_does_not_go_back_to_people(levels: str, expected: list[tuple[int, int, int]]) -> None:
    spec = HEAD + PEOPLE + f"escalation:\n  page: {levels}\n"
    assert reported(escalation_levels_loop.check, spec) == [
        told("warning", f"7:{column + 7}", f"level {last} of `page` goes back to the people of level {first}", "the same people")
        for column, last, first in expected
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("teams", "levels", "silent"),
    [
        ('{shop: {slack: "#a"}, cto: {slack: "#a"}}', "[{notify: shop, timeout: 5m}, {notify: cto}]", False),
        ('{shop: {slack: "#a"}, cto: {slack: "#b"}}', "[{notify: shop, timeout: 5m}, {notify: cto}]", True),
        ('{shop: {slack: "#a"}, cto: {slack: "#b"}}', "[{notify: [shop, cto], timeout: 5m}, {notify: cto}]", False),
        ('{shop: {slack: "#a"}, cto: {slack: "#a", email: c@x.org}}', "[{notify: shop, timeout: 5m}, {notify: cto}]", True),
        ('{shop: {slack: "#a"}, cto: {slack: "#a", datadog: "@c"}}', "[{notify: shop, timeout: 5m}, {notify: cto}]", True),
        ('{shop: {slack: "#a"}, cto: {slack: "#a"}}', "[{notify: shop, timeout: 5m}, {notify: shop}]", True),
        ('{shop: {slack: "#a"}, cto: {}}', "[{notify: shop, timeout: 5m}, {notify: cto}]", True),
    ],
)  # fmt: skip
def test_a_level_tells_somebody_new(teams: str, levels: str, silent: bool) -> None:
    spec = HEAD + f"teams: {teams}\nescalation:\n  page: {levels}\n"
    headline = "level 2 of `page` reaches nobody whom level 1 has not told"
    found = [(each[0], each[2], each[3]) for each in reported(escalation_level_adds_nobody.check, spec)]
    assert found == ([] if silent else [("warning", headline, "only channels that were told before")])
