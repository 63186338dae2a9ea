"""The coloured lines of a panel are where somebody would be told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from skillforge_mon.lower.layout import ThresholdStep
from skillforge_mon.lower.thresholds import given_steps, watched_steps
from skillforge_mon.lower.watches import Watch
from skillforge_mon.query.promql import parse

Steps = list[tuple[float | int | None, str]]


def steps(found: tuple[ThresholdStep, ...]) -> Steps:
    """Where each state begins."""
    return [(step.start, step.state) for step in found]


def watch(text: str) -> Watch:
    """``critical > 5`` as a watch."""
    severity, op, number = text.split()
    return Watch(parse("depth"), op, Decimal(number), severity, "Depth", None)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, []),
        ({"warning": 5}, [(None, "ok"), (5, "warning")]),
        ({"critical": 0.5}, [(None, "ok"), (0.5, "critical")]),
        ({"critical": 10, "warning": 5}, [(None, "ok"), (5, "warning"), (10, "critical")]),
        ({"critical": 5, "warning": 5}, [(None, "ok"), (5, "critical")]),
        ({"critical": 5, "warning": 10}, [(None, "critical"), (5, "warning"), (10, "ok")]),
    ],
)
def test_numbers_of_the_user(asked: dict[str, float], expected: Steps) -> None:
    assert steps(given_steps(asked)) == expected


@pytest.mark.parametrize(
    ("watched", "expected"),
    [
        ([], []),
        (["critical > 5"], [(None, "ok"), (5, "critical")]),
        (["critical > 5", "warning >= 1.5"], [(None, "ok"), (1.5, "warning"), (5, "critical")]),
        (["critical < 5", "warning <= 10"], [(None, "critical"), (5, "warning"), (10, "ok")]),
        (["warning < 1", "critical > 9"], [(None, "warning"), (1, "ok"), (9, "critical")]),
        (["warning > 5", "warning > 3"], [(None, "ok"), (3, "warning")]),
        (["warning < 5", "warning < 3"], [(None, "warning"), (5, "ok")]),
        (["warning > 5", "critical > 3"], [(None, "ok"), (3, "critical")]),
        (["warning > 1", "critical < 5"], []),
        (["info > 1"], []),
    ],
)
def test_numbers_of_those_who_watch(watched: list[str], expected: Steps) -> None:
    assert steps(watched_steps(map(watch, watched))) == expected
