"""Recordings and SLOs as rule files: whole files, and what every rule must hold to."""

from __future__ import annotations

import re

import pytest

from skillforge_mon.checks.slo_example import GOOD
from skillforge_mon.documents.document import Grade, Verdict
from skillforge_mon.query.promql import parse
from tests.backends.prometheus.emitting import Emitted, emitted

RECORDINGS = "prometheus/rules/recordings.yml"
SLOS = "prometheus/rules/web.slos.yml"


def with_recordings(recordings: str, version: str = "3.5") -> Emitted:
    head = f"version: 1\nproject: shop\ntargets: {{prometheus: {{version: '{version}'}}}}\nmetrics:\n"
    return emitted(f"{head}  requests_total: {{type: counter}}\nrecordings:\n{recordings}")


def test_recordings_are_one_file_with_a_group_for_each_interval() -> None:
    files = with_recordings(
        "  all: {expr: 'sum(rate(requests_total[5m]))', record: 'shop:requests:rate5m', labels: {kind: '{{ x }}'}}\n"
        "  slow: {expr: 'sum(rate(requests_total[1d]))', interval: 2m}\n"
        "  plain: {expr: sum(requests_total)}\n"
    )
    assert (
        files.text(RECORDINGS)
        == """\
# Written by monmc. Do not edit: change the spec and build again.
# Made from recordings.all, recordings.slow, recordings.plain.
groups:
  - name: recordings
    rules:
      - record: shop:requests:rate5m
        expr: sum(rate(requests_total[5m]))
        labels:
          kind: '{{ x }}'
      - record: plain
        expr: sum(requests_total)
  - name: recordings every 2m
    interval: 2m
    rules:
      - record: slow
        expr: sum(rate(requests_total[1d]))
"""
    )


def test_a_name_that_an_old_version_cannot_take_is_not_translated() -> None:
    recording = "  shop.requests: {expr: sum(requests_total), labels: {k8s.ns: x}}\n"
    assert with_recordings(recording).verdicts()[1] == Verdict("prometheus", "recordings.shop.requests", Grade.EXACT)
    old = with_recordings(recording, "2.53")
    assert old.data(RECORDINGS) == {"groups": []}
    assert old.verdicts()[1] == Verdict(
        "prometheus",
        "recordings.shop.requests",
        Grade.UNTRANSLATABLE,
        "the metric name `shop.requests` has characters that only Prometheus 3.0 and later take",
        "a name of letters, digits, `_` and `:`",
        "record",
    )
    renamed = with_recordings("  requests: {expr: sum(requests_total), labels: {k8s.ns: x}}\n", "2.53")
    assert renamed.rules(RECORDINGS) == [
        {"record": "requests", "expr": "sum(requests_total)", "labels": {"k8s_ns": "x"}}
    ]
    assert renamed.verdicts()[1].grade is Grade.APPROXIMATE


def test_an_slo_is_two_groups() -> None:
    files = emitted(
        GOOD.replace("99.9%\n", "99.9%\n    window: 28d\n    description: Pages come.\n    labels: {tier: gold}\n")
    )
    assert files.diagnostics == ()
    assert files.text(SLOS) == EXPECTED


def rate(window: str) -> str:
    """The rule of the error ratio over a window."""
    range_ = f"{window}:5m" if window.endswith("d") or window == "6h" else window
    bad, total = (f'slo:events_{kind}:rate5m{{slo="availability"}}' for kind in ("bad", "total"))
    return f"""\
      - record: slo:error_ratio:rate{window}
        expr: sum_over_time({bad}[{range_}]) / (sum_over_time({total}[{range_}]) > 0)
        labels:
          slo: availability
          service: web
"""


def rule(name: str, expr: str) -> str:
    return f"""\
      - record: {name}
        expr: {expr}
        labels:
          slo: availability
          service: web
"""


ALERT_LABELS = """\
        labels:
          tier: gold
          slo: availability
          severity: {severity}
          service: web
          team: shop
          priority: {priority}
          escalation: page
          level: '1'
"""
SUMMARY = """\
          summary: 'availability burns its error budget too fast: {{ $value | humanizePercentage }} of events are bad, 0.1% may be'
"""
EXPECTED = (
    """\
# Written by monmc. Do not edit: change the spec and build again.
# Made from slos.availability.
groups:
  - name: slo availability
    interval: 30s
    rules:
"""
    + rule("slo:events_total:rate5m", "sum(rate(requests_total[5m]))")
    + rule(
        "slo:events_bad:rate5m",
        'sum(rate(requests_total{code=~"5.."}[5m])) or on () slo:events_total:rate5m{slo="availability"} * 0',
    )
    + rule(
        "slo:error_ratio:rate5m",
        'slo:events_bad:rate5m{slo="availability"} / (slo:events_total:rate5m{slo="availability"} > 0)',
    )
    + "".join(rate(window) for window in ("30m", "1h", "2h", "6h"))
    + rule(
        "slo:current_burn_rate:ratio",
        '(slo:error_ratio:rate5m{slo="availability"} or slo:events_total:rate5m{slo="availability"} * 0) / 0.001',
    )
    + """\
      - alert: AvailabilityBudgetBurn
        expr: |-
          (
            slo:error_ratio:rate1h{slo="availability"} > 0.0144
            and slo:error_ratio:rate5m{slo="availability"} > 0.0144
            and sum_over_time(slo:events_bad:rate5m{slo="availability"}[1h]) * 30
              >= 3 + 3 * sqrt(sum_over_time(slo:events_total:rate5m{slo="availability"}[1h:1m]) * 60 * 0.001)
          )
          or
          (
            slo:error_ratio:rate6h{slo="availability"} > 0.006
            and slo:error_ratio:rate30m{slo="availability"} > 0.006
            and sum_over_time(slo:events_bad:rate5m{slo="availability"}[6h:5m]) * 300
              >= 3 + 3 * sqrt(sum_over_time(slo:events_total:rate5m{slo="availability"}[6h:5m]) * 300 * 0.001)
          )
"""
    + ALERT_LABELS.format(severity="critical", priority="P1")
    + "        annotations:\n"
    + SUMMARY
    + """\
          description: 'The budget of 40m 19s per 28d burns 14.4 times as fast as it may over 1h and 5m (more than 1.44% bad events; 2.143% of the budget in 1h), or 6 times as fast as it may over 6h and 30m (more than 0.6% bad events; 5.357% of the budget in 6h). Promised: Pages come.'
          runbook_url: runbooks/busy.md
  - name: slo availability slow
    interval: 2m
    rules:
"""
    + "".join(rate(window) for window in ("1d", "3d", "28d"))
    + rule("slo:objective:ratio", "vector(0.999)")
    + rule("slo:error_budget:ratio", "vector(0.001)")
    + rule(
        "slo:error_budget_remaining:ratio",
        '1 - (slo:error_ratio:rate28d{slo="availability"} or slo:events_total:rate5m{slo="availability"} * 0) / 0.001',
    )
    + """\
      - record: slo:info
        expr: vector(1)
        labels:
          tier: gold
          slo: availability
          service: web
          objective: 99.9%
          window: 28d
          team: shop
      - alert: AvailabilityBudgetBurn
        expr: |-
          (
            slo:error_ratio:rate1d{slo="availability"} > 0.003
            and slo:error_ratio:rate2h{slo="availability"} > 0.003
            and sum_over_time(slo:events_bad:rate5m{slo="availability"}[1d:5m]) * 300
              >= 3 + 3 * sqrt(sum_over_time(slo:events_total:rate5m{slo="availability"}[1d:5m]) * 300 * 0.001)
          )
          or
          (
            slo:error_ratio:rate3d{slo="availability"} > 0.001
            and slo:error_ratio:rate6h{slo="availability"} > 0.001
            and sum_over_time(slo:events_bad:rate5m{slo="availability"}[3d:5m]) * 300
              >= 3 + 3 * sqrt(sum_over_time(slo:events_total:rate5m{slo="availability"}[3d:5m]) * 300 * 0.001)
          )
"""
    + ALERT_LABELS.format(severity="warning", priority="P2")
    + "        annotations:\n"
    + SUMMARY
    + """\
          description: 'The budget of 40m 19s per 28d burns 3 times as fast as it may over 1d and 2h (more than 0.3% bad events; 10.71% of the budget in 1d), or faster than it may over 3d and 6h (more than 0.1% bad events; 10.71% of the budget in 3d). Promised: Pages come.'
          runbook_url: runbooks/busy.md
      - alert: AvailabilityNoData
        expr: absent(slo:events_total:rate5m{slo="availability"}) unless absent(slo:events_total:rate5m{slo="availability"} offset 1d)
        for: 15m
"""
    + ALERT_LABELS.format(severity="warning", priority="P2")
    + """\
        annotations:
          summary: 'availability is not measured: its events have not been counted for 15m'
          description: They were a day ago. Its metrics have stopped coming, or their names or labels have changed; until they are back, nobody is told when the error budget burns.
          runbook_url: runbooks/busy.md
"""
)


def test_an_slo_that_does_not_alert_has_recordings_only() -> None:
    rules = emitted(GOOD + "    alerting: false\n").rules(SLOS)
    assert [rule["record"] for rule in rules] == [
        "slo:events_total:rate5m",
        "slo:events_bad:rate5m",
        "slo:error_ratio:rate5m",
        "slo:current_burn_rate:ratio",
        "slo:error_ratio:rate30d",
        "slo:objective:ratio",
        "slo:error_budget:ratio",
        "slo:error_budget_remaining:ratio",
        "slo:info",
    ]


def test_an_slo_without_a_service_is_in_the_file_of_the_project() -> None:
    slo = GOOD.replace("    service: web\n", "    escalation: page\n    runbook: busy\n")
    rules = emitted(slo).rules("prometheus/rules/project.slos.yml")
    assert rules[0]["labels"] == {"slo": "availability"}


def test_an_slo_for_another_backend_is_not_written() -> None:
    spec = GOOD.replace("targets:\n", "targets:\n  datadog: {}\n") + "    backends: [datadog]\n"
    assert list(emitted(spec).documents) == ["prometheus/prometheus.yml", "prometheus/prometheus.flags"]


@pytest.mark.parametrize(
    ("tickets", "of_warnings"),
    [
        ("", [("warning", "page", "1", None)]),
        ("    tickets: slow\n", [("warning", "slow", "1", None), ("warning", "slow", "2", "1h")]),
    ],
)
def test_pages_climb_their_policy_and_tickets_only_one_of_their_own(
    tickets: str, of_warnings: list[tuple[str, str, str, str | None]]
) -> None:
    spec = GOOD.replace(
        "[{notify: shop}]",
        "[{notify: shop, timeout: 5m}, {notify: shop, timeout: 15m}, {notify: shop}]\n"
        "  slow: [{notify: shop, timeout: 1h}, {notify: shop}]",
    )
    spec = spec.replace("  availability:\n", f"  availability:\n{tickets}")
    alerts = [rule for rule in emitted(spec).rules(SLOS) if rule.get("alert") == "AvailabilityBudgetBurn"]
    assert [
        (rule["labels"]["severity"], rule["labels"]["escalation"], rule["labels"]["level"], rule.get("for"))
        for rule in alerts
    ] == [
        ("critical", "page", "1", None),
        ("critical", "page", "2", "5m"),
        ("critical", "page", "3", "20m"),
        *of_warnings,
    ]


@pytest.mark.parametrize("objective", ["99.95%", "99.999%", "0.9", "66.7%", "0.123456789012345678"])
@pytest.mark.parametrize("window", ["7d", "28d", "30d", "90d", "1d", "11d"])
def test_every_rule_of_every_slo_parses_and_has_exact_numbers(objective: str, window: str) -> None:
    files = emitted(GOOD.replace("99.9%\n", f"{objective}\n    window: {window}\n"))
    rules = files.rules(SLOS)
    for rule in rules:
        parse(rule["expr"])
        for number in re.findall(r"(?<![\w.])\d+\.\d+", rule["expr"]):
            assert len(number.replace(".", "").strip("0")) <= 18
    names = [rule.get("record") for rule in rules if "record" in rule]
    assert len(names) == len(set(names))


def test_a_native_histogram_is_said_to_be_interpolated() -> None:
    spec = GOOD[: GOOD.index("  availability:")].replace("teams:", "  work_seconds: {type: native_histogram}\nteams:")
    spec += "  speed: {service: web, objective: 95%, latency: {metric: work_seconds, below: 300ms}}\n"
    assert emitted(spec).documents[SLOS].verdicts == (
        Verdict(
            "prometheus",
            "slos.speed",
            Grade.APPROXIMATE,
            "a native histogram has no bucket that ends at 300ms: within the one that holds it, Prometheus interpolates",
            "a classic histogram with that bucket",
            "latency",
        ),
    )
    old = emitted(spec.replace("retention: 30d", 'version: "2.39"')).documents[SLOS].verdicts[0]
    assert (old.grade, old.reason) == (
        Grade.UNTRANSLATABLE,
        "native histograms (Prometheus 2.40) came later",
    )


def test_labels_that_an_old_version_cannot_take_are_written_otherwise() -> None:
    spec = GOOD.replace("retention: 30d", 'version: "2.53"') + "    labels: {k8s.ns: shop}\n"
    files = emitted(spec)
    assert files.documents[SLOS].verdicts[0].grade is Grade.APPROXIMATE
    assert all("k8s.ns" not in rule["labels"] for rule in files.rules(SLOS))
    assert [rule["labels"].get("k8s_ns") for rule in files.rules(SLOS) if rule.get("record") == "slo:info"] == ["shop"]


def test_many_objects_are_counted_in_the_header_and_not_listed() -> None:
    recordings = "".join(f"  r{number}: {{expr: sum(requests_total)}}\n" for number in range(20))
    second = with_recordings(recordings).text(RECORDINGS).splitlines()[1]
    listed = ", ".join(f"recordings.r{number}" for number in range(12))
    assert second == f"# Made from {listed} and 8 more."
