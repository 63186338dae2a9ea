"""What the checks say of SLOs: each rule's own examples, and the exact words where it matters."""

from __future__ import annotations

from types import ModuleType

import pytest

from skillforge_mon.checks import (
    slo_good_and_bad_swapped,
    slo_part_outside_total,
    slo_window_beyond_retention,
    slo_windows_out_of_order,
    slo_without_budget,
    slo_without_owner,
)
from skillforge_mon.checks.slo_example import AVAILABILITY, GOOD, HEAD
from tests.projects import project

RULES = (
    slo_good_and_bad_swapped,
    slo_part_outside_total,
    slo_window_beyond_retention,
    slo_windows_out_of_order,
    slo_without_budget,
    slo_without_owner,
)
Told = tuple[str, str, str, str, str]


def told(rule: ModuleType, spec: str) -> list[Told]:
    """What ``rule`` reports: severity, line and column, headline, label, help."""
    return [
        (str(found.severity), f"{found.span.line}:{found.span.column}", found.headline, found.label, found.help)
        for found in rule.check(project(spec))
        if found.span is not None
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.CODE.number)
def test_a_rule_finds_its_bad_example_and_only_that(rule: ModuleType) -> None:
    for other in RULES:
        codes = [found.code for found in other.check(project(rule.CODE.bad))]
        assert codes == ([rule.CODE.number] if other is rule else [])
        assert list(other.check(project(rule.CODE.good))) == []


def test_an_objective_of_everything() -> None:
    assert told(slo_without_budget, slo_without_budget.CODE.bad) == [
        (
            "error",
            "19:16",
            "the objective of `availability` leaves no error budget",
            "no event may be bad",
            "promise what users need: `99.9%` of 30d still is 43 minutes; to hear of every error, write an alert",
        )
    ]


@pytest.mark.parametrize(
    ("burn", "expected"),
    [
        (
            "{short: 1h, long: 5m, budget: 2%, severity: critical}",
            (
                "the short window of 1h is not shorter than the long window of 5m",
                "swap the two: `short: 5m, long: 1h`",
            ),
        ),
        (
            "{short: 1h, long: 1h, budget: 2%, severity: critical}",
            (
                "the short window of 1h is not shorter than the long window of 1h",
                "a twelfth of the long window is usual",
            ),
        ),
        (
            "{short: 1d, long: 60d, budget: 2%, severity: critical}",
            (
                "the long window of 60d is longer than the window of 30d of `availability`",
                "the budget is that of the SLO's window: nothing longer can burn it",
            ),
        ),
    ],
)
def test_windows_out_of_order(burn: str, expected: tuple[str, str]) -> None:
    ((_, _, headline, _, help_),) = told(slo_windows_out_of_order, f"{GOOD}    burn: [{burn}]\n")
    assert (headline, help_) == expected


def test_a_window_beyond_the_retention() -> None:
    assert told(slo_window_beyond_retention, slo_window_beyond_retention.CODE.bad) == [
        (
            "warning",
            "20:13",
            "`availability` looks back 90d, and Prometheus keeps 30d",
            "",
            "keep samples for at least 90d, or promise over a shorter window",
        )
    ]


def test_a_retention_that_is_not_known_says_nothing() -> None:
    assert told(slo_window_beyond_retention, slo_window_beyond_retention.CODE.bad.replace("retention: 30d", "")) == []


@pytest.mark.parametrize(
    ("bad", "total", "found"),
    [
        ('requests_total{code="500"}', 'requests_total{path="/"}', True),
        ('requests_total{path="/a",code="500"}', 'requests_total{path="/b"}', True),
        ('requests_total{path=~"/a|/b",code="500"}', 'requests_total{path="/b"}', False),
        ('requests_total{path="/b",code="500"}', 'requests_total{path="/b"}', False),
        ('requests_total{code="500"}', 'requests_total{path=~".*"}', False),
        ('requests_total{code="500"}', 'requests_total{code!="404"}', False),
        ('errors_total{code="500"}', 'requests_total{path="/"}', False),
        ('{__name__="requests_total",code="500"}', 'requests_total{path="/"}', True),
        ('{code="500"}', 'requests_total{path="/"}', False),
        ("sum(requests_total)", 'requests_total{path="/"}', False),
    ],
)
def test_only_what_is_certainly_outside_is_reported(bad: str, total: str, found: bool) -> None:
    slo = f"  a: {{service: web, objective: 99%, bad: '{bad}', total: '{total}'}}\n"
    assert bool(told(slo_part_outside_total, HEAD + slo)) is found


def test_a_part_outside_the_total_is_told_what_to_add() -> None:
    assert told(slo_part_outside_total, slo_part_outside_total.CODE.bad) == [
        (
            "warning",
            "20:10",
            "`bad` of the SLO `availability` counts events that `total` leaves out",
            'does not ask for `path="/pay"`',
            'add `path="/pay"` here as well',
        )
    ]


@pytest.mark.parametrize(
    ("field", "selector", "found"),
    [
        ("bad", 'code=~"2.."', True),
        ("bad", 'code=~"200|201"', True),
        ("bad", 'path="success"', True),
        ("bad", 'code=~"[2-3].."', True),
        ("bad", 'code=~"2..|5.."', False),
        ("bad", 'code!~"2.."', False),
        ("bad", 'code=~"4..|5.."', False),
        ("bad", 'code=~"2(?P<x>..)"', False),
        ("bad", 'path="/200s"', False),
        ("good", 'code=~"5.."', True),
        ("good", 'code=~"2.."', False),
        ("good", 'code!~"5.."', False),
    ],
)
def test_only_a_plain_mistake_is_called_swapped(field: str, selector: str, found: bool) -> None:
    slo = f"  a: {{service: web, objective: 99%, {field}: 'requests_total{{{selector}}}', total: requests_total}}\n"
    assert bool(told(slo_good_and_bad_swapped, HEAD + slo)) is found


def test_an_objective_that_is_mostly_missed_may_be_meant() -> None:
    assert told(slo_good_and_bad_swapped, slo_good_and_bad_swapped.CODE.bad.replace("99.9%", "40%")) == []


def test_a_swapped_matcher_is_pointed_at() -> None:
    assert told(slo_good_and_bad_swapped, slo_good_and_bad_swapped.CODE.bad) == [
        (
            "warning",
            "20:25",
            "`bad` of the SLO `availability` seems to select its good events",
            "what a success looks like",
            "write `good:` instead of `bad:`, or select the bad events",
        )
    ]


@pytest.mark.parametrize(
    ("spec", "missing"),
    [
        (GOOD.replace("    service: web\n", ""), "a service with a `team`, `escalation` or `runbook`"),
        (GOOD.replace("escalation: page, ", ""), "`escalation`"),
        (GOOD.replace("escalation: page, runbook: busy", ""), "`escalation` or `runbook`"),
        (GOOD.replace("team: shop, ", ""), "a service with a `team`"),
    ],
)
def test_what_an_owner_needs(spec: str, missing: str) -> None:
    ((severity, _, headline, _, _),) = told(slo_without_owner, spec)
    assert (severity, headline) == ("warning", f"the SLO `availability` alerts, but has not {missing}")


def test_an_slo_that_does_not_alert_needs_no_owner() -> None:
    assert told(slo_without_owner, HEAD + AVAILABILITY.replace("service: web", "alerting: false")) == []
