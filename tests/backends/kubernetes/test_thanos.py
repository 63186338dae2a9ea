"""Thanos on Kubernetes: the sidecar in the pod of each replica, found by a Service that has an address for each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.backends.deployment.emitted import built
from tests.backends.deployment.scaled import SPEC
from tests.backends.kubernetes.objects import applied, by_name, pod, tree, valid

KUBERNETES = "  kubernetes: {network_policies: true}\n"

OPERATED = ["MON4485 the Prometheus object has to say `externalLabels`, `thanos` itself"]


@pytest.fixture
def objects(tmp_path: Path) -> dict[str, dict[str, Any]]:
    found = applied(tree(SPEC + KUBERNETES, tmp_path))
    valid(found)
    return by_name(found)


def test_the_sidecar_is_in_the_pod_of_prometheus(objects: dict[str, dict[str, Any]]) -> None:
    assert "StatefulSet/thanos-sidecar" not in objects
    spec = pod(objects["StatefulSet/prometheus"])
    assert [each["name"] for each in spec["containers"]] == ["prometheus", "thanos-sidecar"]
    sidecar = spec["containers"][1]
    assert sidecar["args"] == [
        "sidecar",
        "--tsdb.path=/prometheus",
        "--prometheus.url=http://127.0.0.1:9090",
        "--objstore.config-file=/etc/thanos/secrets/thanos-bucket",
    ]
    assert sidecar["volumeMounts"] == [
        {"name": "thanos-sidecar-secrets", "mountPath": "/etc/thanos/secrets", "readOnly": True},
        {"name": "data", "mountPath": "/prometheus"},
    ]
    assert sidecar["ports"] == [
        {"name": "thanos-http", "containerPort": 10902},
        {"name": "thanos-grpc", "containerPort": 10901},
    ]
    assert sidecar["readinessProbe"]["httpGet"] == {"path": "/-/ready", "port": "thanos-http"}
    assert sidecar["securityContext"]["readOnlyRootFilesystem"] is True
    (volume,) = [each for each in spec["volumes"] if each["name"] == "thanos-sidecar-secrets"]
    assert volume["secret"] == {
        "secretName": "monitoring-secrets",
        "defaultMode": 0o440,
        "items": [{"key": "THANOS_BUCKET", "path": "thanos-bucket"}],
    }


def test_every_sidecar_has_an_address_of_its_own(objects: dict[str, dict[str, Any]]) -> None:
    assert objects["Service/thanos-sidecar"]["spec"] == {
        "clusterIP": "None",
        "selector": {"app.kubernetes.io/name": "prometheus", "app.kubernetes.io/part-of": "shop"},
        "ports": [
            {"name": "thanos-http", "port": 10902, "targetPort": "thanos-http"},
            {"name": "thanos-grpc", "port": 10901, "targetPort": "thanos-grpc"},
        ],
    }
    (query,) = pod(objects["Deployment/thanos-query"])["containers"]
    assert query["args"][:2] == ["query", "--query.replica-label=replica"]
    assert json.loads(query["args"][2].partition("=")[2]) == {
        "endpoints": [{"address": "dns+thanos-sidecar:10901"}, {"address": "thanos-store:10901"}]
    }


def test_only_the_project_reaches_what_the_sidecar_serves(objects: dict[str, dict[str, Any]]) -> None:
    own = [{"podSelector": {"matchLabels": {"app.kubernetes.io/part-of": "shop"}}}]
    assert objects["NetworkPolicy/prometheus"]["spec"]["ingress"] == [
        {"ports": [{"port": name} for name in ("http", "thanos-http", "thanos-grpc")], "from": own}
    ]
    assert objects["NetworkPolicy/thanos-query"]["spec"]["ingress"] == [
        {"ports": [{"port": "http"}]},
        {"ports": [{"port": "grpc"}], "from": own},
    ]


def test_what_keeps_blocks_is_a_stateful_set_of_its_own_user(objects: dict[str, dict[str, Any]]) -> None:
    for name in ("thanos-store", "thanos-compact"):
        each = objects[f"StatefulSet/{name}"]
        assert pod(each)["securityContext"] == {
            "runAsNonRoot": True,
            "runAsUser": 1001,
            "runAsGroup": 1001,
            "fsGroup": 1001,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        }
        assert each["spec"]["replicas"] == 1


def test_a_prometheus_that_the_operator_runs_has_its_sidecar_from_the_operator(tmp_path: Path) -> None:
    documents, reported = built(SPEC + "  kubernetes: {operator: {}}\n", tmp_path)
    files: dict[str, Any] = {path: document.content for path, document in documents.items()}
    assert reported == OPERATED
    assert "kubernetes/base/thanos-sidecar-service.yaml" not in files
    query = files["kubernetes/base/thanos-query-deployment.yaml"]
    assert json.loads(pod(query)["containers"][0]["args"][2].partition("=")[2]) == {
        "endpoints": [{"address": "dns+prometheus-operated:10901"}, {"address": "thanos-store:10901"}]
    }
