"""Whole monitors, and what tells them apart."""

from __future__ import annotations

from decimal import Decimal

import pytest

from skillforge_mon.documents.document import Document, Format, Grade, Resource, Verdict
from tests.backends.datadog.monitors import HEAD, alert, documents, only, payload


def test_an_alert_with_a_warning_is_one_monitor() -> None:
    document = only("""\
  HighErrorRate:
    service: web
    severity: {critical: "> 5%", warning: "> 1%"}
    expr: >
      sum by (status) (rate(requests_total{status=~"5.."}[5m]))
      / sum by (status) (rate(requests_total[5m]))
    for: 5m
    summary: "{{ labels.status }}: {{ value | percent }} of requests fail (limit {{ threshold }})"
    description: Look at the last release.
    runbook: busy
    escalation: page
    annotations: {panel: "https://g.example/d/1"}
    tags: [business]
    backends: [datadog]
""")
    assert document == Document(
        "datadog/monitors/high-error-rate.json",
        {
            "name": "[shop] HighErrorRate",
            "type": "query alert",
            "query": (
                "sum(last_10m):sum:shop.requests.count{status:5*} by {status}.as_count()"
                " / sum:shop.requests.count{*} by {status}.as_count() > 0.05"
            ),
            "message": """\
{{#is_alert}}
{{status.name}}: {{eval "value*100"}}% of requests fail (limit 5%) @pagerduty-Primary
{{/is_alert}}
{{#is_warning}}
{{override_priority 'P2'}}
{{status.name}}: {{eval "value*100"}}% of requests fail (limit 1%) @pagerduty-Primary
{{/is_warning}}
{{#is_recovery}}
HighErrorRate is over. @pagerduty-Primary
{{/is_recovery}}

Look at the last release.

panel: https://g.example/d/1

Runbook: https://docs.example/runbooks/busy.md

-- managed by monmc shop/default/alerts.HighErrorRate, do not edit here""",
            "tags": [
                "project:shop",
                "service:web",
                "team:manager",
                "severity:critical",
                "severity:warning",
                "managed_by:monmc",
                "monmc:shop/default/alerts.higherrorrate",
                "tier:1",
                "cost:web",
                "business",
            ],
            "priority": 1,
            "options": {
                "thresholds": {"critical": Decimal("0.05"), "warning": Decimal("0.01")},
                "include_tags": True,
                "notify_audit": False,
                "on_missing_data": "resolve",
                "require_full_window": False,
                "new_group_delay": 60,
                "evaluation_delay": 60,
            },
        },
        Format.JSON,
        ("alerts.HighErrorRate",),
        (
            Verdict(
                "datadog",
                "alerts.HighErrorRate",
                Grade.APPROXIMATE,
                '`status=~"5.."` becomes `status:5*`, which fits any length; Datadog counts what the Agent sent within the '
                "window, Prometheus extrapolates to its ends; `[5m]` held `for: 5m` becomes one window of 10m: a short and "
                "violent peak can fire it that Prometheus would wait out",
            ),
        ),
        Resource("datadog", "monitor", "alerts.HighErrorRate"),
    )


def test_the_number_in_the_query_is_the_critical_threshold() -> None:
    monitor = payload(alert('severity: {critical: "> 1e2"}'))
    assert monitor["query"] == "min(last_5m):sum:shop.queue_length{*} by {queue} > 100"
    assert monitor["options"]["thresholds"] == {"critical": Decimal("1e2")}


def test_a_comparison_in_the_query_is_the_threshold_as_well() -> None:
    monitor = payload(alert("severity: critical; expr: sum by (queue) (queue_length) > 7"))
    assert monitor["query"] == "min(last_5m):sum:shop.queue_length{*} by {queue} > 7"
    assert monitor["options"]["thresholds"] == {"critical": Decimal(7)}


@pytest.mark.parametrize(("severity", "priority"), [("warning", 2), ("info", 3)])
def test_a_lesser_severity_alone_has_a_critical_threshold_and_its_own_priority(severity: str, priority: int) -> None:
    monitor = payload(alert(f'severity: {{{severity}: "> 50"}}'))
    assert monitor["priority"] == priority
    assert monitor["options"]["thresholds"] == {"critical": Decimal(50)}
    assert f"severity:{severity}" in monitor["tags"]


def test_a_priority_of_the_spec_is_the_monitors() -> None:
    assert payload(alert('severity: {critical: {when: "> 9", priority: P4}}'))["priority"] == 4


@pytest.mark.parametrize(
    "severity",
    [
        '{critical: {when: "> 100", for: 1m}, warning: "> 50"}',
        '{critical: {when: "> 100", escalation: ladder}, warning: "> 50"}',
        '{critical: "> 100", warning: ">= 50"}',
    ],
)
def test_severities_that_differ_in_more_than_a_number_are_two_monitors(severity: str) -> None:
    found, problems = documents(alert(f"severity: {severity}"))
    assert problems == ()
    assert [(document.path, document.resource) for document in found] == [
        ("datadog/monitors/busy.json", Resource("datadog", "monitor", "alerts.Busy")),
        ("datadog/monitors/busy-warning.json", Resource("datadog", "monitor", "alerts.Busy.warning")),
    ]
    assert [document.content["name"] for document in found] == ["[shop] Busy", "[shop] Busy (warning)"]  # type: ignore[call-overload, index]
    assert found[1].verdicts == ()
    assert (
        found[0]
        .verdicts[0]
        .reason.startswith("it becomes 2 monitors (critical, warning), which notify without regard to each other; ")
    )


def test_info_beside_critical_and_warning_is_a_second_monitor() -> None:
    found, _ = documents(alert('severity: {critical: "> 100", warning: "> 50", info: "> 10"}'))
    assert [document.path for document in found] == [
        "datadog/monitors/busy.json",
        "datadog/monitors/busy-info.json",
    ]


def test_severities_that_tell_other_people_share_a_monitor() -> None:
    monitor = payload(alert('severity: {critical: "> 100", warning: {when: "> 50", escalation: mail}}'))
    assert (
        monitor["message"]
        == """\
{{#is_alert}}
Jobs wait @pagerduty-Primary
{{/is_alert}}
{{#is_warning}}
{{override_priority 'P2'}}
Jobs wait @em@example.com
{{/is_warning}}
{{#is_alert_recovery}}
Busy is over. @pagerduty-Primary
{{/is_alert_recovery}}
{{#is_warning_recovery}}
Busy is over. @em@example.com
{{/is_warning_recovery}}

Runbook: https://docs.example/runbooks/busy.md

-- managed by monmc shop/default/alerts.Busy, do not edit here"""
    )


def test_an_environment_is_in_the_name_the_tags_and_the_marker() -> None:
    monitor = payload(alert(""), environment="staging")
    assert monitor["name"] == "[shop/staging] Busy"
    assert monitor["message"].endswith("-- managed by monmc shop/staging/alerts.Busy, do not edit here")
    assert monitor["tags"][:2] == ["project:shop", "env:staging"]
    assert "monmc:shop/staging/alerts.busy" in monitor["tags"]


@pytest.mark.parametrize(
    ("no_data", "expr", "expected"),
    [
        ("ignore", "sum(queue_length)", "resolve"),
        ("resolve", "sum(queue_length)", "resolve"),
        ("notify", "sum(queue_length)", "show_and_notify_no_data"),
        ("ignore", "sum(rate(requests_total[5m])) or vector(0)", "default"),
    ],
)
def test_missing_data_means_what_it_means_in_prometheus(no_data: str, expr: str, expected: str) -> None:
    assert payload(alert(f"no_data: {no_data}; expr: {expr}"))["options"]["on_missing_data"] == expected


def test_only_the_first_of_two_monitors_tells_of_missing_data() -> None:
    found, _ = documents(alert('severity: {critical: {when: "> 9", for: 1m}, warning: "> 5"}; no_data: notify'))
    assert [document.content["options"]["on_missing_data"] for document in found] == [  # type: ignore[call-overload, index]
        "show_and_notify_no_data",
        "resolve",
    ]


def test_a_query_without_groups_has_no_delay_for_new_ones() -> None:
    assert payload(alert("expr: sum(queue_length)"))["options"] == {
        "thresholds": {"critical": Decimal(100)},
        "include_tags": True,
        "notify_audit": False,
        "on_missing_data": "resolve",
        "require_full_window": False,
    }


def test_the_users_options_win() -> None:
    own = "datadog: {options: {new_host_delay: 5, notify_no_data: true, thresholds: {critical_recovery: 80}}, recovery: 70}"
    assert payload(alert(own))["options"] == {
        "thresholds": {"critical": Decimal(100), "critical_recovery": 80},
        "include_tags": True,
        "notify_audit": False,
        "require_full_window": False,
        "new_host_delay": 5,
        "notify_no_data": True,
    }


def test_what_the_spec_says_and_datadog_does_not_is_named() -> None:
    document = only(alert("keep_firing_for: 10m; interval: 2m"))
    assert [verdict.reason for verdict in document.verdicts] == [
        (
            "`for: 5m` becomes `min(last_5m)`: Datadog judges all points of the window, Prometheus each evaluation; "
            "`keep_firing_for: 10m` is left out: a monitor ends with the first evaluation in which it is well; "
            "`datadog: {recovery: …}` can delay that; `interval: 2m` is left out: Datadog evaluates each minute"
        )
    ]


def test_disabled_alerts_and_those_of_other_backends_are_not_written() -> None:
    assert documents(alert("enabled: false")) == ((), ())
    assert documents(alert("backends: [prometheus]")) == ((), ())


def test_without_the_target_nothing_is_written() -> None:
    head = HEAD.replace("  datadog: {tags: {cost: web}}\n", "")
    assert documents(alert("backends: [prometheus]"), head=head) == ((), ())


def test_names_that_make_the_same_file_are_numbered() -> None:
    found, _ = documents(alert("", "HighCPULoad") + alert("", "high-cpu-load"))
    assert [document.path for document in found] == [
        "datadog/monitors/high-cpu-load.json",
        "datadog/monitors/high-cpu-load-2.json",
    ]


def test_an_untranslatable_alert_is_a_note_with_the_verdict() -> None:
    document = only(alert("expr: changes(queue_length[1h])"))
    reason = "`changes(queue_length[1h])`: Datadog's monitors have no `changes()`"
    instead = "write the monitor's query yourself: `datadog: {query: …}`"
    assert document == Document(
        "datadog/untranslatable/busy.txt",
        f"alerts.Busy is not in Datadog.\n{reason}\n{instead}\n",
        Format.TEXT,
        ("alerts.Busy",),
        (Verdict("datadog", "alerts.Busy", Grade.UNTRANSLATABLE, reason, instead, "expr"),),
    )


def test_an_alert_with_neither_query_is_untranslatable() -> None:
    document = only(alert("expr: ; datadog: {warning: 5}"))
    assert document.verdicts[0].reason == "there is no query for it"
