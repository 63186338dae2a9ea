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
    ("alert", "headline", "help_"),
    [
        (query("avg(last_5m):sum:a{* > 1"), "does not close `{`", "balance the brackets"),
        (query("avg(last_5m):sum:a{*}) > 1"), "closes `)` where nothing is open", "balance the brackets"),
        (
            query("max(next_1w):forecast(avg:a{*}, 'linear, 1) >= 90"),
            "does not close '",
            "balance the quotes",
        ),
        (query("avg(last_5m):sum:a{*}"), "does not end in a comparison", "end it with a number, such as `> 100`"),
        (
            query("avg(last_5m):sum:a{*} > .5"),
            "compares with a number without a digit before the point",
            "write `0.5`, not `.5`",
        ),
        (query("sum:a{*} > 1"), "does not begin with a window", "begin with the window, such as `avg(last_5m):`"),
        (
            query("median(last_5m):sum:a{*} > 1"),
            "reduces its window by `median`",
            "aggregators are: avg, sum, min, max, percentile",
        ),
        (
            query("avg(last_2w):sum:a{*} > 1"),
            "has the window `last_2w`",
            "windows are `last_1m` to `last_10080m`, `last_1h` to `last_168h`, `last_1d` to `last_7d` and `last_1w`",
        ),
        (
            query("avg(last_0m):sum:a{*} > 1"),
            "has the window `last_0m`",
            "windows are `last_1m` to `last_10080m`, `last_1h` to `last_168h`, `last_1d` to `last_7d` and `last_1w`",
        ),
        (
            query("change(avg(last_5m),3h_ago):sum:a{*} > 1"),
            "compares with `3h_ago`",
            "changes are against: 5m_ago, 10m_ago, 15m_ago, 30m_ago, 1h_ago, 2h_ago, 4h_ago, 1d_ago",
        ),
        (
            query("123 + 4", type="composite"),
            "joins something other than monitors",
            "a composite query is like `123 && (456 || !789)`",
        ),
        (
            query('"a".over("*").last(2).count_by_status() > 1', type="service check"),
            "compares with a number",
            "a service check has its thresholds in `options`",
        ),
        (
            query('logs("x").index("*").rollup("count") > 3', type="log alert"),
            "has no `.last(`",
            "queries of a log alert have one",
        ),
        (
            query('logs("x").over("*").rollup("count").last("5m") > 3', type="process alert"),
            "does not begin with `processes(`",
            "queries of a process alert do",
        ),
    ],
)
def test_what_datadog_would_refuse_is_refused_here(alert: str, headline: str, help_: str) -> None:
    assert problems(alert) == [("MON4304", f"the Datadog query of `Busy` {headline}", help_)]


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
