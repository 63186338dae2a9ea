"""What is proved of SLOs that do not count events can fail: each change of their rules is caught."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import yaml

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.documents.document import Document
from skillforge_mon.proving.case import Skipped
from skillforge_mon.proving.promtool import found_promtool
from skillforge_mon.proving.prove import Outcome, prove
from tests.backends.prometheus.emitting import Emitted, emitted
from tests.projects import project
from tests.real.tools import GENERATIONS, tools

PAIRS = """
    burn:
      - {short: 5m, long: 1h, budget: 2%, severity: critical}
      - {short: 30m, long: 6h, budget: 5%, severity: warning}
"""
SLOS = {
    "reach": 'objective: 99%\n    available: probe_success{job="probes"}',
    "any": "objective: 99%\n    available: {metric: 'up{job=\"web\"}', counts: any}",
    "all": "objective: 99%\n    available: {metric: 'up{job=\"web\"}', counts: all}",
    "fresh": "objective: 99%\n    fresh: {metric: backup_done_timestamp_seconds, within: 26h}",
    "queue": 'objective: 99%\n    slices: {expr: sum(queue_length), good: "< 1000"}',
    "queues": 'objective: 99%\n    slices: {expr: queue_length, good: "< 1000"}',
    "given": "objective: 99%\n    ratio: partner_error_ratio\n    ignore: {MON3115: they export nothing else}",
    "worst": "objective: 99%\n    composite: {all: [reach, queue]}",
    "mean": "objective: 99%\n    composite: {weighted: {reach: 3, fresh: 1}}",
    "native": "objective: 99%\n    latency: {metric: wait_seconds, below: 300ms}",
}
SPEC = """\
version: 1
project: shop
targets:
  prometheus: {}
metrics:
  queue_length: {type: gauge, help: Jobs, labels: {queue: bounded}}
  backup_done_timestamp_seconds: {type: gauge, help: When, unit: seconds}
  partner_error_ratio: {type: gauge, help: Errors, unit: ratio}
  probe_success: {type: gauge, help: Probes, unit: boolean}
  wait_seconds: {type: native_histogram, help: Wait}
services:
  web: {}
slos:
""" + "".join(f"  {name}:\n    service: web\n    {text}{PAIRS}" for name, text in SLOS.items())

TOO_OLD = [("all", "native histograms, which promtool can be given from 3.4 on, and this is 2.42")]
PATH = "prometheus/rules/web.slos.yml"
CHANGES = {
    # Each kind counts its own way.
    "scrapes that are swapped": ("reach", "sum_over_time(probe_success", "count_over_time(probe_success"),
    "scrapes of one target": ("reach", "sum(sum_over_time(probe_success", "max(sum_over_time(probe_success"),
    "scrapes of others": ("reach", 'job="probes"', 'job="probe"'),
    "all targets instead of any": ("any", "max(up", "min(up"),
    "any target instead of all": ("all", "min(up", "max(up"),
    "targets that are down": ("any", "> 0)[5m:30s]", "== 0)[5m:30s]"),
    "an age": ("fresh", "<= 93600", "<= 93000"),
    "an age that is turned": ("fresh", "<= 93600", "> 93600"),
    "an age from the wrong end": ("fresh", "time() - backup", "backup_done_timestamp_seconds - backup"),
    "a bound": ("queue", "< 1000", "< 1010"),
    "a bound that may be reached": ("queues", "< 1000", "<= 1001"),
    "a bound that is turned": ("queue", "< 1000", "> 1000"),
    "a query": ("queue", "(sum(queue_length) < 1000)", "(sum(queue_length) / 2 < 1000)"),
    "the worst of several": ("queues", "sum(count_over_time((queue_length < 1000)", "min(count_over_time((queue_length < 1000)"),
    "a ratio that is cut": ("given", "clamp(partner_error_ratio, 0, 1)", "clamp(partner_error_ratio, 0, 0.1)"),
    "the most of a ratio": ("given", "sum(sum_over_time((clamp", "sum(max_over_time((clamp"),
    "the best of parts": ("worst", "max(slo:error_ratio:rate5m{slo=\"reach\"} or slo:error_ratio:rate5m{slo=\"queue\"}) / 30",
                          "min(slo:error_ratio:rate5m{slo=\"reach\"} or slo:error_ratio:rate5m{slo=\"queue\"}) / 30"),
    "a part that is left out": ("worst", ' or slo:error_ratio:rate5m{slo="queue"}', ""),
    "another window of a part": ("worst", 'slo:error_ratio:rate5m{slo="queue"}', 'slo:error_ratio:rate1h{slo="queue"}'),
    "a weight": ("mean", '{slo="reach"} * 3', '{slo="reach"} * 2'),
    "weights that are swapped": ("mean", '{slo="reach"} * 3 or slo:error_ratio:rate5m{slo="fresh"} * 1',
                                 '{slo="reach"} * 1 or slo:error_ratio:rate5m{slo="fresh"} * 3'),
    "a part that says nothing": ("mean", '{slo="fresh"} * 0 + 1) / 30', '{slo="fresh"} * 0 + 1 or vector(4)) / 30'),
    "a latency": ("native", "-Inf, 0.3,", "-Inf, 0.31,"),
    "quick for slow": ("native", "(1 - histogram_fraction", "(histogram_fraction"),
    "the other side of a latency": ("native", "histogram_fraction(-Inf, 0.3,", "histogram_fraction(0.3, +Inf,"),
    # All are told the same way; each change is made to a kind with a share of each moment, and to one without.
    "an objective": ("reach", "vector(0.99)", "vector(0.999)"),
    "a budget": ("given", "vector(0.01)", "vector(0.001)"),
    "a share of the budget": ("queue", "* 0) / 0.01", "* 0) / 0.02"),
    "a page's burn rate": ("reach", "> 0.144", "> 0.147"),
    "a ticket's burn rate": ("worst", "> 0.06", "> 0.059"),
    "a ticket's burn rate where all is good or bad": ("queue", "> 0.06", "> 0.07"),
    "a comparison": ("given", "> 0.144", "< 0.144"),
    "a comparison where all is good or bad": ("any", "> 0.06", "< 0.06"),
    "the long window of a page": ("given", "[1h]", "[2h]"),
    "the long window of a page where all is good or bad": ("all", "[1h]", "[50m]"),
    "the long window of a ticket": ("mean", "[6h:5m]", "[12h:5m]"),
    "the long window of a ticket where all is good or bad": ("queue", "[6h:5m]", "[5h:5m]"),
    "the short window of a page": ("queues", "slo:error_ratio:rate5m{slo=\"queues\"} > 0.144", "slo:error_ratio:rate30m{slo=\"queues\"} > 0.144"),
    "the short window of a ticket": ("queue", "slo:error_ratio:rate30m{slo=\"queue\"} > 0.06", "slo:error_ratio:rate1h{slo=\"queue\"} > 0.06"),
    "fewer bad evaluations": ("queue", ">= 3", ">= 1"),
    "more bad evaluations": ("given", ">= 3", ">= 300"),
    "the ticket for missing data": ("given", "offset 1d", "offset 2d"),
    "a priority": ("reach", "priority: P2", "priority: P3"),
    "a priority where all is good or bad": ("queue", "priority: P1", "priority: P2"),
    "a format": ("worst", "humanizePercentage", "humanize"),
}  # fmt: skip
"""What is changed -> the SLO whose rules have the text, the text, and what stands there instead, in these rules."""


@cache
def written() -> Emitted:
    """What the spec compiles to."""
    return emitted(SPEC)


def with_text(rule: Any, old: str, new: str) -> Any:
    """A rule with one text replaced wherever it stands."""
    if isinstance(rule, str):
        return rule.replace(old, new)
    if isinstance(rule, dict):
        # A label is written as in YAML: `priority: P2`.
        name, separator, value = old.partition(": ")
        if separator and rule.get(name) == value:
            return rule | {name: new.partition(": ")[2]}
        return {key: with_text(value, old, new) for key, value in rule.items()}
    return [with_text(each, old, new) for each in rule] if isinstance(rule, list) else rule


def changed(slo: str, old: str, new: str) -> list[Document]:
    """The documents, with one text replaced everywhere in the rules of one SLO."""
    content = yaml.safe_load(written().text(PATH))
    groups = [
        with_text(group, old, new) if group["name"] in {f"slo {slo}", f"slo {slo} slow"} else group
        for group in content["groups"]
    ]
    assert groups != content["groups"]
    return [
        replace(document, content={"groups": groups}) if document.path == PATH else document
        for document in written().documents.values()
    ]


def outcome(documents: Iterable[Document], chosen: str, generation: str = "new") -> Outcome:
    """What becomes of them."""
    promtool = found_promtool(tools(generation).promtool)
    assert not isinstance(promtool, Diagnostic)
    return prove(project(SPEC), documents, promtool, chosen=chosen)


@pytest.mark.parametrize("slo", SLOS)
@pytest.mark.parametrize("generation", GENERATIONS)
def test_every_kind_is_proved(generation: str, slo: str) -> None:
    result = outcome(written().documents.values(), f"slos.{slo}", generation)
    skipped = [(each.scenario, each.reason) for each in result.results if isinstance(each, Skipped)]
    assert [each for each in result.results if not isinstance(each, Skipped) and each.unmet] == []
    assert skipped == (TOO_OLD if (generation, slo) == ("old", "native") else [])


@pytest.mark.parametrize(("slo", "old", "new"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_caught(slo: str, old: str, new: str) -> None:
    assert outcome(changed(slo, old, new), f"slos.{slo}").failed
