"""The monitors of an SLO: when they tell, whom, and what."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from datadog_api_client.v1.model.monitor import Monitor
from datadog_api_client.v1.model.service_level_objective_request import ServiceLevelObjectiveRequest

from skillforge_mon.documents.document import Document, Format, Reference, Resource
from skillforge_mon.documents.json_writer import write_json
from tests.backends.datadog.monitors import documents
from tests.backends.datadog.objectives import HEAD, body, compiled, measured, queries, reasons, slo
from tests.fakes.datadog_models import understood


def burn(over: str, long: str, short: str, rate: str) -> str:
    """The query of a monitor of the SLO ``api``."""
    return f'burn_rate("%{{slo:slos.api}}").over("{over}").long_window("{long}").short_window("{short}") > {rate}'


def test_a_pair_of_windows_is_a_monitor() -> None:
    found = compiled(slo("description: Requests are answered; runbook: busy; escalation: ladder; labels: {area: api}"))
    assert found[1] == Document(
        "datadog/slos/api/critical-1h.json",
        {
            "name": "[shop] api budget burn (critical, 1h and 5m)",
            "type": "slo alert",
            "query": burn("30d", "1h", "5m", "14.4"),
            "message": """\
{{#is_alert}}
api burns its error budget {{long_window_burn_rate}} times as fast as it may over 1h {{^is_renotify}}@pagerduty-Primary \
{{/is_renotify}}
{{#is_renotify}}@em@example.com @pagerduty-Primary {{/is_renotify}}
{{/is_alert}}
{{#is_recovery}}
api budget burn (critical, 1h and 5m) is over. @pagerduty-Primary
{{/is_recovery}}

The budget of 43m 12s per 30d burns 14.4 times as fast as it may over 1h and 5m (more than 1.44% bad events; 2% of the \
budget in 1h). Promised: Requests are answered

Runbook: https://docs.example/runbooks/busy.md

-- managed by monmc shop/default/slos.api.critical-1h, do not edit here""",
            "tags": [
                "project:shop",
                "service:web",
                "team:manager",
                "severity:critical",
                "managed_by:monmc",
                "monmc:shop/default/slos.api.critical-1h",
                "tier:1",
                "area:api",
                "slo:api",
                "cost:web",
            ],
            "priority": 1,
            "options": {
                "thresholds": {"critical": Decimal("14.4")},
                "include_tags": True,
                "notify_audit": False,
                "renotify_interval": 10,
                "renotify_occurrences": 1,
                "renotify_statuses": ["alert"],
            },
        },
        Format.JSON,
        ("slos.api",),
        (),
        Resource("datadog", "monitor", "slos.api.critical-1h", (Reference("slo", "slos.api"),)),
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            "",
            [
                burn("30d", "1h", "5m", "14.4"),
                burn("30d", "6h", "30m", "6"),
                burn("30d", "24h", "120m", "3"),
                burn("30d", "48h", "360m", "1"),
            ],
        ),
        (
            "window: 7d",
            [
                burn("7d", "1h", "5m", "14.4"),
                burn("7d", "2h", "5m", "6"),
                burn("7d", "6h", "30m", "3"),
                burn("7d", "18h", "90m", "1"),
            ],
        ),
        (
            "window: quarter",
            [
                burn("90d", "3h", "15m", "14.4"),
                burn("90d", "18h", "90m", "6"),
                burn("90d", "48h", "360m", "3"),
                burn("90d", "48h", "1080m", "1"),
            ],
        ),
        ("burn: [{short: 90s, long: 1h, budget: 1%, severity: critical}]", [burn("30d", "1h", "2m", "7.2")]),
        ("burn: [{short: 60h, long: 5d, budget: 20%, severity: warning}]", [burn("30d", "48h", "240m", "1.2")]),
        (
            (
                "burn: [{short: 1h, long: 3d, budget: 20%, severity: warning}, "
                "{short: 1h, long: 4d, budget: 20%, severity: warning}]"
            ),
            [burn("30d", "48h", "60m", "1.5")],
        ),
        (
            "objective: 99.99992%; burn: [{short: 5m, long: 1h, budget: 100%, severity: critical}]",
            [burn("30d", "1h", "5m", "720")],
        ),
        ("alerting: false", []),
    ],
)
def test_windows_and_rates_are_those_that_datadog_takes(fields: str, expected: list[str]) -> None:
    assert queries(compiled(slo(fields))) == expected


def test_of_two_pairs_that_become_one_the_more_sensitive_stays() -> None:
    fields = (
        "burn: [{short: 1h, long: 4d, budget: 20%, severity: warning}, "
        "{short: 1h, long: 3d, budget: 20%, severity: warning}]"
    )
    found = compiled(slo(f"bad: errors_total; {fields}"))
    assert [each.resource.key for each in found if each.resource is not None] == ["slos.api", "slos.api.warning-4d"]


def test_a_rate_that_the_target_of_datadog_cannot_reach_becomes_the_highest() -> None:
    fields = "objective: 99.99999%; window: 90d; burn: [{short: 10s, long: 1m, budget: 100%, severity: critical}]"
    head = HEAD.replace("prometheus: {}", "prometheus: {scrape_interval: 1s, evaluation_interval: 5s}")
    found = compiled(slo(f"bad: errors_total; {fields}"), head=head)
    assert queries(found) == [burn("90d", "1h", "1m", "100000")]
    assert reasons(found[0])[2] == (
        "the windows 1m and 10s of critical become 1h and 1m (long ones are 1 to 48 whole hours) and the burn rate 129600 of "
        "critical becomes 100000 (that of a total outage): somebody is told when 4630% of the budget is spent instead of "
        "100%, and 23m 8s instead of 30s after 2.592% of the events began to go bad"
    )


def test_a_pair_that_changes_is_told_in_numbers() -> None:
    found = compiled(slo("bad: errors_total; burn: [{short: 6h, long: 3d, budget: 20%, severity: warning}]"))
    assert reasons(found[0])[1] == (
        "the windows 3d and 6h of warning become 2d and 6h (long ones are 1 to 48 whole hours): somebody is told when "
        "13.33% of the budget is spent instead of 20%, and 1d instead of 1d 12h after 0.4% of the events began to go bad"
    )


def test_a_pair_that_stays_is_not_told_of() -> None:
    fields = "min_bad_events: 0; burn: [{short: 5m, long: 1h, budget: 2%, severity: critical}]"
    assert reasons(compiled(slo(f"bad: errors_total; {fields}"))[0]) == [
        "Datadog counts what the Agent sent, where Prometheus extrapolates to the ends of its windows",
        "nobody is told there when the metrics are missing",
    ]


def test_groups_have_budgets_but_no_monitors() -> None:
    found = compiled(slo("bad: 'requests_total{status=\"500\"}'; group_by: [tenant, service]"))
    assert (
        "its monitors judge all values of `tenant` and `service` together: each has a budget in Datadog, but no monitor"
        in reasons(found[0])
    )


def test_warnings_follow_the_policy_of_tickets() -> None:
    found = compiled(slo("escalation: ladder; tickets: tickets"))
    handles = {body(each)["tags"][3]: body(each)["message"].split("\n")[1].split(" over ")[1] for each in found[1:]}
    assert handles == {
        "severity:critical": "6h {{^is_renotify}}@pagerduty-Primary {{/is_renotify}}",
        "severity:warning": "2d @todo@example.com",
    }
    assert [body(each)["priority"] for each in found[1:]] == [1, 1, 2, 2]


def test_without_one_they_stay_on_the_first_level() -> None:
    warning = compiled(slo("escalation: ladder"))[-1]
    assert body(warning)["message"].split("\n")[1] == (
        "api burns its error budget {{long_window_burn_rate}} times as fast as it may over 2d @pagerduty-Primary"
    )
    assert "renotify_interval" not in body(warning)["options"]


def test_without_a_policy_the_owner_is_told() -> None:
    first = compiled(slo("escalation: "))[1]
    assert body(first)["message"].split("\n")[1].endswith(" over 1h @em@example.com")


def test_nobody_told_is_reported_once() -> None:
    found, problems = documents("", None, f"{HEAD}slos:\n{slo('escalation: chat')}")
    assert [(problem.code, problem.headline) for problem in problems] == [
        (
            "MON4307",
            "nobody would hear of `api budget burn (critical, 1h and 5m)` from Datadog when it is critical",
        )
    ]
    assert [document.path for document in found] == ["datadog/slos/api.json"]


def test_further_handles_are_told_too() -> None:
    found = compiled(slo("escalation: chat; datadog: {notify: slack-acme-web}"))
    assert body(found[1])["message"].split("\n")[1].endswith(" over 1h @slack-acme-web")


def test_the_budget_that_is_spent_has_monitors_where_they_are_asked_for() -> None:
    found = compiled(
        slo("alerting: false; datadog: {error_budget: {critical: 100%, warning: 62.5%}}; bad: errors_total")
    )
    assert queries(found) == [
        'error_budget("%{slo:slos.api}").over("30d") > 100',
        'error_budget("%{slo:slos.api}").over("30d") > 62.5',
    ]
    assert [body(each)["name"] for each in found[1:]] == [
        "[shop] api budget spent (critical)",
        "[shop] api budget spent (warning)",
    ]
    assert (
        body(found[2])["message"]
        == """\
{{#is_alert}}
{{value}}% of the error budget of api is spent @pagerduty-Primary
{{/is_alert}}
{{#is_recovery}}
api budget spent (warning) is over. @pagerduty-Primary
{{/is_recovery}}

More than 62.5% of what may fail within 30d has failed.

-- managed by monmc shop/default/slos.api.warning-budget, do not edit here"""
    )
    assert reasons(found[0])[1:] == ["it has 2 monitors, which notify without regard to each other"]


def test_a_maintenance_window_mutes_the_monitors_that_it_covers() -> None:
    window = "{services: [web], severities: [warning], every: saturday, from: '02:00', for: 2h, timezone: Europe/Paris}"
    found = compiled(slo(), head=f"{HEAD}maintenance:\n  deploy: {window}\n")
    tag = "maintenance:shop/default/deploy"
    assert [document.path for document in found if tag in body(document).get("tags", ())] == [
        "datadog/slos/api/warning-1d.json",
        "datadog/slos/api/warning-3d.json",
    ]
    assert found[0].path == "datadog/downtimes/deploy.json"


SPECS = [
    slo("escalation: ladder; tickets: tickets"),
    slo("window: quarter; group_by: [tenant]"),
    slo("datadog: {error_budget: {critical: 100%, warning: 62.5%}}; objective: 99.99992%"),
    slo("burn: [{short: 60h, long: 5d, budget: 33%, severity: warning}]"),
    measured("latency: {metric: latency_seconds, below: 500ms}"),
    measured("slices: {expr: sum(queue_length) / sum(queue_limit), good: '<= 0.8'}"),
]


@pytest.mark.parametrize("spec", SPECS)
def test_the_client_understands_everything(spec: str) -> None:
    models = {"slo": ServiceLevelObjectiveRequest, "monitor": Monitor}
    for document in compiled(spec):
        assert document.resource is not None
        kind = document.resource.kind
        assert understood(json.loads(write_json(document.content)), models[kind], kind) == []
