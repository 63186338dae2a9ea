"""How many bad events it takes until somebody is told, by the real promtool of both generations.

A request counts in full when the base window of five minutes has gone by. Prometheus 3 extrapolates a rate over the gap
between the samples of two windows that lie side by side, and misses what happens in it: with a sample a minute it
counts one request as 1.25 or 0, with one every 15 seconds as 1.05 or seldom as 0.
"""

from __future__ import annotations

import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from skillforge_mon.lower.bad_event_minimum import COUNTED
from tests.real.slo_promtool import SPEC, firing, run, series, value
from tests.real.tools import Generation

ONE = SPEC[: SPEC.index("  success:")]
DAY = 1440
PAGE_PAIR = "burn: [{short: 5m, long: 1h, budget: 2%, severity: critical}]"
TOLD = 'count by (severity) (ALERTS{alertstate="firing", level="1"})'


SAMPLES = 4
"""In a minute, where single requests are counted."""


def counter(*events: int, until: int) -> str:
    """A counter that rises by one half a minute after each of these minutes, in SAMPLES a minute."""
    rises = [event * SAMPLES + SAMPLES // 2 for event in sorted(events)]
    ends = [*rises, (until + 1) * SAMPLES]
    return " ".join(
        f"{count}x{end - begin - 1}" for count, (begin, end) in enumerate(zip([0, *rises], ends, strict=True))
    )


def told(minute: int, *severities: str) -> dict[str, Any]:
    """At ``minute`` exactly these severities are told, at their first level."""
    return value(TOLD, minute, {f'{{severity="{severity}"}}': 1.0 for severity in severities})


def with_field(field: str) -> str:
    """The spec whose SLO has another field."""
    return ONE.replace("objective: 99.9%", f"objective: 99.9%\n    {field}")


@pytest.mark.parametrize(("good", "bad"), [((300,), (700,)), ((300,), (700, 1100)), ((), (300,)), ((), (300, 305))])
def test_a_few_errors_in_a_day_of_a_few_requests_wake_nobody(
    generation: Generation, tmp_path: Path, good: tuple[int, ...], bad: tuple[int, ...]
) -> None:
    """One of two, two of three, one of one, two of two: the budget burns 400 times too fast and more."""
    inputs = series(c200=counter(*good, until=DAY), c500=counter(*bad, until=DAY))
    minutes = sorted({each + later for each in (*good, *bad) for later in (0, 2, 5, 7, 30, 60, 300)} | {DAY})
    burns = value('count(slo:error_ratio:rate1d{slo="availability"} > 0.4)', bad[-1] + 10, {"{}": 1.0})
    nobody = [firing(minute) for minute in minutes if minute <= DAY]
    run(generation, tmp_path, inputs, *nobody, burns, every="15s", spec=ONE)


def test_an_outage_of_six_requests_an_hour_pages_after_the_fourth(generation: Generation, tmp_path: Path) -> None:
    """All fail from minute 360 on, after six hours without an error. Ten failures would take an hour longer."""
    end = 500
    good, bad = range(5, 360, 10), range(365, end, 10)
    inputs = series(c200=counter(*good, until=end), c500=counter(*bad, until=end))
    number = math.ceil(COUNTED.number(6 * Decimal("0.001")))
    assert number == 4
    third, fourth = bad[number - 2], bad[number - 1]
    run(
        generation,
        tmp_path,
        inputs,
        *(told(minute) for minute in range(300, third + 10)),
        *(told(minute, "critical", "warning") for minute in range(fourth + 6, end)),
        every="15s",
        spec=ONE,
    )


def test_an_outage_of_twenty_requests_a_day_pages_after_the_fourth(generation: Generation, tmp_path: Path) -> None:
    """One request every 72 minutes: the fourth fails within the six hours of the second pair."""
    begin, end = DAY // 2, DAY
    good, bad = range(10, begin, 72), range(begin + 10, end, 72)
    inputs = series(c200=counter(*good, until=end), c500=counter(*bad, until=end))
    third, fourth = bad[2], bad[3]
    run(
        generation,
        tmp_path,
        inputs,
        *(told(minute) for minute in range(begin, third + 72, 5)),
        told(fourth + 12, "critical", "warning"),
        told(fourth + 60, "warning"),
        every="15s",
        spec=ONE,
    )


@pytest.mark.parametrize("errors", [0.0145, 0.1])
@pytest.mark.parametrize("side", [0.8, 1.25])
def test_with_more_traffic_than_at_the_crossover_the_burn_rate_alone_decides(
    generation: Generation, tmp_path: Path, side: float, errors: float
) -> None:
    """Traffic that allows a fifth fewer, and a quarter more, events than the crossover at a burn rate of 14.4.

    An hour of good events is followed by an hour and more in which ``errors`` of them are bad.
    """
    allowed = float(COUNTED.crossover(Decimal("14.4"))) * side
    events = allowed / 0.001 / 60  # in a minute
    minutes, before, bad = 150, 70, events * errors
    good = f"0+{events}x{before} {events * before + events - bad}+{events - bad}x{minutes - before}"
    inputs = series(c200=good, c500=f"0x{before} {bad}+{bad}x{minutes - before}")
    with_minimum, without = (with_field(f"{PAGE_PAIR}{each}") for each in ("", "\n    min_bad_events: 0"))
    enough = events * 60 * errors >= COUNTED.number(Decimal(allowed))
    end = [told(minutes - 1, *(["critical"] if each else [])) for each in (enough, True)]
    for number, (spec, last) in enumerate(zip((with_minimum, without), end, strict=True)):
        folder = tmp_path / str(number)
        folder.mkdir()
        run(generation, folder, inputs, last, spec=spec)


@pytest.mark.parametrize(
    ("minimum", "failed", "is_told"),
    [
        ("", 3, False),
        ("", 4, True),
        ("min_bad_events: 0", 1, True),
        ("min_bad_events: 10", 8, False),
        ("min_bad_events: 10", 15, True),
        ("min_bad_events: 20", 15, False),
    ],
)
def test_the_minimum_can_be_set(
    generation: Generation, tmp_path: Path, minimum: str, failed: int, is_told: bool
) -> None:
    """From minute 110 on, ``failed`` requests fail, one a minute, and none succeeds."""
    inputs = series(c200=counter(100, until=180), c500=counter(*range(110, 110 + failed), until=180))
    last = told(110 + failed + 4, *(["critical", "warning"] if is_told else []))
    run(generation, tmp_path, inputs, last, every="15s", spec=with_field(minimum) if minimum else ONE)


def test_each_group_has_a_minimum_of_its_own(generation: Generation, tmp_path: Path) -> None:
    """Of tenant a five requests fail, of b two, at the same time; together they would be enough for both."""
    spec = with_field("group_by: [tenant]").replace("code: bounded", "code: bounded, tenant: bounded")
    inputs = [
        {"series": f'requests_total{{code="500", tenant="{tenant}"}}', "values": counter(*failed, until=180)}
        for tenant, failed in (("a", range(110, 115)), ("b", (110, 114)))
    ]
    query = 'count by (tenant) (ALERTS{alertstate="firing", severity="critical", level="1"})'
    run(generation, tmp_path, inputs, value(query, 119, {'{tenant="a"}': 1.0}), every="15s", spec=spec)


@pytest.mark.parametrize(("down", "is_told"), [(2, False), (4, True)])
def test_three_scrapes_that_fail_are_enough_whatever_the_objective(
    generation: Generation, tmp_path: Path, down: int, is_told: bool
) -> None:
    """Where time is counted nothing is left to chance: the number is a constant. One target, scraped every minute.

    It fails from minute 121 on: what Prometheus 2 finds at 120, it counts on both sides.
    """
    spec = (
        ONE.replace("metrics:\n", "metrics:\n  up: {type: gauge}\n")
        .replace('bad: requests_total{code=~"5.."}\n    total: requests_total', "available: up")
        .replace("evaluation_interval:", "scrape_interval: 1m, evaluation_interval:")
    )
    inputs = [{"series": "up", "values": f"1x120 0x{down - 1} 1x60"}]
    run(generation, tmp_path, inputs, told(126, *(["critical", "warning"] if is_told else [])), spec=spec)
