"""The pod of a program: restricted, with its files, its secrets, and its probes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from skillforge_mon.backends.deployment.deployed import Deployed
from skillforge_mon.backends.deployment.system import System, answers_health
from skillforge_mon.backends.kubernetes.capabilities import size_text
from skillforge_mon.backends.kubernetes.config_maps import config_volumes
from skillforge_mon.backends.kubernetes.variables import literal, secret_variable
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.secrets import SecretReference
from skillforge_mon.spec.models.deploy import KubernetesDeployment, Resources

DATA: Final = "data"
_READABLE: Final = 0o440
_STARTS_WITHIN: Final = 900
"""Seconds that a program may take to start: Prometheus replays its log of writes first."""
_EVERY: Final = 10
_ANSWERS_WITHIN: Final = 5


def pod_spec(deployed: Deployed, deployment: KubernetesDeployment) -> dict[str, Plain]:
    """``spec`` of the pod."""
    system = deployed.system
    volumes, mounts = config_volumes(deployed)
    for add in (_secrets(deployed, deployment), _scratch(deployed.scratch), _host(system), _data(deployed)):
        volumes += add[0]
        mounts += add[1]
    containers: list[Plain] = [_container(deployed, deployment, mounts)]
    for companion in deployed.companions:
        added, seen = _secrets(companion, deployment, prefix=f"{companion.name}-")
        volumes += added
        containers.append(_container(companion, deployment, seen + _data(companion)[1]))
    spec: dict[str, Plain] = {
        "serviceAccountName": deployed.name,
        "automountServiceAccountToken": False,
        "securityContext": _pod_security(deployed),
        "containers": containers,
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
        container["args"] = [literal(argument) for argument in deployed.arguments]
    environment: list[Plain] = [{"name": name, "value": literal(value)} for name, value in deployed.environment.items()]
    environment += [
        secret_variable(name, reference, deployment.secret) for name, reference in deployed.secret_variables.items()
    ]
    if deployed.replicas > 1 and deployed.replica_variable:
        own_name: Plain = {"fieldRef": {"fieldPath": "metadata.name"}}
        environment.append({"name": deployed.replica_variable, "valueFrom": own_name})
    if environment:
        container["env"] = environment
    container["ports"] = [{"name": name, "containerPort": number} for name, number in deployed.named_ports.items()]
    if mounts:
        # Folders before what lies in them.
        container["volumeMounts"] = sorted(mounts, key=_mounted_at)
    container["resources"] = _resources(system, deployment.resources.get(deployed.name, Resources.model_validate({})))
    live = system.live or system.health
    container["startupProbe"] = _probe(system, live, failures=_STARTS_WITHIN // _EVERY)
    container["readinessProbe"] = _probe(system, system.health, failures=3)
    container["livenessProbe"] = _probe(system, live, failures=6)
    container["securityContext"] = _container_security(system)
    return container


def _mounted_at(mount: Plain) -> str:
    return str(mount["mountPath"]) if isinstance(mount, Mapping) else ""


def _probe(system: System, path: str, *, failures: int) -> dict[str, Plain]:
    ask: Plain = {"path": path, "port": answers_health(system)}
    return {"httpGet": ask, "periodSeconds": _EVERY, "timeoutSeconds": _ANSWERS_WITHIN, "failureThreshold": failures}


def _resources(system: System, said: Resources) -> dict[str, Plain]:
    """Memory is asked for and is the limit; of CPU there is no limit, which would only slow down what is urgent."""
    memory = size_text(said.memory) if said.memory is not None else system.needs.memory
    return {"requests": {"cpu": said.cpu or system.needs.cpu, "memory": memory}, "limits": {"memory": memory}}


def _pod_security(deployed: Deployed) -> dict[str, Plain]:
    system = deployed.system
    own: dict[str, Plain] = {"runAsUser": system.user, "runAsGroup": system.group}
    if system.user:
        own = {"runAsNonRoot": True, **own}
    if deployed.data and not system.per_node:
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


def _data(deployed: Deployed) -> _Added:
    """The folder that outlives a container: of a StatefulSet from its claim, on every node for as long as the pod."""
    if not deployed.data:
        return [], []
    own: list[Plain] = [{"name": DATA, "emptyDir": {}}] if deployed.system.per_node else []
    return own, [{"name": DATA, "mountPath": deployed.data}]


def _secrets(deployed: Deployed, deployment: KubernetesDeployment, *, prefix: str = "") -> _Added:
    """One volume for each folder in which the configuration looks for secrets; their names begin with ``prefix``."""
    folders: dict[str, dict[str, SecretReference]] = {}
    for path, reference in deployed.secret_files.items():
        folders.setdefault(str(PurePosixPath(path).parent), {})[PurePosixPath(path).name] = reference
    volumes: list[Plain] = []
    mounts: list[Plain] = []
    for number, (folder, files) in enumerate(folders.items(), 1):
        name = f"{prefix}secrets" if number == 1 else f"{prefix}secrets-{number}"
        volumes.append({"name": name, "secret": _secret_volume(deployment.secret, files)})
        mounts.append({"name": name, "mountPath": folder, "readOnly": True})
    return volumes, mounts


def _secret_volume(secret: str, files: Mapping[str, SecretReference]) -> Plain:
    items: list[Plain] = [{"key": reference.name, "path": name} for name, reference in files.items()]
    return {"secretName": secret, "defaultMode": _READABLE, "items": items}


def _scratch(folders: tuple[str, ...]) -> _Added:
    names = {path: f"scratch-{number}" for number, path in enumerate(folders, 1)}
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
