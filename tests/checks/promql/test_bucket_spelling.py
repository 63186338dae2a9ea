"""Buckets that are asked for by a bound which Prometheus spells otherwise."""

from __future__ import annotations

import pytest

from skillforge_mon.checks.promql_bucket_spelling import check
from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.slo_example import HEAD
from tests.projects import project

ALERT = "sum(rate(http_request_duration_seconds_bucket{%s}[5m])) > 1"


@pytest.mark.parametrize(
    ("matchers", "version", "expected"),
    [
        ('le="1"', "3.5", 'write `le=~"1.0|1"`'),
        ('code="200", le="1"', "3.0", 'write `le=~"1.0|1"`'),
        ('le="1000000"', "3.5", 'write `le=~"1e+06|1000000"`'),
        ('le="1"', "2.53", ""),
        ('le="1.0"', "3.5", ""),
        ('le="0.5"', "3.5", ""),
        ('le="+Inf"', "3.5", ""),
        ('le=~"1|1.0"', "3.5", ""),
        ('le="high"', "3.5", ""),
    ],
)
def test_a_bound_is_spelt_as_it_is_stored(matchers: str, version: str, expected: str) -> None:
    found = list(check(project(alert_spec(ALERT % matchers, version=version))))
    assert [each.help for each in found] == ([expected] if expected else [])
    for each in found:
        assert (each.code, each.label) == ("MON2141", "matches no series that is scraped")


def test_a_label_le_of_something_else_is_left_alone() -> None:
    assert list(check(project(alert_spec('queue_messages{le="1"} > 1')))) == []


def test_an_slo_may_say_it_as_a_latency() -> None:
    good, total = 'request_duration_seconds_bucket{le="1"}', "request_duration_seconds_count"
    spec = HEAD.replace("{retention: 30d}", '{retention: 30d, version: "3.5"}')
    spec += f"  speed: {{service: web, objective: 95%, good: '{good}', total: '{total}'}}\n"
    assert [(each.headline, each.help) for each in check(project(spec))] == [
        (
            "Prometheus 3.5 stores this bucket as `1.0` when it scrapes it",
            'write `le=~"1.0|1"`, or `latency:`, which finds every spelling by itself',
        )
    ]
