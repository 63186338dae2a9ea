"""Working hours in Alertmanager's configuration: routes that send at their times only, and the times themselves."""

from __future__ import annotations

from skillforge_mon.documents.document import Grade, Verdict
from tests.backends.alertmanager.emitting import configuration, verdicts
from tests.backends.alertmanager.hours import INSIDE, OUTSIDE, SPEC, WEEKEND
from tests.projects import project

BACKEND = "alertmanager"
PARIS = {"location": "Europe/Paris"}


def test_every_route_of_a_shift_and_every_child_of_it_has_the_hours() -> None:
    routes = configuration(SPEC)["route"]["routes"]
    assert [
        (
            route.get("receiver"),
            route.get("matchers"),
            route.get("continue", False),
            route.get("active_time_intervals"),
            [child.get("active_time_intervals") for child in route.get("routes", ())],
        )
        for route in routes
    ] == [
        ("page-level-1", ['escalation="page"', 'level="1"'], True, [INSIDE], [[INSIDE]]),
        ("page-level-1-otherwise", ['escalation="page"', 'level="1"'], False, [OUTSIDE], [[OUTSIDE]]),
        ("page-level-2", ['escalation="page"', 'level="2"'], True, None, [None]),
        ("page-level-2-2", ['escalation="page"', 'level="2"'], False, [WEEKEND], [[WEEKEND]]),
        ("team-dev-team", ['team="dev-team"'], False, None, [None, None]),
        ("team-rest", None, False, [WEEKEND], [[WEEKEND], [WEEKEND]]),
    ]


def test_the_hours_and_what_is_outside_them_are_intervals_that_are_split_at_midnight() -> None:
    assert configuration(SPEC)["time_intervals"][1:] == [
        {
            "name": INSIDE,
            "time_intervals": [
                {"times": [{"start_time": "09:00", "end_time": "18:00"}], "weekdays": ["monday:friday"], **PARIS}
            ],
        },
        {
            "name": OUTSIDE,
            "time_intervals": [
                {"times": [{"start_time": "00:00", "end_time": "09:00"}], "weekdays": ["monday:friday"], **PARIS},
                {"times": [{"start_time": "18:00", "end_time": "24:00"}], "weekdays": ["monday:friday"], **PARIS},
                {"weekdays": ["sunday", "saturday"], **PARIS},
            ],
        },
        {"name": WEEKEND, "time_intervals": [{"weekdays": ["sunday", "saturday"], "location": "Asia/Tokyo"}]},
    ]


def test_the_verdict_says_whose_end_is_lost() -> None:
    assert verdicts(SPEC)[:1] + verdicts(SPEC)[2:] == (
        Verdict(
            BACKEND,
            "escalation.page",
            Grade.APPROXIMATE,
            "Alertmanager cannot know that somebody has acknowledged an alert: level 2 is told after 15m, even when "
            f"somebody is on it; dev-team is not told the end of an alert that ends {OUTSIDE}; on-call is not told the "
            f"end of an alert that ends during {INSIDE}; rest is not told the end of an alert that ends outside {WEEKEND}",
            "let one level page a PagerDuty service whose own policy escalates, or accept it with "
            "`approximate: [alertmanager]`",
        ),
        Verdict(
            BACKEND,
            "teams.rest",
            Grade.APPROXIMATE,
            f"rest is not told the end of an alert that ends outside {WEEKEND}",
            "leave `hours` out, or accept it with `approximate: [alertmanager]`",
            "hours",
        ),
    )


def test_one_level_with_hours_is_approximate_for_its_ends_alone() -> None:
    text = SPEC.replace("      - {notify: [on-call, rest]}\n", "").replace("        timeout: 15m\n", "")
    found = next(verdict for verdict in verdicts(text) if verdict.object_id == "escalation.page")
    assert found.reason.startswith("dev-team is not told the end of an alert that ends outside ")
    assert found.instead == "leave `hours` out, or accept it with `approximate: [alertmanager]`"


def test_a_level_takes_its_own_hours_then_those_of_the_policy_then_those_of_its_teams() -> None:
    text = """\
version: 1
project: shop
teams:
  a: {email: a@example.com, hours: {days: monday}}
  b: {email: b@example.com}
  c: {email: c@example.com}
escalation:
  own: {levels: [{notify: a, hours: {days: tuesday}}], hours: {days: wednesday}, otherwise: c}
  policys: {levels: [{notify: a}, {notify: b, otherwise: a}], hours: {days: wednesday}, otherwise: c}
  teams: [{notify: [a, b]}, {notify: a, otherwise: b}]
  always: {levels: [{notify: a, hours: {days: day}}], hours: {days: wednesday}, otherwise: c}
"""
    found = project(
        text.replace("[{notify: a}, ", "[{notify: a, timeout: 5m}, ").replace("b]}, ", "b], timeout: 5m}, ")
    )
    said = {
        name: [
            [
                (" ".join(team.name for team in shift.teams), shift.hours.when if shift.hours else "always")
                for shift in level.shifts
            ]
            for level in policy.levels
        ]
        for name, policy in found.escalation.items()
    }
    assert said == {
        "own": [[("a", "during Tuesday UTC")]],
        "policys": [
            [("a", "during Wednesday UTC"), ("c", "outside Wednesday UTC")],
            [("b", "during Wednesday UTC"), ("a", "outside Wednesday UTC")],
        ],
        "teams": [
            [("a", "during Monday UTC"), ("b", "always")],
            [("a", "during Monday UTC"), ("b", "outside Monday UTC")],
        ],
        "always": [[("a", "always")]],
    }
