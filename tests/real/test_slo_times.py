"""Burn-rate alerts fire and end when ``slo_times`` says, by the real promtool of both generations."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from skillforge_mon.backends.prometheus.slo_rules import SloSeries
from skillforge_mon.backends.prometheus.slo_times import Between, ends_after, fires_after
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.spec.quantities import Duration
from tests.backends.prometheus.emitting import emitted
from tests.projects import project
from tests.real.tools import Generation, promtool_test_rules

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {{version: "{version}", evaluation_interval: {step}, scrape_interval: {step}}}
metrics:
  requests_total: {{type: counter, labels: {{code: bounded}}}}
  queue_length: {{type: gauge}}
slos:
  availability:
    objective: 99.9%
    window: {window}
    {measured}
"""
COUNTED = 'bad: requests_total{{code="500"}}\n    total: requests_total'
SCRAPED = "available: up"
JUDGED = 'slices: {{expr: queue_length, good: "< 5"}}'
MINUTES = 60
CASES = {
    "a total outage pages": ("30d", "critical", "1", 30, 400, 400, 480),
    "ten per cent of errors page": ("30d", "critical", "0.1", 30, 400, 400, 480),
    "six times the budget pages later, and by the other pair": ("30d", "critical", "0.007", 60, 400, 500, 580),
    "twice the budget makes a ticket": ("7d", "warning", "0.002", 60, 1100, 1100, 1400),
    "a target that is down pages": ("30d", "critical", "1", 30, 400, 400, 480, SCRAPED),
    "a value that is wrong pages": ("30d", "critical", "1", 30, 400, 400, 480, JUDGED),
}
"""What is said -> window of the SLO, severity, share of errors, seconds between samples, minutes of traffic before the
outage, of the outage, and until the end, and how it is measured. Before it there is traffic as long as the longest window of the severity, or the ratio would be over less."""


@pytest.mark.parametrize(
    ("window", "severity", "errors", "step", "before", "outage", "whole", "measured"),
    [(*case, COUNTED)[:8] for case in CASES.values()],
    ids=CASES,
)
def test_alerts_fire_and_end_between_the_moments_that_are_told(
    generation: Generation,
    tmp_path: Path,
    window: str,
    severity: str,
    errors: str,
    step: int,
    before: int,
    outage: int,
    whole: int,
    measured: str,
) -> None:
    version = f"{generation.prometheus.major}.{generation.prometheus.minor}"
    text = SPEC.format(version=version, step=f"{step}s", window=window, measured=measured.format())
    emitted(text).write(tmp_path)
    fires, ends = told(text, severity, Decimal(errors), step)
    begin, end = before * MINUTES, (before + outage) * MINUTES
    bad = round(100 * step * float(errors))
    counts = [before * MINUTES // step, outage * MINUTES // step, (whole - outage) * MINUTES // step]
    case = {
        "interval": f"{step}s",
        "input_series": [
            {"series": 'requests_total{code="200"}', "values": f"0+{100 * step}x{sum(counts)}"},
            {"series": 'requests_total{code="500"}', "values": rising(bad, counts)},
            {"series": "up", "values": f"1x{counts[0]} 0x{counts[1] - 1} 1x{counts[2]}"},
            {"series": "queue_length", "values": f"4x{counts[0]} 5x{counts[1] - 1} 4x{counts[2]}"},
        ],
        "promql_expr_test": [
            firing(severity, begin + seconds(fires.earliest) - step, expected=False),
            firing(severity, begin + seconds(fires.latest) + 2 * step, expected=True),
            firing(severity, end - step, expected=True),
            firing(severity, end + seconds(ends.earliest) - step, expected=True),
            firing(severity, end + seconds(ends.latest) + 2 * step, expected=False),
        ],
    }
    path = tmp_path / "test.json"
    tests = {"rule_files": ["prometheus/rules/*.yml"], "evaluation_interval": f"{step}s", "tests": [case]}
    path.write_text(json.dumps(tests))
    result = promtool_test_rules(generation, path)
    assert result.exit_code == 0, result.output
    assert seconds(fires.latest) - seconds(fires.earliest) <= 3 * step + 5 * MINUTES + 4 * MINUTES


def told(text: str, severity: str, errors: Decimal, step: int) -> tuple[Between, Between]:
    """What the package says of the SLO in ``text``."""
    [plan] = Lowering(project(text), Report()).slos
    every = Duration.of(seconds=step)
    series = SloSeries(plan, every)
    alert = next(each for each in plan.alerts if each.severity == severity)
    fires, ends = fires_after(series, alert, errors, every), ends_after(series, alert, errors, every)
    assert fires is not None
    assert ends is not None
    return fires, ends


def seconds(length: Duration) -> int:
    """Whole seconds."""
    return int(length) // 1000


def rising(by: int, counts: list[int]) -> str:
    """A counter that rises only in the second of three stretches."""
    before, within, after = counts
    return f"0x{before} {by}+{by}x{within - 1} {by * within}x{after}"


def firing(severity: str, second: int, *, expected: bool) -> dict[str, object]:
    """Whether an alert of the SLO fires at ``second``."""
    samples = [{"labels": "{}", "value": 1}] if expected else []
    query = f'count(ALERTS{{alertstate="firing", slo="availability", severity="{severity}"}})'
    return {"expr": query, "eval_time": f"{second}s", "exp_samples": samples}
