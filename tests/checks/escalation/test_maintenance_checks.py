"""Rules about maintenance windows."""

from __future__ import annotations

import pytest

from skillforge_mon.checks import (
    maintenance_empty_or_endless,
    maintenance_mutes_critical_daily,
    maintenance_mutes_nothing,
    run_checks,
)
from skillforge_mon.diagnostics.codes import Code
from tests.checks.escalation.reports import HEAD, Told, reported, told
from tests.projects import project

CODES = (maintenance_empty_or_endless.CODE, maintenance_mutes_critical_daily.CODE, maintenance_mutes_nothing.CODE)


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
