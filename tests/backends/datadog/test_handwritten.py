"""Queries that a user wrote: taken as they are when Datadog would take them, and refused when it would not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from skillforge_mon.documents.document import Grade, Verdict
from tests.backends.datadog.monitors import HEAD, documents, only

FIELDS = """\
    service: web
    for: 5m
    summary: Jobs wait
    runbook: busy
    escalation: page
"""


def written(datadog: str, severity: str = "critical", unit: str = "") -> str:
    """An alert with words of its own for Datadog."""
    return f"  Busy:\n    severity: {severity}\n    datadog: {datadog}\n{unit}{FIELDS}"


def query(text: str, **more: str) -> str:
    """An alert with the query ``text`` and further fields of ``datadog``."""
    fields = "".join(f", {key}: {value}" for key, value in more.items())
    return written("{query: '" + text.replace("'", "''") + "'" + fields + "}")


def problems(alert: str) -> list[tuple[str, str, str]]:
    """Code, headline and help of everything that is reported; nothing is written then."""
    found, reported = documents(alert)
    assert found == ()
    return [(problem.code, problem.headline, problem.help) for problem in reported]


def content(alert: str) -> dict[str, Any]:
    document = only(alert)
    assert isinstance(document.content, dict)
    return document.content


def test_a_query_of_the_users_own_is_exact() -> None:
    document = only(query("avg(last_5m):sum:shop.queue{*} by {queue} > 100"))
    assert document.verdicts == (Verdict("datadog", "alerts.Busy", Grade.EXACT),)
    assert document.content == {
        "name": "[shop] Busy",
        "type": "query alert",
        "query": "avg(last_5m):sum:shop.queue{*} by {queue} > 100",
        "message": "{{#is_alert}}\nJobs wait @pagerduty-Primary\n{{/is_alert}}\n"
        "{{#is_recovery}}\nBusy is over. @pagerduty-Primary\n{{/is_recovery}}\n\n"
        "Runbook: https://docs.example/runbooks/busy.md\n\n"
        "-- managed by monmc shop/default/alerts.Busy, do not edit here",
        "tags": [
            "project:shop",
            "service:web",
            "team:manager",
            "severity:critical",
            "managed_by:monmc",
            "monmc:shop/default/alerts.busy",
            "tier:1",
            "cost:web",
        ],
        "priority": 1,
        "options": {
            "thresholds": {"critical": Decimal(100)},
            "include_tags": True,
            "notify_audit": False,
            "require_full_window": False,
            "new_group_delay": 60,
        },
    }


GOOD = [
    ("query alert", "percentile(last_10m):p95:shop.latency{*} by {service} > 0.5"),
    ("query alert", "change(avg(last_5m),1h_ago):sum:shop.queue{*} > 10"),
    ("query alert", "sum(current_1d):sum:shop.orders{*}.as_count() < 5"),
    ("query alert", "max(next_1w):forecast(avg:shop.disk{*}, 'linear', 1, interval='60m', history='1w') >= 90"),
    ("metric alert", "min(last_168h):sum:shop.queue{*} <= -1.5"),
    ("log alert", 'logs("status:error").index("main").rollup("count").by("service").last("5m") > 10'),
    ("process alert", 'processes("nginx").over("*").rollup("count").last("5m") < 1'),
    ("slo alert", 'burn_rate("abc").over("30d").long_window("1h").short_window("5m") > 14.4'),
    ("event-v2 alert", 'events("source:deploy").rollup("count").last("1h") > 3'),
]


@pytest.mark.parametrize(("type_", "text"), GOOD)
def test_every_type_of_query_is_taken_as_it_is(type_: str, text: str) -> None:
    found = content(query(text, type=type_))
    assert (found["type"], found["query"]) == (type_, text)


def test_a_service_check_has_its_thresholds_in_the_options() -> None:
    text = '"shop.openmetrics.health".over("*").by("endpoint").last(4).count_by_status()'
    found = content(query(text, type="service check", options="{thresholds: {critical: 3, ok: 1}}"))
    assert found["options"] == {
        "thresholds": {"critical": 3, "ok": 1},
        "include_tags": True,
        "notify_audit": False,
    }


def test_a_composite_has_no_thresholds() -> None:
    found = content(query("123 && (456 || !789)", type="composite"))
    assert found["options"] == {"include_tags": True, "notify_audit": False}


@pytest.mark.parametrize(
    ("alert", "code", "headline", "help_"),
    [
        (
            query("avg(last_5m):sum:a{* > 1"),
            "MON4304",
            "expected `,`, AND, OR or `}`, and there is `>`",
            "tags in `{…}` are joined by `,` or by words",
        ),
        (
            query("avg(last_5m):sum:a{*}"),
            "MON4304",
            "expected a comparison, and the query ends",
            "end the query with a number, such as `> 100`",
        ),
        (query("avg(last_5m):sum:a{*} > .5"), "MON4304", "`.5` has no digit before the point", "write `0.5`"),
        (
            query("sum:a{*} > 1"),
            "MON4304",
            "the query does not begin with a window",
            "write `avg(last_5m):` before it",
        ),
        (
            query("median(last_5m):sum:a{*} > 1"),
            "MON4371",
            "a window is not reduced by `median`",
            "there is: avg, sum, min, max, percentile",
        ),
        (
            query("avg(last_2mo):sum:a{*} > 1"),
            "MON4372",
            "`last_2mo` is no window of a query alert",
            "windows are `last_1m` to `last_730h`, which is a month",
        ),
        (
            query('"a".over("*").last(2).count_by_status() > 1', type="service check"),
            "MON4304",
            "a service check compares with no number",
            "how many checks in a row must fail stands in `options.thresholds`",
        ),
        (
            query('logs("x").index("*").rollup("count") > 3', type="log alert"),
            "MON4304",
            "the query of a log alert has a `.last(…)`, and this one has none",
            'write `.last("5m")`',
        ),
        (
            query('logs("x").index("*").rollup("count").last("5m") > 3'),
            "MON4370",
            "this is the query of a log alert, and the monitor is a query alert",
            "write `type: log alert`",
        ),
    ],
)
def test_what_datadog_would_refuse_is_refused_here(alert: str, code: str, headline: str, help_: str) -> None:
    assert problems(alert) == [(code, f"the Datadog query of `Busy`: {headline}", help_)]


def marked_by(alert: str) -> list[str]:
    """The parts of the spec under which something is reported; each must be on one line."""
    _, reported = documents(alert)
    lines = (HEAD + alert).splitlines()
    spans = [problem.span for problem in reported if problem.span is not None]
    assert all(span.line == span.end_line for span in spans)
    return [lines[span.line - 1][span.column - 1 : span.end_column - 1] for span in spans]


@pytest.mark.parametrize(
    ("alert", "marked"),
    [
        (written('"avg(last_5m):anomalys(avg:a{*}) > 1"'), ["anomalys"]),
        (query("avg(last_5m):top(avg:a{*}, 5, 'meen', 'up') > 1"), ["'" + "'meen'" + "'", "'" + "'up'" + "'"]),
        (written('{query: "avg(last_5m):avg:a{env:\\"x\\", $y} > 1"}'), ["$y"]),
        (
            "  Busy:\n    severity: critical\n    datadog:\n      query: >-\n        avg(last_4h):top(avg:a{*},\n"
            "        5, 'mean', 'up') >= 1\n" + FIELDS,
            ["'up'"],
        ),
        (
            "  Busy:\n    severity: critical\n    datadog:\n      query: |\n        avg(last_4h):\n"
            "          avg:a{*}.rolup(avg) > 1\n" + FIELDS,
            ["rolup"],
        ),
    ],
)
def test_the_caret_stands_under_the_wrong_part(alert: str, marked: list[str]) -> None:
    assert marked_by(alert) == marked


def test_all_that_is_wrong_with_a_query_is_told_at_once() -> None:
    found = problems(query("median(last_5m):abss(sum:a{*}) > 1"))
    assert [(code, headline.partition(": ")[2]) for code, headline, _ in found] == [
        ("MON4371", "a window is not reduced by `median`"),
        ("MON4371", "there is no function `abss`"),
    ]


CHECK = '"a.up".over("*").by("host").last(3).count_by_status()'


@pytest.mark.parametrize(
    ("alert", "text"),
    [
        (
            query(CHECK, type="service check", options="{thresholds: {critical: 4, ok: 1}}"),
            "it looks at 3 runs, and is critical after 4",
        ),
        (
            query(CHECK, type="service check", options="{thresholds: {critical: 3, ok: 5}}"),
            "it looks at 3 runs, and is ok after 5",
        ),
        (
            written("{query: '" + CHECK + "', type: service check}", '{critical: "> 5"}'),
            "it looks at 3 runs, and is critical after 5",
        ),
    ],
)
def test_a_service_check_looks_at_as_many_runs_as_it_counts(alert: str, text: str) -> None:
    assert [problem[:2] for problem in problems(alert)] == [("MON4375", f"the Datadog query of `Busy`: {text}")]


def test_a_share_of_all_checks_is_no_count() -> None:
    text = '"a.up".over("*").by("env").last(1).pct_by_status()'
    found = content(query(text, type="service check", options="{thresholds: {critical: 50}}"))
    assert found["options"]["thresholds"] == {"critical": 50}


@pytest.mark.parametrize(
    ("options", "severity", "headline"),
    [
        (
            "{thresholds: {critical: 6}}",
            "critical",
            "`Busy` has 5 as its critical threshold, and 6 in `options.thresholds`",
        ),
        (
            "{thresholds: {critical: 5.0, warning: 2}}",
            '{critical: "> 5", warning: "> 3"}',
            "`Busy` has 3 as its warning threshold, and 2 in `options.thresholds`",
        ),
    ],
)
def test_options_must_not_contradict_the_query(options: str, severity: str, headline: str) -> None:
    alert = written("{query: 'avg(last_5m):sum:a{*} > 5', options: " + options + "}", severity)
    assert [problem[:2] for problem in problems(alert)] == [("MON4377", headline)]


def test_recovery_thresholds_of_the_options_are_put_in_order_too() -> None:
    alert = query("avg(last_5m):sum:a{*} > 5", options="{thresholds: {critical_recovery: 6}}")
    assert [problem[:2] for problem in problems(alert)] == [
        ("MON4308", "the critical recovery threshold 6 of `Busy` is not below 5")
    ]


FORMULA = 'formula("errors / totl * 100").last("5m") > 5'
VARIABLES = "{variables: [{name: errors, data_source: logs}, {name: total, data_source: logs}]}"


def test_a_formula_names_queries_of_the_options() -> None:
    assert problems(query(FORMULA, type="log alert", options=VARIABLES)) == [
        ("MON4377", "the Datadog query of `Busy`: `options.variables` has no query `totl`", "did you mean `total`?")
    ]
    found = content(query(FORMULA.replace("totl", "total"), type="log alert", options=VARIABLES))
    assert found["query"] == FORMULA.replace("totl", "total")


@pytest.mark.parametrize(
    ("text", "type_", "message", "help_"),
    [
        (
            "1 && %{monitor:alerts.Busi}",
            "composite",
            "the spec has no `%{monitor:alerts.Busi}` in Datadog",
            "did you mean `%{monitor:alerts.Busy}`?",
        ),
        (
            'error_budget("%{slo:slos.api}").over("7d") > 75',
            "slo alert",
            "the spec has no `%{slo:slos.api}` in Datadog",
            "write its identifier in Datadog",
        ),
    ],
)
def test_a_reference_names_something_in_datadog(text: str, type_: str, message: str, help_: str) -> None:
    assert problems(query(text, type=type_)) == [("MON4379", f"the Datadog query of `Busy`: {message}", help_)]


def test_a_composite_may_name_alerts_of_the_spec() -> None:
    text = "%{monitor:alerts.Busy} && !123"
    assert content(query(text, type="composite"))["query"] == text


def test_points_too_far_apart_are_a_warning() -> None:
    windows = "{trigger_window: last_15m, recovery_window: last_15m}"
    found, reported = documents(query(ANOMALY.replace("=60", "=600"), threshold_windows=windows))
    assert len(found) == 1
    assert [problem.code for problem in reported] == ["MON4378"]


def test_a_type_without_a_query_is_refused() -> None:
    assert problems(written("{type: log alert}")) == [
        ("MON4304", "`Busy` is a log alert on Datadog, and has no query for it", "add `query:`, or leave `type` out")
    ]


ANOMALY = "avg(last_4h):anomalies(avg:a{*}, 'agile', 2, alert_window='last_15m', interval=60) >= 1"


@pytest.mark.parametrize(
    ("windows", "headline"),
    [
        ("{}", "`Busy` is an anomaly monitor, and has no `threshold_windows`"),
        (
            "{trigger_window: last_5m, recovery_window: last_15m}",
            "`Busy` is triggered by `last_5m`, and its query looks at `last_15m`",
        ),
    ],
)
def test_an_anomaly_monitor_needs_the_windows_of_its_query(windows: str, headline: str) -> None:
    assert [problem[:2] for problem in problems(query(ANOMALY, threshold_windows=windows))] == [("MON4305", headline)]


def test_an_anomaly_monitor_has_its_windows_in_the_options() -> None:
    windows = "{trigger_window: last_15m, recovery_window: last_15m}"
    assert content(query(ANOMALY, threshold_windows=windows))["options"]["threshold_windows"] == {
        "trigger_window": "last_15m",
        "recovery_window": "last_15m",
    }


def test_an_unknown_option_is_refused_with_the_nearest() -> None:
    assert problems(query("avg(last_5m):sum:a{*} > 1", options="{evaluation_dealy: 60}")) == [
        ("MON4306", "monitors have no option `evaluation_dealy`", "did you mean `evaluation_delay`?")
    ]


@pytest.mark.parametrize(
    ("severity", "number", "warning"),
    [
        ('{critical: "> 5%", warning: "> 1%"}', "0.05", Decimal("0.01")),
        ('{critical: "> 5%", warning: "> 1%"}', "5", Decimal(1)),
        ('{critical: "> 500ms", warning: "> 100ms"}', "0.5", Decimal("0.1")),
        ('{critical: "> 500ms", warning: "> 100ms"}', "500", Decimal(100)),
    ],
)
def test_a_threshold_with_a_unit_may_be_meant_in_either_way(severity: str, number: str, warning: Decimal) -> None:
    found = content(written(f'"avg(last_5m):sum:a{{*}} > {number}"', severity))
    assert found["options"]["thresholds"] == {"critical": Decimal(number), "warning": warning}


@pytest.mark.parametrize(
    ("severity", "datadog", "headline"),
    [
        (
            '{critical: "> 5"}',
            '"avg(last_5m):sum:a{*} > 6"',
            "`Busy` is critical when `> 5`, and its Datadog query says `> 6`",
        ),
        (
            '{critical: "> 5"}',
            '"avg(last_5m):sum:a{*} >= 5"',
            "`Busy` is critical when `> 5`, and its Datadog query says `>= 5`",
        ),
        (
            '{critical: "> 5", warning: "> 3"}',
            '{query: "avg(last_5m):sum:a{*} > 5", warning: 4}',
            "`Busy` warns when `> 3`, and on Datadog at 4",
        ),
    ],
)
def test_a_query_that_contradicts_the_thresholds_is_refused(severity: str, datadog: str, headline: str) -> None:
    assert [problem[:2] for problem in problems(written(datadog, severity))] == [("MON4303", headline)]


@pytest.mark.parametrize(
    ("datadog", "headline"),
    [
        ('{query: "avg(last_5m):sum:a{*} > 5", warning: 5}', "the warning threshold 5 of `Busy` is not below 5"),
        ('{query: "avg(last_5m):sum:a{*} < 5", warning: 4}', "the warning threshold 4 of `Busy` is not above 5"),
        (
            '{query: "avg(last_5m):sum:a{*} > 5", recovery: 6}',
            "the critical recovery threshold 6 of `Busy` is not below 5",
        ),
    ],
)
def test_thresholds_in_the_wrong_order_are_refused(datadog: str, headline: str) -> None:
    assert [problem[:2] for problem in problems(written(datadog))] == [("MON4308", headline)]


def test_a_third_severity_is_said_to_be_left_out() -> None:
    severity = '{critical: "> 5", warning: "> 3", info: "> 1"}'
    document = only(written('"avg(last_5m):sum:a{*} > 5"', severity))
    assert document.verdicts[0].reason == ("the severity `info` is left out: a monitor has two, and the query is one")


def test_the_tag_of_a_very_long_name_is_refused() -> None:
    alert = query("avg(last_5m):sum:a{*} > 5").replace("Busy", "Busy" * 30)
    _, reported = documents(alert, head=HEAD.replace("project: shop", f"project: {'shop' * 25}"))
    assert [problem.code for problem in reported] == ["MON4309"]
