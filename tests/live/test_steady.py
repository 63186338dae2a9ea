"""Pushed means that nothing is left to do, for every kind of object of every system, as the commands say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.live.world import SYSTEMS, with_every_kind_of_datadog, world

KINDS = {
    "datadog": {"monitor", "slo", "dashboard", "synthetics", "downtime", "log_pipeline", "log_index"},
    "grafana": {"folder", "source", "dashboard", "rule", "point", "timing"},
    "elasticsearch": {
        *("component_template", "ilm_policy", "ingest_pipeline", "index_template"),
        *("tag", "index-pattern", "search", "lens", "dashboard", "kibana_rule"),
    },
    "pagerduty": {"team", "schedule", "escalation_policy", "service"},
    "sentry": {"detector", "workflow"},
    "sentry-legacy": {"alert_rule", "issue_rule"},
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_after_a_push_a_comparison_is_empty(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if name == "datadog":
        with_every_kind_of_datadog(monkeypatch)
    with world(name, tmp_path, monkeypatch) as here:
        here.build()
        assert here.diff("--exit-code").code == 2
        here.pushed()
        assert {kind for kind, _ in here.objects()} == KINDS[name]
        here.is_steady()
