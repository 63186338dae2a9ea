"""The budget of a week, a month and a quarter of the calendar, by the real promtool of both generations.

In its tests time begins with Thursday, 1 January 1970.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from skillforge_mon.backends.prometheus.slo_calendar import seconds_left
from skillforge_mon.spec.quantities import CALENDAR_PERIODS, CalendarPeriod
from tests.real.slo_promtool import run, value
from tests.real.tools import Generation, promtool_test_rules

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {version: "{version}", evaluation_interval: {evaluation}, scrape_interval: 1h, retention: 100d}
metrics:
  requests_total: {type: counter, labels: {code: bounded}}
services:
  web: {}
slos:
  availability:
    service: web
    objective: 99%
    window: PERIOD
    alerting: false
    bad: requests_total{code="500"}
    total: requests_total
"""
HOURS = 24


def traffic(*failing: int, days: int) -> list[dict[str, str]]:
    """A thousand requests an hour, of which 2 % fail on the days ``failing``, counted from 0."""
    bad, counts = 0, []
    for day in range(days):
        for _ in range(HOURS):
            counts.append(bad)
            bad += 20 if day in failing else 0
    good = [1000 * hour - each for hour, each in enumerate(counts)]
    return [
        {"series": f'requests_total{{code="{code}"}}', "values": " ".join(map(str, numbers))}
        for code, numbers in (("200", good), ("500", counts))
    ]


def left(hour: int, expected: float) -> dict[str, object]:
    """What is left of the budget, to the nearest twentieth."""
    query = 'round(slo:error_budget_remaining:ratio{slo="availability"}, 0.05)'
    return value(query, hour * 60, {'{service="web", slo="availability"}': expected})


@pytest.mark.parametrize(
    ("period", "evaluation", "failing", "days", "expected"),
    [
        # Four days are left of the first week; the next begins with Monday the 5th, the 4th day, and is whole. At the turn
        # of a day two rules of one moment race for a sample, which is a hundredth here: asked is in between.
        ("week", "10m", (0, 5, 6), 10, ((3 * 24, 0.5), (4 * 24 + 6, 1), (9 * 24 + 6, 0.4))),
        ("month", "2h", (0, 1, 2, 3, 4, 5, 6), 33, ((14 * 24, 0.55), (30 * 24 + 12, 0.55), (31 * 24 + 12, 1))),
        ("quarter", "6h", tuple(range(30)), 93, ((60 * 24, 0.35), (89 * 24, 0.35), (91 * 24, 1))),
    ],
)
def test_a_period_begins_with_a_whole_budget_and_spends_what_is_its_own(
    generation: Generation,
    tmp_path: Path,
    period: str,
    evaluation: str,
    failing: tuple[int, ...],
    days: int,
    expected: tuple[tuple[int, float], ...],
) -> None:
    run(
        generation,
        tmp_path,
        traffic(*failing, days=days),
        *(left(hour, share) for hour, share in expected),
        evaluation=evaluation,
        every="1h",
        spec=SPEC.replace("PERIOD", period),
    )


def test_a_period_without_events_has_its_whole_budget(generation: Generation, tmp_path: Path) -> None:
    inputs = [{"series": 'requests_total{code="200"}', "values": "5x72"}]
    spec = SPEC.replace("PERIOD", "week")
    run(generation, tmp_path, inputs, left(48, 1), evaluation="1h", every="1h", spec=spec)


@pytest.mark.parametrize("period", CALENDAR_PERIODS)
def test_a_period_ends_when_the_calendar_says(generation: Generation, tmp_path: Path, period: str) -> None:
    """At moments of five years, one of them a leap year."""
    query = seconds_left(CalendarPeriod.named(period))
    moments = [EPOCH + timedelta(hours=hours) for hours in range(0, 5 * 365 * 24, 1001)]
    expected = [
        {
            "expr": query,
            "eval_time": f"{seconds(EPOCH, each)}s",
            "exp_samples": [{"labels": "{}", "value": seconds(each, end_of(period, each))}],
        }
        for each in moments
    ]
    path = tmp_path / "test.json"
    tests = {"evaluation_interval": "1001h", "tests": [{"interval": "1001h", "promql_expr_test": expected}]}
    path.write_text(json.dumps(tests), encoding="utf-8")
    result = promtool_test_rules(generation, path)
    assert result.exit_code == 0, result.output


def seconds(begin: datetime, end: datetime) -> int:
    """From ``begin`` to ``end``."""
    return int((end - begin).total_seconds())


def end_of(period: str, moment: datetime) -> datetime:
    """When the week, month or quarter that ``moment`` is in is over."""
    day = moment.replace(hour=0)
    if period == "week":
        return day + timedelta(days=7 - day.weekday())
    months = day.year * 12 + day.month - 1
    months += 1 if period == "month" else 3 - months % 3
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)
