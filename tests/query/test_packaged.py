"""The packaged catalogues are written in the language's own form."""

from __future__ import annotations

import subprocess
import sys

import pytest

from skillforge_mon.query.packaged import packaged_catalogue, packaged_names, packaged_with, with_included
from skillforge_mon.query.promql import metric_name, parse, selectors
from skillforge_mon.query.series import series_of
from skillforge_mon.spec.models.metrics import Metric

HEADER = {"exporter", "version", "includes", "open_labels", "metrics"}


def test_the_catalogues() -> None:
    assert packaged_names() == (
        "alertmanager", "blackbox", "cadvisor", "celery", "elasticsearch", "go", "kube-state-metrics", "kubelet", "loki",
        "nginx", "node", "nodejs", "postgres", "prometheus", "python", "rabbitmq", "redis",
    )  # fmt: skip


@pytest.mark.parametrize("name", packaged_names())
def test_every_metric_is_one_of_the_language(name: str) -> None:
    catalogue = packaged_catalogue(name)
    assert catalogue.exporter
    assert catalogue.version
    for fields in catalogue.metrics.values():
        Metric.model_validate(fields)
    assert list(catalogue.metrics) == sorted(catalogue.metrics)


@pytest.mark.parametrize("name", packaged_names())
def test_every_series_is_a_name_of_promql(name: str) -> None:
    for metric, type_ in packaged_catalogue(name).types.items():
        for series in series_of(metric, type_):
            assert [metric_name(selector) for selector in selectors(parse(series))] == [series]


def test_exporters_bring_what_their_client_library_exports() -> None:
    assert [catalogue.name for catalogue in with_included(["node", "celery"])] == ["node", "celery", "go", "python"]


WELL_KNOWN = {
    "node_cpu_seconds_total": "node",
    "node_filesystem_avail_bytes": "node",
    "pg_stat_database_xact_commit": "postgres",
    "pg_up": "postgres",
    "redis_memory_used_bytes": "redis",
    "probe_success": "blackbox",
    "celery_task_runtime_bucket": "celery",
    "kube_pod_container_status_restarts_total": "kube-state-metrics",
    "container_memory_working_set_bytes": "cadvisor",
    "kubelet_volume_stats_available_bytes": "kubelet",
    "nginx_connections_active": "nginx",
    "prometheus_tsdb_head_series": "prometheus",
    "alertmanager_notifications_failed_total": "alertmanager",
    "elasticsearch_cluster_health_status": "elasticsearch",
    "loki_request_duration_seconds_count": "loki",
    "nodejs_eventloop_lag_p99_seconds": "nodejs",
    "rabbitmq_queue_messages_ready": "rabbitmq",
    "python_gc_collections_total": "python",
    "go_goroutines": "go",
    "nobody_exports_this": "",
}


@pytest.mark.parametrize("metric", WELL_KNOWN)
def test_where_a_metric_is(metric: str) -> None:
    assert packaged_with(metric) == WELL_KNOWN[metric]


def test_queries_are_typed_without_pydantic_being_imported_first() -> None:
    modules = "skillforge_mon.query.types, skillforge_mon.query.packaged, skillforge_mon.query.recorded, sys"
    heavy = "[name for name in ('pydantic', 'rich', 'yaml') if name in sys.modules]"
    command = [sys.executable, "-c", f"import {modules}; print({heavy})"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"
