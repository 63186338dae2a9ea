"""Lengths of time, of which Grafana reads one number and one unit."""

from __future__ import annotations

import json

import pytest

from tests.backends.grafana.compiled import compiled, dashboards

SPEC = """\
version: 1
project: shop
targets: {prometheus: {scrape_interval: 90s}, grafana: {}}
metrics: {depth: {type: gauge}}
dashboards: {home: {%s, rows: [{panels: [{title: Depth, query: depth}]}]}}
"""


@pytest.mark.parametrize(
    ("times", "refresh", "start"),
    [
        ("refresh: 90s, time_from: 90m", "90s", "now-90m"),
        ("refresh: 0s, time_from: 1d12h", "", "now-36h"),
        ("tags: []", "1m", "now-6h"),
    ],
)
def test_what_a_dashboard_opens_with(times: str, refresh: str, start: str) -> None:
    [dashboard] = dashboards(SPEC % times)
    assert (dashboard["refresh"], dashboard["time"]) == (refresh, {"from": start, "to": "now"})


def test_how_often_is_scraped() -> None:
    documents, _ = compiled(SPEC % "tags: []")
    [source] = [document for document in documents if document.path == "grafana/datasources/prometheus.json"]
    assert isinstance(source.content, dict)
    assert json.loads(json.dumps(source.content))["jsonData"]["timeInterval"] == "90s"
