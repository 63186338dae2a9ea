"""What the checks say of SLOs: each rule's own examples, and the exact words where it matters."""

from __future__ import annotations

from types import ModuleType

import pytest

from skillforge_mon.checks import (
    slo_all_good_or_bad,
    slo_composite,
    slo_good_and_bad_swapped,
    slo_grouping,
    slo_metric_of_wrong_type,
    slo_part_outside_total,
    slo_ratio_not_weighted,
    slo_value_in_wrong_unit,
    slo_window_beyond_retention,
    slo_windows_out_of_order,
    slo_without_budget,
    slo_without_owner,
)
from skillforge_mon.checks.slo_example import AVAILABILITY, GOOD, HEAD
from skillforge_mon.diagnostics.codes import Code
from tests.projects import project

RULES = (
    slo_all_good_or_bad,
    slo_composite,
    slo_good_and_bad_swapped,
    slo_metric_of_wrong_type,
    slo_part_outside_total,
    slo_ratio_not_weighted,
    slo_value_in_wrong_unit,
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
        ('requests_bucket{le="0.5"}', 'requests_bucket{le="+Inf"}', False),
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
        ("bad", 'code!~"5.."', True),
        ("bad", 'code!~"4..|5.."', True),
        ("bad", 'code!~"4.."', False),
        ("bad", 'code=~"4..|5..",code!="503"', False),
        ("bad", 'code!="200"', False),
        ("good", 'code!="200"', True),
        ("good", 'code!="404"', False),
        ("good", 'code=~"5.."', True),
        ("good", 'code=~"2.."', False),
        ("good", 'code!~"5.."', False),
    ],
)
def test_only_a_plain_mistake_is_called_swapped(field: str, selector: str, found: bool) -> None:
    slo = f"  a: {{service: web, objective: 99%, {field}: 'requests_total{{{selector}}}', total: requests_total}}\n"
    assert bool(told(slo_good_and_bad_swapped, HEAD + slo)) is found


@pytest.mark.parametrize(
    ("measured", "found"),
    [
        ("bad: 'request_duration_seconds_bucket{le=\"0.5\"}', total: request_duration_seconds_count", True),
        ("bad: 'request_duration_seconds_bucket{le=\"+Inf\"}', total: request_duration_seconds_count", False),
        ("good: 'request_duration_seconds_bucket{le=\"0.5\"}', total: request_duration_seconds_count", False),
        ("bad: 'errors_total{code!=\"500\"}', total: requests_total", False),
    ],
)
def test_quick_answers_are_not_bad(measured: str, found: bool) -> None:
    slo = f"  a: {{service: web, objective: 99%, {measured}}}\n"
    assert bool(told(slo_good_and_bad_swapped, HEAD + slo)) is found


def test_what_is_kept_out_is_pointed_at() -> None:
    spec = GOOD.replace('code=~"5.."', 'code!~"5.."')
    assert [(headline, label) for _, _, headline, label, _ in told(slo_good_and_bad_swapped, spec)] == [
        ("`bad` of the SLO `availability` seems to select its good events", "all but what a failure looks like")
    ]


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


KINDS = HEAD.replace(
    "teams:",
    """  queue_length: {type: gauge, help: Waiting, labels: {user: unbounded, queue: bounded}}
  cache_used_percent: {type: gauge, help: Used, unit: percent}
  memory_bytes: {type: gauge, help: Used}
  probe_success: {type: gauge, help: Probe, unit: boolean}
  done_timestamp_seconds: {type: gauge, help: Last success}
teams:""",
)


def kind(measured: str, more: str = "") -> str:
    """A spec with one SLO that is measured in this way."""
    return f"{KINDS}  one: {{service: web, objective: 99%, {measured}}}\n{more}"


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        ("bad: queue_length, total: requests_total", "events are counted, and `queue_length` is a gauge, in the SLO `one`"),
        ("available: requests_total", "a gauge is needed, and `requests_total` is a counter, in the SLO `one`"),
        ("fresh: {metric: requests_total, within: 1h}", "a gauge is needed, and `requests_total` is a counter, in the SLO `one`"),
        ('slices: {expr: "1", good: "< 2"}', "this has no series to judge, in the SLO `one`"),
        ('ratio: "queue_length[5m]"', "this has no series to judge, in the SLO `one`"),
        ("bad: request_duration_seconds_count, total: requests_total", None),
        ("bad: whatever, total: requests_total", None),
        ("available: probe_success", None),
        ("available: up", None),
        ("fresh: {metric: done_timestamp_seconds, within: 1h}", None),
    ],
)  # fmt: skip
def test_the_type_of_what_is_measured(measured: str, expected: str | None) -> None:
    found = [headline for _, _, headline, _, _ in told(slo_metric_of_wrong_type, kind(measured))]
    assert found == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        ("available: memory_bytes", "`available` wants 0 or 1, and this is in bytes, in the SLO `one`"),
        ("fresh: {metric: memory_bytes, within: 1h}", "`fresh` wants the time of the last success, and this is in bytes, in the SLO `one`"),
        ("ratio: cache_used_percent", "`ratio` wants a share from 0 to 1, and this is in percent, in the SLO `one`"),
        ("ratio: memory_bytes", "`ratio` wants a share from 0 to 1, and this is in bytes, in the SLO `one`"),
        ('slices: {expr: memory_bytes, good: "< 500ms"}', "a value in bytes is compared with 500ms, in the SLO `one`"),
        ('slices: {expr: memory_bytes, good: "< 500MB"}', None),
        ('ratio: "sum(rate(requests_total[5m])) / sum(rate(requests_total[5m]))"', None),
        ("available: probe_success", None),
        ("latency: {metric: request_duration_seconds, below: 5MB}", "`request_duration_seconds` observes seconds, and `below` is 5MB, in the SLO `one`"),
        ("latency: {metric: request_duration_seconds, below: 30%}", "`request_duration_seconds` observes seconds, and `below` is 30%, in the SLO `one`"),
        ("latency: {metric: request_duration_seconds, below: 500ms}", None),
        ("latency: {metric: request_duration_seconds, below: 0.5}", None),
        ("latency: {metric: unheard_of, below: 5MB}", None),
        ("latency: {metric: queue_length, below: 5MB}", None),
    ],
)  # fmt: skip
def test_the_unit_of_what_is_measured(measured: str, expected: str | None) -> None:
    found = [headline for _, _, headline, _, _ in told(slo_value_in_wrong_unit, kind(measured))]
    assert found == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        ("bad: requests_total, total: requests_total", "`bad` and `total` of the SLO `one` select the same events: none is ever good"),
        ("good: requests_total, total: (requests_total)", "`good` and `total` of the SLO `one` select the same events: none is ever bad"),
        ('good: \'requests_total{code="a",path="b"}\', total: \'requests_total{path="b",code="a"}\'', "`good` and `total` of the SLO `one` select the same events: none is ever bad"),
        ("bad: requests_total offset 1h, total: requests_total", None),
        ("bad: 'requests_total{code=~\"5..\"}', total: requests_total", None),
        ("bad: sum(requests_total), total: sum(requests_total)", None),
        ('slices: {expr: queue_length < 100, good: "< 100"}', "every value that the SLO `one` judges is good: none is ever bad"),
        ('slices: {expr: (100 > queue_length), good: "< 100"}', "every value that the SLO `one` judges is good: none is ever bad"),
        ('slices: {expr: queue_length < 50, good: "< 100"}', "every value that the SLO `one` judges is good: none is ever bad"),
        ('slices: {expr: queue_length >= 100, good: "< 100"}', "every value that the SLO `one` judges is bad: none is ever good"),
        ('slices: {expr: queue_length > 5, good: "< 100"}', None),
        ('slices: {expr: queue_length > 0.5, good: "> 50%"}', "every value that the SLO `one` judges is good: none is ever bad"),
        ('slices: {expr: queue_length < bool 100, good: "== 1"}', None),
        ('slices: {expr: absent(queue_length), good: "== 0"}', "every value that the SLO `one` judges is bad: none is ever good"),
        ('slices: {expr: "rate(requests_total[5m])", good: ">= 0"}', "every value that the SLO `one` judges is good: none is ever bad"),
        ('slices: {expr: probe_success, good: "== 1"}', None),
        ('slices: {expr: "1", good: "< 2"}', None),
        ("available: up", None),
    ],
)  # fmt: skip
def test_what_can_only_be_good_or_only_bad(measured: str, expected: str | None) -> None:
    found = [headline for _, _, headline, _, _ in told(slo_all_good_or_bad, kind(measured))]
    assert found == ([expected] if expected else [])


@pytest.mark.parametrize("code", slo_grouping.CODES, ids=lambda code: code.number)
def test_the_examples_of_the_codes_of_groups_show_them(code: Code) -> None:
    assert [found.code for found in slo_grouping.check(project(code.bad))] == [code.number]
    assert list(slo_grouping.check(project(code.good))) == []


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        ("bad: requests_total, total: requests_total, group_by: [service]", ["`one` is grouped by `service`, which monmc sets itself"]),
        ("bad: requests_total, total: requests_total, labels: {path: x}, group_by: [path]", ["`one` is grouped by `path`, which the spec sets on its alerts"]),
        ("bad: requests_total, total: requests_total, group_by: [path, instance]", []),
        ("latency: {metric: request_duration_seconds, below: 500ms}, group_by: [user]", ["the series of `one` have no label `user` to be grouped by"]),
        ('slices: {expr: queue_length, good: "< 5"}, group_by: [queue]', []),
        ('slices: {expr: queue_length, good: "< 5"}, group_by: [user]', ["`one` has a budget for each value of `user`, whose values have no bound"]),
        ('slices: {expr: sum(queue_length), good: "< 5"}, group_by: [queue]', ["the series of `one` have no label `queue` to be grouped by"]),
        ("bad: unknown, total: unheard, group_by: [anything]", []),
        ("bad: requests_total, total: requests_total, group_by: [path, instance, path]", ["`one` is grouped by `path` twice"]),
        ("bad: 'requests_total{code=~\"5..\"}', total: requests_total, group_by: [code]", ["`one` is grouped by `code`, which decides what is bad"]),
        ("good: '(requests_total{code!~\"5..\"})', total: requests_total, group_by: [code]", ["`one` is grouped by `code`, which decides what is good"]),
        ("bad: 'requests_total{code=~\"5..\",path=~\"/a.*\"}', total: 'requests_total{path=~\"/a.*\"}', group_by: [path]", []),
        ("bad: 'failures_total{code=\"x\"}', total: requests_total, group_by: [code]", []),
    ],
)  # fmt: skip
def test_what_slos_can_be_grouped_by(measured: str, expected: list[str]) -> None:
    assert [headline for _, _, headline, _, _ in told(slo_grouping, kind(measured))] == expected


@pytest.mark.parametrize(
    ("composite", "expected"),
    [
        ("composite: {all: [one]}", ["`one` is made of itself, through `one`"]),
        ("composite: {all: [around]}", ["`one` is made of itself, through `around`"]),
        ("composite: {all: [grouped]}", ["`one` is grouped by nothing, and its part `grouped` by path"]),
        ("composite: {all: [grouped]}, group_by: [path]", []),
        ("composite: {weighted: {plain: 0}}", ["the weights of `one` give no mean"]),
        ("composite: {weighted: {plain: 2, other: -1}}", ["the weights of `one` give no mean"]),
        ("composite: {weighted: {plain: 2, other: 0.5}}", []),
    ],
)
def test_what_a_composite_slo_can_be_made_of(composite: str, expected: list[str]) -> None:
    others = """\
  plain: {service: web, objective: 99%, bad: requests_total, total: requests_total}
  other: {service: web, objective: 99%, bad: requests_total, total: requests_total}
  grouped: {service: web, objective: 99%, bad: requests_total, total: requests_total, group_by: [path]}
  around: {service: web, objective: 99%, composite: {weighted: {one: 1}}}
"""
    found = [
        headline
        for _, _, headline, _, _ in told(slo_composite, kind(composite, others))
        if "`around` is" not in headline
    ]
    assert found == expected


def test_minutes_of_a_short_window() -> None:
    spec = slo_without_budget.CODE.bad.replace("100%", "100%\n    window: 6h")
    [(_, _, _, _, helping)] = told(slo_without_budget, spec)
    assert helping.startswith("promise what users need: `99.9%` of 6h still is 21 seconds;")
