"""Who is told in working hours and outside them: timelines, coverage, and what a change of hours does to people."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillforge_mon.routing.call_changes import call_difference
from skillforge_mon.routing.call_changes_text import changes_text
from skillforge_mon.routing.coverage_text import coverage_text
from skillforge_mon.routing.loads import loads
from skillforge_mon.routing.moment import parse_moment
from skillforge_mon.routing.timeline_json import timeline_data
from skillforge_mon.routing.timeline_text import timeline_text
from tests.routing.test_call_changes import asked

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {scrape_interval: 15s, evaluation_interval: 30s}
  alertmanager: {version: "0.28"}
metrics:
  queue_length: {type: gauge, help: Jobs, labels: {queue: bounded}}
teams:
  dev-team: {webhook: "http://hooks:80/"}
  on-call: {webhook: "http://hooks:80/on-call"}
escalation:
  page:
    levels:
      - {notify: dev-team, hours: {from: "09:00", to: "18:00", timezone: Europe/Paris}, otherwise: on-call}
    approximate: [alertmanager]
services:
  web: {team: dev-team, escalation: page}
alerts:
  Backlog:
    service: web
    severity: {critical: "> 100", warning: "> 50"}
    expr: sum by (queue) (queue_length)
    for: 1m
    summary: Jobs wait
    runbook: https://runbooks/backlog
"""
HOURS = "Monday to Friday 09:00 - 18:00 Europe/Paris"
NIGHT = "Monday to Thursday 18:00 - 09:00, Friday 18:00 to Monday 09:00 Europe/Paris"
WAITING = SPEC.replace(", otherwise: on-call", "")
ALWAYS = SPEC.replace(', hours: {from: "09:00", to: "18:00", timezone: Europe/Paris}, otherwise: on-call', "")


def lines(folder: Path, at: str = "") -> list[str]:
    """The timeline of the critical alert without its first lines."""
    inspection = asked(folder, "shop", SPEC)
    found = inspection.timeline(inspection.subjects[0], {}, parse_moment(at) if at else None)
    return [" ".join(line.split()) for line in timeline_text(found).splitlines()[3:]]


def test_a_timeline_shows_who_is_told_when(tmp_path: Path) -> None:
    assert lines(tmp_path)[:3] == [
        f"1:10 - 1:55 dev-team webhook (level 1) - only during {HOURS}",
        f"1:10 - 1:55 on-call webhook (level 1) - only outside {HOURS}",
        "repeats every 4h5m (level 1)",
    ]


def test_a_timeline_of_a_moment_shows_who_is_told_then(tmp_path: Path) -> None:
    assert lines(tmp_path, "Sunday 03:00 Europe/Paris")[:4] == [
        f"1:10 - 1:55 dev-team webhook (level 1) - muted outside {HOURS}",
        f"1:10 - 1:55 on-call webhook (level 1) - only outside {HOURS}",
        "repeats every 4h5m (level 1)",
        (
            "level 1 (dev-team) is muted until Monday 2025-01-20 09:00 Europe/Paris; a firing alert is told of afterwards, "
            "one that is over is not"
        ),
    ]
    assert lines(tmp_path, "Monday 10:00 Europe/Paris")[:2] == [
        f"1:10 - 1:55 dev-team webhook (level 1) - only during {HOURS}",
        f"1:10 - 1:55 on-call webhook (level 1) - muted during {HOURS}",
    ]


def test_programs_get_the_hours_as_data(tmp_path: Path) -> None:
    inspection = asked(tmp_path, "shop", SPEC)
    found = timeline_data(inspection.timeline(inspection.subjects[0], {}, parse_moment("Sunday 03:00")))
    notifications = found["notifications"]
    assert isinstance(notifications, list)
    assert [(each["only_during"], each["muted_outside"]) for each in notifications] == [
        ([HOURS], [HOURS]),
        ([f"outside {HOURS}"], []),
    ]


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (SPEC, []),
        (
            WAITING,
            [
                (
                    "error: Backlog critical reaches nobody at once for 5d3h of a week, from Monday 2025-01-13 00:00 UTC "
                    f"on: outside {HOURS}"
                )
            ],
        ),
        (ALWAYS, []),
    ],
)
def test_coverage_finds_the_nights_of_critical_alerts_and_lets_warnings_wait(
    tmp_path: Path, spec: str, said: list[str]
) -> None:
    found = asked(tmp_path, "shop", spec).coverage()
    text = coverage_text(found).splitlines()
    assert [line for line in text if line.startswith(("error", "warning"))] == said
    assert found.failed == bool(said)


def test_the_weeks_in_which_clocks_change_are_looked_at(tmp_path: Path) -> None:
    found = asked(tmp_path, "shop", WAITING).coverage()
    assert [f"{monday:%Y-%m-%d}" for monday in found.weeks] == ["2025-01-13", "2025-03-24", "2025-10-20"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (SPEC, SPEC, []),
        (
            ALWAYS,
            SPEC,
            [
                "dev-team",
                f"  - no longer called during {NIGHT} for Backlog (critical) and Backlog (warning)",
                "on-call",
                "  + now called for 2 alerts",
                "      Backlog (critical): 1:10 - 1:55 through webhook (level 1)",
                "      Backlog (warning): 1:30 - 2:15 through webhook (level 1)",
                f"  ~ not called during {HOURS} (level 1) for Backlog (critical) and Backlog (warning)",
            ],
        ),
        (
            SPEC,
            SPEC.replace("18:00", "17:00"),
            [
                "dev-team",
                (
                    "  - no longer called during Monday to Friday 17:00 - 18:00 Europe/Paris for Backlog (critical) and "
                    "Backlog (warning)"
                ),
                "on-call",
                (
                    "  + now called during Monday to Friday 17:00 - 18:00 Europe/Paris as well for Backlog (critical) and "
                    "Backlog (warning)"
                ),
            ],
        ),
        (
            SPEC,
            SPEC.replace("otherwise: on-call", "otherwise: [on-call, dev-team]"),
            [
                "dev-team",
                f"  + now called during {NIGHT} as well for Backlog (critical) and Backlog (warning)",
            ],
        ),
    ],
)
def test_a_change_of_hours_is_told_in_words(tmp_path: Path, before: str, after: str, expected: list[str]) -> None:
    found = call_difference(asked(tmp_path, "before", before), asked(tmp_path, "after", after), {})
    assert changes_text(found, "main").splitlines()[:-1] == expected


def test_who_is_told_in_the_hours_and_outside_them_is_paged_once(tmp_path: Path) -> None:
    text = SPEC.replace("notify: dev-team", "notify: [dev-team, on-call]")
    assert {load.person: load.total for load in loads(asked(tmp_path, "shop", text))} == {"dev-team": 2, "on-call": 2}
