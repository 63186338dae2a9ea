"""Rules about working hours: what they report, word for word, and what they leave alone."""

from __future__ import annotations

import pytest

from skillforge_mon.checks import (
    escalation_level_adds_nobody,
    escalation_level_reaches_nobody,
    escalation_levels_loop,
    escalation_unused,
    hours_critical_waits,
    hours_of_no_time,
    hours_otherwise,
    run_checks,
)
from skillforge_mon.diagnostics.codes import Code
from tests.checks.escalation.reports import HEAD, reported, told
from tests.projects import project

CODES = (*hours_of_no_time.CODES, *hours_otherwise.CODES, hours_critical_waits.CODE)
PEOPLE = """\
teams:
  shop: {webhook: "http://hooks:8080/"}
  night: {webhook: "http://hooks:8080/night"}
"""
DAY = '{from: "09:00", to: "18:00", timezone: Europe/Paris}'
REST = """\
targets: {prometheus: {}, alertmanager: {}}
metrics:
  queue_length: {type: gauge, help: Jobs}
alerts:
  Backlog: {severity: critical, expr: queue_length > 1, escalation: page}
"""


def policy(*lines: str) -> str:
    """A spec with the policy `page`; its first line is line 8."""
    return HEAD + PEOPLE + "escalation:\n  page:\n" + "".join(f"    {line}\n" for line in lines) + REST


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.number)
def test_the_bad_example_earns_its_code_and_the_good_one_nothing(code: Code) -> None:
    assert code.number in {diagnostic.code for diagnostic in run_checks(project(code.bad))}
    assert list(run_checks(project(code.good))) == []


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (DAY, []),
        ("{days: day}", []),
        (
            '{from: "18:00", to: "09:00"}',
            [told("error", "8:49", "the hours of level 1 of `page` end at 09:00, before they begin at 18:00")],
        ),
        ('{to: "00:00"}', [told("error", "8:34", "the hours of level 1 of `page` end when they begin, at 00:00")]),
        ("{timezone: Europe/Pariss}", [told("error", "8:40", "there is no time zone `Europe/Pariss`")]),
        (
            "[{days: monday}, {days: friday, timezone: Asia/Tokyo}]",
            [told("error", "8:71", "these hours of level 1 of `page` count in Asia/Tokyo, and the first ones in UTC")],
        ),
    ],
)
def test_hours_that_cannot_be_are_shown_where_they_stand(hours: str, expected: list[tuple[str, ...]]) -> None:
    assert reported(hours_of_no_time.check, policy(f"- {{notify: shop, hours: {hours}}}")) == expected


def test_hours_of_teams_and_policies_are_looked_at_too() -> None:
    text = policy("levels: [{notify: shop}]", 'hours: {from: "10:00", to: "09:00"}').replace(
        "/night", '/night", hours: {timezone: Mars}, email: "a@example.com'
    )
    assert reported(hours_of_no_time.check, text) == [
        told("error", "5:65", "there is no time zone `Mars`"),
        told("error", "9:32", "the hours of `page` end at 09:00, before they begin at 10:00"),
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([f"- {{notify: shop, hours: {DAY}, otherwise: night}}"], []),
        (
            ["- {notify: shop, otherwise: night}"],
            [told("error", "8:33", "level 1 of `page` has no `hours`")],
        ),
        (["levels: [{notify: shop, otherwise: night}]", f"hours: {DAY}"], []),
        (["levels: [{notify: shop}]", "otherwise: night"], [told("error", "9:16", "`page` has no `hours`")]),
        (["levels: [{notify: shop}]", f"hours: {DAY}", "otherwise: night"], []),
        (
            ["- {notify: shop, hours: {days: day}, otherwise: night}"],
            [told("warning", "8:53", "nothing is outside the hours of level 1 of `page`")],
        ),
        (
            ["levels: [{notify: shop}]", "hours: [{}, {days: weekend}]", "otherwise: night"],
            [told("warning", "10:16", "nothing is outside the hours of `page`")],
        ),
    ],
)
def test_otherwise_needs_something_that_is_outside(lines: list[str], expected: list[tuple[str, ...]]) -> None:
    assert reported(hours_otherwise.check, policy(*lines)) == expected


def test_otherwise_may_go_by_the_hours_that_all_teams_of_the_level_have() -> None:
    text = policy("- {notify: shop, otherwise: night}")
    with_hours = text.replace('8080/"}', f'8080/", hours: {DAY}}}')
    assert reported(hours_otherwise.check, with_hours) == []
    (level,) = project(with_hours).escalation["page"].levels
    assert [(shift.teams[0].name, shift.hours and shift.hours.when) for shift in level.shifts] == [
        ("shop", "during Monday to Friday 09:00 - 18:00 Europe/Paris"),
        ("night", "outside Monday to Friday 09:00 - 18:00 Europe/Paris"),
    ]


NIGHT = "Monday to Thursday 18:00 - 09:00, Friday 18:00 to Monday 09:00 Europe/Paris"


@pytest.mark.parametrize(
    ("lines", "silent"),
    [
        ([f"- {{notify: shop, hours: {DAY}}}"], NIGHT),
        ([f"- {{notify: shop, hours: {DAY}, otherwise: night}}"], ""),
        ([f"- {{notify: shop, hours: {DAY}, timeout: 5m}}", "- {notify: night}"], ""),
        (["- {notify: shop, hours: {}, timeout: 5m}", "- {notify: night, hours: {days: saturday}}"], "Sunday UTC"),
        (
            [
                '- {notify: shop, hours: {days: day, from: "00:00", to: "12:00"}, timeout: 5m}',
                '- {notify: night, hours: {days: day, from: "13:00", to: "24:00", timezone: Europe/Paris}}',
            ],
            "every day 23:00 - 24:00 UTC",
        ),
    ],
)
def test_a_critical_alert_that_waits_for_the_morning_is_a_warning(lines: list[str], silent: str) -> None:
    expected = f"`Backlog` is critical, and `page` tells nobody of it {silent}"
    found = reported(hours_critical_waits.check, policy(*lines))
    assert found == ([told("warning", "7:3", expected)] if silent else [])
    assert reported(hours_critical_waits.check, policy(*lines).replace("critical", "warning")) == []


def test_a_critical_alert_without_a_policy_waits_for_its_team() -> None:
    text = policy("- {notify: night}").replace("escalation: page}", "service: web}")
    text = text.replace('8080/"}', f'8080/", hours: {DAY}}}') + "services:\n  web: {team: shop}\n"
    when = "outside Monday to Friday 09:00 - 18:00 Europe/Paris"
    assert reported(hours_critical_waits.check, text) == [
        told("warning", "4:48", f"`Backlog` is critical, and `shop` is not told of it {when}")
    ]


def test_the_other_rules_know_who_is_told_when() -> None:
    later = [f"- {{notify: shop, hours: {DAY}, otherwise: night, timeout: 5m}}", "- {notify: night}"]
    for rule in (escalation_level_adds_nobody, escalation_unused):
        assert reported(rule.check, policy(*later)) == []
    again = [*later[:1], f"- {{notify: shop, hours: {DAY}}}"]
    assert reported(escalation_level_adds_nobody.check, policy(*again)) == [
        told(
            "warning",
            "9:16",
            "level 2 of `page` reaches nobody whom level 1 has not told",
            "only channels that were told before",
        )
    ]
    loop = [
        "- {notify: shop, timeout: 5m}",
        "- {notify: night, timeout: 5m}",
        f"- {{notify: shop, hours: {DAY}}}",
    ]
    assert reported(escalation_levels_loop.check, policy(*loop)) == []


def test_nobody_who_can_be_reached_outside_the_hours_is_an_error() -> None:
    text = policy(f"- {{notify: shop, hours: {DAY}, otherwise: night}}").replace(
        'night: {webhook: "http://hooks:8080/night"}', "night: {description: Nobody}"
    )
    when = "outside Monday to Friday 09:00 - 18:00 Europe/Paris"
    assert reported(escalation_level_reaches_nobody.check, text) == [
        told("error", "8:94", f"level 1 of `page` reaches nobody {when}", "no channel")
    ]
