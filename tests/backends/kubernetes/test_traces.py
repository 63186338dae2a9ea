"""The servers of traces on Kubernetes, and the variables by which workloads send to them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from skillforge_mon.compiler import compile_project
from tests.backends.deployment.traced import SAMPLED, SPEC
from tests.backends.kubernetes.objects import applied, by_name, pod, tree, valid

KUBERNETES = "  kubernetes: {network_policies: true}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tree(SPEC.replace("collector: {}", "collector: {replicas: 2}") + KUBERNETES, tmp_path)


def container(objects: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    (found,) = pod(objects[name])["containers"]
    assert isinstance(found, dict)
    return found


def test_the_api_takes_every_object(root: Path) -> None:
    valid(applied(root))


def test_ports_have_names_and_health_is_asked_at_its_own(root: Path) -> None:
    objects = by_name(applied(root))
    ports = {
        name: {port["name"]: port["containerPort"] for port in container(objects, name)["ports"]}
        for name in ("StatefulSet/jaeger", "StatefulSet/tempo", "Deployment/otel-collector")
    }
    assert ports == {
        "StatefulSet/jaeger": {
            "http": 16686,
            "otlp-grpc": 4317,
            "otlp-http": 4318,
            "health": 13133,
            "metrics": 8888,
        },
        "StatefulSet/tempo": {"http": 3200, "otlp-grpc": 4317, "otlp-http": 4318},
        "Deployment/otel-collector": {
            "http": 4318,
            "otlp-grpc": 4317,
            "health": 13133,
            "metrics": 8888,
            "span-metrics": 8889,
        },
    }
    for name, asked in (
        ("StatefulSet/jaeger", {"path": "/status", "port": "health"}),
        ("StatefulSet/tempo", {"path": "/ready", "port": "http"}),
        ("Deployment/otel-collector", {"path": "/", "port": "health"}),
    ):
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            assert container(objects, name)[probe]["httpGet"] == asked
    for name, found in ports.items():
        of_service = objects[name.replace(name.partition("/")[0], "Service")]["spec"]["ports"]
        assert of_service == [{"name": each, "port": number, "targetPort": each} for each, number in found.items()]


def test_anybody_may_send_and_only_the_project_reads(root: Path) -> None:
    objects = by_name(applied(root))
    own = [{"podSelector": {"matchLabels": {"app.kubernetes.io/part-of": "shop"}}}]
    assert {name: objects[f"NetworkPolicy/{name}"]["spec"]["ingress"] for name in ("tempo", "otel-collector")} == {
        "tempo": [
            {"ports": [{"port": "otlp-grpc"}, {"port": "otlp-http"}]},
            {"ports": [{"port": "http"}], "from": own},
        ],
        "otel-collector": [
            {"ports": [{"port": "http"}, {"port": "otlp-grpc"}]},
            {"ports": [{"port": "health"}, {"port": "metrics"}, {"port": "span-metrics"}], "from": own},
        ],
    }


def test_the_collectors_share_the_work(root: Path) -> None:
    objects = by_name(applied(root))
    assert objects["Deployment/otel-collector"]["spec"]["replicas"] == 2
    assert "sessionAffinity" not in objects["Service/otel-collector"]["spec"]


def test_tempo_has_its_secrets_from_the_secret(root: Path) -> None:
    assert container(by_name(applied(root)), "StatefulSet/tempo")["env"] == [
        {"name": name, "valueFrom": {"secretKeyRef": {"name": "monitoring-secrets", "key": name}}}
        for name in ("TEMPO_KEY", "TEMPO_SECRET")
    ]


def test_a_workload_is_told_where_to_send_by_an_address_that_every_namespace_has(root: Path) -> None:
    written = yaml.safe_load((root / "kubernetes/workloads/web.yaml").read_text())
    assert written == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {
            "template": {
                "spec": {
                    "containers": [
                        {
                            "name": "web",
                            "env": [
                                {"name": "OTEL_SERVICE_NAME", "value": "web"},
                                {"name": "OTEL_RESOURCE_ATTRIBUTES", "value": "service.version=1.2"},
                                {
                                    "name": "OTEL_EXPORTER_OTLP_ENDPOINT",
                                    "value": "http://otel-collector.monitoring:4317",
                                },
                                {"name": "OTEL_EXPORTER_OTLP_PROTOCOL", "value": "grpc"},
                                {"name": "OTEL_TRACES_EXPORTER", "value": "otlp"},
                                {"name": "OTEL_METRICS_EXPORTER", "value": "none"},
                                {"name": "OTEL_LOGS_EXPORTER", "value": "none"},
                                {"name": "OTEL_TRACES_SAMPLER", "value": "parentbased_always_on"},
                            ],
                        }
                    ]
                }
            }
        },
    }
    component = yaml.safe_load((root / "kubernetes/workloads/kustomization.yaml").read_text())
    assert component["patches"] == [{"path": "web.yaml"}, {"path": "api.yaml"}]


def test_a_version_that_only_the_deployment_knows_is_left_to_it(root: Path) -> None:
    written = yaml.safe_load((root / "kubernetes/workloads/api.yaml").read_text())
    (found,) = pod(written)["containers"]
    assert "OTEL_RESOURCE_ATTRIBUTES" not in [each["name"] for each in found["env"]]


def test_what_runs_elsewhere_keeps_its_address_and_secrets_come_first(tmp_path: Path) -> None:
    root = tree(SAMPLED + "  kubernetes: {without: [jaeger]}\n", tmp_path)
    written = yaml.safe_load((root / "kubernetes/workloads/web.yaml").read_text())
    (found,) = pod(written)["containers"]
    key = {"secretKeyRef": {"name": "monitoring-secrets", "key": "TEAM"}}
    assert [each for each in found["env"] if "SAMPLER" not in each["name"]][:4] == [
        {"name": "TEAM", "valueFrom": key},
        {"name": "OTEL_SERVICE_NAME", "value": "web"},
        {"name": "OTEL_RESOURCE_ATTRIBUTES", "value": "service.version=1.2,team=$(TEAM)"},
        {"name": "OTEL_EXPORTER_OTLP_ENDPOINT", "value": "http://jaeger:4317"},
    ]


def test_strategies_are_where_jaeger_looks_for_them(tmp_path: Path) -> None:
    objects = by_name(applied(tree(SAMPLED + "  kubernetes: {}\n", tmp_path)))
    mounts = container(objects, "Deployment/jaeger")["volumeMounts"]
    assert {mount["mountPath"] for mount in mounts} == {"/etc/jaeger", "/monmc", "/tmp"}
    (shown,) = [each for each in pod(objects["Deployment/jaeger"])["volumes"] if each["name"] == "files-1"]
    assert [item["path"] for item in shown["projected"]["sources"][0]["configMap"]["items"]] == [
        "config.yaml",
        "sampling-strategies.json",
    ]


def test_traces_alone_make_no_patches_without_kubernetes(tmp_path: Path) -> None:
    spec = tmp_path / "shop.yaml"
    spec.write_text(SPEC + "  compose: {}\n", encoding="utf-8")
    assert [each.path for each in compile_project(spec).documents if each.path.startswith("kubernetes")] == []
