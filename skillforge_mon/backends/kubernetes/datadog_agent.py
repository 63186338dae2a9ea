"""The Datadog Agent: for the Datadog Operator, and the same as values of the Helm chart. One of the two is enough.

kubernetes/datadog/datadogagent.yaml   DatadogAgent, v2alpha1
kubernetes/datadog/values.yaml         values of the chart `datadog/datadog`

How metrics are called in Datadog follows from how the Agent reads them, and monitors count on `targets.datadog
.openmetrics`: so the Agent is configured from the same settings.

Sources: api/datadoghq/v2alpha1/datadogagent_types.go of DataDog/datadog-operator (1.29); charts/datadog/values.yaml of
DataDog/helm-charts (3.240); Datadog, "Prometheus and OpenMetrics metrics collection from Kubernetes", "Unified service
tagging", "Admission Controller".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from skillforge_mon.backends.kubernetes.capabilities import BACKEND, OBJECT, label_value
from skillforge_mon.backends.prometheus.header import header
from skillforge_mon.documents.document import Document, Format, Plain
from skillforge_mon.model.project import Project, Service
from skillforge_mon.spec.models.deploy import DatadogAgentDeployment, KubernetesDeployment
from skillforge_mon.spec.models.targets import DatadogTarget
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT

_FOLDER: Final = f"{BACKEND}/datadog"
_REGISTRY: Final = "registry.datadoghq.com"
_OBJECTS: Final = (OBJECT, "targets.datadog")
_UNIFIED: Final = "tags.datadoghq.com"
_ANNOTATED: Final = "prometheus.io/scrape"


def agent_documents(project: Project, deployment: KubernetesDeployment) -> Iterator[Document]:
    """Both files; nothing without the Agent or the target."""
    agent, target = deployment.datadog, project.targets.datadog
    if agent is None or target is None:
        return
    for name, content in (
        ("datadogagent", _datadog_agent(project, deployment, agent, target)),
        ("values", _helm_values(project, agent, target)),
    ):
        yield Document(f"{_FOLDER}/{name}.yaml", content, Format.YAML, _OBJECTS, header=header(_OBJECTS))


def agent_tags(project: Project, target: DatadogTarget) -> dict[str, str]:
    """Tags of everything that the Agent sends: those of the target, and `env`."""
    return {**_environment(project), **target.tags}


def unified_labels(project: Project, service: Service) -> dict[str, Plain]:
    """Labels that say of a workload which environment, service and version it is; none without the Agent."""
    target = project.targets.datadog
    kubernetes = project.spec.deploy.kubernetes
    if target is None or kubernetes is None or kubernetes.datadog is None:
        return {}
    env = agent_tags(project, target).get("env")
    version = service.spec.workload.version if service.spec.workload is not None else None
    said = {"env": env, "service": service.name, "version": version}
    return {f"{_UNIFIED}/{key}": label_value(value) for key, value in said.items() if value is not None}


def unified_variables(labels: dict[str, Plain]) -> list[Plain]:
    """Variables by which tracers learn the same, read from the labels."""
    return [
        {
            "name": f"DD_{label.rpartition('/')[2].upper()}",
            "valueFrom": {"fieldRef": {"fieldPath": f"metadata.labels['{label}']"}},
        }
        for label in labels
    ]


def check_annotation(project: Project, service: Service) -> dict[str, Plain]:
    """The OpenMetrics checks of a workload whose metrics the spec scrapes by its address."""
    target, workload = project.targets.datadog, service.spec.workload
    if target is None or workload is None or not service.spec.scrape:
        return {}
    instances = []
    for scrape in service.spec.scrape:
        port = scrape.targets[0].rpartition(":")[2]
        where = f"%%host%%:{port}" if port.isdigit() else "%%host%%"
        instances.append(
            {"openmetrics_endpoint": f"{scrape.scheme}://{where}{scrape.path}", **_reading(project, target)}
        )
    check = {"openmetrics": {"init_config": {}, "instances": instances}}
    return {f"ad.datadoghq.com/{workload.container or workload.name}.checks": json.dumps(check)}


def _environment(project: Project) -> dict[str, str]:
    return {} if project.environment == DEFAULT_ENVIRONMENT else {"env": project.environment}


def _reading(project: Project, target: DatadogTarget) -> dict[str, Plain]:
    """How the OpenMetrics check reads a page, so that metrics are called as the monitors have them."""
    reading: dict[str, Plain] = {"namespace": target.openmetrics.namespace or project.name, "metrics": [".*"]}
    if target.openmetrics.histograms == "distributions":
        reading["histogram_buckets_as_distributions"] = True
    return reading


def _discovery(project: Project, target: DatadogTarget) -> list[Plain]:
    """What is discovered by the annotations that Prometheus goes by too."""
    found: Plain = {"kubernetes_annotations": {"include": {_ANNOTATED: "true"}}}
    return [{"autodiscovery": found, "configurations": [_reading(project, target)]}]


def _tag_list(project: Project, target: DatadogTarget) -> list[Plain]:
    return [f"{key}:{value}" for key, value in agent_tags(project, target).items()]


def _datadog_agent(
    project: Project, deployment: KubernetesDeployment, agent: DatadogAgentDeployment, target: DatadogTarget
) -> Plain:
    shared: dict[str, Plain] = {"site": target.site, "registry": _REGISTRY}
    if agent.cluster is not None:
        shared["clusterName"] = agent.cluster
    if tags := _tag_list(project, target):
        shared["tags"] = tags
    shared["credentials"] = {
        "apiSecret": {"secretName": agent.secret, "keyName": "api-key"},
        "appSecret": {"secretName": agent.secret, "keyName": "app-key"},
    }
    features: Plain = {
        "apm": {"enabled": agent.apm},
        "logCollection": {"enabled": agent.logs, "containerCollectAll": agent.logs},
        "liveProcessCollection": {"enabled": agent.processes},
        "npm": {"enabled": agent.network},
        "cws": {"enabled": agent.security},
        "cspm": {"enabled": agent.security},
        "admissionController": {"enabled": True},
        "orchestratorExplorer": {"enabled": True},
        "kubeStateMetricsCore": {"enabled": True},
        "clusterChecks": {"enabled": True},
        "prometheusScrape": {
            "enabled": True,
            "enableServiceEndpoints": False,
            "version": 2,
            # The field is a text, in which JSON is YAML.
            "additionalConfigs": json.dumps(_discovery(project, target)),
        },
    }
    return {
        "apiVersion": "datadoghq.com/v2alpha1",
        "kind": "DatadogAgent",
        "metadata": {"name": "datadog", "namespace": deployment.namespace},
        "spec": {"global": shared, "features": features},
    }


def _helm_values(project: Project, agent: DatadogAgentDeployment, target: DatadogTarget) -> Plain:
    datadog: dict[str, Plain] = {
        "site": target.site,
        "apiKeyExistingSecret": agent.secret,
        "appKeyExistingSecret": agent.secret,
    }
    if agent.cluster is not None:
        datadog["clusterName"] = agent.cluster
    if tags := _tag_list(project, target):
        datadog["tags"] = tags
    datadog |= {
        "apm": {"socketEnabled": agent.apm, "portEnabled": False},
        "logs": {"enabled": agent.logs, "containerCollectAll": agent.logs},
        "processAgent": {"enabled": agent.processes, "processCollection": agent.processes},
        "networkMonitoring": {"enabled": agent.network},
        "securityAgent": {
            "runtime": {"enabled": agent.security},
            "compliance": {"enabled": agent.security},
        },
        "orchestratorExplorer": {"enabled": True},
        "kubeStateMetricsCore": {"enabled": True},
        "clusterChecks": {"enabled": True},
        "prometheusScrape": {
            "enabled": True,
            "serviceEndpoints": False,
            "version": 2,
            "additionalConfigs": _discovery(project, target),
        },
    }
    return {"registry": _REGISTRY, "datadog": datadog, "clusterAgent": {"enabled": True}}
