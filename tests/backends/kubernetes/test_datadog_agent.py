"""The Datadog Agent reads metrics as the monitors count on, and workloads say who they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.backends.deployment.emitted import built
from tests.backends.kubernetes.crds.schemas import hold
from tests.backends.kubernetes.objects import applied, pod, tree, valid

SPEC = """\
version: 1
project: shop
targets:
  datadog: {site: datadoghq.eu, tags: {team: shop}}
services:
  web:
    scrape: [{targets: ["web:8000"], path: /metrics/app}]
    workload: {name: web, container: app, version: "1.2"}
deploy:
  kubernetes:
    datadog: {cluster: shop-eu, processes: false}
environments:
  staging: {}
"""
READING = {"namespace": "shop", "metrics": [".*"], "histogram_buckets_as_distributions": True}
DISCOVERY = [
    {
        "autodiscovery": {"kubernetes_annotations": {"include": {"prometheus.io/scrape": "true"}}},
        "configurations": [READING],
    }
]


def content(text: str, folder: Path, path: str, environment: str | None = None) -> Any:
    documents, reported = built(text, folder, environment)
    assert reported == []
    return documents[path].content


def test_the_agent_whole(tmp_path: Path) -> None:
    agent = content(SPEC, tmp_path, "kubernetes/datadog/datadogagent.yaml", "staging")
    hold(agent)
    discovery = agent["spec"]["features"].pop("prometheusScrape")
    assert json.loads(discovery.pop("additionalConfigs")) == DISCOVERY
    assert discovery == {"enabled": True, "enableServiceEndpoints": False, "version": 2}
    assert agent["spec"] == {
        "global": {
            "site": "datadoghq.eu",
            "registry": "registry.datadoghq.com",
            "clusterName": "shop-eu",
            "tags": ["env:staging", "team:shop"],
            "credentials": {
                "apiSecret": {"secretName": "datadog-secret", "keyName": "api-key"},
                "appSecret": {"secretName": "datadog-secret", "keyName": "app-key"},
            },
        },
        "features": {
            "apm": {"enabled": True},
            "logCollection": {"enabled": True, "containerCollectAll": True},
            "liveProcessCollection": {"enabled": False},
            "npm": {"enabled": False},
            "cws": {"enabled": False},
            "cspm": {"enabled": False},
            "admissionController": {"enabled": True},
            "orchestratorExplorer": {"enabled": True},
            "kubeStateMetricsCore": {"enabled": True},
            "clusterChecks": {"enabled": True},
        },
    }


def test_the_agent_looks_for_attacks_where_it_is_asked_to(tmp_path: Path) -> None:
    spec = SPEC.replace("processes: false", "security: true")
    features = content(spec, tmp_path, "kubernetes/datadog/datadogagent.yaml")["spec"]["features"]
    assert [features["cws"], features["cspm"]] == [{"enabled": True}] * 2
    values = content(spec, tmp_path, "kubernetes/datadog/values.yaml")
    assert values["datadog"]["securityAgent"] == {"runtime": {"enabled": True}, "compliance": {"enabled": True}}


def test_the_values_of_the_chart_say_the_same(tmp_path: Path) -> None:
    assert content(SPEC, tmp_path, "kubernetes/datadog/values.yaml", "staging") == {
        "registry": "registry.datadoghq.com",
        "datadog": {
            "site": "datadoghq.eu",
            "apiKeyExistingSecret": "datadog-secret",
            "appKeyExistingSecret": "datadog-secret",
            "clusterName": "shop-eu",
            "tags": ["env:staging", "team:shop"],
            "apm": {"socketEnabled": True, "portEnabled": False},
            "logs": {"enabled": True, "containerCollectAll": True},
            "processAgent": {"enabled": False, "processCollection": False},
            "networkMonitoring": {"enabled": False},
            "securityAgent": {"runtime": {"enabled": False}, "compliance": {"enabled": False}},
            "orchestratorExplorer": {"enabled": True},
            "kubeStateMetricsCore": {"enabled": True},
            "clusterChecks": {"enabled": True},
            "prometheusScrape": {
                "enabled": True,
                "serviceEndpoints": False,
                "version": 2,
                "additionalConfigs": DISCOVERY,
            },
        },
        "clusterAgent": {"enabled": True},
    }


@pytest.mark.parametrize(
    ("setting", "reading"),
    [
        ("{namespace: acme}", READING | {"namespace": "acme"}),
        ("{histograms: buckets}", {"namespace": "shop", "metrics": [".*"]}),
    ],
)
def test_pages_are_read_as_the_catalogue_assumes(setting: str, reading: dict[str, Any], tmp_path: Path) -> None:
    text = SPEC.replace("tags:", f"openmetrics: {setting}, tags:")
    values = content(text, tmp_path, "kubernetes/datadog/values.yaml")
    assert values["datadog"]["prometheusScrape"]["additionalConfigs"][0]["configurations"] == [reading]


DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: app, image: "web:1"}]
"""


def test_a_workload_says_its_environment_service_and_version(tmp_path: Path) -> None:
    tree(SPEC, tmp_path, "staging")
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "kustomization.yaml").write_text(
        "resources: [web.yaml]\ncomponents: [../generated/shop/staging/kubernetes/workloads]\n"
    )
    (mine / "web.yaml").write_text(DEPLOYMENT)
    (patched,) = applied(mine)
    valid([patched])
    tags = {
        "tags.datadoghq.com/env": "staging",
        "tags.datadoghq.com/service": "web",
        "tags.datadoghq.com/version": "1.2",
    }
    assert patched["metadata"]["labels"] == tags
    template = patched["spec"]["template"]["metadata"]
    assert template["labels"] == tags | {"app": "web", "admission.datadoghq.com/enabled": "true"}
    assert json.loads(template["annotations"].pop("ad.datadoghq.com/app.checks")) == {
        "openmetrics": {
            "init_config": {},
            "instances": [{"openmetrics_endpoint": "http://%%host%%:8000/metrics/app", **READING}],
        }
    }
    assert template["annotations"] == {}
    assert pod(patched)["containers"][0]["env"] == [
        {
            "name": f"DD_{name.upper()}",
            "valueFrom": {"fieldRef": {"fieldPath": f"metadata.labels['tags.datadoghq.com/{name}']"}},
        }
        for name in ("env", "service", "version")
    ]


def test_no_key_of_datadog_is_in_any_file(tmp_path: Path) -> None:
    documents, _ = built(SPEC.replace("site:", 'api_key: "${secret:DD}", site:'), tmp_path)
    assert not any(
        "secret:" in json.dumps(document.content)
        for document in documents.values()
        if document.path.startswith("kubernetes/")
    )
