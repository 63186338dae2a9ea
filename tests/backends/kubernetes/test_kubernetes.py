"""The objects of Kubernetes: valid, restricted, with the files of the tree where the configuration looks for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.backends.deployment.emitted import SPEC, built, deployed, page
from tests.backends.kubernetes.objects import DISCOVERY, KUBERNETES, applied, by_name, pod, tree, valid
from tests.projects import resolved
from tests.real.single_program import kustomized
from tests.test_generated import ROOT

WHOLE = SPEC.replace(*DISCOVERY) + KUBERNETES
WORKLOADS = ("StatefulSet", "Deployment", "DaemonSet")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tree(WHOLE, tmp_path)


def test_kustomize_makes_objects_that_the_api_takes(root: Path) -> None:
    objects = applied(root)
    valid(objects)
    assert sorted(by_name(objects)) == [
        "ClusterRole/shop-monitoring-kube-state-metrics",
        "ClusterRole/shop-monitoring-prometheus",
        "ClusterRoleBinding/shop-monitoring-kube-state-metrics",
        "ClusterRoleBinding/shop-monitoring-prometheus",
        "ConfigMap/alertmanager",
        "ConfigMap/grafana-dashboards-web.json",
        "ConfigMap/grafana-provisioning-dashboards",
        "ConfigMap/grafana-provisioning-datasources",
        "ConfigMap/prometheus",
        "ConfigMap/prometheus-rules-web.alerts.yml",
        "ConfigMap/prometheus-targets",
        "DaemonSet/hosts",
        "Deployment/kube-state-metrics",
        "Deployment/redis-exporter",
        "NetworkPolicy/alertmanager",
        "NetworkPolicy/grafana",
        "NetworkPolicy/kube-state-metrics",
        "NetworkPolicy/prometheus",
        "NetworkPolicy/redis-exporter",
        "Service/alertmanager",
        "Service/grafana",
        "Service/hosts",
        "Service/kube-state-metrics",
        "Service/prometheus",
        "Service/redis-exporter",
        "ServiceAccount/alertmanager",
        "ServiceAccount/grafana",
        "ServiceAccount/hosts",
        "ServiceAccount/kube-state-metrics",
        "ServiceAccount/prometheus",
        "ServiceAccount/redis-exporter",
        "StatefulSet/alertmanager",
        "StatefulSet/grafana",
        "StatefulSet/prometheus",
    ]


def test_every_pod_but_that_of_the_hosts_is_restricted(root: Path) -> None:
    """Kubernetes, "Pod Security Standards", restricted."""
    for name, each in by_name(applied(root)).items():
        if not name.startswith(WORKLOADS):
            continue
        spec = pod(each)
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        for container in spec["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, name
        volumes = {kind for volume in spec.get("volumes", []) for kind in volume if kind != "name"}
        assert volumes <= ({"hostPath"} if name == "DaemonSet/hosts" else {"projected", "secret", "emptyDir"}), name
        assert ("hostPID" in spec) == (name == "DaemonSet/hosts")


def seen(objects: list[dict[str, Any]], workload: dict[str, Any]) -> dict[str, str]:
    """The files of ConfigMaps that the first container of ``workload`` sees, by their path in it."""
    maps = {each["metadata"]["name"]: each["data"] for each in objects if each["kind"] == "ConfigMap"}
    spec = pod(workload)
    files = {}
    for mount in spec["containers"][0]["volumeMounts"]:
        for volume in spec["volumes"]:
            sources = volume.get("projected", {}).get("sources", []) if volume["name"] == mount["name"] else []
            for source in sources:
                for item in source["configMap"]["items"]:
                    files[f"{mount['mountPath']}/{item['path']}"] = maps[source["configMap"]["name"]][item["key"]]
    return files


def test_prometheus_sees_the_tree_as_it_is(root: Path) -> None:
    objects = applied(root)
    files = seen(objects, by_name(objects)["StatefulSet/prometheus"])
    assert files == {
        f"/monmc/{path}": (root / path).read_text(encoding="utf-8")
        for path in (
            "prometheus/prometheus.yml",
            "prometheus/rules/web.alerts.yml",
            *(f"prometheus/targets/{job}.json" for job in ("cache", "hosts", "web")),
        )
    }


def test_grafana_sees_its_provisioning_and_its_dashboards_where_the_provider_says(root: Path) -> None:
    objects = applied(root)
    files = seen(objects, by_name(objects)["StatefulSet/grafana"])
    assert files == {
        "/monmc/grafana/provisioning/dashboards/monmc.yaml": (
            root / "grafana/provisioning/dashboards/monmc.yaml"
        ).read_text(),
        "/monmc/grafana/provisioning/datasources/monmc.yaml": (
            root / "grafana/provisioning/datasources/monmc.yaml"
        ).read_text(),
        "/var/lib/grafana/dashboards/web.json": (root / "grafana/dashboards/web.json").read_text(),
    }


def test_prometheus_whole(root: Path) -> None:
    labels = {
        "app.kubernetes.io/name": "prometheus",
        "app.kubernetes.io/part-of": "shop",
        "app.kubernetes.io/instance": "shop-default",
        "app.kubernetes.io/managed-by": "monmc",
    }
    selector = {"app.kubernetes.io/name": "prometheus", "app.kubernetes.io/part-of": "shop"}
    written = yaml.safe_load((root / "kubernetes/base/prometheus-statefulset.yaml").read_text())
    volumes = written["spec"]["template"]["spec"].pop("volumes")
    assert [volume["name"] for volume in volumes] == ["tree", "secrets"]
    assert volumes[1]["secret"] == {
        "secretName": "monitoring-secrets",
        "defaultMode": 0o440,
        "items": [{"key": "MIMIR_TOKEN", "path": "mimir-token"}],
    }
    assert written == {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": "prometheus", "namespace": "monitoring", "labels": labels},
        "spec": {
            "serviceName": "prometheus",
            "replicas": 1,
            "selector": {"matchLabels": selector},
            "template": {
                "metadata": {"labels": labels},
                "spec": {
                    "serviceAccountName": "prometheus",
                    "automountServiceAccountToken": True,
                    "securityContext": {
                        "runAsNonRoot": True,
                        "runAsUser": 65534,
                        "runAsGroup": 65534,
                        "fsGroup": 65534,
                        "fsGroupChangePolicy": "OnRootMismatch",
                        "seccompProfile": {"type": "RuntimeDefault"},
                    },
                    "containers": [
                        {
                            "name": "prometheus",
                            "image": "prom/prometheus:v3.5.0",
                            "args": [
                                "--config.file=/monmc/prometheus/prometheus.yml",
                                "--storage.tsdb.path=/prometheus",
                                "--web.enable-lifecycle",
                                "--web.external-url=http://localhost:9090/",
                                "--rules.alert.for-grace-period=5m",
                            ],
                            "ports": [{"name": "http", "containerPort": 9090}],
                            "volumeMounts": [
                                {"name": "secrets", "mountPath": "/etc/prometheus/secrets", "readOnly": True},
                                {"name": "tree", "mountPath": "/monmc", "readOnly": True},
                                {"name": "data", "mountPath": "/prometheus"},
                            ],
                            "resources": {"requests": {"cpu": "250m", "memory": "2Gi"}, "limits": {"memory": "2Gi"}},
                            "startupProbe": {
                                "httpGet": {"path": "/-/healthy", "port": "http"},
                                "periodSeconds": 10,
                                "timeoutSeconds": 5,
                                "failureThreshold": 90,
                            },
                            "readinessProbe": {
                                "httpGet": {"path": "/-/ready", "port": "http"},
                                "periodSeconds": 10,
                                "timeoutSeconds": 5,
                                "failureThreshold": 3,
                            },
                            "livenessProbe": {
                                "httpGet": {"path": "/-/healthy", "port": "http"},
                                "periodSeconds": 10,
                                "timeoutSeconds": 5,
                                "failureThreshold": 6,
                            },
                            "securityContext": {
                                "allowPrivilegeEscalation": False,
                                "readOnlyRootFilesystem": True,
                                "capabilities": {"drop": ["ALL"]},
                            },
                        }
                    ],
                },
            },
            "volumeClaimTemplates": [
                {
                    "metadata": {"name": "data"},
                    "spec": {
                        "accessModes": ["ReadWriteOnce"],
                        "resources": {"requests": {"storage": "100Gi"}},
                        "storageClassName": "fast",
                    },
                }
            ],
        },
    }


def test_secrets_are_named_and_none_is_made(root: Path) -> None:
    objects = by_name(applied(root))
    assert not any(name.startswith("Secret/") for name in objects)
    assert [each for each in pod(objects["StatefulSet/grafana"])["containers"][0]["env"] if "valueFrom" in each] == [
        {
            "name": "GF_SECURITY_ADMIN_PASSWORD",
            "valueFrom": {"secretKeyRef": {"name": "monitoring-secrets", "key": "GRAFANA_PASSWORD"}},
        },
        {
            "name": "PROMETHEUS_TOKEN",
            "valueFrom": {"secretKeyRef": {"name": "monitoring-secrets", "key": "PROMETHEUS_TOKEN"}},
        },
    ]


def test_prometheus_may_read_what_it_discovers_and_nothing_else(root: Path) -> None:
    objects = by_name(applied(root))
    assert objects["ClusterRole/shop-monitoring-prometheus"]["rules"] == [
        {"apiGroups": [""], "resources": ["services", "pods"], "verbs": ["get", "list", "watch"]},
        {"apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": ["get", "list", "watch"]},
        {"apiGroups": [""], "resources": ["nodes"], "verbs": ["get", "list", "watch"]},
        {"apiGroups": [""], "resources": ["nodes/metrics"], "verbs": ["get"]},
        {"nonResourceURLs": ["/metrics", "/metrics/cadvisor"], "verbs": ["get"]},
    ]
    assert objects["ClusterRoleBinding/shop-monitoring-prometheus"]["subjects"] == [
        {"kind": "ServiceAccount", "name": "prometheus", "namespace": "monitoring"}
    ]


def test_without_discovery_prometheus_may_read_nothing(tmp_path: Path) -> None:
    objects = by_name(applied(tree(SPEC + "  kubernetes: {without: [node-exporter, redis-exporter]}\n", tmp_path)))
    assert not any(name.startswith("ClusterRole") for name in objects)
    assert pod(objects["StatefulSet/prometheus"])["automountServiceAccountToken"] is False


def test_exporters_are_annotated_where_nobody_scrapes_them_by_name(root: Path) -> None:
    objects = by_name(applied(root))
    annotations = {
        name: each["spec"]["template"]["metadata"].get("annotations")
        for name, each in objects.items()
        if name.startswith(WORKLOADS)
    }
    assert annotations == {
        "StatefulSet/prometheus": None,
        "StatefulSet/alertmanager": None,
        "StatefulSet/grafana": None,
        "Deployment/redis-exporter": None,
        "DaemonSet/hosts": {"prometheus.io/scrape": "true", "prometheus.io/port": "9100"},
        "Deployment/kube-state-metrics": {"prometheus.io/scrape": "true", "prometheus.io/port": "8080"},
    }


def test_only_the_stack_reaches_a_server_and_anybody_grafana(root: Path) -> None:
    objects = by_name(applied(root))
    stack = {"podSelector": {"matchLabels": {"app.kubernetes.io/part-of": "shop"}}}
    assert objects["NetworkPolicy/prometheus"]["spec"]["ingress"] == [{"ports": [{"port": "http"}], "from": [stack]}]
    assert objects["NetworkPolicy/grafana"]["spec"]["ingress"] == [{"ports": [{"port": "http"}]}]


def test_the_tree_of_an_environment_is_its_overlay(tmp_path: Path) -> None:
    text = WHOLE + "environments:\n  staging: {deploy: {kubernetes: {namespace: staging}}}\n"
    objects = applied(tree(text, tmp_path, "staging"))
    places = {each["metadata"].get("namespace") for each in objects if not each["kind"].startswith("ClusterRole")}
    assert places == {"staging"}
    assert "ClusterRole/shop-staging-prometheus" in by_name(objects)


def test_an_exporter_of_every_node_has_no_one_address(tmp_path: Path) -> None:
    documents, reported = built(SPEC.replace(*DISCOVERY) + "  kubernetes: {without: [redis-exporter]}\n", tmp_path)
    assert reported == ["MON4484 `node-exporter` runs on every node, and `hosts` scrapes one address"]
    assert "kubernetes/base/node-exporter-daemonset.yaml" in documents


def test_readers_of_logs_run_as_root_on_every_node_and_read_only() -> None:
    text = "version: 1\nproject: shop\ntargets: {alloy: {}}\ndeploy: {kubernetes: {}}\n"
    files, reported = deployed("kubernetes", text, [page("alloy/config.alloy")])
    assert reported == []
    written = files["kubernetes/base/alloy-daemonset.yaml"]
    valid([written])
    spec = pod(written)
    assert spec["securityContext"] == {
        "runAsUser": 0,
        "runAsGroup": 0,
        "fsGroup": 0,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert spec["containers"][0]["securityContext"]["capabilities"] == {"drop": ["ALL"], "add": ["DAC_READ_SEARCH"]}
    assert {"name": "host-1", "mountPath": "/var/log", "readOnly": True} in spec["containers"][0]["volumeMounts"]


def test_kubernetes_reads_no_variable_in_what_the_spec_says() -> None:
    text = (
        "version: 1\nproject: shop\ndeploy:\n  kubernetes:\n    exporters:\n"
        "      redis-exporter: {environment: {REDIS_ADDR: 'redis://$(HOST):1$'}, arguments: ['--redis.password=$(P)$']}\n"
    )
    files, reported = deployed("kubernetes", text)
    assert reported == []
    (container,) = pod(files["kubernetes/base/redis-exporter-deployment.yaml"])["containers"]
    assert container["args"] == ["--redis.password=$$(P)$"]
    assert container["env"] == [{"name": "REDIS_ADDR", "value": "redis://$$(HOST):1$"}]


PATCHED = SPEC.replace(
    'full: /health}}', 'full: /health}, workload: {name: web, container: app, namespace: shop}}'
)  # fmt: skip
MINE = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [web.yaml]
components: [../generated/shop/default/kubernetes/workloads]
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: proxy, image: "proxy:1"}
        - {name: app, image: "web:1"}
"""


def test_health_endpoints_become_probes_of_the_workload(tmp_path: Path) -> None:
    tree(PATCHED + "  kubernetes: {without: [node-exporter, redis-exporter]}\n", tmp_path)
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "kustomization.yaml").write_text(MINE)
    (mine / "web.yaml").write_text(DEPLOYMENT)
    (patched,) = applied(mine)
    valid([patched])
    containers = {each.pop("name"): each for each in pod(patched)["containers"]}
    assert containers == {
        "proxy": {"image": "proxy:1"},
        "app": {
            "image": "web:1",
            "startupProbe": {
                "httpGet": {"path": "/live", "port": 8000},
                "periodSeconds": 10,
                "timeoutSeconds": 1,
                "failureThreshold": 30,
            },
            "readinessProbe": {
                "httpGet": {"path": "/ready", "port": 8000},
                "periodSeconds": 10,
                "timeoutSeconds": 1,
                "failureThreshold": 3,
            },
            "livenessProbe": {
                "httpGet": {"path": "/live", "port": 8000},
                "periodSeconds": 10,
                "timeoutSeconds": 1,
                "failureThreshold": 3,
            },
        },
    }


def test_an_endpoint_that_asks_dependencies_restarts_nothing(tmp_path: Path) -> None:
    text = PATCHED.replace("http://web:8000", "https://web/base/").replace("live: /live, ready: /ready, ", "")
    documents, _ = built(text + "  kubernetes: {}\n", tmp_path)
    assert [path for path in documents if path.startswith("kubernetes/workloads/")] == []


def test_an_address_with_a_path_is_asked_below_it(tmp_path: Path) -> None:
    text = PATCHED.replace("http://web:8000", "https://web/base/").replace("live: /live, ready", "ready")
    documents, _ = built(text + "  kubernetes: {}\n", tmp_path)
    content: Any = documents["kubernetes/workloads/web.yaml"].content
    (container,) = pod(content)["containers"]
    asked = {"path": "/base/ready", "port": 443, "scheme": "HTTPS"}
    assert container == {
        "name": "app",
        "startupProbe": {"httpGet": asked, "periodSeconds": 10, "timeoutSeconds": 1, "failureThreshold": 30},
        "readinessProbe": {"httpGet": asked, "periodSeconds": 10, "timeoutSeconds": 1, "failureThreshold": 3},
    }


@pytest.mark.parametrize("project", ["skillforge", "toolboxai"])
def test_the_objects_of_the_platforms_are_valid(project: str) -> None:
    objects = applied(ROOT / "generated" / project / "default")
    valid(objects)
    largest = max(sum(map(len, each["data"].values())) for each in objects if each["kind"] == "ConfigMap")
    assert largest < 2**20


def test_kustomize_refuses_a_tree_without_its_files(root: Path) -> None:
    (root / "prometheus/prometheus.yml").unlink()
    assert kustomized(root).exit_code != 0


@pytest.mark.parametrize("settings", ["{storage: {prometheus: 0GiB}}", "{resources: {prometheus: {memory: 0B}}}"])
def test_nothing_runs_without_room(settings: str) -> None:
    """Kubernetes takes no volume of size zero, and ends a program without memory at once."""
    _, found = resolved(
        f"version: 1\nproject: shop\ntargets: {{prometheus: {{}}}}\ndeploy: {{kubernetes: {settings}}}\n"
    )
    assert [(each.code, each.headline) for each in found] == [("MON1105", "this cannot be zero")]
