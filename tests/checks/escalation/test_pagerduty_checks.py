"""Rules about people in PagerDuty: what they report, word for word, and what they leave alone."""

from __future__ import annotations

import pytest

from skillforge_mon.checks import (
    pagerduty_level_unknown,
    pagerduty_short_delay,
    pagerduty_user_address,
    pagerduty_without_key,
    pagerduty_without_policy,
    rota_hole,
    run_checks,
)
from skillforge_mon.checks.pagerduty_examples import PAGED
from skillforge_mon.diagnostics.codes import Code
from tests.checks.escalation.reports import HEAD, Told, reported, told
from tests.projects import project, resolved

CODES = (
    pagerduty_without_key.CODE,
    pagerduty_without_policy.CODE,
    pagerduty_level_unknown.CODE,
    pagerduty_user_address.CODE,
    *rota_hole.CODES,
    pagerduty_short_delay.CODE,
)
TARGETS = HEAD + "targets: {pagerduty: {}}\n"


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.number)
def test_the_bad_example_earns_its_code_and_the_good_one_nothing(code: Code) -> None:
    assert code.number in {diagnostic.code for diagnostic in run_checks(project(code.bad))}
    assert list(run_checks(project(code.good))) == []


def test_the_codes_are_numbered_in_one_row() -> None:
    assert [code.number for code in CODES] == [f"MON{number}" for number in range(3221, 3229)]


def test_a_team_needs_a_key_or_people_in_pagerduty() -> None:
    teams = (
        "teams:\n  a: {pagerduty: {service: Web}}\n  b: {pagerduty: {users: b@example.com}}\n"
        '  c: {pagerduty: {routing_key: "${secret:C}"}}\n'
    )
    assert reported(pagerduty_without_key.check, HEAD + teams) == [
        told("error", "4:18", "`a` cannot be paged: it has no `routing_key`, and PagerDuty is no target"),
        told("error", "5:18", "`b` cannot be paged: it has no `routing_key`, and PagerDuty is no target"),
    ]
    assert reported(pagerduty_without_key.check, TARGETS + teams) == [
        told("error", "5:18", "`a` cannot be paged: PagerDuty knows nobody of it, and it has no `routing_key`"),
    ]


def test_a_critical_alert_without_a_policy_pages_nobody() -> None:
    spec = PAGED.replace("    escalation: page\n", "").replace("escalation:\n  page: [{notify: shop}]\n", "")
    headline = "`Backlog` follows no policy, so PagerDuty does not page `shop` for it"
    assert reported(pagerduty_without_policy.check, spec) == [told("warning", "17:3", headline)]
    critical = spec.replace("severity: warning", "severity: critical")
    assert reported(pagerduty_without_policy.check, critical) == [told("error", "17:3", headline)]
    keyed = spec.replace("users: ann@example.com", 'users: ann@example.com, routing_key: "${secret:KEY}"')
    assert reported(pagerduty_without_policy.check, keyed) == []


def test_a_default_team_needs_a_channel_that_does_not_wait_for_a_policy() -> None:
    spec = PAGED.replace("alertmanager: {}", "alertmanager: {default_team: shop}")
    assert reported(pagerduty_without_policy.check, spec) == [
        told("warning", "5:32", "what no route takes goes to `shop`, whom PagerDuty pages through policies alone")
    ]
    mailed = spec.replace("{pagerduty: {users", "{webhook: 'http://hooks:8080/', pagerduty: {users")
    assert reported(pagerduty_without_policy.check, mailed) == []


def test_a_level_that_pages_must_be_known_to_pagerduty_and_one_that_writes_need_not() -> None:
    teams = (
        'teams:\n  a: {pagerduty: {users: a@example.com}}\n  b: {pagerduty: {routing_key: "${secret:B}"}}\n'
        '  c: {slack: "#c"}\n'
    )
    policy = "escalation:\n  page: [{notify: a, timeout: 5m}, {notify: [b, c], timeout: 5m}, {notify: c}]\n"
    assert reported(pagerduty_level_unknown.check, TARGETS + teams + policy) == [
        told("error", "9:45", "level 2 of `page` pages `b`, and PagerDuty knows nobody of them")
    ]
    other = "escalation:\n  page: [{notify: b, timeout: 5m}, {notify: c}]\n"
    assert reported(pagerduty_level_unknown.check, TARGETS + teams + other) == []


def test_users_are_named_by_their_address() -> None:
    spec = HEAD + (
        "targets: {pagerduty: {from: robot}}\nteams:\n"
        "  a: {pagerduty: {users: [ann@example.com, Ann]}}\n"
        "  b: {pagerduty: {schedule: {start: 2026-01-05, users: [bob@example.com, 'bob@example']}}}\n"
        "  c: {pagerduty: {schedule: [{start: 2026-01-05, users: c@example.com}, {start: 2026-01-05, users: [Cy]}]}}\n"
    )
    assert reported(pagerduty_user_address.check, spec) == [
        told("error", "3:29", "`robot` is not an e-mail address"),
        told("error", "5:44", "`Ann` is not an e-mail address"),
        told("error", "6:74", "`bob@example` is not an e-mail address"),
        told("error", "7:101", "`Cy` is not an e-mail address"),
    ]


def rota(*rotas: str) -> list[Told]:
    """What is said of a schedule of these rotas."""
    listed = "".join(f"      - {{start: 2026-01-05, {each}}}\n" for each in rotas)
    return reported(rota_hole.check, TARGETS + "teams:\n  a:\n    pagerduty:\n     schedule:\n" + listed)


def test_a_schedule_covers_every_minute_of_the_week() -> None:
    office = "users: ann@example.com, timezone: Europe/Paris, hours: {every: weekday, from: '09:00', for: 9h}"
    rest = "users: bob@example.com, timezone: Europe/Paris"
    assert rota(office) == [told("error", "8:7", "nobody of `a` is on call on Monday 18:00 (Europe/Paris)")]
    assert rota(rest, office) == []
    assert rota(office, rest) == []
    weekend = f"{rest}, hours: {{every: friday, from: '18:00', for: 63h}}"
    nights = f"{rest}, hours: {{every: [monday, tuesday, wednesday, thursday], from: '18:00', for: 15h}}"
    assert rota(office, weekend, nights) == []
    assert rota(office, weekend, nights.replace("15h", "14h59m")) == [
        told("error", "8:7", "nobody of `a` is on call on Tuesday 08:59 (Europe/Paris)")
    ]


def test_a_rota_has_users_and_a_zone_that_exists_and_is_that_of_the_others() -> None:
    assert rota(
        "users: ann@example.com",
        "users: []",
        "users: bob@example.com, timezone: Europe/Pariss",
        "users: bob@example.com, timezone: Asia/Tokyo",
    ) == [
        told("error", "9:36", "nobody is on this rota of `a`"),
        told("error", "10:63", "there is no time zone `Europe/Pariss`"),
        told("error", "11:63", "this rota of `a` counts in Asia/Tokyo, and the first one in UTC"),
    ]


def test_levels_follow_each_other_after_a_minute_at_least() -> None:
    teams = 'teams:\n  a: {pagerduty: {users: a@example.com}}\n  c: {slack: "#c"}\n'
    policy = "escalation:\n  page: [{notify: a, timeout: 30s}, {notify: c, timeout: 29s}, {notify: a}]\n"
    assert reported(pagerduty_short_delay.check, TARGETS + teams + policy) == [
        told("error", "8:31", "level 3 of `page` comes 59s after level 1", "PagerDuty waits a minute at least")
    ]
    assert reported(pagerduty_short_delay.check, TARGETS + teams + policy.replace("29s", "30s")) == []
    assert reported(pagerduty_short_delay.check, HEAD + teams + policy) == []


@pytest.mark.parametrize(
    ("rota", "message"),
    [
        ("start: 2026-02-30", "`2026-02-30` is not a day of the calendar"),
        ("start: 2026-02-03, handoff: '09:00'", "`09:00` is not when the turns of a weekly rotation change: `monday 09:00` is"),
        (
            "start: 2026-02-03, rotation: daily, handoff: monday 09:00",
            "`monday 09:00` is not when the turns of a daily rotation change: `09:00` is",
        ),
        ("start: 2026-02-03, handoff: monday 24:00", "`monday 24:00` is not when the turns of a weekly rotation change: `monday 09:00` is"),
        ("start: 2026-02-03, handoff: monday 09:75", "`monday 09:75` is not when the turns of a weekly rotation change: `monday 09:00` is"),
    ],
)  # fmt: skip
def test_a_rota_that_cannot_be_read_is_refused_with_its_place(rota: str, message: str) -> None:
    spec = TARGETS + f"teams:\n  a: {{pagerduty: {{schedule: {{users: a@example.com, {rota}}}}}}}\n"
    found = resolved(spec)[1]
    assert [(each.span.line if each.span else 0, message in f"{each.headline} {each.label}") for each in found] == [
        (5, True)
    ]
