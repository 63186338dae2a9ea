"""Alerts of a spec as alert rules: whole files, and what each version makes of them."""

from __future__ import annotations

import pytest

from skillforge_mon.documents.document import Grade, Verdict
from tests.backends.prometheus.emitting import emitted

HEAD = """\
version: 1
project: shop
targets:
  prometheus: {version: "3.5"}
  runbooks: {url: "https://runbooks.example/"}
metrics:
  requests_total: {type: counter, labels: {code: bounded}}
  queue_length: {type: gauge, labels: {queue: bounded}}
teams:
  shop: {webhook: "http://hooks:8080/"}
escalation:
  page:
    - {notify: shop, timeout: 10m}
    - {notify: shop}
runbooks:
  busy: {resolve: [Add a worker.]}
services:
  web: {team: shop, labels: {tier: gold}}
alerts:
"""
ERRORS = """\
  HighErrorRate:
    service: web
    severity: {critical: {when: "> 5%", for: 10m, escalation: page}, warning: "> 1%"}
    expr: >
      sum by (code) (rate(requests_total{code=~"5.."}[5m]))
      / ignoring (code) group_left () sum(rate(requests_total[5m]))
    for: 5m
    keep_firing_for: 10m
    summary: "{{ labels.code }}: {{ value }} fail on {{ labels.service }}, more than {{ threshold }}"
    description: "{{ alert }} is {{ severity }} after {{ for }}; see {{ runbook }}"
    runbook: busy
    annotations: {dashboard: "https://grafana.example/{{ service }}"}
"""
QUEUE = """\
  QueueLong:
    severity: info
    interval: 1m
    expr: queue_length > 1e3
"""
WITHOUT_SERVICE = "prometheus/rules/project.alerts.yml"


def rule(alert: str, version: str = "3.5") -> dict[str, object]:
    """The only rule of an alert without a service."""
    files = emitted(HEAD.replace("3.5", version) + alert)
    assert files.diagnostics == ()
    (found,) = files.rules(WITHOUT_SERVICE)
    return found


def summary(text: str, expr: str, severity: str = "info", unit: str = "") -> str:
    """The summary ``text`` of an alert with this query as it is written for Prometheus."""
    spec = f"  A:\n    severity: {severity}\n    expr: '{expr}'\n    summary: '{text}'\n"
    found = rule(spec + (f"    unit: {unit}\n" if unit else ""))["annotations"]
    assert isinstance(found, dict)
    return str(found["summary"])


def test_the_alerts_of_a_service_are_one_file() -> None:
    files = emitted(HEAD + ERRORS)
    assert files.diagnostics == ()
    assert (
        files.text("prometheus/rules/web.alerts.yml")
        == """\
# Written by monmc. Do not edit: change the spec and build again.
# Made from alerts.HighErrorRate.
groups:
  - name: web
    rules:
      - alert: HighErrorRate
        expr: |-
          sum by (code) (rate(requests_total{code=~"5.."}[5m]))
          / ignoring (code) group_left () sum(rate(requests_total[5m]))
          > 0.05
        for: 10m
        keep_firing_for: 10m
        labels:
          tier: gold
          severity: critical
          priority: P1
          service: web
          team: shop
          escalation: page
          level: '1'
        annotations:
          summary: '{{ $labels.code }}: {{ $value | humanizePercentage }} fail on web, more than 5%'
          description: HighErrorRate is critical after 10m; see https://runbooks.example/busy.md
          runbook_url: https://runbooks.example/busy.md
          dashboard: https://grafana.example/web
      - alert: HighErrorRate
        expr: |-
          sum by (code) (rate(requests_total{code=~"5.."}[5m]))
          / ignoring (code) group_left () sum(rate(requests_total[5m]))
          > 0.05
        for: 20m
        keep_firing_for: 10m
        labels:
          tier: gold
          severity: critical
          priority: P1
          service: web
          team: shop
          escalation: page
          level: '2'
        annotations:
          summary: '{{ $labels.code }}: {{ $value | humanizePercentage }} fail on web, more than 5%'
          description: HighErrorRate is critical after 10m; see https://runbooks.example/busy.md
          runbook_url: https://runbooks.example/busy.md
          dashboard: https://grafana.example/web
      - alert: HighErrorRate
        expr: |-
          sum by (code) (rate(requests_total{code=~"5.."}[5m]))
          / ignoring (code) group_left () sum(rate(requests_total[5m]))
          > 0.01
        for: 5m
        keep_firing_for: 10m
        labels:
          tier: gold
          severity: warning
          priority: P2
          service: web
          team: shop
        annotations:
          summary: '{{ $labels.code }}: {{ $value | humanizePercentage }} fail on web, more than 1%'
          description: HighErrorRate is warning after 5m; see https://runbooks.example/busy.md
          runbook_url: https://runbooks.example/busy.md
          dashboard: https://grafana.example/web
"""
    )


def test_an_alert_without_a_service_and_with_its_own_interval_is_a_group_of_its_own() -> None:
    files = emitted(HEAD + QUEUE + "  Other: {severity: info, expr: queue_length > 2}\n")
    assert files.data(WITHOUT_SERVICE) == {
        "groups": [
            {
                "name": "project",
                "rules": [
                    {"alert": "Other", "expr": "queue_length > 2", "labels": {"severity": "info", "priority": "P3"}}
                ],
            },
            {
                "name": "project QueueLong",
                "interval": "1m",
                "rules": [
                    {
                        "alert": "QueueLong",
                        "expr": "queue_length > 1000",
                        "labels": {"severity": "info", "priority": "P3"},
                    }
                ],
            },
        ]
    }


def test_an_alert_that_is_off_or_for_another_backend_is_not_written() -> None:
    spec = HEAD.replace("targets:\n", "targets:\n  datadog: {}\n")
    off = QUEUE + "    enabled: false\n"
    elsewhere = QUEUE.replace("QueueLong", "Elsewhere") + "    backends: [datadog]\n"
    assert list(emitted(spec + off + elsewhere).documents) == ["prometheus/prometheus.yml"]


def test_missing_data_is_told_by_a_rule_of_its_own() -> None:
    spec = QUEUE.replace("    interval: 1m\n", "").replace("info", "warning\n    escalation: page\n    runbook: busy")
    found = emitted(HEAD + spec + "    no_data: notify\n    for: 7m\n").rules(WITHOUT_SERVICE)
    assert [(rule["alert"], rule["expr"], rule["for"], rule["labels"]["level"]) for rule in found] == [
        ("QueueLong", "queue_length > 1000", "7m", "1"),
        ("QueueLong", "queue_length > 1000", "17m", "2"),
        ("QueueLongNoData", "absent(queue_length)", "7m", "1"),
        ("QueueLongNoData", "absent(queue_length)", "17m", "2"),
    ]
    assert found[2]["annotations"] == {
        "summary": "QueueLong cannot be judged: its query has had no result for 7m",
        "description": "Its metrics have stopped coming, or their names or labels have changed.",
        "runbook_url": "https://runbooks.example/busy.md",
    }


@pytest.mark.parametrize(
    "expr", ["absent(queue_length)", "queue_length > 1 and queue_length < 9", "queue_length unless up"]
)
def test_a_query_that_returns_nothing_in_good_health_says_nothing_of_missing_data(expr: str) -> None:
    spec = f"  A: {{severity: info, expr: {expr}, no_data: notify}}\n"
    assert rule(spec)["alert"] == "A"
    assert verdict(spec) == Verdict(
        "prometheus",
        "alerts.A",
        Grade.APPROXIMATE,
        "missing data is not told: the query has no result either when all is well, because it filters its values",
        "give the threshold under `severity`, and leave the filters out",
        "no_data",
    )


def test_missing_data_is_that_of_the_service_although_no_series_says_so() -> None:
    spec = """\
  Failing:
    service: web
    severity: warning
    expr: sum by (service) (rate(requests_total[5m])) > 5
    no_data: notify
"""
    scraped = HEAD.replace("labels: {tier: gold}", "scrape: 'web:80'").replace(
        "  web:", "  app: {scrape: 'app:80'}\n  web:"
    )
    found = emitted(scraped + spec).rules("prometheus/rules/web.alerts.yml")
    assert [(rule["alert"], rule["labels"].get("service")) for rule in found] == [
        ("Failing", None),
        ("FailingNoData", "web"),
    ]


@pytest.mark.parametrize(
    ("text", "expr", "unit", "expected"),
    [
        ("{{ value }}", "queue_length > 5", "", "{{ $value }}"),
        ("{{ value }}", "queue_length > 5", "seconds", "{{ $value | humanizeDuration }}"),
        ("{{ value }}", "queue_length > 5", "bytes", "{{ $value | humanize1024 }}B"),
        ("{{ value }}", "queue_length > 5", "percent", '{{ printf "%.4g" $value }}%'),
        ("{{ value | percent }}", "queue_length > 0.5", "", "{{ $value | humanizePercentage }}"),
        ("{{ value | percent }}", "queue_length > 5", "percent", '{{ printf "%.4g" $value }}%'),
        ("{{ value | duration }}", "queue_length > 5", "milliseconds", '{{ printf "%.4g" $value }}ms'),
        ("{{ value | humanize }}", "queue_length > 5", "seconds", "{{ $value | humanize }}"),
        ("{{ threshold }}", "queue_length > 0.05", "", "0.05"),
        ("{{ threshold }}", "queue_length > 0.05", "ratio", "5%"),
        ("{{ threshold }}", "queue_length > 90", "seconds", "1m30s"),
        ("{{ threshold }}", "queue_length > 0.0001", "seconds", "0.0001s"),
        ("{{ threshold }}", "queue_length > 1500", "milliseconds", "1s500ms"),
        ("{{ threshold }}", "queue_length > 1610612736", "bytes", "1.5GiB"),
        ("{{ threshold }}", "queue_length > 12", "bytes", "12B"),
        ("{{ threshold | percent }}", "queue_length > 0.5", "", "50%"),
        ("{{ threshold | humanize }}", "queue_length > 12000", "", "12k"),
        ("{{ threshold }}", "5 < queue_length", "", "5"),
        ("{{ labels.queue }} {{ labels.severity }}", "queue_length > 5", "", "{{ $labels.queue }} info"),
        ("{{ labels.k8s.ns }}", "queue_length > 5", "", '{{ index $labels "k8s.ns" }}'),
        ("{{ service }}{{ runbook }}x", "queue_length > 5", "", "x"),
        ("$value }} and { { $labels", "queue_length > 5", "", "$value }} and { { $labels"),
    ],
)
def test_placeholders_become_templates(text: str, expr: str, unit: str, expected: str) -> None:
    assert summary(text, expr, unit=unit) == expected


def test_a_threshold_of_the_spec_is_written_as_it_stands_there() -> None:
    spec = '  A:\n    severity: {info: "> 1500ms"}\n    expr: queue_length\n    unit: seconds\n    summary: "{{ threshold }}"\n'
    found = rule(spec)
    assert found["expr"] == "queue_length > 1.5"
    assert found["annotations"] == {"summary": "1500ms"}


def test_text_that_looks_like_a_template_stays_text() -> None:
    spec = "  A: {severity: info, expr: queue_length > 5, labels: {note: 'a {{ b }} c'}}\n"
    assert rule(spec)["labels"] == {"note": 'a {{ "{{" }} b }} c', "severity": "info", "priority": "P3"}


def test_a_wrong_placeholder_in_an_annotation_is_reported() -> None:
    spec = "  A: {severity: info, expr: queue_length > 5, annotations: {note: 'a {{ nothing }}'}}\n"
    (problem,) = emitted(HEAD + spec).diagnostics
    assert (problem.code, problem.headline) == ("MON1203", "there is no placeholder `nothing`")
    assert problem.span is not None
    assert (problem.span.line, problem.span.column) == (20, 70)


def verdict(alert: str, version: str = "3.5") -> Verdict:
    """What is said of the only alert."""
    return emitted(HEAD.replace("3.5", version) + alert).documents[WITHOUT_SERVICE].verdicts[0]


def test_an_alert_that_every_version_can_say_is_exact() -> None:
    assert verdict(QUEUE, "2.42") == Verdict("prometheus", "alerts.QueueLong", Grade.EXACT)


def test_firing_on_needs_a_version_that_has_it() -> None:
    spec = QUEUE + "    keep_firing_for: 5m\n"
    assert rule(spec, "2.42")["keep_firing_for"] == "5m"
    assert verdict(spec, "2.42").grade is Grade.EXACT
    assert "keep_firing_for" not in rule(spec, "2.41")
    assert verdict(spec, "2.41") == Verdict(
        "prometheus",
        "alerts.QueueLong",
        Grade.APPROXIMATE,
        "rules with `keep_firing_for` (Prometheus 2.42) came later: the alert ends as soon as its condition does",
        "leave it out, or raise `targets.prometheus.version` to 2.42",
        "keep_firing_for",
    )


def test_names_that_an_old_version_cannot_take_are_written_otherwise() -> None:
    spec = QUEUE + "    labels: {k8s.ns: shop}\n    annotations: {run-book: x}\n"
    assert rule(spec)["labels"] == {"k8s.ns": "shop", "severity": "info", "priority": "P3"}
    assert rule(spec)["annotations"] == {"run-book": "x"}
    assert rule(spec, "2.53")["labels"] == {"k8s_ns": "shop", "severity": "info", "priority": "P3"}
    assert rule(spec, "2.53")["annotations"] == {"run_book": "x"}
    assert verdict(spec, "2.53") == Verdict(
        "prometheus",
        "alerts.QueueLong",
        Grade.APPROXIMATE,
        "`k8s.ns` is `k8s_ns`: only Prometheus 3.0 and later take other names; "
        "`run-book` is `run_book`: only Prometheus 3.0 and later take other names",
        "use names of letters, digits and `_`",
        "labels",
    )


def test_a_threshold_that_is_no_number_cannot_be_named() -> None:
    spec = '  A: {severity: info, expr: absent(up), summary: "more than {{ threshold }}"}\n'
    assert rule(spec)["annotations"] == {"summary": "more than "}
    assert verdict(spec) == Verdict(
        "prometheus",
        "alerts.A",
        Grade.APPROXIMATE,
        "`{{ threshold }}` is empty: the query is not compared with a number",
        "write the number into the text",
        "summary",
    )
