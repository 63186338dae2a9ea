"""Working hours of a policy that PagerDuty has: schedules that know people at their times only."""

from __future__ import annotations

from typing import Any

from skillforge_mon.backends.pagerduty.shift_schedules import within
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Grade
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.rotas import DAY, WEEK
from skillforge_mon.model.working_hours import Hours
from tests.backends.pagerduty.specs import content, documents, replaced
from tests.projects import project

DAYS = '{from: "09:00", to: "18:00", timezone: Europe/Paris}'
FIRST = "    - {notify: [on-call, chat], timeout: 15m}\n"
BY_HOURS = (FIRST, f"    - {{notify: [on-call, chat], timeout: 15m, hours: {DAYS}, otherwise: managers}}\n")
WAITING = (FIRST, f"    - {{notify: [on-call, chat], timeout: 15m, hours: {DAYS}}}\n")
LAST = ("    - {notify: cto}\n", f"    - {{notify: cto, hours: {DAYS}}}\n")
POLICY = "pagerduty/escalation-policies/critical.json"


def targets(spec: str) -> list[list[str]]:
    """Whom the rules of the policy page."""
    rules = content(POLICY, spec)["escalation_rules"]
    return [[target["id"]["$ref"]["key"] for target in rule["targets"]] for rule in rules]


def week(day: int, clock: str, seconds: int) -> dict[str, Any]:
    """A restriction to a part of the week; Monday is 1."""
    return {
        "type": "weekly_restriction",
        "start_day_of_week": day,
        "start_time_of_day": f"{clock}:00",
        "duration_seconds": seconds,
    }


def test_a_level_with_hours_pages_schedules_that_are_restricted_to_them() -> None:
    spec = replaced(BY_HOURS)
    assert targets(spec) == [
        [
            "teams.on-call.critical.level-1",
            "teams.managers.critical.level-1.outside.1",
            "teams.managers.critical.level-1.outside.2",
        ],
        ["em@example.com", "dan@example.com", "teams.on-call"],
        ["cto@example.com"],
    ]
    inside = content("pagerduty/schedules/on-call/critical-level-1.json", spec)
    outside = content("pagerduty/schedules/managers/critical-level-1-outside-2.json", spec)
    assert (inside["name"], inside["time_zone"]) == ("shop-on-call-critical-level-1", "Europe/Paris")
    assert (outside["name"], outside["time_zone"]) == ("shop-managers-critical-level-1-outside-2", "Europe/Paris")
    hours = "Monday to Friday 09:00 - 18:00 Europe/Paris"
    assert outside["description"] == f"Who of managers is on call outside {hours}."
    (rota,), (alone,) = inside["schedule_layers"], outside["schedule_layers"]
    assert rota["restrictions"] == [week(day, "09:00", 9 * 3600) for day in range(1, 6)]
    assert [user["user"]["id"]["$ref"]["key"] for user in alone["users"]] == ["dan@example.com"]
    assert alone["restrictions"] == [
        *(week(day, "18:00", 15 * 3600) for day in range(1, 5)),
        week(5, "18:00", 63 * 3600),
    ]


def test_what_both_shifts_page_is_handed_over_at_all_hours_and_each_receiver_in_its_own() -> None:
    found = project(replaced(BY_HOURS))
    plan = Lowering(found, Report()).notifications
    assert [
        (route.name, [f"{channel.kind}" for channel in route.channels], route.hours and route.hours.outside)
        for route in plan.routes
        if route.level is not None and route.level.number == 1
    ] == [
        ("critical-level-1-web", ["pagerduty", "slack"], False),
        ("critical-level-1-web-otherwise", ["pagerduty"], True),
        ("critical-level-1", ["pagerduty", "slack"], False),
        ("critical-level-1-otherwise", ["pagerduty"], True),
    ]


def test_a_later_level_without_anybody_outside_its_hours_is_passed_over() -> None:
    (verdict,) = documents(replaced(LAST))[POLICY].verdicts
    assert (verdict.grade, verdict.reason) == (
        Grade.APPROXIMATE,
        "level 3 is passed over at once outside Monday to Friday 09:00 - 18:00 Europe/Paris: nobody is on call there then",
    )


def test_a_first_level_waits_in_alertmanager_for_its_hours() -> None:
    (verdict,) = documents(replaced(WAITING))[POLICY].verdicts
    assert verdict.grade is Grade.EXACT
    (beside_datadog,) = documents(replaced(WAITING, ("  pagerduty: {from", "  datadog: {}\n  pagerduty: {from")))[
        POLICY
    ].verdicts
    assert beside_datadog.reason.startswith("level 1 is passed over at once outside Monday to Friday")


def test_hours_in_another_zone_than_the_rotas_cannot_be_said() -> None:
    (verdict,) = documents(replaced((FIRST, WAITING[1].replace("Europe/Paris", "Asia/Tokyo"))))[POLICY].verdicts
    assert (verdict.grade, verdict.reason, verdict.instead) == (
        Grade.UNTRANSLATABLE,
        "the hours of level 1 count in Asia/Tokyo, the rotas of on-call in another zone",
        "write the hours in the zone of the rotas",
    )


def test_rotas_and_hours_are_met_across_the_end_of_the_week() -> None:
    sunday_night = ((6 * DAY + 20 * 3600, 12 * 3600),)
    monday = Hours(((6 * 60, 18 * 60),), "UTC")
    assert within(sunday_night, monday) == ((6 * 3600, 2 * 3600),)
    assert within(sunday_night, monday.opposite) == ((6 * DAY + 20 * 3600, 10 * 3600),)
    assert within(((0, WEEK),), monday.opposite) == ((18 * 3600, WEEK - 12 * 3600),)
