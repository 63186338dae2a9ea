"""What the specs of the platforms run is what their documents run."""

from __future__ import annotations

from typing import Any

import pytest

from tests.specs.compiled import compiled

COMPOSED = {
    "tutoring.yaml": [
        "alertmanager", "blackbox-exporter", "grafana", "node-exporter", "postgres-exporter", "prometheus",
        "redis-exporter",
    ],
    "jac.yaml": [
        "alertmanager", "alloy", "blackbox-exporter", "cadvisor", "elasticsearch", "grafana", "jaeger", "jaeger-owner",
        "kibana", "loki", "nginx-exporter", "node-exporter", "otel-collector", "postgres-exporter", "prometheus",
        "pushgateway", "redis-exporter",
    ],
}  # fmt: skip
ON_KUBERNETES = {
    "toolboxai.yaml": {
        "prometheus": "StatefulSet",
        "alertmanager": "StatefulSet",
        "grafana": "StatefulSet",
        "node-exporter": "DaemonSet",
        "postgres-exporter": "Deployment",
        "redis-exporter": "Deployment",
        "kube-state-metrics": "Deployment",
        "alloy": "StatefulSet",
        "blackbox-exporter": "Deployment",
        "elasticsearch": "StatefulSet",
        "jaeger": "StatefulSet",
        "kibana": "Deployment",
        "loki": "StatefulSet",
        "otel-collector": "Deployment",
    },
    "skillforge": {
        "prometheus": "StatefulSet",
        "alertmanager": "StatefulSet",
        "grafana": "StatefulSet",
        "node-exporter": "DaemonSet",
        "postgres-exporter": "Deployment",
        "redis-exporter": "Deployment",
        "pushgateway": "Deployment",
        "statsd-exporter": "Deployment",
        "kube-state-metrics": "Deployment",
        "blackbox-exporter": "Deployment",
    },
}
WORKLOADS = ("StatefulSet", "Deployment", "DaemonSet")


def contents(name: str, environment: str | None = None) -> dict[str, Any]:
    return {document.path: document.content for document in compiled(name, environment).documents}


@pytest.mark.parametrize("name", COMPOSED)
def test_compose_runs_the_stack_of_the_guide(name: str) -> None:
    services = contents(name)["compose/compose.yaml"]["services"]
    assert sorted(services) == COMPOSED[name]
    # Setup guide of JAC, "Access monitoring interfaces"; README of the tutoring platform.
    port = "127.0.0.1:3001:3000" if name == "jac.yaml" else "127.0.0.1:3000:3000"
    assert services["grafana"]["ports"] == [port]


@pytest.mark.parametrize("name", ON_KUBERNETES)
def test_kubernetes_runs_the_workloads_of_the_guide(name: str) -> None:
    objects = [each for path, each in contents(name).items() if path.startswith("kubernetes/base/")]
    found = {each["metadata"]["name"]: each["kind"] for each in objects if each["kind"] in WORKLOADS}
    assert found == ON_KUBERNETES[name]


def test_exporters_of_toolboxai_are_annotated_as_its_guide_has_them() -> None:
    base = contents("toolboxai.yaml")
    annotations = {
        name: base[f"kubernetes/base/{name}-{kind}.yaml"]["spec"]["template"]["metadata"]["annotations"]
        for name, kind in (("node-exporter", "daemonset"), ("postgres-exporter", "deployment"))
    }
    assert annotations == {
        "node-exporter": {"prometheus.io/scrape": "true", "prometheus.io/port": "9100"},
        "postgres-exporter": {"prometheus.io/scrape": "true", "prometheus.io/port": "9187"},
    }


def test_the_probes_of_toolboxai_are_those_of_its_guide() -> None:
    """Guide, "Kubernetes Probes", without its initial delays, which the startup probe makes needless."""
    (container,) = contents("toolboxai.yaml")["kubernetes/workloads/api.yaml"]["spec"]["template"]["spec"]["containers"]
    asked = {
        kind: (probe["httpGet"]["path"], probe["periodSeconds"], probe["timeoutSeconds"], probe["failureThreshold"])
        for kind, probe in container.items()
        if kind.endswith("Probe")
    }
    assert asked == {
        "livenessProbe": ("/health", 10, 5, 3),
        "readinessProbe": ("/ready", 5, 3, 3),
        "startupProbe": ("/health", 10, 5, 30),
    }


def test_tutoring_runs_on_kubernetes_in_production() -> None:
    """README, "Monitoring in Production" and "Health Checks": its probes, its annotations, its long-term store."""
    written = contents("tutoring.yaml", "production")
    for service, port in (("auth-service", 3001), ("ai-service", 3002)):
        template = written[f"kubernetes/workloads/{service}.yaml"]["spec"]["template"]["spec"]
        (container,) = template["containers"]
        asked = {kind: probe["httpGet"] for kind, probe in container.items() if kind != "name"}
        assert asked == {
            "livenessProbe": {"path": "/live", "port": port},
            "readinessProbe": {"path": "/ready", "port": port},
            "startupProbe": {"path": "/live", "port": port},
        }
    prometheus = written["prometheus/prometheus.yml"]
    jobs = [job["job_name"] for job in prometheus["scrape_configs"] if not job["job_name"].startswith("probe-")]
    assert jobs == ["alertmanager", "blackbox", "kubernetes-pods", "kubernetes-services", "prometheus"]
    (store,) = prometheus["remote_write"]
    assert store["write_relabel_configs"] == [
        {"source_labels": ["__name__"], "regex": "[a-z]+:.+|up|ALERTS", "action": "keep"}
    ]


@pytest.mark.parametrize(("environment", "tags"), [("staging", ["env:staging"]), ("production", ["env:production"])])
def test_the_agent_of_skillforge_does_what_its_guide_lists(environment: str, tags: list[str]) -> None:
    """ "Datadog Agent Deployment" and "Advanced Datadog Features"."""
    agent = contents("skillforge", environment)["kubernetes/datadog/datadogagent.yaml"]
    assert agent["spec"]["global"]["tags"] == tags
    enabled = {name for name, feature in agent["spec"]["features"].items() if feature["enabled"]}
    assert enabled >= {
        "apm", "logCollection", "liveProcessCollection", "npm", "cws", "cspm", "clusterChecks", "prometheusScrape",
    }  # fmt: skip


def test_grafana_of_skillforge_asks_prometheus_datadog_and_cloudwatch() -> None:
    """ "Grafana Dashboards", Multi-Datasource; Alertmanager is there for the lists of alerts."""
    sources = contents("skillforge")["grafana/provisioning/datasources/monmc.yaml"]["datasources"]
    assert [source["type"] for source in sources] == [
        "prometheus", "alertmanager", "cloudwatch", "grafana-datadog-datasource",
    ]  # fmt: skip


def test_skillforge_has_two_of_prometheus() -> None:
    """ "Prometheus Configuration": multi-replica Prometheus, 30 days."""
    written = contents("skillforge")
    assert written["kubernetes/base/prometheus-statefulset.yaml"]["spec"]["replicas"] == 2
    assert "--storage.tsdb.retention.time=30d" in written["prometheus/prometheus.flags"]
