"""The environment by which the container of a service sends traces: what ``otel/<service>.env`` says, as variables.

Kubernetes fills in no ``${NAME}``, but ``$(NAME)`` where a variable above has that name ("Define Dependent Environment
Variables"). So a secret that a value refers to becomes a variable of its own, and the version is the workload's.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from skillforge_mon.backends.deployment.references import all_references
from skillforge_mon.backends.environment_variables import variable
from skillforge_mon.backends.kubernetes.variables import literal, secret_variable
from skillforge_mon.backends.otel.emit import environment
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.probe_hosts import url_host
from skillforge_mon.model.project import Project, Service
from skillforge_mon.model.secrets import references_in
from skillforge_mon.spec.models.deploy import KubernetesDeployment

_ATTRIBUTES: Final = "OTEL_RESOURCE_ATTRIBUTES"
_ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
_VERSION: Final = "service.version="
_PREFIX: Final = "OTEL_"


def tracing_variables(
    project: Project, service: Service, deployment: KubernetesDeployment, running: Collection[str]
) -> list[Plain]:
    """The variables of ``service``; none where it sends no traces to a store. ``running`` are the systems run here."""
    traces, workload = project.traces, service.spec.workload
    if traces is None or workload is None or service not in traces.services or not traces.stores:
        return []
    version = workload.version or traces.spec.version
    spoken = replace(traces, spec=traces.spec.model_copy(update={"version": version}))
    references = {f"${{{variable(each)}}}": each for each in all_references(project)}
    needed: dict[str, Plain] = {}
    found: list[Plain] = []
    for name, said in environment(project, spoken, service):
        if not name.startswith(_PREFIX):
            continue
        text = literal(said)
        if name == _ATTRIBUTES and references_in(version):
            text = ",".join(pair for pair in text.split(",") if not pair.startswith(_VERSION))
        if name == _ENDPOINT:
            text = _reached(text, deployment.namespace, running)
        for written, reference in references.items():
            if written in text:
                own = variable(reference)
                needed[own] = secret_variable(own, reference, deployment.secret)
                text = text.replace(written, f"$({own})")
        if text:
            found.append({"name": name, "value": text})
    return [*needed.values(), *found]


def _reached(endpoint: str, namespace: str, running: Collection[str]) -> str:
    """``endpoint`` as every namespace reaches it, where it is a system that runs here."""
    host = url_host(endpoint)
    return endpoint.replace(f"//{host}", f"//{host}.{namespace}", 1) if host in running else endpoint
