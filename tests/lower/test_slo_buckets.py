"""What is said of an SLO that counts one bucket of a histogram itself."""

from __future__ import annotations

import pytest

from skillforge_mon.checks.slo_example import HEAD
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.lower.lowering import Lowering
from tests.projects import project

MISSING = ("MON3102", "`0.4` is not a bucket of `request_duration_seconds`", "the nearest are `0.1s` or `0.5s`")


@pytest.mark.parametrize(
    ("version", "good", "total", "expected"),
    [
        ("3.5", 'request_duration_seconds_bucket{le="0.4"}', "request_duration_seconds_count", [MISSING]),
        ("2.53", 'request_duration_seconds_bucket{le="0.4"}', "request_duration_seconds_count", [MISSING]),
        ("3.5", 'request_duration_seconds_bucket{le="0.5"}', "request_duration_seconds_count", []),
        ("3.5", 'request_duration_seconds_bucket{le="1"}', "request_duration_seconds_count", []),
        ("3.5", 'request_duration_seconds_bucket{le="1.0"}', "request_duration_seconds_count", []),
        ("3.5", 'request_duration_seconds_bucket{le=~"1|1.0"}', "request_duration_seconds_count", []),
        ("2.53", 'request_duration_seconds_bucket{le="1"}', "request_duration_seconds_count", []),
        (
            "3.5",
            'request_duration_seconds_bucket{le="0.5"}',
            'request_duration_seconds_bucket{le="+Inf"}',
            [],
        ),
        ("3.5", 'elsewhere_bucket{le="1"}', "elsewhere_count", []),
        ("3.5", 'elsewhere_bucket{le="0.4"}', "elsewhere_count", []),
        ("3.5", 'requests_total{le="1"}', "requests_total", []),
    ],
)
def test_a_bucket_that_is_counted_must_be_there(
    version: str, good: str, total: str, expected: list[tuple[str, str, str]]
) -> None:
    spec = HEAD.replace("{retention: 30d}", f'{{retention: 30d, version: "{version}"}}')
    spec += f"  speed: {{service: web, objective: 95%, good: '{good}', total: '{total}'}}\n"
    report = Report()
    assert len(list(Lowering(project(spec), report).slos)) == 1
    assert [(found.code, found.headline, found.help) for found in report] == expected
