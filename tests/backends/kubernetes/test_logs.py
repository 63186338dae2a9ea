"""What reads logs on Kubernetes: once for the cluster where that will do, and with what it may ask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.backends.deployment.emitted import deployed, page
from tests.backends.deployment.logged import SPEC
from tests.backends.kubernetes.objects import applied, by_name, pod, tree, valid

PODS = "{kubernetes: {selector: {app: web}}}"
READ = [
    {"apiGroups": [""], "resources": ["pods", "namespaces"], "verbs": ["get", "list", "watch"]},
    {"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get", "list", "watch"]},
]


def objects(source: str, folder: Path) -> dict[str, dict[str, Any]]:
    text = SPEC.replace("READER", "alloy").replace("SOURCE", source) + "  kubernetes: {}\n"
    found = applied(tree(text, folder))
    valid(found)
    return by_name(found)


def test_one_alloy_asks_the_cluster_for_the_lines_of_pods(tmp_path: Path) -> None:
    found = objects(PODS, tmp_path)
    assert "DaemonSet/alloy" not in found
    each = found["StatefulSet/alloy"]
    assert each["spec"]["replicas"] == 1
    spec = pod(each)
    assert spec["automountServiceAccountToken"] is True
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["runAsUser"] == 473
    assert spec["containers"][0]["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert [volume for volume in spec["volumes"] if "hostPath" in volume] == []
    assert found["ClusterRole/shop-monitoring-alloy"]["rules"] == READ


def test_files_are_read_on_every_node(tmp_path: Path) -> None:
    found = objects("{files: /srv/shop/*.log}", tmp_path)
    spec = pod(found["DaemonSet/alloy"])
    assert spec["automountServiceAccountToken"] is False
    assert [volume["hostPath"]["path"] for volume in spec["volumes"] if "hostPath" in volume] == [
        "/srv/shop",
        "/var/log",
    ]
    assert [name for name in found if name.startswith("ClusterRole")] == []


def test_promtail_reads_the_files_of_pods_and_asks_the_cluster_which_they_are() -> None:
    text = SPEC.replace("READER", "promtail").replace("SOURCE", PODS) + "  kubernetes: {}\n"
    files, reported = deployed("kubernetes", text, [page("promtail/promtail.yaml")])
    assert reported == []
    assert pod(files["kubernetes/base/promtail-daemonset.yaml"])["automountServiceAccountToken"] is True
    assert files["kubernetes/base/promtail-clusterrole.yaml"]["rules"] == READ


def test_pods_that_every_node_reads_are_reported() -> None:
    text = SPEC.replace("READER", "alloy").replace("SOURCE", PODS)
    text = text.replace("deploy:\n", "  audit: {source: {files: /var/log/audit.log}}\ndeploy:\n  kubernetes: {}\n")
    assert deployed("kubernetes", text, [page("alloy/config.alloy")])[1] == [
        "MON4585 Alloy runs on every node, for lines that only a node has, and each reads the pods of all"
    ]
