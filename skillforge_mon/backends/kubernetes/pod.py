"""The pod of a program: restricted, with its files, its secrets, and its probes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from skillforge_mon.backends.deployment.deployed import Deployed
from skillforge_mon.backends.deployment.system import System
from skillforge_mon.backends.kubernetes.capabilities import size_text
from skillforge_mon.backends.kubernetes.config_maps import config_volumes
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.secrets import SecretReference
from skillforge_mon.spec.models.deploy import KubernetesDeployment, Resources

DATA: Final = "data"
_READABLE: Final = 0o440
_STARTS_WITHIN: Final = 900
"""Seconds that a program may take to start: Prometheus replays its log of writes first."""
_EVERY: Final = 10


def pod_spec(deployed: Deployed, deployment: KubernetesDeployment) -> dict[str, Plain]:
    """``spec`` of the pod."""
    system = deployed.system
    volumes, mounts = config_volumes(deployed)
    for add in (_secrets(deployed, deployment), _scratch(system), _host(system)):
        volumes += add[0]
        mounts += add[1]
    if system.data:
        mounts.append({"name": DATA, "mountPath": system.data})
        if system.per_node:
            volumes.append({"name": DATA, "emptyDir": {}})
    spec: dict[str, Plain] = {
        "serviceAccountName": deployed.name,
        "automountServiceAccountToken": False,
        "securityContext": _pod_security(system),
        "containers": [_container(deployed, deployment, mounts)],
    }
    if volumes:
        spec["volumes"] = volumes
    if system.per_node:
        spec["tolerations"] = [{"operator": "Exists"}]
        if "/" in system.host_paths:
            spec |= {"hostPID": True, "hostNetwork": True}
    return spec


def _container(deployed: Deployed, deployment: KubernetesDeployment, mounts: list[Plain]) -> dict[str, Plain]:
    system = deployed.system
    container: dict[str, Plain] = {"name": deployed.name, "image": deployed.image}
    if deployed.arguments:
        container["args"] = [_literal(argument) for argument in deployed.arguments]
    environment: list[Plain] = [
        {"name": name, "value": _literal(value)} for name, value in deployed.environment.items()
    ]
    environment += [
        {"name": name, "valueFrom": {"secretKeyRef": {"name": deployment.secret, "key": reference.name}}}
        for name, reference in deployed.secret_variables.items()
    ]
    if deployed.replicas > 1:
        own_name: Plain = {"fieldRef": {"fieldPath": "metadata.name"}}
        environment.append({"name": deployed.replica_variable, "valueFrom": own_name})
    if environment:
        container["env"] = environment
    container["ports"] = [{"name": "http", "containerPort": system.port}]
    if mounts:
        # Folders before what lies in them.
        container["volumeMounts"] = sorted(mounts, key=_mounted_at)
    container["resources"] = _resources(system, deployment.resources.get(deployed.name, Resources.model_validate({})))
    live = system.live or system.health
    container["startupProbe"] = _probe(live, timeout=5, failures=_STARTS_WITHIN // _EVERY)
    container["readinessProbe"] = _probe(system.health, timeout=5, failures=3)
    container["livenessProbe"] = _probe(live, timeout=5, failures=6)
    container["securityContext"] = _container_security(system)
    return container


def _literal(text: str) -> str:
    """``text`` as it is: Kubernetes would look for a variable in ``$(NAME)`` ("Define Dependent Variables")."""
    return text.replace("$(", "$$(")


def _mounted_at(mount: Plain) -> str:
    return str(mount["mountPath"]) if isinstance(mount, Mapping) else ""


def _probe(path: str, *, timeout: int, failures: int) -> dict[str, Plain]:
    ask: Plain = {"path": path, "port": "http"}
    return {"httpGet": ask, "periodSeconds": _EVERY, "timeoutSeconds": timeout, "failureThreshold": failures}


def _resources(system: System, said: Resources) -> dict[str, Plain]:
    """Memory is asked for and is the limit; of CPU there is no limit, which would only slow down what is urgent."""
    memory = size_text(said.memory) if said.memory is not None else system.needs.memory
    return {"requests": {"cpu": said.cpu or system.needs.cpu, "memory": memory}, "limits": {"memory": memory}}


def _pod_security(system: System) -> dict[str, Plain]:
    own: dict[str, Plain] = {"runAsUser": system.user, "runAsGroup": system.group}
    if system.user:
        own = {"runAsNonRoot": True, **own}
    if system.data and not system.per_node:
        own |= {"fsGroup": system.group, "fsGroupChangePolicy": "OnRootMismatch"}
    else:
        own["fsGroup"] = system.group
    return {**own, "seccompProfile": {"type": "RuntimeDefault"}}


def _container_security(system: System) -> dict[str, Plain]:
    capabilities: dict[str, Plain] = {"drop": ["ALL"]}
    if system.user == 0:
        # Root without capabilities may read what root owns; logs of others need this one.
        capabilities["add"] = ["DAC_READ_SEARCH"]
    return {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": not system.writable_root,
        "capabilities": capabilities,
    }


_Added = tuple[list[Plain], list[Plain]]


def _secrets(deployed: Deployed, deployment: KubernetesDeployment) -> _Added:
    """One volume for each folder in which the configuration looks for secrets."""
    folders: dict[str, dict[str, SecretReference]] = {}
    for path, reference in deployed.secret_files.items():
        folders.setdefault(str(PurePosixPath(path).parent), {})[PurePosixPath(path).name] = reference
    volumes: list[Plain] = []
    mounts: list[Plain] = []
    for number, (folder, files) in enumerate(folders.items(), 1):
        name = "secrets" if number == 1 else f"secrets-{number}"
        volumes.append({"name": name, "secret": _secret_volume(deployment.secret, files)})
        mounts.append({"name": name, "mountPath": folder, "readOnly": True})
    return volumes, mounts


def _secret_volume(secret: str, files: Mapping[str, SecretReference]) -> Plain:
    items: list[Plain] = [{"key": reference.name, "path": name} for name, reference in files.items()]
    return {"secretName": secret, "defaultMode": _READABLE, "items": items}


def _scratch(system: System) -> _Added:
    names = {path: f"scratch-{number}" for number, path in enumerate(system.scratch, 1)}
    return (
        [{"name": name, "emptyDir": {}} for name in names.values()],
        [{"name": name, "mountPath": path} for path, name in names.items()],
    )


def _host(system: System) -> _Added:
    volumes: list[Plain] = []
    mounts: list[Plain] = []
    for number, (path, at) in enumerate(system.host_paths.items(), 1):
        mount: dict[str, Plain] = {"name": f"host-{number}", "mountPath": at, "readOnly": True}
        if path == "/":
            mount["mountPropagation"] = "HostToContainer"
        volumes.append({"name": f"host-{number}", "hostPath": {"path": path}})
        mounts.append(mount)
    return volumes, mounts
