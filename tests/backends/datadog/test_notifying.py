"""Who a monitor tells, when, and in which words."""

from __future__ import annotations

import pytest

from tests.backends.datadog.monitors import HEAD, alert, documents, only, payload


def ladder(policy: str) -> str:
    """The head with the policy ``ladder`` as given."""
    return HEAD.replace(
        "  ladder:\n    - {notify: on-call, timeout: 10m}\n    - {notify: [manager, on-call]}\n", policy
    )


def first_block(message: object) -> list[str]:
    """The lines between ``{{#is_alert}}`` and its end."""
    return str(message).partition("{{#is_alert}}\n")[2].partition("\n{{/is_alert}}")[0].splitlines()


def reason(alerts: str, head: str = HEAD) -> str:
    """The verdict's reason, without the one that every translated gauge has."""
    usual = "`for: 5m` becomes `min(last_5m)`: Datadog judges all points of the window, Prometheus each evaluation"
    return only(alerts, head=head).verdicts[0].reason.removeprefix(usual).removeprefix("; ")


def test_a_second_level_is_told_at_the_next_notification_once() -> None:
    monitor = payload(alert("escalation: ladder"))
    assert first_block(monitor["message"]) == [
        "Jobs wait {{^is_renotify}}@pagerduty-Primary {{/is_renotify}}",
        "{{#is_renotify}}@em@example.com @pagerduty-Primary {{/is_renotify}}",
    ]
    assert "Busy is over. @pagerduty-Primary\n" in monitor["message"]
    assert {key: value for key, value in monitor["options"].items() if key.startswith("renotify")} == {
        "renotify_interval": 10,
        "renotify_occurrences": 1,
        "renotify_statuses": ["alert"],
    }
    assert reason(alert("escalation: ladder")) == ""


def test_each_later_level_joins_at_the_notification_nearest_to_its_turn() -> None:
    head = ladder("  ladder: [{notify: on-call, timeout: 5m}, {notify: manager, timeout: 15m}, {notify: cto}]\n")
    monitor = payload(alert("escalation: ladder"), head=head)
    assert first_block(monitor["message"])[1:] == [
        "{{#is_renotify}}@em@example.com {{/is_renotify}}",
        (
            '{{#is_renotify}}{{^is_exact_match (eval "round(triggered_duration_sec/600)") "0" "1"}}'
            "@cto@example.com @slack-acme-cto {{/is_exact_match}}{{/is_renotify}}"
        ),
    ]
    assert monitor["options"]["renotify_interval"] == 10
    assert monitor["options"]["renotify_occurrences"] == 2
    assert reason(alert("escalation: ladder"), head) == (
        "level 2 is told after 10m instead of 5m: the monitor notifies again every 10 min; from level 2 on, those who were "
        "told are told again every 10 min"
    )


def test_a_repeating_policy_with_levels_repeats_at_the_one_interval() -> None:
    head = ladder("  ladder: {levels: [{notify: on-call, timeout: 30m}, {notify: manager}], repeat: 4h}\n")
    monitor = payload(alert("escalation: ladder"), head=head)
    assert monitor["options"]["renotify_interval"] == 30
    assert "renotify_occurrences" not in monitor["options"]
    assert first_block(monitor["message"])[0] == "Jobs wait @pagerduty-Primary"
    assert reason(alert("escalation: ladder"), head) == (
        "everyone is told again every 30 min instead of 4h: a monitor has one interval"
    )


@pytest.mark.parametrize(
    ("repeat", "minutes", "difference"),
    [("4h", 240, ""), ("25m", 20, "it is repeated every 20m: 25m is none of Datadog's intervals"),
     ("3d", 1440, "it is repeated every 1d: 3d is none of Datadog's intervals")],
)  # fmt: skip
def test_repeating_is_done_at_the_nearest_interval(repeat: str, minutes: int, difference: str) -> None:
    head = ladder(f"  ladder: {{levels: [{{notify: on-call}}], repeat: {repeat}}}\n")
    assert payload(alert("escalation: ladder"), head=head)["options"]["renotify_interval"] == minutes
    assert reason(alert("escalation: ladder"), head) == difference


def test_the_target_says_how_often_all_others_repeat() -> None:
    head = HEAD.replace("datadog: {", "datadog: {renotify: 1h, ")
    options = payload(alert('severity: {critical: "> 9", warning: "> 5"}; no_data: notify'), head=head)["options"]
    assert options["renotify_interval"] == 60
    assert options["renotify_statuses"] == ["alert", "warn", "no data"]


def test_without_a_policy_the_team_of_the_service_is_told() -> None:
    assert first_block(payload(alert("escalation: "))["message"]) == ["Jobs wait @em@example.com"]


def test_without_either_the_default_team_is_told() -> None:
    head = HEAD.replace("  prometheus: {}\n", "  prometheus: {}\n  alertmanager: {default_team: cto}\n")
    message = payload(alert("escalation: ; service: "), head=head)["message"]
    assert first_block(message) == ["Jobs wait @cto@example.com @slack-acme-cto"]


def test_further_handles_are_added() -> None:
    message = payload(alert('datadog: {notify: ["@webhook-bot", "slack-acme-x"]}'))["message"]
    assert first_block(message) == ["Jobs wait @pagerduty-Primary @webhook-bot @slack-acme-x"]


def test_nobody_to_tell_is_an_error() -> None:
    found, (problem,) = documents(alert("escalation: chat"))
    assert found == ()
    assert (problem.code, problem.headline) == (
        "MON4307",
        "nobody would hear of `Busy` from Datadog when it is critical",
    )


def test_channels_without_a_handle_are_named() -> None:
    head = HEAD.replace(
        "manager: {email: em@example.com}", 'manager: {email: em@example.com, slack: "#em", webhook: "http://x"}'
    )
    assert reason(alert("escalation: mail"), head) == (
        "`manager` is not told by Slack and webhooks: Datadog needs the handle, in `teams.manager.datadog`"
    )


def test_a_later_level_that_cannot_be_told_is_named() -> None:
    head = ladder("  ladder: [{notify: on-call, timeout: 10m}, {notify: chat}]\n")
    assert reason(alert("escalation: ladder"), head) == (
        "`chat` is not told by Slack: Datadog needs the handle, in `teams.chat.datadog`; level 2 is not told: none of its "
        "teams has a handle in Datadog"
    )


def test_missing_data_is_told_to_those_who_are_told_first() -> None:
    message = payload(alert("no_data: notify"))["message"]
    assert "{{#is_no_data}}\nThere is no data for Busy. @pagerduty-Primary\n{{/is_no_data}}\n" in message


@pytest.mark.parametrize(
    ("summary", "line"),
    [
        ("{{ labels.queue }} has {{ value }} jobs", "{{queue.name}} has {{value}} jobs"),
        ("{{ value | percent }}", '{{eval "value*100"}}%'),
        ("{{ value | bytes }}", '{{eval "humanize_bytes(value)"}}'),
        ("{{ value | duration }}", "{{value}} s"),
        ("{{ value | humanize }}", "{{value}}"),
        ("{{ threshold | percent }} for {{ for }}", '{{eval "threshold*100"}}% for 5m'),
        ("{{ alert }} {{ severity }} {{ service }}", "Busy critical web"),
        ("{{ runbook }}", "https://docs.example/runbooks/busy.md"),
        ("{{ labels.service }} {{ labels.team }} {{ labels.tier }}", "web manager 1"),
        ("{a} }} { {{ value }}}", "{a} } } { {{value}} }"),
    ],
)
def test_placeholders_become_variables(summary: str, line: str) -> None:
    message = payload(alert(f"summary: '{summary}'"))["message"]
    assert first_block(message) == [f"{line} @pagerduty-Primary"]


def test_a_label_that_the_query_fixes_is_written_out() -> None:
    expr = 'sum by (service) (rate(requests_total{status="500"}[5m]))'
    message = payload(alert(f"expr: {expr}; summary: 'status {{{{ labels.status }}}}'"))["message"]
    assert first_block(message) == ["status 500 @pagerduty-Primary"]


def test_a_label_that_the_monitor_does_not_have_is_named() -> None:
    spec = alert("summary: 'on {{ labels.host }}'")
    assert first_block(payload(spec)["message"]) == ["on (host) @pagerduty-Primary"]
    assert reason(spec) == (
        "the message says `(host)` for `labels.host`: Datadog fills in tags that a monitor is grouped by, and this one is "
        "grouped by `queue`"
    )


def test_a_tag_with_a_dot_is_put_in_brackets() -> None:
    head = HEAD.replace("{queue: bounded}", "{queue.name: bounded}")
    spec = alert('expr: \'sum by ("queue.name") (queue_length)\'; summary: "{{ labels.queue.name }}"')
    assert first_block(payload(spec, head=head)["message"]) == ["{{[queue.name].name}} @pagerduty-Primary"]


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("avg(last_5m):avg:a{*} by {instance} > 1", "{{instance.name}} @pagerduty-Primary"),
        ("avg(last_5m):avg:a{*} by {endpoint} > 1", "{{endpoint.name}} @pagerduty-Primary"),
    ],
)
def test_an_instance_is_the_endpoint_unless_the_query_says_instance(query: str, line: str) -> None:
    spec = alert(f"severity: critical; datadog: '{query}'; summary: '{{{{ labels.instance }}}}'")
    assert first_block(payload(spec)["message"]) == [line]


def test_a_summary_that_is_replaced_is_not_looked_at() -> None:
    spec = alert("summary: 'on {{ labels.host }}'; datadog: {message: Jobs wait}")
    assert reason(spec) == ""


def test_a_message_of_the_users_own_keeps_its_words_and_gets_the_handles() -> None:
    assert payload(alert('datadog: {message: "See {{host.name}}"}'))["message"] == (
        "See {{host.name}}\n\n"
        "{{#is_alert}}\n@pagerduty-Primary\n{{/is_alert}}\n"
        "{{#is_recovery}}\nBusy is over. @pagerduty-Primary\n{{/is_recovery}}\n\n"
        "Runbook: https://docs.example/runbooks/busy.md\n\n"
        "-- managed by monmc shop/default/alerts.Busy, do not edit here"
    )
