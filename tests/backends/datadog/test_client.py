"""Datadog's own client library must know everything that monitors hold."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from datadog_api_client.v1.model.monitor import Monitor
from datadog_api_client.v1.model.monitor_options import MonitorOptions
from datadog_api_client.v1.model.monitor_type import MonitorType

from skillforge_mon.backends.datadog import capabilities
from skillforge_mon.documents.json_writer import write_json
from skillforge_mon.spec.models.alerts import DatadogAlert
from tests.backends.datadog.monitors import HEAD, alert, documents
from tests.backends.datadog.test_handwritten import ANOMALY, GOOD, query
from tests.fakes.datadog_models import understood

SPECS = [
    alert(""),
    alert('severity: {critical: "> 5", warning: "> 3", info: "> 1"}; no_data: notify'),
    alert("escalation: ladder"),
    alert("expr: sum(rate(requests_total[5m])) / sum(queue_length); datadog: {recovery: 3, options: {timeout_h: 0}}"),
    query(ANOMALY, threshold_windows="{trigger_window: last_15m, recovery_window: last_15m}"),
    query("1 && 2", type="composite"),
    *(query(text, type=type_) for type_, text in GOOD),
]


@pytest.mark.parametrize("spec", SPECS)
def test_the_client_understands_every_monitor(spec: str) -> None:
    found, reported = documents(spec, head=HEAD.replace("datadog: {", "datadog: {renotify: 1h, "))
    assert reported == ()
    for document in found:
        assert understood(json.loads(write_json(document.content)), Monitor, "monitor") == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"type": "metric"}, "monitor is not understood"),
        ({"options": {"thresholds": {"critcal": 1}}}, "monitor.options.thresholds has no critcal"),
        ({"options": {"on_missing_data": "ok"}}, "monitor is not understood"),
    ],
)
def test_the_client_would_not_understand_a_wrong_one(change: dict[str, Any], problem: str) -> None:
    data = {"type": "query alert", "query": "avg(last_5m):avg:a{*} > 1", **change}
    assert problem in understood(data, Monitor, "monitor")


def test_the_known_options_are_those_of_the_client() -> None:
    of_other_objects = {"device_ids", "locked", "silenced", "synthetics_check_id"}
    assert set(MonitorOptions.attribute_map) - of_other_objects == capabilities.OPTIONS


def test_the_types_of_the_language_are_types_of_the_client() -> None:
    annotation = DatadogAlert.model_fields["type"].annotation
    types = {name for part in get_args(annotation) for name in get_args(part)}
    assert types <= MonitorType.allowed_values
