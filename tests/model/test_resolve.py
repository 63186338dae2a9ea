"""Names are looked up, thresholds inherited, and what does not resolve is reported with its place."""

from __future__ import annotations

import pytest

from skillforge_mon.spec.quantities import Duration
from tests.projects import project, resolved

HEAD = "version: 1\nproject: shop\ntargets:\n  prometheus: {}\n"
PEOPLE = "teams:\n  shop: {slack: '#shop'}\n  boss: {email: boss@example.com}\n"
POLICY = "escalation:\n  page:\n    - {notify: shop, timeout: 5m}\n    - {notify: [boss, shop], timeout: 15m}\n    - {notify: boss}\n"


def reported(text: str) -> list[tuple[str, str, str]]:
    """Code, place and headline of all that resolving ``text`` reports."""
    return [
        (item.code, f"{item.span.line}:{item.span.column}" if item.span else "", item.headline)
        for item in resolved(text)[1]
    ]


def test_a_policy_says_when_each_level_is_told() -> None:
    policy = project(HEAD + PEOPLE + POLICY).escalation["page"]
    assert [(level.number, [team.name for team in level.teams], str(level.after)) for level in policy.levels] == [
        (1, ["shop"], "0s"),
        (2, ["boss", "shop"], "5m"),
        (3, ["boss"], "20m"),
    ]


def test_an_alert_inherits_from_its_service_and_its_severities_from_it() -> None:
    text = (
        HEAD
        + PEOPLE
        + POLICY
        + """\
services:
  web: {team: shop, escalation: page, runbook: "https://wiki.example/web"}
alerts:
  Slow:
    service: web
    severity: {warning: "> 1s", critical: {when: "> 2s", for: 1m}}
    expr: vector(1)
    for: 5m
"""
    )
    alert = project(text).alerts["Slow"]
    assert alert.runbook is not None
    assert alert.runbook.url == "https://wiki.example/web"
    assert alert.backends == ("prometheus",)
    assert [
        (item.severity, str(item.threshold), item.hold, item.escalation and item.escalation.name, item.priority)
        for item in alert.severities
    ] == [
        ("critical", "> 2s", Duration.parse("1m"), "page", 1),
        ("warning", "> 1s", Duration.parse("5m"), "page", 2),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("services:\n  web: {team: shpo}\n", ("MON1201", "9:15", "there is no team `shpo`")),
        ("services:\n  a: {depends_on: [b]}\n  b: {depends_on: [a]}\n", ("MON1202", "10:20", "services depend on each other in a circle: a -> b -> a")),
        ("services:\n  a: {depends_on: [a]}\n", ("MON1202", "9:20", "services depend on each other in a circle: a -> a")),
        ("alerts:\n  A: {severity: info}\n", ("MON1206", "9:3", "the alert `A` has no condition")),
        ("alerts:\n  A: {severity: info, expr: 'up == 0', backends: [grfana]}\n", ("MON1204", "9:51", "there is no backend `grfana`")),
        ("alerts:\n  A: {severity: info, expr: 'up == 0', backends: [datadog]}\n", ("MON1205", "9:50", "one object names `datadog`, which `targets` does not have")),
        ("alerts:\n  A: {severity: {info: , warning: '> 1'}, expr: up}\n", ("MON1208", "9:18", "the severity `info` of `A` has no threshold")),
        ("alerts:\n  A: {severity: {info: '> 1'}, expr: up > 2}\n", ("MON1209", "9:24", "`A` compares its value in the query and here again")),
        ("slos:\n  a: {objective: 99%, bad: x}\n", ("MON1210", "9:3", "the SLO `a` does not say in one way how it is measured")),
        ("maintenance:\n  a: {from: '2:00', for: 1h, every: day, timezone: Europe/Pari}\n", ("MON1211", "9:52", "there is no time zone `Europe/Pari`")),
        ("maintenance:\n  a: {from: '2:00', for: 1h, on: 2026-02-30}\n", ("MON1212", "9:34", "`2026-02-30` is not a day of the calendar")),
        ("runbooks:\n  a: {url: 'https://x/y', impact: Bad}\n", ("MON1213", "9:12", "the runbook `a` is kept elsewhere and written here")),
        ("alerts:\n  A: {severity: info, expr: 'sum(up'}\n", ("MON2001", "9:33", "a bracket `(` is not closed")),
    ],
)  # fmt: skip
def test_what_does_not_resolve_has_an_address(text: str, expected: tuple[str, str, str]) -> None:
    found = reported(HEAD + PEOPLE + text)
    if expected[0] == "MON2001":
        assert [item[:1] for item in found] == [expected[:1]]
    else:
        assert found == [expected]


def test_a_name_that_is_there_but_wrong_is_not_reported_as_missing() -> None:
    text = HEAD + "teams:\n  shop: {slack: 5}\nservices:\n  web: {team: shop}\n"
    assert [item[0] for item in reported(text)] == ["MON1103"]


def test_the_place_of_a_syntax_error_is_inside_the_block_scalar() -> None:
    text = (
        HEAD
        + "alerts:\n  A:\n    severity: info\n    expr: >\n      sum by (job) (\n        rate(up[5x])\n      ) > 1\n"
    )
    (problem,) = resolved(text)[1]
    assert problem.span is not None
    assert (problem.code, problem.span.line) == ("MON2001", 10)


def test_the_same_query_is_parsed_once() -> None:
    text = HEAD + "recordings:\n  a: {expr: sum(up)}\n  b: {expr: sum(up)}\n"
    recordings = project(text).recordings
    assert recordings["a"].query.expr is recordings["b"].query.expr


TICKETS = (
    HEAD
    + PEOPLE
    + """\
escalation:
  page: [{notify: boss}]
  tell: [{notify: shop}]
services:
  web: {team: shop, escalation: page, tickets: tell}
alerts:
  Own: {service: web, severity: warning, expr: up == 0, escalation: page}
  Usual: {service: web, severity: {critical: "> 2", warning: "> 1", info: "> 0"}, expr: sum(up)}
slos:
  inherits: {service: web, objective: 99%, bad: errors_total, total: requests_total}
  says: {service: web, objective: 99%, bad: errors_total, total: requests_total, escalation: page}
"""
)


def test_warnings_of_a_service_follow_its_policy_of_tickets_unless_they_name_one() -> None:
    found = project(TICKETS)
    told = {
        (alert.name, severity.severity): severity.escalation.name if severity.escalation is not None else ""
        for alert in found.alerts.values()
        for severity in alert.severities
    }
    assert told == {
        ("Own", "warning"): "page",
        ("Usual", "critical"): "page",
        ("Usual", "warning"): "tell",
        ("Usual", "info"): "tell",
    }
    slos = {slo.name: (slo.escalation, slo.tickets) for slo in found.slos.values()}
    page, tell = found.escalation["page"], found.escalation["tell"]
    assert slos == {"inherits": (page, tell), "says": (page, None)}


def test_an_unknown_policy_of_tickets_is_reported() -> None:
    text = TICKETS.replace("tickets: tell}", "tickets: tel}")
    assert [(code, headline) for code, _, headline in reported(text)] == [("MON1201", "there is no policy `tel`")]


@pytest.mark.parametrize(
    ("backends", "panel", "found"),
    [
        ("[datadog]", "datadog: 'avg:aws.rds.cpuutilization{*}'", []),
        ("[datadog]", "datadog: {queries: {a: 'avg:aws.rds.cpuutilization{*}'}}", []),
        ("[datadog]", "datadog: {omit: nothing yet}", ["MON1214"]),
        ("[grafana, datadog]", "datadog: 'avg:aws.rds.cpuutilization{*}'", ["MON1214"]),
    ],
)
def test_a_panel_without_a_query_is_empty_unless_only_datadog_shows_it(
    backends: str, panel: str, found: list[str]
) -> None:
    text = (
        "version: 1\nproject: shop\ntargets: {grafana: {}, datadog: {}}\n"
        f"dashboards:\n  aws:\n    backends: {backends}\n    rows:\n      - panels: [{{title: CPU, {panel}}}]\n"
    )
    assert [code for code, _, _ in reported(text)] == found
