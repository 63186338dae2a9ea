"""From the SLOs of a spec to what is counted, over which windows, and who is told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from skillforge_mon.checks.slo_example import AVAILABILITY, HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report
from skillforge_mon.lower import codes_slo
from skillforge_mon.lower.bad_event_minimum import COUNTED, TIMED, BadEventMinimum
from skillforge_mon.lower.slo import SloPlan, slo_plans
from skillforge_mon.query.promql import VectorSelector, parse, print_expr
from skillforge_mon.spec.quantities import Duration
from tests.projects import project

FIVE_MINUTES = Duration.of(minutes=5)
CODES = (codes_slo.BUCKET_MISSING, codes_slo.BURN_IMPOSSIBLE, codes_slo.WINDOW_TOO_SHORT, codes_slo.NOT_A_SELECTOR)


def plans(spec: str) -> tuple[tuple[SloPlan, ...], list[Diagnostic]]:
    report = Report()
    return slo_plans(project(spec), report), list(report)


def plan(spec: str) -> SloPlan:
    """The plan of the only SLO, about which nothing is reported."""
    (found,), problems = plans(spec)
    assert problems == []
    return found


def queries(spec: str) -> tuple[str, str]:
    """All events and bad events per second."""
    found = plan(spec)
    return print_expr(found.events.total_rate(FIVE_MINUTES)), print_expr(found.events.bad_rate(FIVE_MINUTES))


def latency(metric: str, below: str, version: str = "3.5") -> str:
    head = HEAD.replace("retention: 30d", f'version: "{version}"').replace(
        "teams:",
        "  work_seconds: {type: native_histogram}\n  work_milliseconds: {type: histogram, buckets: [250]}\nteams:",
    )
    slo = f"  speed: {{service: web, objective: 95%, latency: {{metric: '{metric}', below: {below}}}}}\n"
    return head + slo


def test_bad_events_are_zero_where_only_good_ones_are_counted() -> None:
    assert queries(HEAD + AVAILABILITY) == (
        "sum(rate(requests_total[5m]))",
        'sum(rate(requests_total{code=~"5.."}[5m])) or sum(rate(requests_total[5m])) * 0',
    )


def test_bad_events_are_what_is_left_of_all_without_the_good_ones() -> None:
    assert queries(HEAD + AVAILABILITY.replace("bad:", "good:").replace("5..", "2..")) == (
        "sum(rate(requests_total[5m]))",
        (
            "clamp_min(sum(rate(requests_total[5m])) - "
            '(sum(rate(requests_total{code=~"2.."}[5m])) or sum(rate(requests_total[5m])) * 0), 0)'
        ),
    )


def test_a_total_that_is_recorded_is_read_instead_of_counted_again() -> None:
    recorded = VectorSelector("total")
    found = plan(HEAD + AVAILABILITY)
    assert print_expr(found.events.bad_rate(FIVE_MINUTES, recorded)) == (
        'sum(rate(requests_total{code=~"5.."}[5m])) or on () total * 0'
    )


@pytest.mark.parametrize(
    ("version", "below", "le"),
    [
        ("3.5", "1s", r'le=~"1|1\\.0"'),
        ("2.53", "1s", r'le=~"1|1\\.0"'),
        ("3.5", "500ms", 'le="0.5"'),
        ("2.53", "500ms", 'le="0.5"'),
    ],
)
def test_a_latency_counts_the_bucket_as_the_version_stores_it(version: str, below: str, le: str) -> None:
    assert queries(latency('request_duration_seconds{path="/"}', below, version)) == (
        'sum(rate(request_duration_seconds_count{path="/"}[5m]))',
        (
            'clamp_min(sum(rate(request_duration_seconds_count{path="/"}[5m])) - '
            f'(sum(rate(request_duration_seconds_bucket{{path="/", {le}}}[5m])) '
            'or sum(rate(request_duration_seconds_count{path="/"}[5m])) * 0), 0)'
        ),
    )


def test_a_threshold_is_compared_in_the_unit_of_the_metric() -> None:
    assert r'le=~"250|250\\.0"' in queries(latency("work_milliseconds", "250ms"))[1]


def test_a_native_histogram_gives_a_fraction() -> None:
    assert queries(latency("work_seconds", "300ms")) == (
        "histogram_count(sum(rate(work_seconds[5m])))",
        (
            "clamp_min((1 - histogram_fraction(-Inf, 0.3, sum(rate(work_seconds[5m])))) * "
            "(histogram_count(sum(rate(work_seconds[5m]))) > 0) or histogram_count(sum(rate(work_seconds[5m]))) * 0, 0)"
        ),
    )


GAUGES = HEAD.replace(
    "teams:",
    "  queue_length: {type: gauge, help: Waiting, labels: {queue: bounded}}\n  done_timestamp_seconds: {type: gauge}\n"
    "  done_time_ms: {type: gauge, unit: milliseconds}\nteams:",
)


def measured(how: str) -> str:
    """A spec of one SLO that is measured in this way."""
    return f"{GAUGES}  one: {{service: web, objective: 99%, {how}}}\n"


KINDS = {
    "available: up": (
        "sum(count_over_time(up[5m])) / 300",
        "{total} - (sum(sum_over_time(up[5m])) / 300 or {total} * 0)",
    ),
    "available: {metric: up, counts: any}": (
        "sum(count_over_time((max(up) >= -Inf)[5m:30s])) / 300",
        "{total} - (sum(count_over_time((max(up) > 0)[5m:30s])) / 300 or {total} * 0)",
    ),
    "available: {metric: up, counts: all}, group_by: [job]": (
        "sum by (job) (count_over_time((min by (job) (up) >= -Inf)[5m:30s])) / 300",
        "{total} - (sum by (job) (count_over_time((min by (job) (up) > 0)[5m:30s])) / 300 or {total} * 0)",
    ),
    "fresh: {metric: done_timestamp_seconds, within: 26h}": (
        "sum(count_over_time((time() - done_timestamp_seconds >= -Inf)[5m:30s])) / 300",
        "{total} - (sum(count_over_time((time() - done_timestamp_seconds <= 93600)[5m:30s])) / 300 or {total} * 0)",
    ),
    "fresh: {metric: done_time_ms, within: 1500ms}": (
        "sum(count_over_time((time() - done_time_ms / 1000 >= -Inf)[5m:30s])) / 300",
        "{total} - (sum(count_over_time((time() - done_time_ms / 1000 <= 1.5)[5m:30s])) / 300 or {total} * 0)",
    ),
    'slices: {expr: queue_length or up, good: "< 100"}, group_by: [queue]': (
        "sum by (queue) (count_over_time(((queue_length or up) >= -Inf)[5m:30s])) / 300",
        "{total} - (sum by (queue) (count_over_time(((queue_length or up) < 100)[5m:30s])) / 300 or {total} * 0)",
    ),
}
"""How it is measured -> all evaluations and bad ones, per second."""


@pytest.mark.parametrize(("how", "expected"), KINDS.items(), ids=KINDS)
def test_time_is_counted_by_scrapes_or_evaluations(how: str, expected: tuple[str, str]) -> None:
    total, bad = expected
    assert queries(measured(how)) == (total, f"clamp_min({bad.replace('{total}', total)}, 0)")


def test_a_ratio_is_a_share_of_each_evaluation() -> None:
    total = "sum(count_over_time((clamp(queue_length, 0, 1) >= 0)[5m:30s])) / 300"
    bad = "sum(sum_over_time((clamp(queue_length, 0, 1) >= 0)[5m:30s])) / 300"
    assert queries(measured("ratio: queue_length")) == (total, f"{bad} or {total} * 0")


@pytest.mark.parametrize(
    ("composite", "ratio"),
    [
        ("all: [a, b]", 'max(slo:error_ratio:rate5m{slo="a"} or slo:error_ratio:rate10m{slo="b"})'),
        (
            "weighted: {a: 3, b: 0.5}",
            (
                'sum(slo:error_ratio:rate5m{slo="a"} * 3 or slo:error_ratio:rate10m{slo="b"} * 0.5) / '
                'sum(slo:error_ratio:rate5m{slo="a"} * 0 + 3 or slo:error_ratio:rate10m{slo="b"} * 0 + 0.5)'
            ),
        ),
    ],
)
def test_a_composite_slo_reads_what_is_recorded_of_its_parts(composite: str, ratio: str) -> None:
    """Each over its own base window: the second part's service is scraped every two minutes."""
    spec = GAUGES.replace("runbooks:", '  slow: {scrape: {targets: ["slow:80"], interval: 2m}}\nrunbooks:')
    spec += "  a: {service: web, objective: 99%, bad: requests_total, total: requests_total}\n"
    spec += "  b: {service: slow, objective: 99%, bad: requests_total, total: requests_total}\n"
    spec += f"  one: {{service: web, objective: 99%, composite: {{{composite}}}}}\n"
    found, problems = plans(spec)
    assert problems == []
    events = found[2].events
    both = 'slo:error_ratio:rate5m{slo="a"} or slo:error_ratio:rate10m{slo="b"}'
    assert print_expr(events.total_rate(FIVE_MINUTES)) == f"max({both}) * 0 + 1 / 30"
    assert print_expr(events.bad_rate(FIVE_MINUTES)) == f"{ratio} / 30"


@pytest.mark.parametrize(
    ("how", "noun", "minimum"),
    [
        ("bad: requests_total, total: requests_total", "events", COUNTED),
        ("latency: {metric: request_duration_seconds, below: 1s}", "events", COUNTED),
        ("available: up", "scrapes", TIMED),
        ("available: {metric: up, counts: any}", "evaluations", TIMED),
        ("fresh: {metric: backup_done_timestamp_seconds, within: 26h}", "evaluations", TIMED),
        ('slices: {expr: queue_length, good: "< 100"}', "evaluations", TIMED),
        ("ratio: queue_length", "evaluations", TIMED),
        ("available: up, min_bad_events: 7", "scrapes", BadEventMinimum(7)),
        ("bad: requests_total, total: requests_total, min_bad_events: 0", "events", BadEventMinimum(0)),
    ],
)
def test_how_many_bad_events_it_takes(how: str, noun: str, minimum: BadEventMinimum) -> None:
    found = plan(measured(how))
    assert (found.noun, found.minimum) == (noun, minimum)


@pytest.mark.parametrize(("window", "days"), [("week", 7), ("month", 30), ("quarter", 90)])
def test_alerts_of_a_calendar_period_are_those_of_its_usual_length(window: str, days: int) -> None:
    """The period is no rolling window, and is not mixed up with one of that length."""
    counted = "bad: requests_total, total: requests_total"
    period, rolling = (plan(measured(f"{counted}, window: {each}")) for each in (window, f"{days}d"))
    assert str(period.window) == f"calendar {window}"
    assert [alert.tiers for alert in period.alerts] == [alert.tiers for alert in rolling.alerts]
    assert [*period.windows, Duration.of(days=days)] == [*rolling.windows]


@pytest.mark.parametrize(
    "spec",
    [
        HEAD + AVAILABILITY,
        latency("work_seconds", "300ms"),
        latency("work_milliseconds", "250ms"),
        *map(measured, (*KINDS, "ratio: queue_length")),
    ],
)
def test_every_query_parses_to_the_tree_that_it_was_printed_from(spec: str) -> None:
    events = plan(spec).events
    for tree in (events.total_rate(FIVE_MINUTES), events.bad_rate(FIVE_MINUTES)):
        assert print_expr(parse(print_expr(tree))) == print_expr(tree)


def test_a_plan_names_its_windows_tiers_and_labels() -> None:
    slo = AVAILABILITY.replace("99.9%", "99.9%\n    labels: {tier: gold, severity: none}")
    found = plan(HEAD.replace("{team: shop,", "{team: shop, labels: {tier: bronze, zone: a},") + slo)
    assert found.budget == Decimal("0.001")
    assert [str(window) for window in found.windows] == ["5m", "30m", "1h", "2h", "6h", "1d", "3d", "30d"]
    assert [alert.severity for alert in found.alerts] == ["critical", "warning"]
    assert found.alerts[0].labels == {
        "tier": "gold",
        "zone": "a",
        "slo": "availability",
        "severity": "critical",
        "service": "web",
        "team": "shop",
        "priority": "P1",
    }


def test_an_slo_without_alerting_is_only_measured() -> None:
    found = plan(HEAD + AVAILABILITY + "    alerting: false\n")
    assert found.alerts == ()
    assert [str(window) for window in found.windows] == ["5m", "30d"]


@pytest.mark.parametrize(
    ("interval", "extra", "base"),
    [
        ("15s", "", "5m"),
        ("2m", "", "10m"),
        ("15s", "    burn: [{short: 2m, long: 1h, budget: 2%, severity: critical}]\n", "2m"),
        ("15s", "    burn: [{short: 1h, long: 12h, budget: 10%, severity: critical}]\n", "5m"),
    ],
)
def test_events_are_counted_over_a_window_that_scraping_can_fill(interval: str, extra: str, base: str) -> None:
    head = HEAD.replace("retention: 30d", f"scrape_interval: {interval}")
    assert str(plan(head + AVAILABILITY + extra).base) == base


def test_a_slow_scrape_of_the_service_counts_too() -> None:
    head = HEAD.replace("{team: shop,", '{team: shop, scrape: {targets: ["web:80"], interval: 4m},')
    assert str(plan(head + AVAILABILITY).base) == "20m"


def test_objectives_without_a_budget_are_left_to_the_checks() -> None:
    assert plans(HEAD + AVAILABILITY.replace("99.9%", "100%")) == ((), [])


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.number)
def test_the_examples_of_the_codes_show_them(code: Code) -> None:
    assert [problem.code for problem in plans(code.bad)[1]] == [code.number]
    assert plans(code.good)[1] == []


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (
            latency("request_duration_seconds", "400ms"),
            (
                "`400ms` is not a bucket of `request_duration_seconds`",
                "between two buckets",
                ("its buckets are: 0.1s, 0.5s, 1s",),
                "the nearest are `0.1s` or `0.5s`",
            ),
        ),
        (
            latency("request_duration_seconds", "2s"),
            (
                "`2s` is not a bucket of `request_duration_seconds`",
                "outside all buckets",
                ("its buckets are: 0.1s, 0.5s, 1s",),
                "the nearest is `1s`",
            ),
        ),
        (
            latency("request_duration_seconds_bucket", "1s"),
            (
                "`request_duration_seconds_bucket` is a part of a histogram",
                "",
                (),
                "write `request_duration_seconds`, without a suffix",
            ),
        ),
        (
            latency("requests_total", "1s"),
            ("`requests_total` is a counter, not a histogram", "", (), "name a histogram"),
        ),
        (
            latency('{path="/"}', "1s"),
            (
                "`latency.metric` of the SLO `speed` does not name a histogram",
                "",
                (),
                "begin it with the histogram's name",
            ),
        ),
        (
            HEAD + AVAILABILITY.replace("total: requests_total", "total: sum(requests_total)"),
            (
                "`total` of the SLO `availability` is an expression, and should be a plain selector",
                "not a plain selector",
                (),
                (
                    'name the counter itself, such as `http_requests_total{status=~"5.."}`: '
                    "monmc puts the rate and the window around it"
                ),
            ),
        ),
        (
            HEAD
            + "  slow: {service: web, objective: 99%, latency: {metric: sum(request_duration_seconds), below: 500ms}}\n",
            (
                "`latency.metric` of the SLO `slow` is an expression, and should be a plain selector",
                "not a plain selector",
                (),
                (
                    "name the histogram itself, such as `http_request_duration_seconds`: "
                    "monmc puts the rate and the window around it"
                ),
            ),
        ),
        (
            HEAD + AVAILABILITY.replace("total: requests_total", "total: requests_total @ 0"),
            (
                "`total` of the SLO `availability` is a selector at a fixed time, and should be a plain selector",
                "not a plain selector",
                (),
                (
                    'name the counter itself, such as `http_requests_total{status=~"5.."}`: '
                    "monmc puts the rate and the window around it"
                ),
            ),
        ),
        (
            HEAD + AVAILABILITY.replace("99.9%", "90%"),
            (
                "the budget of `availability` cannot burn 14.4 times too fast, as the windows 5m and 1h ask for",
                "",
                (
                    "at 90%, that is 144% bad events, and no more than 100% can be bad",
                    "a total outage spends 1.389% of the budget in 1h",
                ),
                "write your own pairs under `burn`, with less than 1.389% of the budget in 1h",
            ),
        ),
        (
            HEAD + AVAILABILITY + "    burn: [{short: 30s, long: 10m, budget: 2%, severity: critical}]\n",
            (
                "the window of 30s is too short to be measured",
                "",
                ("4 scrapes or 2 evaluations take 1m here",),
                "write 1m or more, or scrape more often",
            ),
        ),
        (
            HEAD + AVAILABILITY + "    window: 6h\n",
            (
                "the usual pairs of windows do not fit into the 6h of the SLO `availability`",
                "",
                ("scaled from 30d, they need a window of at least 1d",),
                "write your own pairs under `burn`, or `alerting: false`",
            ),
        ),
    ],
)
def test_what_is_wrong_is_said_with_numbers(spec: str, expected: tuple[str, str, tuple[str, ...], str]) -> None:
    (problem,) = plans(spec)[1]
    assert (problem.headline, problem.label, problem.notes, problem.help) == expected
    assert problem.span is not None
