"""Rules about maintenance windows."""

from __future__ import annotations

import pytest

from skillforge_mon.checks import (
    maintenance_empty_or_endless,
    maintenance_mutes_critical_daily,
    maintenance_mutes_nothing,
    maintenance_starts_in_skipped_hour,
    run_checks,
)
from skillforge_mon.diagnostics.codes import Code
from tests.checks.escalation.reports import HEAD, Told, reported, told
from tests.projects import FILE, project, resolved

CODES = (
    maintenance_empty_or_endless.CODE,
    maintenance_mutes_critical_daily.CODE,
    maintenance_mutes_nothing.CODE,
    maintenance_starts_in_skipped_hour.CODE,
)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.number)
def test_the_bad_example_earns_its_code_and_the_good_one_nothing(code: Code) -> None:
    assert code.number in {diagnostic.code for diagnostic in run_checks(project(code.bad))}
    assert list(run_checks(project(code.good))) == []


def _window(window: str) -> str:
    return f"{HEAD}services:\n  web: {{}}\nmaintenance:\n  deploy: {window}\n"


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ('{every: day, from: "02:00", for: 0s}', [told("error", "6:44", "the maintenance window `deploy` has no length")]),
        ('{on: "2026-12-24", from: "02:00", for: 0s}', [told("error", "6:50", "the maintenance window `deploy` has no length")]),
        ('{every: day, from: "02:00", for: 23h}', []),
        ('{every: day, from: "02:00", for: 24h}', [told("error", "6:44", "the maintenance window `deploy` never ends", "the next one begins after 1d at the latest")]),
        ('{every: weekday, from: "02:00", for: 2d}', []),
        ('{every: weekday, from: "02:00", for: 3d}', [told("error", "6:48", "the maintenance window `deploy` never ends", "the next one begins after 3d at the latest")]),
        ('{every: saturday, from: "02:00", for: 6d}', []),
        ('{every: saturday, from: "02:00", for: 7d}', [told("error", "6:49", "the maintenance window `deploy` never ends", "the next one begins after 7d at the latest")]),
        ('{on: "2026-12-24", from: "02:00", for: 9d}', []),
    ],
)  # fmt: skip
def test_a_window_has_a_length_and_an_end(window: str, expected: list[Told]) -> None:
    assert reported(maintenance_empty_or_endless.check, _window(window)) == expected


@pytest.mark.parametrize(
    ("window", "suspicious"),
    [
        ('{every: day, from: "02:00", for: 1h}', True),
        ('{every: [weekday, weekend], from: "02:00", for: 1h}', True),
        ('{every: day, from: "02:00", for: 1h, severities: [critical, info]}', True),
        ('{every: weekday, from: "02:00", for: 1h}', False),
        ('{every: day, from: "02:00", for: 1h, severities: [warning]}', False),
        ('{every: day, from: "02:00", for: 1h, services: [web]}', False),
        ('{on: "2026-12-24", from: "02:00", for: 1h}', False),
    ],
)
def test_a_silence_of_everything_every_day_is_suspicious(window: str, suspicious: bool) -> None:
    found = [told("warning", "6:3", "`deploy` mutes every critical alert for 1h every day")] if suspicious else []
    assert reported(maintenance_mutes_critical_daily.check, _window(window)) == found


@pytest.mark.parametrize(
    ("scope", "nothing"),
    [
        ("alerts: [Slow], services: [web]", False),
        ("alerts: [Slow], services: [db]", True),
        ("alerts: [Slow, Any], services: [db]", False),
        ("alerts: [Slow], severities: [critical]", False),
        ("alerts: [Slow], severities: [info]", True),
        ("services: [db], severities: [info]", False),
    ],
)
def test_the_conditions_of_a_window_hold_at_once(scope: str, nothing: bool) -> None:
    spec = (
        f"{HEAD}metrics:\n  queue_length: {{type: gauge, help: Jobs}}\nservices:\n  web: {{}}\n  db: {{}}\nalerts:\n"
        "  Slow: {service: web, severity: critical, expr: queue_length > 1}\n"
        "  Any: {severity: warning, expr: queue_length > 2}\n"
        f'maintenance:\n  deploy: {{every: sunday, from: "02:00", for: 1h, {scope}}}\n'
    )
    found = reported(maintenance_mutes_nothing.check, spec)
    message = "the maintenance window `deploy` mutes nothing"
    assert found == ([told("warning", "12:59", message, "not of these services and severities")] if nothing else [])


@pytest.mark.parametrize(
    ("day", "start", "zone", "headline", "instant"),
    [
        ("2027-03-28", "02:30", "Europe/Paris", "there is no 02:30 on 2027-03-28 in Europe/Paris", "2027-03-28 01:30"),
        ("2027-10-31", "02:30", "Europe/Paris", "clocks show 02:30 on 2027-10-31 in Europe/Paris twice", "2027-10-31 00:30"),
        ("2027-03-28", "01:59", "Europe/Paris", "", ""),
        ("2027-03-28", "03:00", "Europe/Paris", "", ""),
        ("2027-03-28", "02:30", "UTC", "", ""),
        ("2027-03-27", "24:00", "Atlantic/Azores", "there is no 24:00 on 2027-03-27 in Atlantic/Azores", "2027-03-28 01:00"),
    ],
)  # fmt: skip
def test_a_window_starts_at_a_time_that_clocks_show_once(
    day: str, start: str, zone: str, headline: str, instant: str
) -> None:
    found = reported(
        maintenance_starts_in_skipped_hour.check,
        _window(f'{{on: "{day}", from: "{start}", for: 1h, timezone: {zone}}}'),
    )
    assert found == ([told("warning", "6:36", headline, f"taken for {instant} UTC")] if headline else [])


@pytest.mark.parametrize(
    ("window", "code", "place", "headline"),
    [
        ('{every: day, from: "02:00", for: -2h}', "MON1105", "6:44", "`-2h` is not a duration"),
        ('{every: day, from: "02:00", for: 1h, to: "01:00"}', "MON1102", "6:48", "`maintenance.deploy` has no key `to`"),
        ('{every: day, from: "25:00", for: 1h}', "MON1105", "6:30", "`25:00` is not a time of day"),
        ('{every: sunday, from: "02:00", for: 1h, timezone: Mars/Olympus}', "MON1211", "6:61", "there is no time zone `Mars/Olympus`"),
        ('{on: "2026-02-30", from: "02:00", for: 1h}', "MON1212", "6:16", "`2026-02-30` is not a day of the calendar"),
    ],
)  # fmt: skip
def test_a_window_that_makes_no_sense_is_refused_with_its_place(
    window: str, code: str, place: str, headline: str
) -> None:
    _, problems = resolved(_window(window))
    assert [(each.code, str(each.span), each.headline) for each in problems] == [(code, f"{FILE}:{place}", headline)]
