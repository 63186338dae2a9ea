"""Patches for workloads: probes from the health endpoints of a service, where it sends traces, tags for Datadog.

They are a component of kustomize, ``kubernetes/workloads``, which your own kustomization names under ``components``.

Startup and liveness probes come only from `live`: an endpoint that asks dependencies too would have every service
restarted when a database is away. Readiness may ask them: `ready`, or else `full`.

Sources: Kubernetes, "Liveness, Readiness, and Startup Probes"; kustomize, "components".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from skillforge_mon.backends.kubernetes.capabilities import BACKEND
from skillforge_mon.backends.kubernetes.datadog_agent import check_annotation, unified_labels, unified_variables
from skillforge_mon.backends.kubernetes.tracing import tracing_variables
from skillforge_mon.backends.prometheus.header import header
from skillforge_mon.documents.document import Document, Format, Plain
from skillforge_mon.lower.health_probes import container_probes
from skillforge_mon.model.project import Project, Service
from skillforge_mon.spec.models.deploy import KubernetesDeployment

FOLDER: Final = f"{BACKEND}/workloads"


def workload_patches(
    project: Project, deployment: KubernetesDeployment, running: Collection[str]
) -> Iterator[Document]:
    """One patch for each service that says what it is on Kubernetes, and the component that applies them.

    ``running`` are the names of the systems that run here.
    """
    patches: list[tuple[Service, dict[str, Plain]]] = []
    for service in project.services.values():
        if service.spec.workload is not None:
            patch = _patch(project, service, tracing_variables(project, service, deployment, running))
            patches += [(service, patch)] if patch else []
    if not patches:
        return
    objects = tuple(service.id for service, _ in patches)
    component: Plain = {
        "apiVersion": "kustomize.config.k8s.io/v1alpha1",
        "kind": "Component",
        "patches": [{"path": f"{service.name}.yaml"} for service, _ in patches],
    }
    yield Document(f"{FOLDER}/kustomization.yaml", component, Format.YAML, objects, header=header(objects))
    for service, patch in patches:
        path = f"{FOLDER}/{service.name}.yaml"
        yield Document(path, patch, Format.YAML, (service.id,), header=header((service.id,)))


def _patch(project: Project, service: Service, tracing: list[Plain]) -> dict[str, Plain]:
    """A strategic merge patch; empty where the spec says nothing that the workload could be given."""
    workload = service.spec.workload
    assert workload is not None  # noqa: S101 - only such services come here
    probes = _probes(service)
    labels = unified_labels(project, service)
    if not probes and not labels and not tracing:
        return {}
    metadata: dict[str, Plain] = {"name": workload.name}
    if workload.namespace is not None:
        metadata["namespace"] = workload.namespace
    container: dict[str, Plain] = {"name": workload.container or workload.name, **probes}
    template: dict[str, Plain] = {}
    if labels:
        metadata["labels"] = labels
        of_pod: dict[str, Plain] = {"labels": {**labels, "admission.datadoghq.com/enabled": "true"}}
        if annotations := check_annotation(project, service):
            of_pod["annotations"] = annotations
        template["metadata"] = of_pod
    if variables := [*unified_variables(labels), *tracing]:
        container["env"] = variables
    template["spec"] = {"containers": [container]}
    return {"apiVersion": "apps/v1", "kind": workload.kind, "metadata": metadata, "spec": {"template": template}}


def _probes(service: Service) -> dict[str, Plain]:
    probes: dict[str, Plain] = {}
    for probe in container_probes(service.spec.health) if service.spec.health is not None else ():
        ask: dict[str, Plain] = {"path": probe.path, "port": probe.port}
        if probe.scheme == "HTTPS":
            ask["scheme"] = probe.scheme
        probes[f"{probe.kind}Probe"] = {
            "httpGet": ask,
            "periodSeconds": probe.period,
            "timeoutSeconds": probe.timeout,
            "failureThreshold": probe.failures,
        }
    return probes
