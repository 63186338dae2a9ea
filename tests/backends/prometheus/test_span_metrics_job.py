"""What Prometheus is told where a collector counts spans."""

from __future__ import annotations

from tests.backends.prometheus.emitting import emitted

SPEC = """\
version: 1
project: shop
targets: {prometheus: {alertmanagers: [], sample_limit: 5000}, tempo: {}, collector: {address: collector.shop}}
services: {web: {}}
traces: {span_metrics: {}}
"""
CONFIGURATION = "prometheus/prometheus.yml"
FLAGS = "prometheus/prometheus.flags"


def test_the_counts_are_scraped_and_keep_the_labels_of_their_services() -> None:
    found = emitted(SPEC)
    jobs = {job["job_name"]: job for job in found.data(CONFIGURATION)["scrape_configs"]}
    assert list(jobs) == ["prometheus", "span-metrics"]
    assert jobs["span-metrics"] == {
        "job_name": "span-metrics",
        "honor_labels": True,
        **{key: value for key, value in jobs["prometheus"].items() if key not in {"job_name", "static_configs"}},
        "static_configs": [{"targets": ["collector.shop:8889"], "labels": {}}],
    }
    assert found.text(FLAGS) == "--enable-feature=exemplar-storage\n"


def test_a_service_with_a_job_of_that_name_takes_its_place() -> None:
    text = SPEC.replace("web: {}", 'web: {scrape: {targets: ["web:80"], job: span-metrics, files: false}}')
    jobs = [job for job in emitted(text).data(CONFIGURATION)["scrape_configs"] if job["job_name"] == "span-metrics"]
    assert [job["static_configs"][0]["targets"] for job in jobs] == [["web:80"]]


def test_where_nothing_is_counted_nothing_is_scraped() -> None:
    found = emitted(SPEC.replace("{span_metrics: {}}", "{}"))
    assert [job["job_name"] for job in found.data(CONFIGURATION)["scrape_configs"]] == ["prometheus"]
    assert FLAGS not in found.documents
