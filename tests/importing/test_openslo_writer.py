"""What OpenSLO can say of an SLO means the same when it is read back."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.yaml_writer import write_yaml
from skillforge_mon.importing.openslo_writer import Export, openslo_documents
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.slo import SloPlan
from tests.importing.openslo_schema import SCHEMA
from tests.importing.reading import compiled, imported

HEAD = """\
version: 1
project: shop
targets:
  prometheus: {}
teams:
  shop: {pagerduty: {routing_key: "${secret:KEY}"}, slack: "#shop"}
escalation:
  page: [{notify: shop}]
secrets: {KEY: {env: KEY}}
services:
  web: {team: shop, escalation: page, description: The shop}
slos:
"""
KINDS = {
    "bad": "bad: 'r_total{code=~\"5..\"}', total: r_total",
    "good": "good: 'r_total{code!~\"5..\"}', total: r_total",
    "latency": "latency: {metric: 'r_seconds{job=\"x\"}', below: 500ms}",
    "scrapes": "available: up",
    "any": "available: {metric: up, counts: any}",
    "fresh": "fresh: {metric: last_success_seconds, within: 1h}",
    "slices": 'slices: {expr: max(queue), good: "<= 12.5"}',
    "ratio": "ratio: avg(error_ratio), ignore: {MON3115: nothing else is there}",
    "week": "bad: b_total, total: r_total, window: week",
    "fortnight": "bad: b_total, total: r_total, window: 14d",
    "quiet": "bad: b_total, total: r_total, alerting: false",
    "labelled": "bad: b_total, total: r_total, labels: {cell: eu}, description: Answers",
    "own pairs": "bad: b_total, total: r_total, burn: [{short: 5m, long: 1h, budget: 3%, severity: warning}]",
}


def plans(text: str) -> tuple[SloPlan, ...]:
    compilation = compiled(text)
    assert compilation.project is not None
    assert not compilation.failed, compilation.diagnostics
    return Lowering(compilation.project, Report()).slos


def exported(slos: str) -> Export:
    compilation = compiled(HEAD + slos)
    assert compilation.project is not None
    assert not compilation.failed, compilation.diagnostics
    return openslo_documents(compilation.project, Lowering(compilation.project, Report()).slos)


def meaning(plan: SloPlan) -> dict[str, Any]:
    """What is counted, promised, over which window, and when somebody is told."""
    return {
        "name": plan.slo.name,
        "service": plan.slo.service.name if plan.slo.service else "",
        "description": plan.slo.spec.description,
        "labels": plan.slo.spec.labels,
        "bad": plan.events.bad_rate(plan.base),
        "total": plan.events.total_rate(plan.base),
        "budget": plan.budget,
        "window": plan.window,
        "tiers": {(tier.long, tier.severity, round(tier.factor, 6)) for alert in plan.alerts for tier in alert.tiers},
    }


@pytest.mark.parametrize("kind", KINDS)
def test_read_back_it_means_the_same(kind: str) -> None:
    slo = f"  promise: {{service: web, objective: 99.9%, runbook: 'https://x.example', {KINDS[kind]}}}\n"
    text = "---\n".join(write_yaml(document) for document in exported(slo).documents)
    back = imported(text)
    assert [meaning(plan) for plan in plans(back.text)] == [meaning(plan) for plan in plans(HEAD + slo)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_document_is_of_openslo(kind: str) -> None:
    slo = f"  promise: {{service: web, objective: 99.9%, runbook: 'https://x.example', {KINDS[kind]}}}\n"
    for document in exported(slo).documents:
        jsonschema.validate(document, SCHEMA)


def test_a_small_slo_as_whole_documents() -> None:
    export = exported(
        "  Web_Promise: {service: web, objective: 99.9%, bad: b_total, total: r_total, alerting: false}\n"
    )
    metric = {"metricSource": {"type": "Prometheus", "spec": {"query": "b_total"}}}
    everything = {"metricSource": {"type": "Prometheus", "spec": {"query": "r_total"}}}
    assert export.documents == [
        {"apiVersion": "openslo/v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"description": "The shop"}},
        {
            "apiVersion": "openslo/v1",
            "kind": "SLO",
            "metadata": {"name": "web-promise", "displayName": "Web_Promise"},
            "spec": {
                "service": "web",
                "indicator": {
                    "metadata": {"name": "web-promise-sli"},
                    "spec": {"ratioMetric": {"counter": True, "bad": metric, "total": everything}},
                },
                "timeWindow": [{"duration": "30d", "isRolling": True}],
                "budgetingMethod": "Occurrences",
                "objectives": [{"targetPercent": 99.9}],
            },
        },
    ]  # fmt: skip
    assert export.verdicts == []


def test_what_openslo_cannot_say_is_told() -> None:
    export = exported(
        "  grouped: {service: web, objective: 99%, bad: b_total, total: r_total, group_by: [tenant], alerting: false}\n"
        "  plain: {service: web, objective: 99%, bad: b_total, total: r_total, alerting: false, min_bad_events: 7}\n"
        "  both: {service: web, objective: 99%, composite: {all: [plain]}, alerting: false}\n"
    )
    of_others = "it is made of other SLOs, and OpenSLO v1 does not say how those are taken together"
    assert [(each.code, each.headline, each.notes) for each in export.verdicts] == [
        (
            "MON3550",
            "`grouped` cannot be said in OpenSLO: it has a budget for each tenant, and OpenSLO has no groups",
            (),
        ),
        (
            "MON3551",
            "`plain` reaches OpenSLO only approximately",
            ("that 7 events must have been bad before anybody is told",),
        ),
        (
            "MON3550",
            f"`both` cannot be said in OpenSLO: {of_others}",
            (),
        ),
    ]
    assert [document["metadata"]["name"] for document in export.documents] == ["web", "plain"]
