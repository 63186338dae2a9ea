"""Rotas: when turns begin, which restrictions say their hours, and whether somebody is always on call."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.model.rotas import DAY, WEEK, first_hole, joined, moment_of_week
from skillforge_mon.spec.models.pagerduty import Rota
from tests.backends.pagerduty.specs import content, replaced

ROTA = """\
        timezone: Europe/Paris
        start: 2026-01-01
        handoff: monday 09:00
        users: [ann@example.com, bob@example.com]
"""
HANDOFF = "        handoff: monday 09:00\n"


def layer(*lines: str) -> dict[str, Any]:
    """The first layer of the schedule with these lines instead of its handoff."""
    text = "".join(f"        {line}\n" for line in lines)
    found = content("pagerduty/schedules/on-call.json", replaced((HANDOFF, text)))["schedule_layers"][0]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("lines", "start", "seconds"),
    [
        ((), "2026-01-05T08:00:00Z", 604800),
        (('handoff: "thursday 00:30"',), "2025-12-31T23:30:00Z", 604800),
        (("handoff: wednesday 18:00",), "2026-01-07T17:00:00Z", 604800),
        (("rotation: daily",), "2026-01-01T08:00:00Z", 86400),
        (("rotation: daily", 'handoff: "20:15"'), "2026-01-01T19:15:00Z", 86400),
    ],
)
def test_turns_begin_with_the_first_handoff(lines: tuple[str, ...], start: str, seconds: int) -> None:
    found = layer(*lines)
    assert (found["start"], found["rotation_virtual_start"]) == (start, start)
    assert found["rotation_turn_length_seconds"] == seconds


def weekly(day: int, clock: str, seconds: int) -> dict[str, Any]:
    """A restriction to a part of the week; Monday is 1."""
    return {
        "type": "weekly_restriction",
        "start_day_of_week": day,
        "start_time_of_day": f"{clock}:00",
        "duration_seconds": seconds,
    }


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (
            '{from: "22:00", for: 8h}',
            [{"type": "daily_restriction", "start_time_of_day": "22:00:00", "duration_seconds": 28800}],
        ),
        ('{every: weekday, from: "09:00", for: 9h}', [weekly(day, "09:00", 32400) for day in range(1, 6)]),
        ('{every: friday, from: "18:00", for: 63h}', [weekly(5, "18:00", 226800)]),
        ('[{every: saturday, from: "00:00", for: 1d}, {every: sunday, from: "00:00", for: 1d}]', [weekly(6, "00:00", 172800)]),
        ('[{every: sunday, from: "12:00", for: 12h}, {every: monday, from: "00:00", for: 6h}]', [weekly(7, "12:00", 64800)]),
        ('{from: "00:00", for: 24h}', []),
        ('{every: monday, from: "09:00", for: 7d}', []),
        ('{every: tuesday, from: "09:00", for: 45m}', [weekly(2, "09:00", 2700)]),
    ],
)  # fmt: skip
def test_hours_become_as_few_restrictions_as_say_them(hours: str, expected: list[object]) -> None:
    assert layer(f"hours: {hours}")["restrictions"] == expected


def test_a_later_rota_is_a_layer_above_the_earlier_ones() -> None:
    one = "{timezone: Europe/Paris, start: 2026-01-01, users: ann@example.com}"
    two = "{timezone: Europe/Paris, start: 2026-01-01, rotation: daily, users: bob@example.com, hours: {from: '20:00', for: 12h}}"
    spec = replaced(
        (
            ROTA,
            f"        - {one}\n        - {two}\n",
        )
    )
    layers = content("pagerduty/schedules/on-call.json", spec)["schedule_layers"]
    assert [(each["name"], len(each["restrictions"]), each["rotation_turn_length_seconds"]) for each in layers] == [
        ("rota 1", 0, 604800),
        ("rota 2", 1, 86400),
    ]


def rota(*hours: tuple[str, str, str]) -> Rota:
    """A rota with hours given as day, start and length."""
    return Rota.model_validate(
        {
            "users": ["ann@example.com"],
            "start": "2026-01-05",
            "hours": [{"every": day, "from": start, "for": length} for day, start, length in hours],
        }
    )


@pytest.mark.parametrize(
    ("rotas", "hole"),
    [
        ([rota()], None),
        ([rota(("day", "09:00", "12h"))], "Monday 21:00"),
        ([rota(("day", "09:00", "12h")), rota(("day", "21:00", "12h"))], None),
        ([rota(("weekday", "00:00", "24h"))], "Saturday 00:00"),
        ([rota(("weekday", "00:00", "24h")), rota(("friday", "20:00", "52h"))], None),
        ([rota(("weekday", "00:00", "24h")), rota(("friday", "20:00", "51h59m"))], "Sunday 23:59"),
        ([rota(("sunday", "23:00", "7d"))], None),
        ([rota(("sunday", "23:00", "6d23h"))], "Sunday 22:00"),
    ],
)
def test_a_hole_is_named_by_its_first_minute(rotas: list[Rota], hole: str | None) -> None:
    found = first_hole(rotas)
    assert (None if found is None else moment_of_week(found)) == hole


HOURS = st.lists(st.tuples(st.integers(0, WEEK // 3600 - 1), st.integers(1, WEEK // 3600)), min_size=1, max_size=6)


@given(HOURS)
def test_joined_parts_are_the_same_hours_without_overlaps(parts: list[tuple[int, int]]) -> None:
    found = joined((start * 3600, length * 3600) for start, length in parts)
    covered = {(start + hour) % 168 for start, length in parts for hour in range(length)}
    again = [(start // 3600 + hour) % 168 for start, length in found for hour in range(length // 3600)]
    assert sorted(again) == sorted(covered)
    starts = {start for start, _ in found}
    assert found == ((0, WEEK),) or not any((start + length) % WEEK in starts for start, length in found)


@pytest.mark.parametrize("second", [0, DAY - 60, 5 * DAY + 18 * 3600])
def test_moments_are_told_as_people_say_them(second: int) -> None:
    assert moment_of_week(second) == {0: "Monday 00:00", DAY - 60: "Monday 23:59"}.get(second, "Saturday 18:00")
